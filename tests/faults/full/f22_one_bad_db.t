# Promise: one account's database that is damaged, locked, full, not allowed
# or gone delays the events of the other 49 by less than 500 ms; its own wait,
# parked where they would hold the spool, and are counted exactly once after
# the repair, with nothing left parked.

# Group: B
# Alone: it times rows.
#
# Faults: a page, the header, mode 000 (root without the right to overrule it),
# a small disk for this file alone, locked by another process, moved away.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use DBI;
use Glinto::Faults;
use Glinto::Http;
use Glinto::Load;
use Glinto::Mounts;
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use List::Util qw(max);
use Time::HiRes ();

my $MOUNTS = system('unshare -m true 2>/dev/null') == 0;
private_mounts() if $MOUNTS;
my $ACCOUNTS = 50;
my $ADDED_S = 0.5;
my $USUAL_S = 3; # under the same load, without a fault
my $MET_S = 30; # a small disk takes some events before it is full
my $HOLD_S = 4; # from then on
my $LOCK_S = column() eq 'nightly' ? 60 : 8;
my $BACK_S = 90; # the longest wait between two tries is a minute
my @KINDS = qw(page header mode quota locked moved);

my $trials = trials(small => 6, faults => 6, nightly => 60);
my $seed = seed();
my $t = Glinto::Test->new(limit_s => 120 + 60 * $trials);
# Mode 000 means nothing to root; glintod goes without that right.
my $less = '-dac_override,-dac_read_search';
my @wrap = $> ? () : ('setpriv', "--inh-caps=$less", "--bounding-set=$less");
my $agent = $t->aggregator(wrap => \@wrap,
    conf => "park_after_s 2\npaths_per_day 100000000");
my $oracle = Glinto::Oracle->new($t, $agent);
my $store = Glinto::Store->new($t->path('data'));
$oracle->accounts($ACCOUNTS, 'load.example');
my $nginx = $oracle->nginx(workers => 2, spool => 'budget=64m segment=64k',
    server => 'location = /g.gif { glinto_pixel; }');
my @file = map { $store->site("s$_.load.example") } 0 .. $ACCOUNTS - 1;
my (@violations, @loads, $probes);

# ---- how long an event takes to be a row ----

sub delay_of {
    my ($n) = @_;
    my $path = '/probe/' . ++$probes;
    my $start = Time::HiRes::time();
    my $reply = http_get($nginx->port,
        "/g.gif?d=s$n.load.example&u=https%3A%2F%2Fload.example$path");
    die "a probe was answered $reply->{status}\n" if $reply->{status} != 200;
    $t->until('a row', sub { $store->value($file[$n],
        'SELECT count(*) FROM events e JOIN paths p ON p.code = e.path
        WHERE p.text = ?', $path) }, 20);
    return Time::HiRes::time() - $start;
}

# Of accounts that are well, one after another until DONE: the longest.
sub longest {
    my ($bad, $done) = @_;
    my $longest = 0;
    do {
        my $n = int rand $ACCOUNTS;
        my $delay = $n == $bad ? 0 : delay_of($n);
        $longest = $delay if $delay > $longest;
    } until $done->();
    return $longest;
}

sub passed {
    my ($seconds) = @_;
    my $until = Time::HiRes::time() + $seconds;
    return sub { Time::HiRes::time() >= $until };
}

# ---- faults, and what mends them ----

sub overwrite {
    my ($path, $at, $bytes) = @_;
    open my $out, '+<:raw', $path or die "$path: $!\n";
    seek $out, $at, 0;
    print $out $bytes;
    close $out or die "$path: $!\n";
}

sub damage {
    my ($file, $at, $len) = @_;
    $agent->stop;
    my $was = substr slurp($file), $at, $len;
    overwrite($file, $at, pack 'C*', map { int rand 256 } 1 .. $len);
    $agent->start;
    return sub { overwrite($file, $at, $was) };
}

# Rows go into this page first of all.
sub page_of {
    my ($file) = @_;
    my $page = $store->value($file,
        q{SELECT rootpage FROM sqlite_master WHERE name = 'events'});
    return 4096 * ($page - 1);
}

sub move {
    my ($from, $to) = @_;
    for my $end ('', '-wal', '-shm') {
        rename "$from$end", "$to$end" or die "rename: $!\n" if -e "$from$end";
    }
}

sub run { system(@_) == 0 or die "@_ failed\n" }

# The file and its log lie on a disk of their own from now on.
sub small_disk {
    my ($file) = @_;
    my $disk = $t->path('small');
    my @names = map { "$file$_" } '', '-wal';
    $agent->stop;
    spew($names[1], '') if !-e $names[1];
    mount_tmpfs($disk, int((-s $file) / 1024) + 128 . 'k', 0700);
    for my $i (0, 1) {
        run('cp', '-a', $names[$i], "$disk/$i");
        run('mount', '--bind', "$disk/$i", $names[$i]);
    }
    $agent->start;
    return sub { run('mount', '-o', 'remount,size=64m', $disk) }, sub {
        $agent->stop;
        for my $i (0, 1) {
            unmount($names[$i]);
            run('cp', '-a', "$disk/$i", $names[$i]);
        }
        unmount($disk);
        $agent->start;
    };
}

# What mends it, and perhaps what clears away after that.
sub break_file {
    my ($kind, $file) = @_;
    return damage($file, page_of($file), 4096) if $kind eq 'page';
    return damage($file, 0, 100) if $kind eq 'header';
    return small_disk($file) if $kind eq 'quota';
    if ($kind eq 'mode') {
        $agent->stop;
        chmod 0, $file;
        $agent->start;
        return sub { chmod 0600, $file };
    }
    if ($kind eq 'locked') {
        my $lock = DBI->connect("dbi:SQLite:dbname=$file", '', '',
            {RaiseError => 1, PrintError => 0});
        $lock->do('BEGIN IMMEDIATE');
        return sub { $lock->do('ROLLBACK'); $lock->disconnect };
    }
    my $away = $t->path('away.db');
    move($file, $away);
    return sub { move($away, $file) };
}

# ---- the trials ----

sub trial {
    my ($n, $kind) = @_;
    my $bad = int rand $ACCOUNTS;
    my ($id) = $file[$bad] =~ m{([^/]+)\.db$};
    my $parked = sub { return scalar(() = glob $t->path("data/parked/$id/*")) };
    my $failing = sub {
        return scalar grep { $_ eq $id }
            @{$agent->json('status')->{failed_accounts}};
    };
    my $load = Glinto::Load->start($t, port => $nginx->port, rate => 300,
        requests => 1_000_000, seconds => 300, visitors => 500,
        sites => $ACCOUNTS, site => 'load.example', nonce => "f22x$n",
        kind => 'visits', log => 1);
    push @loads, $load;
    my $usual = longest($bad, passed($USUAL_S));
    my ($mend, $clear) = break_file($kind, $file[$bad]);
    $t->until('a row after the fault', sub { delay_of(($bad + 1) % $ACCOUNTS) },
        30);
    my $unmet = passed($MET_S);
    my $before = longest($bad, sub { $failing->() || $unmet->() });
    my $hold = passed($kind eq 'locked' ? $LOCK_S : $HOLD_S);
    my $seen = 0;
    my $held = longest($bad, sub {
        $seen ||= $parked->();
        return $hold->();
    });
    my $longest = max($before, $held);
    my $failed = $failing->();
    $mend->();
    my $limit = passed($BACK_S);
    my $after = longest($bad, sub { $limit->() || !$failing->() });
    $load->stop;
    $load->wait;
    my $empty = $oracle->empty_spool(20);
    my @bad = (
        ($failed ? () : "$kind: no fault was met"),
        ($seen ? () : "$kind: nothing was parked"),
        ($parked->() ? "$kind: parked files are left" : ()),
        ($empty ? () : "$kind: the spool is not empty"),
        map { sprintf '%s: %.3f s, without a fault %.3f', $kind, $_, $usual }
            grep { $_ - $usual >= $ADDED_S } $longest, $after);
    $clear->() if $clear;
    is("@bad", '', sprintf '%s: the others wait %.3f s, %.3f after it, at most;'
        . ' %.3f without it', $kind, $longest, $after, $usual);
    return @bad;
}

my $done = 0;
for my $n (1 .. $trials) {
    my $kind = $KINDS[($n - 1) % @KINDS];
    SKIP: {
        skip 'no mount namespaces here', 1 if $kind eq 'quota' && !$MOUNTS;
        push @violations, trial($n, $kind);
        $done++;
    }
}
push @violations, $oracle->judge(@loads);
is(join("\n", @violations), '', 'all events are there once, all files whole');
$oracle->report('F22', $done, scalar @violations, $seed);
$t->done;
