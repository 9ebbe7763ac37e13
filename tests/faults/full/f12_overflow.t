# Promise: with glintod stopped and a budget of four segments, 50,000 events
# are each accounted for: answered 2xx and a row once glintod is back, or
# answered 503, no row, and counted, exactly.
# Group: A

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;

my $trials = trials(small => 1, faults => 3, nightly => 20);
my $events = 50_000;

my $t = Glinto::Test->new(limit_s => 60 + 60 * $trials);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 1, spool => 'budget=4m segment=1m',
    server => 'location = /g.gif { glinto_pixel; }');

my (@loads, @violations);
for my $trial (1 .. $trials) {
    $agent->stop;
    my $load = Glinto::Load->start($t, port => $nginx->port, kind => 'visits',
        requests => $events, rate => 10_000, sites => 5,
        site => 'load.example', nonce => "f12.$trial", log => 1);
    my $sum = $load->wait;
    push @loads, $load;
    is($sum->{ok} + $sum->{unavailable}, $events, "$trial: all were answered");
    cmp_ok($sum->{ok}, '>', 2_000, "$trial: four segments took $sum->{ok}");
    cmp_ok($sum->{unavailable}, '>', 2_000, "$trial: and then they were full");
    $agent->start;
    push @violations, $oracle->judge(@loads);
}
is(join("\n", @violations), '', "$trials times full: no violation");
$oracle->report('F12', $trials, scalar @violations, '-');
$t->done;
