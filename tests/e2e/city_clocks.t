# Promise: what is over after some time is over for all cities at one place of
# the log, and not by each city's own clock: a name that a site had, whose
# events are its own until then, and which another site has later; and a link
# to choose a password, used in time in another city.
#
# Method: one city is away, and another is made, when all is over: its times in
# the log, and in the files of who was there, are made older.
#
# Check: it starts PostgreSQL and three glintods.
# Slow: the same.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Faults ();
use Glinto::People;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 180);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $edge = Glinto::Cities->edge($t, 'e1', $fra);
my $home = Glinto::Cities->city($t, 'home', $fra, sites => ['a']);
my $mad = Glinto::Cities->city($t, 'mad', $fra);

sub make {
    my ($status, $out, $err) = $home->world->agent->glinto(@_);
    is($status, 0, "@_") or diag($err);
}
# Some of each of these sites, in the log when it returns.
sub come {
    my @sites = @_;
    my @events = map { my %event = @$_; $event{site} = $sites[rand @sites];
        [%event] } Glinto::Cities::random_events(40);
    Glinto::Cities::write_events(\@events, $edge);
    $t->until('all is sent', sub { !$edge->waiting }, 30);
}
sub state {
    my ($city) = @_;
    my $sites = $city->world->agent->json('site', 'list')->{sites};
    my $known = join ' ', sort map { join '/', $_->{domain},
        map { $_->{domain} } @{$_->{old_names} // []} } @$sites;
    return join "\n", $known, $city->drops, map { $city->facts($_) }
        sort map { $_->{domain} =~ s/\.example$//r } @$sites;
}
sub as_home {
    my ($what, $city) = @_;
    $t->soon($what, sub { eval { !$city->waiting_here && !$home->waiting_here
        && $city->settles && $home->settles
        && state($city) eq state($home) } }, 40)
        or diag(map { state($_) =~ s/\n.*//sr . ', ' . $_->drops . "\n" }
            $city, $home);
}
# In CITY's meta.db, which is at rest meanwhile.
sub in_file {
    my ($city, $sql) = @_;
    $city->world->agent->stop;
    my $db = DBI->connect('dbi:SQLite:dbname=' . $city->world->store->meta, '',
        '', {RaiseError => 1});
    cmp_ok($db->do($sql), '>', 0, $sql);
    $db->disconnect;
    $city->world->agent->start;
}

# ---- a name ----

come('a.example');
as_home('two cities', $mad);
$mad->program->stop;
make(qw(site rename a.example c.example));
come(qw(a.example c.example));
$fra->sql(q{UPDATE change SET at = at - interval '80 hours' WHERE verb =
    'site.rename'});
in_file($home, q{UPDATE old_names SET until = 5});
$t->soon('the name is let go', sub { state($home) =~ /^c\.example$/m });
is($fra->sql(q{SELECT count(*) FROM change WHERE verb = 'site.unname'}), 1,
    'by a change');
come('a.example');
make(qw(site add a.example));
come(qw(a.example c.example));
$t->soon('it is another site\'s', sub { my @rows = $home->facts('a'); @rows },
    20);
cmp_ok($home->world->dropped('unknown_site'), '>', 0,
    'in between it was nobody\'s');
$mad->program->start;
as_home('a city that was away', $mad);
as_home('one from nothing', Glinto::Cities->city($t, 'par', $fra));

# ---- a link ----

my $word = 'a long enough password';
person($mad->world->agent, 'bob', qw(--role viewer --account default));
my $ann = $home->world->agent->json(qw(person add ann --role viewer --account
    default));
sub knows { my ($city, $name) = @_;
    return grep { $_->{name} eq $name }
        @{$city->world->agent->json('person', 'list')->{people}} }
$t->soon('both are known', sub { knows($mad, 'ann') && knows($mad, 'bob') });
$mad->program->stop;
ok(welcome($home->world->agent, $ann->{link}, $word), 'ann uses her link');
$fra->sql(q{UPDATE change SET at = to_timestamp(0.001) WHERE verb =
    'person.choose' AND id = (SELECT max(id) FROM change)});
in_file($mad, q{UPDATE keys SET until = 5 WHERE once = 1});
my %bob = (name => 'bob', password => 'password of bob');
is(form($mad->world->agent, '/glinto/sign-in', \%bob)->{status}, 303,
    'bob signs in where her link is old');
$mad->program->start;
$t->soon('ann has a password here, too', sub {
    (knows($mad, 'ann'))[0]{ready} }, 20);
is(form($mad->world->agent, '/glinto/sign-in', {name => 'ann',
    password => $word})->{status}, 303, 'and signs in with it');
$t->done;
