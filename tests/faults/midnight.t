# Promise: a visit over midnight is one in whatever order its events come: late
# ones after 00:00 that join what seemed to be two visits, in two segments one
# after the other; and a backlog over four workers.

# Group: C

# Method: everybody walks from the evening into the night, in pauses under 30
# minutes, so that each has one visit; each event is written by a worker chosen
# by chance.  Of those in the first part, many come whose middle is missing.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;
use Glinto::Visits;
use Time::HiRes ();

my $LATE = 250; # visitors
my $WORKERS = 4;
my $SEGMENT_BYTES = 200_000;
my ($MINUTE, $DAY) = (60_000, 86_400_000);
my $rows = trials(small => 20_000, faults => 139_000, nightly => 1_000_000);
my $seed = seed();
my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 120 + $rows / 1000);
my $agent = $t->aggregator;
my $store = Glinto::Store->new($t->path('data'));
# Two midnights from now, so that the clock only goes forward.
my $midnight = (int(time / 86400) + 2) * $DAY;
my $violations = 0;

sub clock_at {
    my ($minutes) = @_;
    $agent->ahead($midnight / 1000 + 60 * $minutes - time);
}

# One visitor's events: from 23:30 at the latest to 00:00 at the earliest.
sub walk {
    my ($n) = @_;
    my ($evening, $night) = map { 10 * $n + $_ } 1, 2;
    my $at = $midnight - (31 + rand 20) * $MINUTE;
    my @events;
    while ($at < $midnight + 20 * $MINUTE) {
        push @events, {at => int $at, kind => 1 + int rand 3,
            host => 'night.example', path => '/' . int rand 9,
            $at < $midnight ? (visitor => $evening)
                : (visitor => $night, before => $evening)};
        $events[-1]{kind} = 1 if @events == 1;
        $at += (1 + rand 28) * $MINUTE;
    }
    return @events;
}

# {site, worker, ...} into segments of the spool, a worker's by time.
sub write_segments {
    my (@events) = @_;
    my (@open, @all);
    for my $e (sort { $a->{at} <=> $b->{at} } @events) {
        my $segment = \$open[$e->{worker}];
        if (!$$segment || $$segment->{end} > $SEGMENT_BYTES) {
            $$segment = Glinto::Segment->create($t->dir,
                wall_ms => $midnight - $DAY);
            push @all, $$segment;
        }
        $$segment->event(at_ms => $e->{at}, engagement_ms => 1000,
            $e->{before} ? (visitor_before => $e->{before}) : (),
            map { $_ => $e->{$_} } qw(site kind host path visitor));
    }
    $_->close for @all;
    $_->move($t->path('spool')) for @all;
    return scalar @all;
}

sub rows_are {
    my ($site, $n) = @_;
    my $file = $store->site($site);
    $t->until("$site: $n rows", sub {
        $store->value($file, 'SELECT count(*) FROM events') == $n;
    }, 120);
}

my @COLUMNS = qw(visitor start last seen pageviews refreshes events
    interactive);

sub judge {
    my ($site, $visitors, @events) = @_;
    my $file = $store->site($site);
    my $must = count_events(\@events, 0);
    my %lines;
    $lines{join ' ', @$_{@COLUMNS}}++ for @$must;
    $store->each($file, 'SELECT ' . join(', ', @COLUMNS) . ' FROM sessions',
        sub { $lines{join ' ', @_}-- });
    my $wrong = grep { $_ } values %lines;
    my $visits = $store->value($file, 'SELECT count(*) FROM sessions');
    is($visits, $visitors, "$site: of $visitors visitors a visit each");
    is($wrong, 0, "$site: each as the plain twin has it");
    $violations += ($visits != $visitors) + ($wrong > 0);
}

note("SEED=$seed");
for my $site ('late.example', 'backlog.example') {
    my ($name) = $site =~ /(\w+)/;
    $agent->glinto('account', 'add', $name);
    $agent->site($site, '--account', $name);
}

# ---- two segments, one after the other ----

my @late = map { walk($_) } 1 .. $LATE;
$_->{site} = 'late.example', $_->{worker} = int rand 2 for @late;
my @first = grep { !$_->{worker} } @late;
clock_at(25);
write_segments(@first);
rows_are('late.example', scalar @first);
diag($store->value($store->site('late.example'),
    'SELECT count(*) FROM sessions'), ' visits in the first segment alone');
write_segments(grep { $_->{worker} } @late);
rows_are('late.example', scalar @late);

# ---- a backlog over four workers ----

$agent->stop;
my (@backlog, $walkers);
push @backlog, walk($LATE + ++$walkers) while @backlog < $rows;
$_->{site} = 'backlog.example', $_->{worker} = int rand $WORKERS
    for @backlog;
my $segments = write_segments(@backlog);
$agent->start;
rows_are('backlog.example', scalar @backlog);
diag(sprintf '%d rows in %d segments, %d late', scalar @backlog, $segments,
    $agent->json('status')->{ingest}{late});

# ---- the night is over, and so are all visits ----

clock_at(27);
$t->until('all is folded', sub {
    !$store->sum('SELECT (SELECT count(*) FROM dirty_days)
        + (SELECT count(*) FROM late_visitors)');
}, 120);
clock_at(300);
$t->until('all visits closed', sub {
    !$store->sum('SELECT count(*) FROM sessions WHERE open = 1');
}, 120);
judge('late.example', $LATE, @late);
judge('backlog.example', $walkers, @backlog);
is($store->sum('SELECT count(*) FROM midnight'), 0,
    'nobody can tell any more who was who');
diag(sprintf 'N250 %d %d %.1f %d', $rows, $violations,
    Time::HiRes::time() - $began, $seed);
$t->done;
