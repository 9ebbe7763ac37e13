# Promise: a day on which so many made-up visitors come that the filter of
# visits says "perhaps" to all changes no number: each of them and of 10,000
# real visitors after them is counted once, with its visits, and the site's
# memory stays below what its visitors of that day need.

# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Test;
use Time::HiRes qw(time);

my $REAL = 10_000;
my $EACH = 32;         # bytes a visitor of today: 8, at least a quarter full
my $KEPT = 64 * 2**20; # visits of the last hour, filter, rings
my $n = trials(small => 200_000, faults => 1_000_000, nightly => 10_000_000);
my $began = time;

my $t = Glinto::Test->new(limit_s => 600);
my $flood = $t->build . '/tests/faults/filter-flood';
my ($visitors, $wrong, $bytes, $rss) = split ' ', qx($flood $n);
# of an hour: a twentieth of all
my $most = $KEPT + $EACH * $n + 400 * $n / 20;
my $violations = ($visitors != $n + $REAL) + ($wrong != 0) + ($bytes > $most);
is($visitors, $n + $REAL, "$n visitors and $REAL more: each counted once");
is($wrong, 0, 'every first look is a visit, every second joins one');
cmp_ok($bytes, '<', $most, sprintf 'the object has %.1f MiB', $bytes / 2**20);
diag(sprintf 'object %.1f MiB, process grew by %.1f MiB', $bytes / 2**20,
    $rss / 2**20);
diag(sprintf 'F31 %d %d %.1f -', $n, $violations, time - $began);
$t->done;
