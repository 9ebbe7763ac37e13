package Glinto::Bench;

# What tests/bench/bench and tests/bench/compare measure with.
#
#   my ($t, $agent, $nginx) = stage();      nginx on processor 0 with one
#                     worker, glintod on processor 1, a known site;
#                     stage(BUILD, MORE): of that build; with MORE locations
#   worker($t, $nginx)                      its process id, once there is one
#   slice($t, $nginx, CONNECTIONS, WHAT...) SLICE requests (Glinto::Load),
#                     answered 2xx
#   requests($t, $nginx, N, CONNECTIONS, A, B)   N ratios of nginx's CPU:
#                     slices of A and of B in turn, each [WHAT...]
#   slope(BUILD, WHAT...)   nginx's user instructions a request (callgrind),
#                     from two lengths of load, so that its start cancels out
#   control($t, $nginx, N)                  the same of empty_gif and empty_gif
#   apply(EVENTS[, BUILD[, AGENTS]])        a full spool, glintod alone on one
#                     core: ns of CPU; AGENTS as in fill_spool.c
#   beside(EVENTS)    (ns of CPU of apply(EVENTS), of bare() of the same rows)
#   bare($t, ROWS)    what the rows in demo.example's file cost SQLite alone:
#                     ns of CPU (bare_rows.c)
#   finish($t)        stop all of it, and no log is shown at the end
#   is_noisy(RATIOS)  of something against itself: their median says that
#                     nothing can be judged here and now

use strict;
use warnings;
use Exporter 'import';
use Glinto::Load;
use Glinto::Measure qw(cpu_ns median on_core pairs);
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;

our @EXPORT_OK = qw(stage worker slice requests slope control apply beside bare
    finish is_noisy $SLICE);
my $NOISE_MAX = 0.03;
# Keys that a build to compare with may not know yet: none is told of them.
my @OLD = (hosts => '', pages => '');
our $SLICE = 20_000; # requests between two readings of the clock
my $PORT_CONF = <<'EOF';
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
    my ($build, $more) = @_;
    my $t = _test($build, limit_s => 3600);
    my $agent = $t->aggregator(wrap => [on_core(1)], @OLD);
    $agent->site('demo.example');
    my $nginx = $t->nginx(server => $PORT_CONF . ($more // ''),
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

sub requests {
    my ($t, $nginx, $n, $connections, @two) = @_;
    my @pids = ($nginx->pid, worker($t, $nginx));
    my @runs = map { my $what = $_;
        sub { slice($t, $nginx, $connections, @$what) } } @two;
    $_->() for @runs;
    return pairs($n, @runs, sub { cpu_ns(@pids) });
}

# User instructions of one process nginx, of REQUESTS and its start.
sub _instructions {
    my ($build, $requests, @what) = @_;
    my $t = _test($build, limit_s => 600);
    my $out = $t->path('callgrind.out');
    my $agent = $t->aggregator(wrap => [on_core(1)], @OLD);
    $agent->site('demo.example');
    my $nginx = $t->nginx(server => $PORT_CONF,
        main => "master_process off;\n",
        wrap => [on_core(0), 'valgrind', '--tool=callgrind',
            "--callgrind-out-file=$out", '-q'],
        http => "keepalive_requests 100000000;\n");
    my $sum = Glinto::Load->run($t, port => $nginx->port,
        requests => $requests, seconds => 500, connections => 32, @what);
    die "bench: $sum->{ok} of $requests were answered 2xx\n"
        if $sum->{ok} != $requests;
    $nginx->stop;
    my ($total) = slurp($out) =~ /^(?:summary|totals): (\d+)/m;
    finish($t);
    return $total;
}

sub slope {
    my ($build, @what) = @_;
    my ($short, $long) = map { _instructions($build, $_, @what) } 1000, 6000;
    return ($long - $short) / 5000;
}

sub control {
    my ($t, $nginx, $n) = @_;
    return requests($t, $nginx, $n, 32, ([path => '/empty.gif']) x 2);
}

sub is_noisy { abs(median(@_) - 1) > $NOISE_MAX }

# (the test, ns of CPU)
sub _applied {
    my ($events, $build, $agents) = @_;
    my $t = _test($build, limit_s => 3600);
    my $agent = $t->aggregator(wrap => [on_core(0)], @OLD);
    $agent->site('demo.example');
    $agent->stop;
    my $filler = $t->spawn('fill', on_core(1),
        $t->build . '/tests/bench/fill-spool', $t->path('spool'),
        'demo.example', $events,
        $agents ? (0, 500, int($events / 20) + 1, 0, 0, $agents) : ());
    die "fill-spool failed\n" if $t->ended($filler, 60);
    my $oracle = Glinto::Oracle->new($t, $agent, undef);
    $agent->start;
    $oracle->empty_spool(60) or die "the spool is not empty\n";
    my $took_ns = cpu_ns($agent->pid);
    my $store = Glinto::Store->new($t->path('data'));
    my $rows = $store->sum('SELECT count(*) FROM events')
        + ($agents ? $store->sum('SELECT sum(n) FROM bots') : 0);
    die "$rows rows of $events events\n" if $rows != $events;
    finish($t);
    return ($t, $took_ns);
}

sub apply { (_applied(@_))[1] }

sub beside {
    my ($events) = @_;
    my ($t, $took_ns) = _applied($events);
    return ($took_ns, bare($t, $events));
}

sub bare {
    my ($t, $rows) = @_;
    my $from = Glinto::Store->new($t->path('data'))->site('demo.example');
    my ($to, $said) = map { $t->path($_) } 'bare.db', 'bare.txt';
    unlink $said, glob "$to*";
    my $copier = $t->spawn('bare-rows', on_core(0),
        $t->build . '/tests/bench/bare-rows', $from, $to, {log => $said});
    die "bare-rows failed: ", slurp($said) if $t->ended($copier, 120);
    my ($copied, $took_ns) = slurp($said) =~ /^(\d+) (\d+)$/;
    die "$copied of $rows rows were copied\n" if $copied != $rows;
    return $took_ns;
}

sub finish {
    my ($t) = @_;
    $_->stop for reverse grep { $_->running } @{$t->{parts}};
    unlink glob $t->path('*.log');
}

1;
