# Promise: what changes the counting of a site, its name, or erases it, lies at
# one place among the events of all edges.  A city that reads the log later,
# one whose storage refuses the change for a while and one that reads what the
# night's job has packed have the rows and drops of the first.
#
# Check: it starts PostgreSQL and up to five glintods.
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Faults ();
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 300);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my $home = Glinto::Cities->city($t, 'home', $fra);
my $mad = Glinto::Cities->city($t, 'mad', $fra);
my $agent = $home->world->agent;
my @sites = qw(a b);

# Some from each edge, in the log when it returns; no two at one moment.
sub come {
    my @events = Glinto::Cities::random_events(60);
    Glinto::Cities::write_events([@events[0 .. 29]], $edges[0]);
    Glinto::Cities::write_events([@events[30 .. 59]], $edges[1]);
    $t->until('all is sent', sub { !grep { $_->waiting } @edges }, 30);
}
sub state {
    my ($city) = @_;
    my $known = join ' ', sort map { "$_->{domain} $_->{timezone}" }
        @{$city->world->agent->json('site', 'list')->{sites}};
    return join "\n", $known, $city->drops, map { $city->facts($_) } @sites;
}
sub as_home {
    my ($what, $city) = @_;
    $t->soon($what, sub { eval { !$city->waiting_here && !$home->waiting_here
        && $city->settles && $home->settles
        && state($city) eq state($home) } }, 60)
        or diag("drops: @{[map { $_->drops } $city, $home]}\n",
            map { $city->difference($home, $_) . "\n" } @sites);
}

$agent->glinto('site', 'add', 'a.example');
come();                                     # b.example is of nobody
$agent->glinto('site', 'add', 'b.example');
come();
$agent->glinto('site', 'set', 'a.example', 'keep_referrer', 'no');
come();
$agent->glinto('site', 'set', 'a.example', 'keep_referrer', 'yes');
come();
as_home('two cities that count at once', $mad);
cmp_ok($home->world->dropped('unknown_site'), '>', 0, 'some are dropped');

# ---- a city whose storage does not take the change at once ----

come();
as_home('all are here', $mad);
my $lock = $mad->world->store->held('a.example');
$agent->glinto('site', 'reset', 'a.example', '--yes');
come();
$t->soon('it cannot be made in one city now, which tells why', sub {
    ($mad->told('follow')->{why} // '') =~ /change \d+, site\.reset, waits: /
    }, 30);
$lock->do('ROLLBACK');
$lock->disconnect;
as_home('it is made later, before the events behind it', $mad);
cmp_ok(scalar(my @left = $home->facts('a')), '<', 150, 'few rows are left');

# ---- a name that is let go, 72 hours later: no clock of a city says when ----

$agent->glinto('site', 'rename', 'b.example', 'c.example');
@sites = qw(a c);
come();                                     # b.example is of c.example
$t->soon('it is called otherwise', sub { eval {
    state($mad) =~ /\bc\.example/ } }, 30);
$fra->sql(q{INSERT INTO change (at, name, machine, actor, verb, args, drawn)
    SELECT now() + interval '73 hours', 'unname', 'home', 'glintod',
    'site.unname', '{"domain": "b.example"}', drawn FROM change LIMIT 1});
come();                                     # and of nobody again
as_home('it is let go at one place', $mad);

# ---- cities from nothing ----

as_home('from chunks', Glinto::Cities->city($t, 'par', $fra));
$edges[0]->command('night');
come();
$agent->glinto('site', 'set', 'c.example', 'keep_place', 'no');
come();
as_home('from packs, and chunks', Glinto::Cities->city($t, 'ber', $fra));
$t->done;
