# Promise: glintod killed at any call that writes, while late visitors are made
# again, makes them again in its next life: every visit, mark and live number
# is that of the rows.

# Group: A

# Method: everybody's newest page comes in the first segment, the others in the
# second; then a kill -9, so that all visitors are late and none is folded.
# From a copy of that, glintod starts again and again and is struck on the way.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Kills;
use Glinto::Segment;
use Glinto::Test;
use Glinto::Visits;
use Time::HiRes ();

my $VISITORS = 4000;
my $MINUTE = 60_000;
my $kills = Glinto::Kills->new(trials(small => 6, faults => 60,
    nightly => 100_000));
my ($t, $world) = ($kills->test, $kills->world);
my ($agent, $store) = ($world->agent, $world->store);
my $file = $world->file('a');
my $now = int(1000 * Time::HiRes::time()) - $MINUTE;

sub comes {
    my ($rows, @minutes) = @_;
    my $segment = Glinto::Segment->create($t->dir,
        wall_ms => $now - 60 * $MINUTE);
    for my $minute (@minutes) {
        $segment->event(site => 'a.example', visitor => $_,
            at_ms => $now - $minute * $MINUTE + $_,
            path => '/' . ($_ + ($minute > 20)) % 3) for 1 .. $VISITORS;
    }
    $segment->close;
    $segment->move($t->path('spool'));
    $t->until("$rows rows", sub {
        $world->rows('a') == $rows;
    }, 60);
}

sub all_folded { $t->until('no visitor is late', sub { !$world->late }, 60) }

# Of today, and when that began; so many rows are read in a thread after a
# start.
sub midnight { int(Time::HiRes::time() / 86_400) * 86_400_000 }
sub numbers {
    my ($day, $live);
    do {
        $day = midnight();
        $live = $agent->live('a.example')->{today};
    } until $day == midnight();
    return ($day, $live);
}

sub judge {
    my ($what) = @_;
    my ($day, $live) = numbers();
    my $is = join ' ', @$live{qw(visitors visits pageviews)};
    my $must = $store->value($file, "SELECT count(DISTINCT visitor) || ' '
        || (SELECT count(*) FROM sessions WHERE start >= $day) || ' '
        || coalesce(sum(coalesce(mark, 0) != 3), 0)
        FROM events WHERE at >= $day");
    $kills->violated($what, visit_differences($store, $file),
        $is eq $must ? () : "live numbers $is, not $must");
}

comes($VISITORS, 1);
comes(4 * $VISITORS, 10, 30, 50);
$agent->kill9;
is($world->late, $VISITORS, 'all are late') if int(($now - 50 * $MINUTE)
    / 86_400_000) == int($now / 86_400_000); # else on two days

$kills->each('nobody is late', sub { !$world->late }, sub {
    all_folded();
    judge(@_);
});
$kills->report('N4000', "every number is the rows'");
$t->done;
