package Glinto::Bench;

# What tests/bench/bench and tests/bench/compare measure with.
#
#   my ($t, $agent, $nginx) = stage();      nginx on processor 0 with one
#                     worker, glintod on processor 1, a known site;
#                     stage(BUILD): of that build
#   worker($t, $nginx)                      its process id, once there is one
#   slice($t, $nginx, CONNECTIONS, WHAT...) SLICE requests (Glinto::Load),
#                     answered 2xx
#   apply(EVENTS[, BUILD[, AGENTS]])        a full spool, glintod alone on one
#                     core: (ns of CPU, wall s); AGENTS as in fill_spool.c
#   finish($t)                              stop all of it

use strict;
use warnings;
use Exporter 'import';
use Glinto::Load;
use Glinto::Measure qw(cpu_ns on_core);
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes ();

our @EXPORT_OK = qw(stage worker slice apply finish $SLICE $PORT_CONF);
our $SLICE = 20_000; # requests between two readings of the clock
our $PORT_CONF = <<'EOF';
    location = /g.gif { glinto_pixel; }
    location = /api/event { glinto_collect; }
    location = /empty.gif { empty_gif; }
    location = /204 { return 204; }
EOF

sub _test {
    my ($build, @want) = @_;
    local $ENV{GLINTO_BUILD} = $build // $ENV{GLINTO_BUILD};
    return Glinto::Test->new(@want);
}

sub stage {
    my ($build) = @_;
    my $t = _test($build, limit_s => 3600);
    my $agent = $t->aggregator(wrap => [on_core(1)]);
    $agent->site('demo.example');
    my $nginx = $t->nginx(server => $PORT_CONF,
        main => "worker_cpu_affinity 01;\n", spool => 'budget=1g',
        http => "keepalive_requests 100000000;\n");
    return ($t, $agent, $nginx);
}

# The port is open before the worker is there and has its title.
sub worker {
    my ($t, $nginx) = @_;
    return $t->until('a worker', sub { ($nginx->workers)[0] });
}

sub slice {
    my ($t, $nginx, $connections, @what) = @_;
    my $sum = Glinto::Load->run($t, port => $nginx->port,
        requests => $SLICE, connections => $connections, @what);
    die "bench: $sum->{ok} of $SLICE were answered 2xx\n"
        if $sum->{ok} != $SLICE;
    return $sum;
}

sub apply {
    my ($events, $build, $agents) = @_;
    my $t = _test($build, limit_s => 3600);
    my $agent = $t->aggregator(wrap => [on_core(0)]);
    $agent->site('demo.example');
    $agent->stop;
    my $filler = $t->spawn('fill', on_core(1),
        $t->build . '/tests/bench/fill-spool', $t->path('spool'),
        'demo.example', $events,
        $agents ? (0, 500, int($events / 20) + 1, 0, 0, $agents) : ());
    die "fill-spool failed\n" if $t->ended($filler, 60);
    my $oracle = Glinto::Oracle->new($t, $agent, undef);
    my $began = Time::HiRes::time();
    $agent->start;
    $oracle->empty_spool(60) or die "the spool is not empty\n";
    my @took = (cpu_ns($agent->pid), Time::HiRes::time() - $began);
    my $store = Glinto::Store->new($t->path('data'));
    my $rows = $store->sum('SELECT count(*) FROM events')
        + ($agents ? $store->sum('SELECT sum(n) FROM bots') : 0);
    die "$rows rows of $events events\n" if $rows != $events;
    finish($t);
    return @took;
}

sub finish {
    my ($t) = @_;
    $_->stop for reverse grep { $_->running } @{$t->{parts}};
}

1;
