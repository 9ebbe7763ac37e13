# Promise: while somebody sends bodies that cost a parser much, over 100 HTTP/2
# connections of 100 streams or 500 of HTTP/1.1, of 8 KiB or 64, at once or
# held back and released together, 99 of 100 pages of the site come in at most
# twice the time that they take while the same connections send the same bytes
# to "return 204".

# Group: C
# Alone: it times replies.

# Method: in turn in the same worker, medians of the p99s.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Flood;
use Glinto::Measure qw(median);
use Glinto::Test;
use Time::HiRes qw(time);

my $TIMES = 2;
my $SECONDS = 4; # of one

my $pairs = trials(small => 3, faults => 5, nightly => 15);
my $began = time;
my $t = Glinto::Test->new(limit_s => 300 + 60 * $pairs);
plan skip_all => 'no h2load' if !grep { -x "$_/h2load" } split /:/, $ENV{PATH};
# nginx has the other one; other processes of the machine less of both.
system("taskset -cp 1 $$ >/dev/null") == 0 or die "no second processor\n";
setpriority 0, 0, -15;
my $flood = Glinto::Flood->new($t);
my $violations = 0;

for my $case ($flood->cases) {
    my %ms;
    for my $i (1 .. $pairs) {
        for my $door ($i % 2 ? ('', '.sink') : ('.sink', '')) {
            push @{$ms{$door}}, $flood->page_ms($case, $door, $SECONDS);
            my $said = $flood->said;
            note sprintf '%s%s: %.1f ms; %s', $case, $door, $ms{$door}[-1],
                join ' ', map { "$_: $said->{$_}" } sort keys %$said;
        }
    }
    my ($collect, $sink) = map { median(@{$ms{$_}}) } '', '.sink';
    my $times = $collect / $sink;
    diag(sprintf '%s: p99 of a page %.1f ms, %.1f with return 204: %.2f',
        $case, $collect, $sink, $times);
    cmp_ok($times, '<=', $TIMES, "$case: at most twice the time");
    $violations += $times > $TIMES;
}
diag(sprintf 'F38 %d %d %.1f -', $pairs * $flood->cases, $violations,
    time - $began);
$t->done;
