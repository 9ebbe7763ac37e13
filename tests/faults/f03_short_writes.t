# Promise: a worker whose writes come back short at random, in the middle of
# any frame, answers 503 to exactly those whose frame was cut: nothing that got
# 2xx is lost, nothing is written twice, and the drop counter is exact.

# Group: B

# Every length, byte for byte, is tests/unit/module_writer.c.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;

my $requests = trials(small => 3000, faults => 20_000, nightly => 200_000);
my $seed = seed();

plan skip_all => 'SKIP: there is no fiu-run'
    if !grep { -x "$_/fiu-run" } split /:/, $ENV{PATH};
my $t = Glinto::Test->new(limit_s => 60 + $requests / 200);
plan skip_all => 'the library of a sanitizer has to come first'
    if $t->san || $t->valgrind;
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example'); # before the workers read the list
my %nginx = (workers => 2, spool => 'budget=64m segment=64k',
    server => 'location = /g.gif { glinto_pixel; }');
my $nginx = $oracle->nginx(%nginx,
    wrap => ['fiu-run', '-x', '-f', '', '-c', 'enable_random '
        . 'name=posix/io/rw/pwrite/reduce,probability=0.02']);
my $load = Glinto::Load->start($t, port => $nginx->port, rate => 1000,
    requests => $requests, seconds => 30 + $requests / 200, visitors => 500,
    sites => 5, site => 'load.example', nonce => 'f03', log => 1);
my $sum = $load->wait;
my @cut = $nginx->log =~ /pwrite in spool .* failed/g;
my @violations = $oracle->judge($load, {fresh => 0});
# The frame of a fresh event may be cut as any other: it goes to a worker whose
# writes are whole.
$nginx->stop;
$oracle->nginx(%nginx);
push @violations, $oracle->fresh;
is(join("\n", @violations), '', "$requests requests: no violation");
cmp_ok($sum->{ok}, '>', $requests / 2, 'the load went through');
cmp_ok(scalar @cut, '>', 0, @cut . " outages, $sum->{unavailable} answers 503");
$oracle->report('F3', $requests, scalar @violations, $seed);
$t->done;
