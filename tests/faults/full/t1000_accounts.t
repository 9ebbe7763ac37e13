# Promise: 1,000 accounts with one event a second each for a minute, known to
# be as busy as that, cost glintod at most 25 % of one core and at most 10
# syncs a second, and no event becomes a row later than 2 s after it was taken.
# Group: B
# Alone: it times rows and processors.

use strict;
use warnings;
use DBI;
use DBD::SQLite::Constants ':file_open';
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Measure qw(cpu_ns);
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes ();

my $seconds = trials(small => 10, faults => 60, nightly => 60);
my $accounts = 1000;
my $CORE = 0.25;
my $SYNCS = 10;
my $LATE_S = 2;
my $LOOK_S = 0.2; # between two looks at all files: what they may add

# strace sees only these, and only where they are made.
my $SYNC = 'fsync,fdatasync,syncfs,sync_file_range,msync,sync';
my @strace = ('strace', '-D', '-f', '-qq', '--seccomp-bpf', '-ttt', '-e',
    "trace=$SYNC");

my $t = Glinto::Test->new(limit_s => 260 + 4 * $seconds);
# The accounts alone come without syncs: they are 12,000.
my $agent = $t->aggregator(conf => 'paths_per_day 100000000',
    wrap => [@strace, '-e', "inject=$SYNC:retval=0", '-o', '/dev/null']);
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts($accounts, 'load.example');
$agent->stop;
$agent->start(wrap => []);
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');
my $store = Glinto::Store->new($t->path('data'));
my @loads;

# All files are open then, and have a log: by seven events within ten seconds
# an account shows that it is busy, and those of one may be few by chance.
my $WARM_S = 40;
sub warm_up {
    my ($nonce) = @_;
    my $before = $store->sum('SELECT count(*) FROM events');
    my $all = $WARM_S * $accounts + $before;
    load_for($nonce, $WARM_S)->wait;
    $t->until('rows of all accounts', sub {
        $store->sum('SELECT count(*) FROM events') >= $all;
    }, 60);
}

sub load_for {
    my ($nonce, $n) = @_;
    my $load = Glinto::Load->start($t, port => $nginx->port,
        kind => 'visits', rate => $accounts, requests => $accounts * $n,
        seconds => 2 * $n, visitors => $accounts, sites => $accounts,
        connections => 64, site => 'load.example', nonce => $nonce, log => 1);
    push @loads, $load;
    return $load;
}

# Of every file a connection and the rows it has not seen.
my @files = map {
    my $db = DBI->connect("dbi:SQLite:dbname=$_", '', '', {RaiseError => 1,
        PrintError => 0, sqlite_open_flags => SQLITE_OPEN_READONLY});
    {seen => 0, ask => $db->prepare(
        'SELECT id, at FROM events WHERE id > ? ORDER BY id')}
} map { $store->site("s$_.load.example") } 0 .. $accounts - 1;

# New rows: their number, and the age of the oldest now that they are seen.
sub look {
    my ($n, $oldest_s) = (0, 0);
    for my $file (@files) {
        my $rows = $file->{ask};
        $rows->execute($file->{seen});
        while (my $row = $rows->fetchrow_arrayref) {
            my $age_s = Time::HiRes::time() - $row->[1] / 1000;
            $oldest_s = $age_s if $age_s > $oldest_s;
            $file->{seen} = $row->[0];
            $n++;
        }
    }
    return ($n, $oldest_s);
}

# ---- processor time and lateness ----

warm_up('warm');
look();
my $load = load_for('t', $seconds);
my ($began, $cpu_ns) = (Time::HiRes::time(), cpu_ns($agent->pid));
my ($rows, $latest_s, $next) = (0, 0, $began);
$t->until('all rows', sub {
    return if Time::HiRes::time() < $next;
    $next = Time::HiRes::time() + $LOOK_S;
    my ($n, $oldest_s) = look();
    $rows += $n;
    $latest_s = $oldest_s if $oldest_s > $latest_s;
    return $rows >= $accounts * $seconds;
}, $seconds + 20);
my $core = (cpu_ns($agent->pid) - $cpu_ns) / 1e9
    / (Time::HiRes::time() - $began);
is($load->wait->{ok}, $accounts * $seconds, 'all were answered 2xx');
@files = ();

# ---- syncs, counted by strace in a second run ----

my $out = $t->path('strace.txt');
my $traced_s = int($seconds / 3) + 1;
$agent->stop;
$agent->start(wrap => [@strace, '-o', $out]);
warm_up('again');
my $from = Time::HiRes::time();
load_for('s', $traced_s)->wait;
my $to = Time::HiRes::time();
my @syncs = grep { $_->[0] >= $from && $_->[0] <= $to }
    map { [/^\d+ +(\d+\.\d+) (\w+)\(/] } grep { /\d \w+\(/ }
    split /\n/, slurp($out);
my $syncs = @syncs / ($to - $from);
my %calls;
$calls{$_->[1]}++ for @syncs;
$agent->stop;
# None is cold then, whose few events would wait while the oracle looks.
$agent->start(wrap => [],
    conf => "paths_per_day 100000000\naccounts_open 1500\nwatchers_max 100");

diag(sprintf '%.1f %% of a core, %.1f syncs a second (%s), latest row %.2f s',
    100 * $core, $syncs, join(', ', map { "$_ $calls{$_}" } sort keys %calls),
    $latest_s);
my @violations = $oracle->judge(@loads);
is(join("\n", @violations), '', 'no violation');
push @violations, 'processor' if $core > $CORE;
push @violations, 'syncs' if $syncs > $SYNCS;
push @violations, 'late' if $latest_s > $LATE_S;
cmp_ok($core, '<=', $CORE, 'of one core');
cmp_ok($syncs, '<=', $SYNCS, 'syncs a second');
cmp_ok($syncs, '>', 0.5, 'which strace saw');
cmp_ok($latest_s, '<=', $LATE_S, 's from the request to the row');
$oracle->report('T1000', $accounts * $seconds, scalar @violations, '-');
$t->done;
