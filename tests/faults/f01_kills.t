# Promise: kill -9 of a worker, of glintod, of both or of the nginx master, at
# random moments under load, loses nothing that was answered 2xx and doubles
# nothing.  Of 20 kills 8 : 8 : 3 : 1.
#
# Group: A
# Slow: 20 kills under load, half a second apart.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Time::HiRes ();

my $kills = trials(small => 20, faults => 150, nightly => 1000);
my $seed = seed();

my $t = Glinto::Test->new(limit_s => 60 + 3 * $kills);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(20, 'load.example'); # before the workers read the list
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');

my %kill = (
    worker => sub { $nginx->kill_worker },
    agent => sub { $agent->kill9; $agent->start },
    both => sub { $agent->kill9; $nginx->kill_worker; $agent->start },
    master => sub {
        my @orphans = $nginx->workers;
        $nginx->kill9('master');
        $nginx->signal('QUIT', $_) for @orphans;
        $nginx->gone(@orphans);
        $nginx->start;
    },
);
my @order = map { my $k = $_ % 20;
    $k < 8 ? 'worker' : $k < 16 ? 'agent' : $k < 19 ? 'both' : 'master'
} 0 .. $kills - 1;
for my $i (reverse 1 .. $#order) {
    my $j = int rand($i + 1);
    @order[$i, $j] = @order[$j, $i];
}

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 2000,
    kind => 'visits', requests => 5_000_000, seconds => 3 * $kills + 20,
    visitors => 500, sites => 20, site => 'load.example', nonce => 'f1',
    log => 1);
for my $what (@order) {
    # The load goes on for a random moment: this is the fault's time, not a
    # wait for something.
    my $moment = Time::HiRes::time() + rand 0.4;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment });
    $kill{$what}->();
}
$load->stop;
my $sum = $load->wait;
my @violations = $oracle->judge($load, {at_least => 1});
is(join("\n", @violations), '', "$kills kills: no violation");
cmp_ok($sum->{ok}, '>', 100 * $kills, 'the load went through');
$oracle->report('F1', $kills, scalar @violations, $seed);
$t->done;
