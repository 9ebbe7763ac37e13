# Promise: a day of 200 sites, 500,000 events (by night 8,640,000) as fast as
# they are counted, with dashboards that are looked at and a worker killed now
# and then, loses and doubles nothing and leaves nothing behind: once a million
# events have come, what glintod has allocated beside its two caches grows by 1
# MiB at most for each million more; the caches stay within their limits (pages
# of databases 144 MiB and one a file, days for questions 256 MiB), and all
# resident memory is at most 40 MiB more than what is allocated.  It holds as
# many descriptors as before, no log of a database is over 64 MiB, and the
# spool is empty at the end.

# Group: C
# Alone: it measures memory, under a load that takes all there is.

# Method: parts of the events, on pages that come again; beside them an
# event in a hundred has a path of its own, which is looked for.  The first
# part has a kill -9 of glintod, too: what is measured is of one life.
#
# Both are judged, what is allocated and what is resident.  Caches fill up for
# longer than a soak lasts (days for questions 5 MiB a million), so resident
# memory has no slope that would tell of a leak; what is allocated beside the
# caches has.  And resident is what the machine has to give: a bound for it.

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
my $WARM = 1_000_000; # events
my $LONG = 4_000_000; # for a slope: questions under way hold some MiB
my %CACHE = (pages => 144 * 1024 + 4 * $SITES, days => 256 * 1024); # KiB
# Programs and libraries 10 MiB, an index of each log 32 KiB, and what malloc
# keeps of a cache whose parts come and go.
my $BESIDE_KIB = 40 * 1024;
my %MOST = (growth_kib => 1024, wal_mib => 64, more_fds => 16);
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
# KiB: of the caches (HEAP_BYTES, GL_SHELF_BYTES), allocated, and what of that
# is neither.
sub allocated_kib {
    my $reply = $agent->admin('GET', '/v1/metrics');
    my $all = JSON::PP::decode_json($reply->{body});
    my %kib = map { $_ => $all->{glinto_cache_bytes}{$_} / 1024 } keys %CACHE;
    $kib{all} = $all->{glinto_allocated_memory_bytes} / 1024;
    $kib{less} = $kib{all} - $kib{pages} - $kib{days};
    return %kib;
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
    my %kib = (allocated_kib(), resident => memory_kib(),
        events => ($n + 1) * $PART);
    push @at, \%kib;
    diag(sprintf '%.2f M: resident %.1f MiB, allocated %.1f: pages %.1f, '
        . 'days %.1f, else %.1f', $kib{events} / 1e6,
        map { $kib{$_} / 1024 } qw(resident all pages days less));
    for my $of (sort keys %CACHE) {
        push @violations, "the cache of $of has $kib{$of} KiB"
            if $kib{$of} > $CACHE{$of};
    }
    push @violations, "$kib{resident} KiB are resident, $kib{all} allocated"
        if $kib{resident} > $kib{all} + $BESIDE_KIB;
}
# KiB for a million events, by all of these points (least squares).
sub slope {
    my ($of, @points) = @_;
    my @x = map { $_->{events} / 1e6 } @points;
    my ($x, $y) = (sum(@x) / @x, sum(map { $_->{$of} } @points) / @x);
    my ($up, $along) = (0, 0);
    for my $i (0 .. $#x) {
        $up += ($x[$i] - $x) * ($points[$i]{$of} - $y);
        $along += ($x[$i] - $x) ** 2;
    }
    return $up / $along;
}
my $rows = $world->rows;
push @violations, "$rows rows of $ok events, and $maybe perhaps"
    if $rows < $ok || $rows > $ok + $maybe;
my $fds_now = descriptors();
my $wal_mib = ($wal_most // 0) / 2 ** 20;
diag(sprintf '%d rows; descriptors %d, then %d; the longest log %.1f MiB',
    $rows, $fds, $fds_now, $wal_mib);
push @violations, "descriptors: $fds, then $fds_now"
    if $fds_now > $fds + $MOST{more_fds};
push @violations, "a log of $wal_mib MiB" if $wal_mib > $MOST{wal_mib};
my @warm = grep { $_->{events} >= $WARM } @at;
if (@warm > 1) {
    my $long = $warm[-1]{events} - $warm[0]{events} >= $LONG;
    my %growth = map { $_ => slope($_, @warm) } qw(less resident);
    diag(sprintf 'from %.2f M on, a million events: %d KiB allocated beside '
        . 'the caches, %d resident', $warm[0]{events} / 1e6,
        @growth{qw(less resident)});
    push @violations, "memory grows by $growth{less} KiB a million events"
        if $long && $growth{less} > $MOST{growth_kib};
}
push @violations, $oracle->judge(@exact, {at_least => 1});
is(join("\n", @violations), '', "$events events: no violation");
diag(sprintf 'F32 %d %d %.1f %d', $events, scalar @violations,
    Time::HiRes::time() - $oracle->{began}, $seed);
$t->done;
