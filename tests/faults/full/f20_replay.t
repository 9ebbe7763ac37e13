# Promise: while glintod is down events are answered 2xx until the budget of
# the spool is full, and 503 from then on.  When it is back, all of the first
# are applied and none of the second, at 200,000 events a second of its
# processor time or more, in turns that take 250 ms at most, so that the
# administrator's calls are answered meanwhile; then a fresh event is a row
# within 1 s again.
# Group: B
# Alone: it times the replay.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Http;
use Glinto::Load;
use Glinto::Measure qw(cpu_ns);
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes ();

# By night the budget that nginx takes by itself.
my $budget_mib = trials(small => 8, faults => 32, nightly => 256);
my $events = $budget_mib * 8000; # about 190 bytes each, and then more
my $RATE_MIN = 200_000; # events a second, the promise
my $TURN_MS = 250;
my $LIVE_S = 1;
my $FRESH = 10;

my $t = Glinto::Test->new(limit_s => 180 + $events / 2000);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 2, spool => "budget=${budget_mib}m",
    server => 'location = /g.gif { glinto_pixel; }');
my $store = Glinto::Store->new($t->path('data'));

sub rows { $store->sum('SELECT coalesce(max(id), 0) FROM events') }

# The seconds until a fresh event is a row.
sub fresh {
    my ($n) = @_;
    my $path = "/live/$n";
    my $began = Time::HiRes::time();
    http_get($nginx->port, '/g.gif?d=s0.load.example'
        . "&u=https%3A%2F%2Fs0.load.example$path");
    my $file = $store->site('s0.load.example');
    $t->until('a fresh row', sub {
        $store->value($file, 'SELECT count(*) FROM events e JOIN paths p
            ON p.code = e.path WHERE p.text = ?', $path);
    }, 20);
    return Time::HiRes::time() - $began;
}

$agent->stop;
# Of a start with nothing to read.
$agent->start;
my $idle_ns = cpu_ns($agent->pid);
$agent->stop;
my $load = Glinto::Load->start($t, port => $nginx->port, kind => 'visits',
    requests => $events, seconds => 60 + $events / 4000, visitors => 1000,
    sites => 5, site => 'load.example', nonce => 'f20', log => 1);
my $sum = $load->wait;
is($sum->{ok} + $sum->{unavailable}, $events, 'all were answered');
cmp_ok($sum->{ok}, '>', $events / 4, "2xx until the budget was full");
cmp_ok($sum->{unavailable}, '>', $events / 100, '503 from then on');
my $full = (grep { $_ eq '5' } @{$load->outcomes}[-100 .. -1]);
is($full, 100, 'the last hundred of them all');
is(rows(), 0, 'and none is a row yet');

my $began = Time::HiRes::time();
$agent->start;
$t->until('all rows', sub { rows() >= $sum->{ok} }, 60 + $events / 4000);
my $took = Time::HiRes::time() - $began;
my $cpu_s = (cpu_ns($agent->pid) - $idle_ns) / 1e9;
my $speed = $sum->{ok} / $cpu_s;
my $turn_ms = $agent->json('status')->{ingest}{longest_turn_ms};
my @live_s = map { fresh($_) } 1 .. $FRESH;
my ($live_s) = sort { $b <=> $a } @live_s;
diag(sprintf '%d events of %d in %.2f s from the start of glintod, %.2f s of'
    . ' its processors: %d a second, no turn over %d ms; fresh events after'
    . ' %s s', $sum->{ok}, $events, $took, $cpu_s, $speed, $turn_ms,
    join(' ', map { sprintf '%.2f', $_ } @live_s));
cmp_ok($speed, '>=', $RATE_MIN, 'the replay is fast');
cmp_ok($turn_ms, '<=', $TURN_MS, 'in short turns');
cmp_ok($live_s, '<', $LIVE_S, 'and live again at once');
my @violations = $oracle->judge($load);
is(join("\n", @violations), '', "full at $budget_mib MiB: no violation");
$oracle->report('F20', $sum->{ok}, scalar @violations, '-');
$t->done;
