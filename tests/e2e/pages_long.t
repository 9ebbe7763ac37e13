# Promise: pages come at once while lines are imported, a site moves to another
# account, all is backed up and late days are made again; also the first page
# of a site in a while.

# Method: the small part of faults/full/f39_pages.t, which has the figures:
# here half of the pages, since a check has sanitizers.
#
# Alone: it times pages.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::LongWork;
use Glinto::Test;

my $AT_ONCE_MS = 50; # a first page waits 5 for its numbers

my $t = Glinto::Test->new(limit_s => 120);
my $rows = $t->san ? 5_000 : 20_000;
my $work = Glinto::LongWork->new($t, rows => $rows);
$work->$_ for Glinto::LongWork->kinds;
for my $figure ($work->figures) {
    note(sprintf '%s: %d of %s: p50 %.1f, p99 %.1f ms',
        @$figure{qw(what n kind p50 p99)});
    cmp_ok($figure->{p50}, '<=', $t->slow($AT_ONCE_MS),
        "$figure->{what}: $figure->{kind}, ms")
        if $figure->{kind} =~ /^(?:page|first)$/;
}
is($work->{moved}, 2 * $rows, 'all rows moved');
$t->done;
