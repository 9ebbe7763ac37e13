# Promise: a visit over midnight is one visit in whatever order its events
# come; and when the night is over nobody can tell from the file or its log who
# had which two ids.
#
# 1,000 visitors at 23:50, 00:10 and 00:35; the segment of 00:10 is read before
# that of 23:50.  Links are erased at 03:00 while the account is busy, and from
# the log as soon as a reader that stands in the way is gone.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use Glinto::Faults;
use Glinto::Segment;
use Glinto::Test;
use Glinto::World;

my $VISITORS = 1000;
my $MINUTE = 60_000;
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my ($agent, $store) = ($world->agent, $world->store);
my $midnight = (int(time / 86400) + 1) * 1440 * $MINUTE;
my $file = $world->file('a');
my @evening = map { (1 << 61) + $_ * 7 } 1 .. $VISITORS;
my @morning = map { (1 << 60) + $_ * 1_000_003 } 1 .. $VISITORS;
my $rows = 0;

sub clock_at {
    my ($minute) = @_;
    $agent->ahead(int($midnight / 1000) + 60 * $minute - time);
}

# Events of these minutes in one segment, and wait until they are rows.
sub come {
    my (@events) = @_;
    my $segment = Glinto::Segment->create($t->dir,
        wall_ms => $midnight - 60 * $MINUTE);
    for my $event (@events) {
        my ($minute, %id) = @$event;
        $segment->event(site => 'a.example', path => "/$minute",
            at_ms => $midnight + $minute * $MINUTE, %id);
    }
    $segment->close;
    $segment->move($t->path('spool'));
    $rows += @events;
    $t->until("$rows rows", sub { $world->rows == $rows });
}

sub value { $store->value($file, @_) }

# How many of the ids stand in the file or its log.
sub readable {
    my (@ids) = @_;
    my $bytes = join '', map { slurp($_) } $file, "$file-wal";
    return scalar grep { index($bytes, pack 'q>', $_) >= 0 } @ids;
}

# ---- any order ----

clock_at(12);
come(map { [10, visitor => $morning[$_], visitor_before => $evening[$_]] }
    0 .. $VISITORS - 1);
is(value('SELECT count(*) FROM sessions'), $VISITORS, 'visits of the morning');
come(map { [-10, visitor => $_] } @evening);
clock_at(36);
$t->until('all is folded', sub {
    !value('SELECT (SELECT count(*) FROM dirty_days)
        + (SELECT count(*) FROM late_visitors)');
}, 30);
is(value('SELECT count(*) FROM sessions'), $VISITORS,
    'with the evening they are as many');
is(value('SELECT count(*) FROM sessions WHERE start = ?',
    $midnight - 10 * $MINUTE), $VISITORS, 'and began in the evening');
is(value('SELECT count(DISTINCT visitor) FROM events'), $VISITORS,
    'each of one visitor');
is(value('SELECT count(*) FROM sessions WHERE alias IS NOT NULL'), $VISITORS,
    'who may come again under the new id');
come(map { [35, visitor => $_] } @morning);
is(value('SELECT count(*) FROM sessions'), $VISITORS, 'and do');

# ---- the night is over ----

is(value('SELECT count(*) FROM midnight'), $VISITORS, 'ids are linked');
is(readable(@morning), $VISITORS, 'and can be read');
clock_at(179);
come([178, visitor => 1]);
$t->until('visits are closed', sub {
    value('SELECT count(*) FROM sessions WHERE open = 1') == 1;
});
is(value('SELECT count(*) FROM midnight'), $VISITORS, 'at 02:59 still');
my $reader = DBI->connect("dbi:SQLite:dbname=$file", '', '',
    {RaiseError => 1});
$reader->do('BEGIN');
$reader->selectrow_array('SELECT count(*) FROM midnight');
clock_at(181);
come([180, visitor => 1]);
$t->until('at 03:01 no more', sub {
    value('SELECT count(*) FROM midnight') == 0;
});
cmp_ok(readable(@morning), '>', 0, 'a reader still sees how it was');
$reader->disconnect;
$t->soon('then no id of the morning is in the file or its log', sub {
    come([180, visitor => 1]); # it is not idle
    return readable(@morning) == 0;
});
cmp_ok(readable(@evening), '==', $VISITORS, 'those of the visits are');
$t->done;
