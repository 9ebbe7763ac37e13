# Promise: a site that is reset, moved or removed in one city is so in all, at
# the same place among the events, whatever waits on the way: each city has
# the same rows then, also one that was away for a week.
#
# Check: it starts PostgreSQL, twice, and two glintods.
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Faults;
use Glinto::Postgresql;
use Glinto::Test;

my $seed = seed();
my $t = Glinto::Test->new(limit_s => 240);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $ams = $fra->standby('ams')->start;
my $edge = Glinto::Cities->edge($t, 'e1', $fra);
my $home = Glinto::Cities->city($t, 'home', $fra,
    conf => 'log postgresql ' . $fra->conninfo . "\n");
my $mad = Glinto::Cities->city($t, 'mad', $ams);
my $agent = $home->world->agent;
$agent->glinto('site', 'add', "$_.example") for qw(a b);

sub come {
    my ($n) = @_;
    my @events = Glinto::Cities::random_events($n);
    Glinto::Cities::write_events(\@events, $edge);
}
sub sites {
    my ($city) = @_;
    return join ' ', sort map { "$_->{domain} $_->{account}" }
        @{$city->world->agent->json('site', 'list')->{sites}};
}
sub state { my ($city) = @_; return join "\n", sites($city),
    map { $city->facts($_) } split ' ', $_[1] }
sub all_same {
    my ($what, $sites, @cities) = @_;
    $t->soon("$what: all is sent", sub { !$edge->waiting }, 30);
    for my $city (@cities) {
        $t->soon("$what: the sites", sub { sites($city) eq sites($home) }, 30);
        # a file may be about to be made
        $t->soon("$what: the same", sub { eval { !$city->waiting_here
            && $city->settles && $home->settles
            && state($city, $sites) eq state($home, $sites) } }, 60)
            or diag(map { "$_: " . $city->difference($home, $_) . "\n" }
                split ' ', $sites);
    }
}
$t->soon('both have the sites', sub { sites($mad) eq sites($home)
    && sites($mad) =~ /a\.example.*b\.example/ }, 20);

$agent->glinto('account', 'add', 'third');
$agent->glinto('site', 'set', 'b.example', 'keep_rows', '30');
sub stays {
    my ($what) = @_;
    like(($agent->glinto('site', 'move', 'b.example', '--account', 'third'))[2],
        qr/\(keep_rows\), and only rows can move/, $what);
}
stays('what some cities have let go and some have not moves in none');
$agent->glinto('site', 'set', 'b.example', 'keep_rows', '0') for 1, 2;
stays('nor when it was so once');
is($agent->json('site', 'show', 'b.example')->{site}{keep_rows}, 0,
    'though rows are kept from now on');

for my $round (1 .. 4) {
    come(150);
    # sometimes they are rows already, sometimes on their way
    $t->until('some are there', sub { eval { $home->world->rows > 0 } })
        if rand() < .5;
    $agent->glinto('site', 'reset', 'a.example', '--yes');
    come(50);
}
all_same('after four resets', 'a b', $mad);
cmp_ok($home->world->rows, '>', 0, 'there are rows');

# ---- away for a week ----

$_->stop for $mad->program, $mad->world->agent;
$_->ahead(7 * 86400) for $edge, $home, $mad;
come(100);
$agent->glinto('site', 'reset', 'a.example', '--yes');
$agent->glinto('account', 'add', 'other');
$agent->glinto('site', 'move', 'a.example', '--account', 'other');
$agent->glinto('site', 'remove', 'b.example', '--yes');
come(100);
$t->soon('it is done here', sub { sites($home) =~ /^a\.example \S+$/ }, 20);
$edge->command('night');
$_->start for $mad->world->agent, $mad->program;
all_same('back after a week', 'a', $mad);
is($mad->world->dropped('unknown_site'), $home->world->dropped('unknown_site'),
    'with as many events of no site');
diag("seed $seed");
$t->done;
