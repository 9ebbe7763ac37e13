# Promise: an event that ends glintod, met at a random moment of a load, costs
# itself and two restarts: it is counted as "crash", its frame alone lies in
# bad/, and everything else that was answered is a row once.

# Group: B
#
# The crash is a library's, on an agent that holds a magic word; what may come
# out of one such frame is tests/e2e/poison.t.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Glinto::World;
use Time::HiRes ();

my @AGENTS = qw(poison-abort poison-segv);
my $RESTARTS_MAX = 3;

my $trials = trials(small => 3, faults => 3, nightly => 50);
my $seed = seed();
my $t = Glinto::Test->new(limit_s => 60 + 10 * $trials);
plan skip_all => 'a crash is a report there, and the library comes second'
    if $t->san || $t->valgrind;
my $library = $t->path('match.so');
system('cc', '-shared', '-fPIC', '-O0', '-o', $library,
    "$FindBin::Bin/../../e2e/poison_match.c") == 0 or die "no library\n";

my $world = Glinto::World->new($t, conf => 'paths_per_day 100000000',
    env => {LD_PRELOAD => $library});
my ($agent, $store) = ($world->agent, $world->store);
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');

sub poisoned { $store->sum(q{SELECT count(*) FROM events e
    JOIN paths p ON p.code = e.path WHERE p.text GLOB '/poison/*'}) // 0 }
sub kept { scalar(my @copies = glob $t->path('spool/bad/*.frame')) }

# One poisonous event; how often glintod had to be started until it was gone.
sub poison {
    my ($n) = @_;
    my $restarts = 0;
    my $agent_text = $AGENTS[$n % @AGENTS];
    my $reply = http_get($nginx->port, '/g.gif?d=s' . int(rand 5)
        . ".load.example&u=https%3A%2F%2Fload.example%2Fpoison%2F$n",
        'User-Agent' => $agent_text);
    is($reply->{status}, 200, "$agent_text is taken");
    $t->until("the end of frame $n", sub {
        return $world->dropped('crash') == $n if $agent->running;
        $restarts++;
        return eval { $agent->start; 0 };
    }, 20);
    return $restarts;
}

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 1000,
    requests => 5_000_000, seconds => 30 + 10 * $trials, visitors => 500,
    sites => 5, site => 'load.example', nonce => 'f23',
    kind => 'visits', log => 1);
for my $n (1 .. $trials) {
    my $moment = Time::HiRes::time() + rand 0.5; # the fault's, no wait
    $t->until('the moment', sub { Time::HiRes::time() >= $moment });
    cmp_ok(poison($n), '<=', $RESTARTS_MAX, "restarts of trial $n");
}
$load->stop;
my $sum = $load->wait;
my @violations = $oracle->judge($load);
is(join("\n", @violations), '', "$trials poisonous events: no violation");
is($world->dropped('crash'), $trials, 'each is counted as "crash", and nothing else is');
is(kept(), $trials, 'a copy of each, and of nothing else');
is(poisoned(), 0, 'none is a row');
cmp_ok($sum->{ok}, '>', 100 * $trials, 'the load went through');
$oracle->report('F23', $trials, scalar @violations, $seed);
$t->done;
