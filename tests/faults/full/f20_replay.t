# Promise: what came while glintod was down (30 s at 2,000 a second) is applied
# when it is back, exactly, at 200,000 events a second of its processor time
# or more, and a fresh event is a row within 1 s again.  DOWN_S (30).

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Load;
use Glinto::Measure qw(cpu_ns);
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes ();

my $down_s = $ENV{DOWN_S} // 30;
my $rate = 2000;
my $RATE_MIN = 200_000; # events a second, the promise

my $t = Glinto::Test->new(limit_s => 90 + 2 * $down_s);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 2, spool => 'budget=1g',
    server => 'location = /g.gif { glinto_pixel; }');
my $store = Glinto::Store->new($t->path('data'));

sub rows { $store->sum('SELECT coalesce(max(id), 0) FROM events') }

$agent->stop;
# Of a start with nothing to read.
$agent->start;
my $idle_ns = cpu_ns($agent->pid);
$agent->stop;
my $load = Glinto::Load->start($t, port => $nginx->port, rate => $rate,
    requests => $rate * $down_s, seconds => 2 * $down_s, visitors => 1000,
    sites => 5, site => 'load.example', nonce => 'f20', log => 1);
my $sum = $load->wait;
is($sum->{ok}, $rate * $down_s, 'all were answered 2xx without glintod');
is(rows(), 0, 'and none is a row yet');

my $began = Time::HiRes::time();
$agent->start;
$t->until('all rows', sub { rows() == $sum->{ok} }, 60);
my $took = Time::HiRes::time() - $began;
my $cpu_s = (cpu_ns($agent->pid) - $idle_ns) / 1e9;
my $speed = $sum->{ok} / $cpu_s;
diag(sprintf '%d events in %.2f s from the start of glintod, %.2f s of its'
    . ' processors: %d a second', $sum->{ok}, $took, $cpu_s, $speed);
cmp_ok($speed, '>=', $RATE_MIN, 'the replay is fast');
my @violations = $oracle->judge($load);
is(join("\n", @violations), '', "$down_s s down: no violation");
$oracle->report('F20', 1, scalar @violations, '-');
$t->done;
