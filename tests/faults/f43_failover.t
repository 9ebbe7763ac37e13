# Promise: the primary is killed under load and a synchronous standby promoted,
# again and again: two edges find the new primary, and two cities, of which one
# reads the standby, have the visits, visitors, sources, bots and answers of a
# machine alone that nobody disturbed.  The old primary comes back as a
# standby, made anew.
#
# Group: C
# Slow: each failover makes a standby anew.
# Check: it starts PostgreSQL again and again.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Faults;
use Glinto::Postgresql;
use Glinto::Questions qw(pick);
use Glinto::Test;
use POSIX ();
use Time::HiRes ();

my $failovers = trials(small => 3, faults => 10, nightly => 100);
my $events = {small => 3000, faults => 40_000,
    nightly => 1_000_000}->{column()};
my $seed = seed();
my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 3600);
my @sites = (sites => [qw(a b)]);

# What a failover manager would set.
sub synchronous {
    my ($server, $standby) = @_;
    $server->settings("synchronous_standby_names = '$standby->{name}'\n");
    $server->reload;
    $t->until("$standby->{name} is synchronous", sub {
        $server->sql('SELECT sync_state FROM pg_stat_replication') eq 'sync' });
}

my $primary = Glinto::Postgresql->new($t, 's0')->start->tables;
my $standby = $primary->standby('s1')->start;
synchronous($primary, $standby);
my $both = 'user=glinto dbname=glinto port=5432 host='
    . join ',', map { $_->{dir} } $primary, $standby;
my @edges = map { Glinto::Cities->edge($t, $_, $both) } qw(e1 e2);
my @cities = (Glinto::Cities->city($t, 'par', $both, @sites),
    Glinto::Cities->city($t, 'mad',
        "$both target_session_attrs=prefer-standby", @sites));
my $alone = Glinto::Cities->alone($t, 'one', @sites);

my $more = Glinto::Cities::some_events($events);
my $batch = POSIX::ceil($events / (4 * $failovers));
my ($done, $n) = (0, 0);
while (my @some = $more->($batch)) {
    Glinto::Cities::on_the_way(\@some, pick(@edges), $alone);
    next if ++$n % 4 != 2;
    $primary->kill9;
    $standby->promote;
    my $lost = $primary;
    $lost->remove;
    $primary = $standby;
    # Until it has a standby again it commits alone.
    $primary->settings("synchronous_standby_names = ''\n");
    $primary->reload;
    $standby = $primary->standby($lost->{name})->start;
    synchronous($primary, $standby);
    $done++;
}
is($done, $failovers, "$done failovers");
$t->until('the spools are empty', sub { !grep { $_->waiting } @edges }, 120);
my @violations = Glinto::Cities::violations($alone, @cities);
is(join("\n", @violations), '',
    "$done failovers, $events events: both cities have the same");
diag(sprintf 'F43 %d %d %.1f %d', $done, scalar @violations,
    Time::HiRes::time() - $began, $seed);
$t->done;
