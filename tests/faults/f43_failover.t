# Promise: the primary is killed under load and a synchronous standby promoted,
# again and again: edges find the new primary, and a city that reads it has
# what one machine has that nobody disturbed.  The old primary comes back as a
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
use Glinto::Test;
use POSIX ();
use Time::HiRes ();

my $failovers = trials(small => 3, faults => 10, nightly => 100);
my $events = 1000 * $failovers;
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
my @folders = map { $t->path("s$_") } 0 .. $failovers + 1;
my $all_servers = 'user=glinto dbname=glinto port=5432 host=' . join ',', @folders;
my $edge = Glinto::Cities->edge($t, 'e1', $all_servers);
my $city = Glinto::Cities->city($t, 'mad', $all_servers, @sites);
my $alone = Glinto::Cities->alone($t, 'one', @sites);

my @all = Glinto::Cities::random_events($events);
my $batch = POSIX::ceil(@all / (4 * $failovers));
my ($done, $n) = (0, 0);
while (my @some = splice @all, 0, $batch) {
    Glinto::Cities::on_the_way(\@some, $edge, $alone);
    next if ++$n % 4 != 2;
    $primary->kill9;
    $standby->promote;
    $primary = $standby;
    # Until it has a standby again it commits alone.
    $primary->settings("synchronous_standby_names = ''\n");
    $primary->reload;
    $standby = $primary->standby('s' . (2 + $done++))->start;
    synchronous($primary, $standby);
}
is($done, $failovers, "$done failovers");
my @violations;
$t->soon('the spool is empty', sub { !$edge->waiting }, 60);
$t->until('one machine has all', sub { !$alone->world->segments
    && $alone->settled }, 180);
my $rows = $alone->world->rows;
eval { $t->until('the city has all rows',
    sub { $city->world->rows >= $rows && $city->settled }, 120) }
    or push @violations, 'rows: ' . $city->world->rows . ", not $rows";
for my $site (qw(a b)) {
    my ($mine, $theirs) = map { join "\n", $_->facts($site) } $city, $alone;
    push @violations, "$site is another" if $mine ne $theirs;
}
is(join("\n", @violations), '', "$done failovers: the city has the same");
diag(sprintf 'F43 %d %d %.1f %d', $done, scalar @violations,
    Time::HiRes::time() - $began, $seed);
$t->done;
