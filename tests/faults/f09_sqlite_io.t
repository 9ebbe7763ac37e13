# Promise: whichever of SQLite's calls to the disk fails, once or from there
# on, with an I/O error, a full disk or a lock: no file is damaged, nothing is
# counted twice, and once the disk is well everything is counted.

# Group: A

# Method: tests/faults/io.  One call after another; small and faults take
# every STEP-th, nightly all.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Test;
use Time::HiRes qw(time);

my $step = {small => 60, faults => 7, nightly => 1}->{column()};
my $seed = seed();
my $began = time;

my $t = Glinto::Test->new(limit_s => 1200);
# Nothing here is about the real disk.
local $ENV{TMPDIR} = -w '/dev/shm' ? '/dev/shm' : $t->dir;
local $ENV{GLINTO_BUILD} = $t->build;

my $out = qx($ENV{GLINTO_BUILD}/tests/faults/store-io $step $seed);
is($?, 0, 'the program ran to its end');
my @violations = grep { !/^(?:# |trials )/ } split /\n/, $out;
is(join("\n", @violations), '', 'no violation');
my %calls = $out =~ /^# (\w+): (\d+) calls$/mg;
cmp_ok($calls{IOERR} // 0, '>', 400, 'a life makes hundreds of calls');
cmp_ok($calls{$_} // 0, '>', 100, "$_ has a share of them")
    for qw(FULL BUSY);
my ($trials) = $out =~ /^trials (\d+)$/m;

diag(sprintf 'F9 %d %d %.1f %s', $trials // 0, scalar @violations,
    time - $began, $seed);
$t->done;
