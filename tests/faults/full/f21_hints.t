# Promise: hints change no result.  Whether none, half or all packets between
# workers and glintod are lost, doubled, out of order or damaged, random kills
# of either side under load lose and double nothing.
# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Relay;
use Glinto::Test;
use Time::HiRes ();

my $kills = trials(small => 4, faults => 30, nightly => 200); # of each line
my $seed = seed();
my @lines = (['lose', 0], ['lose', 50], ['lose', 100], ['double', 50],
    ['reorder', 50], ['garble', 20]);

my $t = Glinto::Test->new(limit_s => 60 + @lines * (30 + 3 * $kills));
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 2, glinto => <<'EOG',
    glinto_spool %%DIR%%/spool;
    glinto_socket unix:%%DIR%%/relay.sock;
    glinto_salt %%DIR%%/salt;
    glinto_sites %%DIR%%/sites;
EOG
    server => 'location = /g.gif { glinto_pixel; }');

sub fault {
    my $what = int rand 5;
    $agent->kill9 if $what != 0 && $what != 1;
    $nginx->kill_worker if $what < 3;
    $agent->start if !$agent->running;
}

my (@violations, $n);
for my $line (@lines) {
    my ($mode, $percent) = @$line;
    my $relay = Glinto::Relay->start($t, mode => $mode, percent => $percent,
        seed => $seed);
    my $load = Glinto::Load->start($t, port => $nginx->port, rate => 1000,
        kind => 'visits', requests => 5_000_000, seconds => 3 * $kills + 20,
        visitors => 500, sites => 5, site => 'load.example',
        nonce => 'f21.' . ++$n, log => 1);
    for (1 .. $kills) {
        # The load goes on for a random moment: this is the fault's time.
        my $moment = Time::HiRes::time() + rand 0.4;
        $t->until('the moment', sub { Time::HiRes::time() >= $moment });
        fault();
    }
    $load->stop;
    my $sum = $load->wait;
    push @violations, map { "$mode $percent %: $_" }
        $oracle->judge($load, {at_least => 1});
    my $did = $relay->stop;
    diag("$mode $percent %: $did->{harmed} of $did->{packets} packets");
    cmp_ok($sum->{ok}, '>', 50 * $kills, "$mode $percent %: the load went on");
    # After a damaged one glintod hangs up, and a worker is away for a while.
    cmp_ok($did->{packets}, '>', $kills / 3, "$mode $percent %: hints came");
    cmp_ok($did->{harmed}, $percent ? '>' : '==', 0,
        "$mode $percent %: the line was as bad as it should be");
}
is(join("\n", @violations), '', @lines * $kills . ' kills: no violation');
$oracle->report('F21', @lines * $kills, scalar @violations, $seed);
$t->done;
