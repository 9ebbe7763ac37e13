# Promise: whatever happened on a site, an answer is what one plain SQL
# statement over it says: random questions by the ten thousand, a million at
# night, of days that are open, late, sealed and sealed again: 0 differences.

# Group: B

# Method: tests/unit/query_exact.c, asked more, 10,000 at a time, as many at
# once as there are processors; what a night did of one program the next run
# takes for done (BUILD/questions.done).  TAP_SEED=SEED and QUERY_EXACT=N have
# a run again.  What it compares are sums.  What is made of sums (rates,
# shares, comparisons, order, labels) is not in it but in e2e/query_exact.t,
# e2e/stats_answers.t and unit/question_compare.c; what knows an order of
# events (funnels, journeys, retention) in e2e/funnels.t, journeys.t,
# retention.t and unit/query_walks.c.
#
# Check, without sanitizers: ten thousand questions take ten seconds of a core,
# three minutes with them; unit/query_exact.c asks with them.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Test;
use Digest::MD5 ();
use List::Util qw(max sum0);
use POSIX ();
use Time::HiRes ();

plan skip_all => 'unit/query_exact.c asks with sanitizers'
    if $ENV{GLINTO_SAN};

my $n = trials(small => 10_000, faults => 10_000, nightly => 1_000_000);
my $AT_ONCE = 10_000;
# At every commit the same ones: a failure is that commit's.
my $seed = defined $ENV{SEED} || column() ne 'small' ? seed() : 1;
my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 120 + $n / 100);
my $program = $t->path('query_exact'); # of a build that goes on
system('cp', $t->build . '/tests/query_exact', $program) == 0 or die;
my $state = $t->build . '/questions.done';
my $known = Digest::MD5::md5_hex(slurp($program));
my (%asked, %running, @faults);

# Lines "PROGRAM SEED ASKED".
sub read_state {
    return if column() ne 'nightly' || !-e $state;
    for (map { [split] } split /\n/, slurp($state)) {
        $asked{$_->[1]} = $_->[2] if $_->[0] eq $known;
    }
}

sub keep {
    my ($of, $told, $status) = @_;
    my ($asked) = $told =~ /^ok 1 - of (\d+) answers differ/m;
    if ($status != 0 || !$asked) {
        push @faults, "seed $of";
        diag("TAP_SEED=$of\n$told");
        return;
    }
    $asked{$of} = $asked;
    return if column() ne 'nightly';
    open my $out, '>>', $state or die "$state: $!\n";
    print $out "$known $of $asked\n";
    close $out or die "$state: $!\n";
}

sub finish_one { # of those that run: the one that ends first
    my $pid = wait;
    my $one = delete $running{$pid} or return;
    keep($one->{seed}, slurp($one->{out}), $?);
}

read_state();
diag(sprintf '%d were asked by earlier runs', sum0(values %asked)) if %asked;
my $processors = max(1, POSIX::sysconf(84)); # _SC_NPROCESSORS_ONLN
my $next = $asked{$seed} || !%asked ? $seed : max(keys %asked) + 1;
while (!@faults
    && (%running || sum0(values %asked) < $n)) {
    my $left = $n - sum0(values %asked);
    if (keys %running < $processors && $left > $AT_ONCE * keys %running) {
        $next++ while $asked{$next};
        my ($of, $some) = ($next++, $left < $AT_ONCE ? $left : $AT_ONCE);
        my $out = $t->path("asked-$of");
        my $pid = fork // die "fork: $!\n";
        if ($pid == 0) {
            open STDOUT, '>', $out or POSIX::_exit(1);
            open STDERR, '>&', \*STDOUT or POSIX::_exit(1);
            @ENV{qw(QUERY_EXACT TAP_SEED)} = ($some, $of);
            exec $program or POSIX::_exit(1);
        }
        $running{$pid} = {seed => $of, out => $out};
        next;
    }
    finish_one();
}
kill 'TERM', keys %running;
waitpid $_, 0 for keys %running;
my $asked = sum0(values %asked);
is(join(' ', @faults), '', "$asked questions: no answer is another one");
cmp_ok($asked, '>=', $n, 'so many were asked');
unlink $state if !@faults;
diag(sprintf 'Q1 %d %d %.1f %s', $asked, scalar @faults,
    Time::HiRes::time() - $began, $seed);
$t->done;
