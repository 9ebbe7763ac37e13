# Promise: visits, marks, visitors, durations, bounces and live numbers are a
# function of the set of events.  Random streams (in order, shuffled, split
# over 1, 2 and 4 segments that come one after the other, across midnight,
# within refresh windows, with visits longer than a day) reach a real glintod,
# which is killed on the way, and give in each site what a plain twin in Perl
# makes of the sorted events (lib/Glinto/Visits.pm).
#
# And nobody can tell the next morning which visitor of the evening somebody
# was: ids that were linked over midnight are erased at 03:00, from the file
# and from its log.
#
# TRIALS=4000 takes more streams, SEED=N those of an earlier run.
#
# Check: some hundred streams.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Segment;
use Glinto::Store;
use Glinto::Streams;
use Glinto::Test;
use Glinto::Visits;
use JSON::PP ();
use List::Util qw(min uniq);

my $ACCOUNTS = 4;
my $WORKERS = 3; # segments at a time
my $SEGMENT_BYTES = 1_000_000;
my $MINUTE = 60_000;
my $DAY = 1440 * $MINUTE;
my $n = trials(small => 400, faults => 4000, nightly => 20_000);
my $seed = seed();
# A kill -9 is no power cut: what is on no disk is there after it too.
$ENV{TMPDIR} //= '/dev/shm' if -w '/dev/shm';
my $t = Glinto::Test->new(limit_s => 120 + $n / 5);
my $agent = $t->aggregator;
my $store = Glinto::Store->new($t->path('data'));
# Two midnights from now, so that the clock only goes forward.
my $midnight = (int(time / 86400) + 2) * $DAY;
my @streams = random_streams($n, $midnight);
my @clocks = step_clocks($midnight);

note("SEED=$seed");

sub ask {
    my ($verb, %args) = @_;
    my $reply = $agent->admin('POST', "/v1/$verb",
        JSON::PP::encode_json(\%args));
    die "$verb: $reply->{body}" if $reply->{status} >= 300;
    return JSON::PP::decode_json($reply->{body});
}

sub clock_at {
    my ($ms) = @_;
    $agent->ahead(int($ms / 1000) - time);
}

# The frames of one step, in each segment by time, as a worker writes them:
# as long as they are not all there, none is seen.  The question wakes glintod,
# which has slept for as long as its clock jumped and so looks at its spool.
sub come {
    my ($step) = @_;
    my (@open, @all);
    my @events = sort { $a->[1]{at} <=> $b->[1]{at} } map { my $s = $_;
        map { [$s->{site}, $_] } grep { $_->{step} == $step } @{$s->{events}}
    } @streams;
    for my $one (@events) {
        my ($site, $event) = @$one;
        my $segment = \$open[rand $WORKERS];
        if (!$$segment || $$segment->{end} > $SEGMENT_BYTES) {
            $$segment = Glinto::Segment->create($t->dir,
                wall_ms => $midnight - 3 * $DAY);
            push @all, $$segment;
        }
        $$segment->event(site => $site, at_ms => $event->{at},
            (map { defined $event->{$_} ? ($_ => $event->{$_}) : () }
                qw(kind host path title visitor passive server)),
            $event->{before} ? (visitor_before => $event->{before}) : (),
            $event->{engagement} ? (engagement_ms => $event->{engagement})
                : ());
    }
    $_->close for @all;
    clock_at($clocks[$step]);
    $_->move($t->path('spool')) for @all;
    ask('status');
    return scalar @events;
}

# ---- what is there, what should be ----

my @VISIT = qw(visitor server start last seen pageviews refreshes events
    interactive engagement);

sub expected {
    my ($stream) = @_;
    my $visits = count_events($stream->{events}, $stream->{window_ms});
    return sort((map { my $e = $_;
        "event $e->{title} visitor=$e->{visitor} mark=$e->{mark}" }
            @{$stream->{events}}),
        map { my $v = $_;
            join ' ', "visit $v->{first}{title}",
                (map { "$_=$v->{$_}" } @VISIT), "$v->{entry}, $v->{exit}" }
            @$visits);
}

# {site => lines} of all files.
sub found {
    my %lines;
    my %site = map { @$_{qw(id domain)} } $store->rows($store->meta,
        'SELECT id, domain FROM sites');
    for my $file ($store->accounts) {
        $store->each($file, 'SELECT e.site, t.text, e.visitor,
            coalesce(e.mark, 0) FROM events e
            JOIN titles t ON t.code = e.title', sub {
                push @{$lines{$site{$_[0]}}},
                    "event $_[1] visitor=$_[2] mark=$_[3]";
            });
        $store->each($file, 'SELECT s.site, t.text, '
            . join(', ', map { "coalesce(s.$_, 0)" } @VISIT)
            . ", coalesce(a.text || ' ' || b.text, ''),
            coalesce(c.text || ' ' || d.text, '')
            FROM sessions s JOIN events e ON e.id = s.id
            JOIN titles t ON t.code = e.title
            LEFT JOIN hosts a ON a.code = s.entry_host
            LEFT JOIN paths b ON b.code = s.entry_path
            LEFT JOIN hosts c ON c.code = s.exit_host
            LEFT JOIN paths d ON d.code = s.exit_path", sub {
                my ($site, $title, @values) = @_;
                my $pages = join ', ', splice @values, -2;
                push @{$lines{$site{$site}}}, join ' ', "visit $title",
                    (map { "$VISIT[$_]=$values[$_]" } 0 .. $#VISIT), $pages;
            });
    }
    return \%lines;
}

sub of_stream {
    my ($stream) = @_;
    return "$stream->{site}: $stream->{kind}, "
        . ($stream->{ordered} ? 'ordered' : 'shuffled')
        . ", $stream->{segments} segments, window $stream->{window_ms}";
}

sub differing {
    my ($found) = @_;
    my $wrong = 0;
    for my $stream (@streams) {
        my @must = expected($stream);
        my @is = sort @{$found->{$stream->{site}} // []};
        next if "@must" eq "@is";
        next if $wrong++ >= 3;
        my (%must, %is);
        @must{@must} = @is{@is} = ();
        diag(join "\n  ", of_stream($stream),
            (map { "- $_" } grep { !exists $is{$_} } @must),
            map { "+ $_" } grep { !exists $must{$_} } @is);
    }
    return $wrong;
}

# Live numbers after the last step, from the twin.  Who has scripts and pages
# served here is a live visitor of each kind.
sub live_of {
    my ($stream) = @_;
    my $visits = count_events($stream->{events}, $stream->{window_ms});
    my @acts = grep { $_->{kind} != 3 } @{$stream->{events}};
    my @today = grep { $_->{at} >= $midnight } @acts;
    return join ' ',
        scalar(uniq map { "$_->{visitor} " . ($_->{server} // 0) }
            grep { $_->{at} > $clocks[-1] - 5 * $MINUTE } @acts),
        scalar(uniq map { $_->{visitor} } @today),
        scalar(grep { $_->{start} >= $midnight } @$visits),
        scalar(grep { $_->{kind} == 1 && $_->{mark} != 3 } @today);
}

sub live_now {
    my ($stream) = @_;
    my $live = $agent->live($stream->{site});
    return join ' ', $live->{visitors},
        @{$live->{today}}{qw(visitors visits pageviews)};
}

sub no_dirty_day {
    $t->until('all days are folded', sub {
        !$store->sum('SELECT (SELECT count(*) FROM dirty_days)
        + (SELECT count(*) FROM late_visitors)');
    }, 60);
}

# ---- the streams come ----

ask('account/add', name => "a$_") for 1 .. $ACCOUNTS;
for my $i (0 .. $#streams) {
    my $site = $streams[$i]{site};
    ask('site/add', domain => $site, account => 'a' . (1 + $i % $ACCOUNTS));
    ask('site/set', domain => $site, key => 'refresh_window',
        value => $streams[$i]{window_ms} / 1000)
        if $streams[$i]{window_ms};
}
my $rows = 0;
for my $step (0 .. $#clocks) {
    $rows += come($step);
    $t->until("$rows rows", sub {
        $store->sum('SELECT count(*) FROM events') == $rows;
    }, 60);
    if ($step == 3) {
        $agent->kill9;
        $agent->start;
    }
}
clock_at($clocks[-1] + $MINUTE);
no_dirty_day();
my @wrong = grep { live_now($_) ne live_of($_) } @streams;
diag(join "\n  ", of_stream($_), 'live: ' . live_now($_),
    'must be: ' . live_of($_)) for @wrong[0 .. min(2, $#wrong)];
is(scalar @wrong, 0, "live numbers of $n streams, $rows events: 0 differ");

# ---- the night is over ----

cmp_ok($store->sum('SELECT count(*) FROM midnight'), '>', 0,
    'at 02:51 ids are linked');
clock_at($midnight + 181 * $MINUTE);
$t->soon('at 03:01 none is', sub {
    !$store->sum('SELECT count(*) FROM midnight');
});
clock_at($midnight + 2 * $DAY);
$t->until('all visits closed', sub {
    !$store->sum('SELECT count(*) FROM sessions WHERE open = 1');
}, 60);
is(differing(found()), 0, "visits and rows of $n streams: 0 differ");
$t->done;
