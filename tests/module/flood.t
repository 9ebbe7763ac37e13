#!/usr/bin/perl

# Promise: while one address floods a worker with bodies that cost a parser
# much, the beacons of others are stored, and a turn of the worker's loop, for
# which pages wait, is at most twice as long as with "return 204" in the place
# of our location.  (Page times: faults/full/f38_hostile_bodies.t)

# Method: CPU time of the longest turn (turns.c), since other processes of the
# machine take none of it; medians of seven turns.  "return 204" may be quicker
# than h2load, so that few of 500 HTTP/1.1 connections, with a request each,
# are ready at once: its turn is what it would be with all.
# Alone: neighbours empty the caches of a turn.
# Check, without sanitizers: 58 floods take a quarter of a minute.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Flood;
use Glinto::Measure qw(median);
use Glinto::Spool;
use Glinto::Test;

my $TIMES = 2;
my $PAIRS = 7;
my $N = 10_000;
my $BEACONS = 40;

# 58 floods: some 30 s where nothing else runs, several times that elsewhere.
my $t = Glinto::Test->new(limit_s => 300);
plan skip_all => 'no h2load' if !grep { -x "$_/h2load" } split /:/, $ENV{PATH};
plan skip_all => 'valgrind is too slow for a flood' if $t->valgrind;
my $library = $t->path('turns.so');
system('cc', '-shared', '-fPIC', '-O1', '-o', $library,
    "$FindBin::Bin/turns.c") == 0 or die "no library\n";
my $turns = $t->path('turns');
spew($turns, pack 'q3', 0, 0, 0);
my $flood = Glinto::Flood->new($t,
    {LD_PRELOAD => $library, GLINTO_TURNS => $turns});

# ---- others' beacons ----

for my $case ('lists, HTTP/2', 'lists, HTTP/1.1') {
    my $pid = $flood->start($case, '', 10 * $N);
    $t->until('the flood', sub { glob $t->path('spool/*.seg') });
    my (%n, $while);
    for my $i (1 .. $BEACONS) {
        my $path = "/$case/$i" =~ tr/ ,//dr;
        my $response = $flood->nginx->post('/api', '{"n":"pageview",'
            . qq("d":"a.example","u":"https://a.example$path"}),
            'X-Forwarded-For' => "192.0.2.$i");
        $n{$response->{status}}++;
        $while = $i if $t->alive($pid);
    }
    kill 'TERM', $pid;
    $t->ended($pid, 20);
    is_deeply(\%n, {202 => $BEACONS}, "$case: others' beacons are stored");
    cmp_ok($while, '>=', 5, "$case: while it came");
}

# ---- turns ----

sub longest_ms {
    my ($case, $door) = @_;
    open my $file, '+<:raw', $turns or die "turns: $!\n";
    syswrite $file, pack 'q3', 0, 0, 0;
    my $said = $flood->ended($flood->start($case, $door, $N));
    is($said->{errored} // 0, 0, "$case$door: all are answered");
    my ($ns, $ready) = unpack 'q2', slurp($turns);
    my $all = $flood->requests_at_once($case);
    return $ns / 1e6 * ($door eq '.sink' && $all ? $all / ($ready || 1) : 1);
}

for my $case ($t->san ? () : grep { !/held back/ } $flood->cases) {
    my %ms;
    for my $i (1 .. $PAIRS) {
        push @{$ms{$_}}, longest_ms($case, $_)
            for $i % 2 ? ('', '.sink') : ('.sink', '');
    }
    my ($collect, $sink) = map { median(@{$ms{$_}}) } '', '.sink';
    cmp_ok($collect, '<=', $TIMES * $sink, "$case: the longest turn");
    note sprintf '%s: %.1f ms, %.1f with return 204', $case, $collect, $sink;
}

$t->done;
