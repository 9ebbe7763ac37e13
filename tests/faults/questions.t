# Promise: whatever happened on a site, an answer is what one plain SQL
# statement over it says: random questions by the ten thousand, a million at
# night, of days that are open, late, sealed and sealed again: 0 differences.

# Group: B

# Method: tests/unit/query_exact.c, asked more; TAP_SEED=SEED and
# QUERY_EXACT=N have a run again.  What it compares are sums.  What is made of
# sums (rates, shares, comparisons, order, labels) is not in it but in
# e2e/query_exact.t, e2e/stats_answers.t and unit/query_compare.c; what knows
# an order of events (funnels, journeys, retention) in e2e/funnels.t,
# journeys.t, retention.t and unit/query_walks.c.
#
# Check: ten thousand questions take ten seconds of a core.
#
# Slow: so many questions, each also by slow SQL; more with sanitizers.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Test;
use Time::HiRes ();

my $n = trials(small => 10_000, faults => 10_000, nightly => 1_000_000);
# At every commit the same ones: a failure is that commit's.
my $seed = defined $ENV{SEED} || column() ne 'small' ? seed() : 1;
my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 120 + $n / 100);
my $program = $t->build . '/tests/query_exact';

my $told = qx(QUERY_EXACT=$n TAP_SEED=$seed $program 2>&1);
my $status = $?;
my ($asked) = $told =~ /^ok 1 - of (\d+) answers differ/m;
is($status, 0, "$n questions, seed $seed: no answer is another one")
    or diag($told);
cmp_ok($asked // 0, '>=', $n, 'so many were asked');
diag(sprintf 'Q1 %d %d %.1f %s', $asked // 0, $status != 0,
    Time::HiRes::time() - $began, $seed);
$t->done;
