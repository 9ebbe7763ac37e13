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
use Glinto::Measure qw(cpu_ns);
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes ();

# The spool holds less than half of what is sent, so that a writer which falls
# behind is told by 503 (256 MB and 1.3 M requests, four times as fast).
my $REQUESTS = 400_000;
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
my ($few, $few_us) = flood('few', 'made-up' => 0);
my ($crafted, $crafted_us) = flood('crafted', 'made-up' => 1,
    agent => $slowest);
my ($made_up) = flood('made up', 'made-up' => 1);
cmp_ok($made_up, '<=', $few, 'made up: not one 503 more');
cmp_ok($crafted, '<=', $few, 'crafted: not one 503 more');
cmp_ok($crafted_us / $few_us, '<=', 2.5, '... and its event costs no more');
cmp_ok($store->sum('SELECT count(*) FROM agents'), '<', 1000,
    'and few rows of agents');
diag(sprintf 'F37 3 %d %.1f -',
    scalar(grep { $_ > $few } $made_up, $crafted),
    Time::HiRes::time() - $began);
$t->done;
