# Promise: who reads for a minute under full load, however slowly, holds back
# nobody: events are rows within a second, the log of a database stays within
# 128 MiB at all times and is short again when the reader is gone.  A dashboard
# that stops reading or never finishes its question is cut off.

# Group: C
# Alone: it times rows and questions.

# Method: one account takes the whole load.  The readers are a shell of the
# operator with a transaction open all the time, and glintod's own backup and
# check, one after the other without a pause.  The dashboard of today asks the
# writer thread and holds no transaction.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use DBI;
use DBD::SQLite::Constants ':file_open';
use File::Path ();
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Glinto::WebSocket;
use Time::HiRes ();

my $WAL_MAX = 128 << 20;
my $WAL_REST = 64 << 20; # journal_size_limit
my $HOLD_S = 60;
my $RATE = 2000;

my $trials = trials(small => 1, faults => 1, nightly => 10);
my $seed = seed();

my $t = Glinto::Test->new(limit_s => 120 + 90 * $trials);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
my $store = Glinto::Store->new($t->path('data'));
$oracle->accounts(2, 'load.example');
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');
my $busy = $store->site('s0.load.example');
my ($longest, $slowest_s, @violations) = (0, 0);

sub look_at_log {
    my $bytes = -s "$busy-wal" // 0;
    $longest = $bytes if $bytes > $longest;
    return $bytes;
}

# glintod reads without a pause: PID of the last command, or its successor's.
sub read_on {
    my ($pid) = @_;
    return $pid if $pid && $t->alive($pid);
    my $dir = $t->path('backup');
    my $again = -d $dir;
    File::Path::remove_tree($dir);
    return $t->spawn('reader', $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), $again ? ('check', 'data') : ('backup', $dir));
}

sub open_shell {
    my $shell = DBI->connect("dbi:SQLite:dbname=$busy", '', '',
        {RaiseError => 1, sqlite_open_flags => SQLITE_OPEN_READONLY});
    $shell->do('BEGIN');
    $shell->selectall_arrayref('SELECT count(*) FROM events');
    return $shell;
}

# A question never ended and a live page never read.
sub slow_dashboards {
    my $question = Glinto::Http->connect($t->path('dashboard.sock'));
    $question->send("GET /glinto/s0.load.example HTTP/1.1\r\nHost: localhost\r\nX: ");
    my $live = Glinto::WebSocket->connect($t->path('dashboard.sock'),
        '/glinto/s0.load.example/live');
    return ($question, $live);
}

sub fresh {
    my ($n) = @_;
    my $asked = Time::HiRes::time();
    push @violations, map { "$n: $_" } $oracle->fresh('s0.load.example');
    my $took_s = Time::HiRes::time() - $asked;
    $slowest_s = $took_s if $took_s > $slowest_s;
}

sub trial {
    my ($n) = @_;
    my $load = Glinto::Load->start($t, port => $nginx->port, rate => $RATE,
        requests => 5_000_000, seconds => $HOLD_S + 30, visitors => 500,
        sites => 1, site => 'load.example', nonce => "f35.$n", log => 1);
    my ($question, $live) = slow_dashboards();
    my ($shell, $began, $pid) = (open_shell(), Time::HiRes::time());
    $t->until('the end of the readers', sub {
        $pid = read_on($pid);
        look_at_log();
        fresh($n);
        return Time::HiRes::time() > $began + $HOLD_S;
    }, $HOLD_S + 10);
    push @violations, "$n: a question was kept open" if !$question->closed(0);
    $shell->disconnect;
    $t->ended($pid, 30);
    eval {
        $t->until('a short log', sub { look_at_log() <= $WAL_REST }, 10);
    } or push @violations, "$n: the log is still @{[look_at_log()]} bytes";
    $load->stop;
    $load->wait;
    push @violations, map { "$n: $_" } $oracle->judge($load);
}

trial($_) for 1 .. $trials;
push @violations, "the log came to $longest bytes" if $longest > $WAL_MAX;
diag(sprintf 'log at most %.0f MiB, a fresh event a row after %.2f s at most',
    $longest / (1 << 20), $slowest_s);
is(join("\n", @violations), '', "$trials long readers: no violation");
$oracle->report('F35', $trials, scalar @violations, $seed);
$t->done;
