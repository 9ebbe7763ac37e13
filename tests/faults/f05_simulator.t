# Promise: whatever crashes, tears, fails or is cut off at whichever call,
# every event answered 2xx is applied once, and what is believed of a sealed
# day is what its rows are, or were when they were let go; none is sealed
# before it was over for two hours, and each is then: the real writer, ingest
# and sealing on a fake disk, clock and store, by the thousand.  Each wrong
# variant of them (sim/wrong/) is caught.

# Group: A

# Method: tests/faults/sim.  One seed is one history, and replays:
# build/tests/faults/simulate --seed N
#
# Check: fifteen wrong variants are looked for.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Test;
use Time::HiRes qw(time);

my $WRONG_WITHIN = 100_000;
my @WRONG = map { m{(\w+)\.c$} } glob "$FindBin::Bin/sim/wrong/*.c";

my $n = trials(small => 2_000, faults => 50_000, nightly => 1_000_000);
# At every commit the same histories: a failure is that commit's.
my $seed = defined $ENV{SEED} || column() ne 'small' ? seed() : 1;
my $from = 1_000_000 * $seed; # no night repeats another one's
my $began = time;

my $t = Glinto::Test->new(limit_s => 3600);
my $simulate = $t->build . '/tests/faults/simulate';

my $broken = qx($simulate $from $n);
is($broken, '', "$n histories from seed $from: no invariant is broken");
is($?, 0, 'and the simulator ran to its end');

for my $wrong (@WRONG) {
    chomp(my $caught = qx($simulate-$wrong --until $from $WRONG_WITHIN 2>&1));
    like($caught, qr/^seed \d+: |: it is not so that /m,
        "$wrong is caught, by an invariant or an assertion: $caught");
}

my ($again) = qx($simulate-end_test --until $from $WRONG_WITHIN)
    =~ /^seed (\d+)/;
my @twice = map { scalar qx($simulate-end_test --seed $again) } 1 .. 2;
is($twice[0], $twice[1], "seed $again is the same history again");
like($twice[0], qr/VIOLATION/, 'and breaks the same');

diag(sprintf 'F5 %d %d %.1f %s', $n, scalar(() = $broken =~ /^seed/mg),
    time - $began, $seed);
$t->done;
