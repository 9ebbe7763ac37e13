# Promise: a day of 200 sites, 500,000 events (by night 8,640,000) as fast as
# they are counted, with dashboards that are looked at and a worker killed now
# and then, loses and doubles nothing and leaves nothing behind: once the
# caches of glintod, which have limits, are full (the second half of a night's
# run), its memory grows by 1 MiB at most for each million events, and never is
# it above 512 MiB; it holds as many descriptors as before, no log of a
# database is over 64 MiB, and the spool is empty at the end.

# Group: C
# Alone: it measures memory, under a load that takes all there is.

# Method: parts of the events, on pages that come again; beside them an
# event in a hundred has a path of its own, which is looked for.  The first
# part has a kill -9 of glintod, too: what is measured is of one life.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use List::Util qw(sum);
use Time::HiRes ();

my $events = trials(small => 50_000, faults => 500_000, nightly => 8_640_000);
my $SITES = 200;
my $RATE = 12_000;
my $PART = $events < 1_250_000 ? $events / 5 : 250_000;
my $KILL_S = column() eq 'nightly' ? 60 : 15;
my $LOOK_S = 0.5;
my $FULL = 8_000_000; # events that fill SQLite's caches twice
# SQLite's pages 160 MiB, days for questions 256, and what else there is.
my %MOST = (growth_kib => 1024, mib => 512, wal_mib => 64, more_fds => 16);
my $seed = seed();

my $t = Glinto::Test->new(limit_s => 300 + $events / 1500);
my $memory = in_memory($t);
my $world = Glinto::World->new($t);
my $agent = $world->agent;
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts($SITES, 'load.example');
my %conf = shipped($t);
$conf{server} .= '# which has /api/event';
my $nginx = $oracle->nginx(%conf, workers => 2);
my (@violations, @exact, $wal_most);
my ($ok, $maybe) = (0, 0);

sub memory_kib {
    return (slurp('/proc/' . $agent->pid . '/status') =~ /^VmRSS:\s+(\d+)/m)[0];
}
# What is kept for questions (GL_SHELF_BYTES).
sub kept_kib {
    my $reply = $agent->admin('GET', '/v1/metrics');
    my $bytes = JSON::PP::decode_json($reply->{body})->{glinto_cache_bytes};
    return int(sum(values %$bytes) / 1024);
}
sub descriptors { scalar(my @all = glob '/proc/' . $agent->pid . '/fd/*') }
sub look {
    for (map { -s $_ // () } glob $t->path('data/acct/*-wal')) {
        $wal_most = $_ if $_ > ($wal_most // 0);
    }
}

sub load_of {
    my (%more) = @_;
    return Glinto::Load->start($t, port => $nginx->port, seconds => 3600,
        requests => 10_000_000, site => 'load.example', %more);
}

# A part of the day, with kills every $KILL_S; all of it is read at the end.
my $next_kill = Time::HiRes::time() + $KILL_S;
sub part {
    my ($n) = @_;
    my $load = load_of(kind => 'visits', rate => $RATE, requests => $PART,
        visitors => 20_000, connections => 64, sites => $SITES);
    my $exact = load_of(kind => 'visits', rate => $RATE / 100,
        visitors => 400, connections => 16, sites => 20, nonce => "f32.$n",
        log => 1);
    my @look = map { load_of(rate => 10, connections => 4, path => $_,
        sites => $SITES, visitors => $SITES) } '/glinto/',
        '/glinto/s7.load.example?period=7d';
    my $next = 0;
    my $crash = $n == 0;
    $t->until('the end of a part', sub {
        my $now = Time::HiRes::time();
        return !$load->running if $now < $next;
        $next = $now + $LOOK_S;
        look();
        if ($crash && $world->rows > $PART / 2) {
            $crash = 0;
            $agent->kill9;
            $agent->start;
        }
        if ($now > $next_kill) {
            $nginx->kill_worker;
            $next_kill = $now + $KILL_S;
        }
        return !$load->running;
    }, 600);
    $_->stop for $exact, @look;
    my @sums = map { $_->wait } $load, $exact;
    push @exact, $exact;
    $ok += $_->{ok} for @sums;
    $maybe += $_->{unknown} for @sums;
    my $refused = $sums[0]{unavailable} + $sums[0]{other};
    push @violations, "part $n: $refused refused" if $refused;
    push @violations, "part $n: the spool is not empty"
        if !$oracle->empty_spool(60);
    $_->wait for @look;
}

my (@at, $fds);
my $PARTS = int($events / $PART);
for my $n (0 .. $PARTS - 1) {
    part($n);
    $fds //= descriptors() if 2 * $n >= $PARTS - 1; # all files are open
    push @at, [($n + 1) * $PART, memory_kib(), kept_kib()];
    note(sprintf '%.2f M: %.1f MiB, %.1f of it kept for questions',
        $at[-1][0] / 1e6, $at[-1][1] / 1024, $at[-1][2] / 1024);
}
my $rows = $world->rows;
push @violations, "$rows rows of $ok events, and $maybe perhaps"
    if $rows < $ok || $rows > $ok + $maybe;
my $fds_now = descriptors();
my $wal_mib = ($wal_most // 0) / 2 ** 20;
my $mib = $at[-1][1] / 1024;
diag(sprintf '%d rows; descriptors %d, then %d; the longest log %.1f MiB; '
    . 'memory %.1f MiB, %.1f of it kept for questions', $rows, $fds, $fds_now,
    $wal_mib, $mib, $at[-1][2] / 1024);
push @violations, "$mib MiB of memory" if $mib > $MOST{mib};
push @violations, "descriptors: $fds, then $fds_now"
    if $fds_now > $fds + $MOST{more_fds};
push @violations, "a log of $wal_mib MiB" if $wal_mib > $MOST{wal_mib};
if ($events >= $FULL) {
    my ($half, $end) = @at[@at / 2, -1];
    my $growth = ($end->[1] - $half->[1]) / (($end->[0] - $half->[0]) / 1e6);
    diag(sprintf 'memory grows by %d KiB a million events', $growth);
    push @violations, "memory grows by $growth KiB a million events"
        if $growth > $MOST{growth_kib};
}
push @violations, $oracle->judge(@exact, {at_least => 1});
is(join("\n", @violations), '', "$events events: no violation");
diag(sprintf 'F32 %d %d %.1f %d', $events, scalar @violations,
    Time::HiRes::time() - $oracle->{began}, $seed);
$t->done;
