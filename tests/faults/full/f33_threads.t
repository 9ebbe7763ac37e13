# Promise: glintod's threads share nothing without a lock: ThreadSanitizer
# reports nothing while it is killed and stopped under load, with dashboards,
# WebSockets, verbs of the administrator and backups at the same time.  And
# nothing is lost or doubled.

# Group: C

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Glinto::WebSocket;
use Time::HiRes ();

my $LIFE_S = 0.8; # at most, of one glintod
my $SOCKETS = 8;
my $STOP_EVERY = 5; # that life ends by a TERM, whose end counts as well

my $lives = trials(small => 5, faults => 50, nightly => 700);
my $seed = seed();
my $t = Glinto::Test->new(variant => 'tsan', limit_s => 120 + 5 * $lives);
plan skip_all => 'another sanitizer has the build' if $t->san || $t->valgrind;
# The closing checks read the reports.
my $agent = $t->aggregator(conf => 'paths_per_day 100000000',
    env => {TSAN_OPTIONS => $t->tsan('glintod')});
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');
my ($calls, @sockets) = (0);

sub any_site { 's' . int(rand 5) . '.load.example' }
sub ask { my ($status) = $agent->glinto(@_) }
sub look { $agent->admin('GET', $_[0]) }

# What people do meanwhile, one after the other.
my @acts = (
    sub { $agent->dashboard('GET', '/glinto/' . any_site()) },
    sub { $agent->dashboard('GET', '/glinto/' . any_site()) },
    sub { ask('site', 'list') },
    sub { ask('status') },
    sub { look('/health') },
    sub { look('/v1/live/get?site=' . any_site()) },
    sub { look('/v1/site/get?domain=' . any_site()) },
    sub { look('/v1/check/status?id=' . int rand 5) },
    sub { look("/v1/$_/list") for qw(site account token) },
    sub { ask('token', 'create') },
    sub { ask('site', 'add', 'x' . ++$calls . '.load.example') },
    sub { ask('site', 'remove', "x$calls.load.example", '--yes') },
    sub { ask('site', 'set', any_site(), 'public', 'yes') },
    sub { ask('site', 'move', 's4.load.example', '--account',
        'a' . (3 + ++$calls % 2)) },
    sub { ask('backup', $t->path('backup-' . ++$calls)) },
    sub { ask('check', 'data') },
    sub { pop @sockets },
    sub { push @sockets, watch() },
);

sub watch {
    return Glinto::WebSocket->connect($t->path('dashboard.sock'),
        '/glinto/' . any_site() . '/live');
}

sub live {
    my $end = Time::HiRes::time() + rand $LIFE_S;
    @sockets = map { watch() } 1 .. $SOCKETS;
    $t->until('the end of a life', sub {
        $acts[rand @acts]->();
        return Time::HiRes::time() >= $end;
    }, 30);
}

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 1000,
    requests => 5_000_000, seconds => 60 + 5 * $lives, visitors => 500,
    sites => 5, site => 'load.example', nonce => 'f33', log => 1);
for my $n (1 .. $lives) {
    live();
    $n % $STOP_EVERY ? $agent->kill9 : $agent->stop;
    @sockets = ();
    $agent->start;
}
$load->stop;
my $sum = $load->wait;
my @violations = $oracle->judge($load);
is(join("\n", @violations), '', "$lives lives: no violation");
cmp_ok($sum->{ok}, '>', 100 * $lives, 'the load went through');
$oracle->report('F33', $lives, scalar @violations, $seed);
$t->done;
