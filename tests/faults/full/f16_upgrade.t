# Promise: a binary upgrade under load (USR2, WINCH and QUIT to the old master)
# and one taken back (USR2, WINCH and HUP to the old, QUIT to the new) lose
# and double nothing.
# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Daemon;
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;

my $trials = trials(small => 2, faults => 8, nightly => 75);
my $rollbacks = int(($trials + 1) / 3); # 5 + 3, 50 + 25
my $upgrades = $trials - $rollbacks;

my $t = Glinto::Test->new(limit_s => 120 + 20 * ($upgrades + $rollbacks));
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $daemon = Glinto::Daemon->start($t, $oracle, workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');
my $load = Glinto::Load->start($t, port => $daemon->nginx->port, rate => 1000,
    kind => 'visits', requests => 5_000_000,
    seconds => 60 + 20 * ($upgrades + $rollbacks), visitors => 500,
    sites => 5, site => 'load.example', nonce => 'f16', log => 1);
$t->until('a load', sub { keys %{$oracle->paths('f16')} > 100 });

# Visits go on through each change, however fast it was.
sub more {
    my $before = keys %{$oracle->paths('f16')};
    $t->until('more load', sub { keys %{$oracle->paths('f16')} > $before + 100 });
}

for my $n (1 .. $upgrades) {
    my ($old, $new) = $daemon->upgrade;
    more();
    kill 'QUIT', $old;
    $daemon->gone($old);
    is($daemon->master, $new, "upgrade $n: the new master is the master");
}
for my $n (1 .. $rollbacks) {
    my ($old, $new) = $daemon->upgrade;
    kill 'HUP', $old;
    $t->until('old workers', sub { $daemon->workers_of($old) == 2 });
    more();
    kill 'QUIT', $new;
    $daemon->gone($new);
    $t->soon("rollback $n: the old master is the master",
        sub { $daemon->master == $old });
}
$load->stop;
my $sum = $load->wait;
cmp_ok($sum->{ok}, '>', 100 * ($upgrades + $rollbacks),
    'the load went through');
my @violations = $oracle->judge($load);
is(join("\n", @violations), '',
    "$upgrades upgrades, $rollbacks rollbacks: no violation");
$oracle->report('F16', $upgrades + $rollbacks, scalar @violations, '-');
$t->done;
