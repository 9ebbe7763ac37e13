# Promise: made-up User-Agents, each sent once, also of the slowest text known,
# fill the spool no more than the same load with few agents does, all that was
# answered 2xx is counted, and an event of the slowest text costs glintod at
# most 2.5 x one of few agents.

# Group: C
# Alone: what is compared is how fast glintod reads.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Measure qw(cpu_ns median);
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes ();

# The spool holds less than half of what is sent, so that a writer which falls
# behind is told by 503 (256 MB and 1.3 M requests, four times as fast).
my $REQUESTS = 400_000;
my $PAIRS = 3; # of one flood with few agents and one with crafted ones
my $began = Time::HiRes::time();
my $LOAD_S = 120; # at most
my $t = Glinto::Test->new(limit_s => 600);
my $agent = $t->aggregator;
$agent->site('demo.example');
my $nginx = $t->nginx(spool => 'budget=64m',
    server => 'location = /g.gif { glinto_pixel; }');
my $oracle = Glinto::Oracle->new($t, $agent, undef);
my $store = Glinto::Store->new($t->path('data'));

# Some made-up words are a listed crawler's.
sub counted {
    return $store->sum('SELECT count(*) FROM events')
        + $store->sum('SELECT sum(n) FROM bots');
}

# How many requests are refused, and CPU us an event.
sub flood {
    my ($name, @agents) = @_;
    my $before = counted();
    my $ns = cpu_ns($agent->pid);
    my $sum = Glinto::Load->run($t, port => $nginx->port, kind => 'pixel',
        requests => $REQUESTS, seconds => $LOAD_S, connections => 16,
        visitors => 1, @agents);
    $oracle->empty_spool(60) or die "the spool is not empty\n";
    my $us = (cpu_ns($agent->pid) - $ns) / 1000 / ($sum->{ok} || 1);
    is(counted() - $before, $sum->{ok}, "$name: every 2xx is counted");
    my $refused = $sum->{attempts} - $sum->{ok};
    diag(sprintf '%s: %d of %d refused; glintod %.2f us an event', $name,
        $refused, $sum->{attempts}, $us);
    return ($refused, $us);
}

# Of the slowest texts that the bench finds, the slowest.
sub crafted {
    my $build = $t->build;
    my $file = $t->path('crafted.txt');
    system("$build/tests/bench/agent-cost", "$build/enrich",
        "$build/tests/agents.tsv", $file) == 0 or die "no crafted agent\n";
    return substr((split /\n/, slurp($file))[0], 0, 240);
}

my $slowest = crafted();
my (%refused, %us);
for my $i (1 .. $PAIRS) {
    for my $name ($i % 2 ? ('few', 'crafted') : ('crafted', 'few')) {
        my ($refused, $us) = flood($name, $name eq 'few' ? ('made-up' => 0)
            : ('made-up' => 1, agent => $slowest));
        $refused{$name} += $refused;
        push @{$us{$name}}, $us;
    }
}
my ($made_up) = flood('made up', 'made-up' => 1);
cmp_ok($made_up, '<=', $refused{few}, 'made up: not one 503 more');
cmp_ok($refused{crafted}, '<=', $refused{few}, 'crafted: not one 503 more');
my $times = median(map { $us{crafted}[$_] / $us{few}[$_] } 0 .. $PAIRS - 1);
diag(sprintf 'crafted: %.2f x few', $times);
cmp_ok($times, '<=', 2.5, '... and its event costs no more');
cmp_ok($store->sum('SELECT count(*) FROM agents'), '<', 1000,
    'and few rows of agents');
diag(sprintf 'F37 %d %d %.1f -', 2 * $PAIRS + 1,
    scalar(grep { $_ > $refused{few} } $made_up, $refused{crafted}),
    Time::HiRes::time() - $began);
$t->done;
