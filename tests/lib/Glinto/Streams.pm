package Glinto::Streams;

# Random streams of events, each of one site, around one midnight, and the
# steps in which they reach glintod.
#
#   my @streams = random_streams($n, $midnight_ms);
#       {site, window_ms, ordered, segments, events => [...]}; an event is one
#       of Glinto::Visits, with `title`, which names it, and `step`: the index
#       of the step it comes in, never before it happened
#   my @clocks = step_clocks($midnight_ms);     # glintod's clock at each step
#
# A stream is of one kind: an hour of the day; a midnight; two midnights in a
# row; a visit that is longer than a day; a page seen again and again.  Pauses
# are often exactly those that a rule names.  It is split over 1, 2 or 4 steps,
# in order of time or at random.
#
# Not made: two events that are the same but for their title, for which no
# order is given; events that come after ids of their night were forgotten
# (03:00) and belong to a visit over that midnight, which is then split.

use strict;
use warnings;
use Exporter 'import';
use List::Util qw(first shuffle);

our @EXPORT = qw(random_streams step_clocks);

my $MINUTE = 60_000;
my $DAY = 1440 * $MINUTE;
my $ENGAGEMENT = 3;
my $PERSONS_MAX = 4;
my @WINDOWS_S = (0, 0, 10, 60);
# Minutes after midnight at each step.
my @STEPS = (-10, 20, 20, 65, 65, 170);
# Nobody acts in these minutes before the last step: who was there in the last
# five minutes does not depend on how long the test takes.
my ($QUIET_FROM, $QUIET_TO) = (164, 169);

# Start and end in minutes from midnight, pauses.
my @PAUSES = (sub { 0 }, sub { 1 + int rand 5 }, sub { int rand 50_000 },
    sub { int rand 20 * $MINUTE }, sub { 30 * $MINUTE },
    sub { 30 * $MINUTE + 1 }, sub { int rand 90 * $MINUTE });
my @KINDS = (
    {name => 'hour', from => -480, to => -300, pauses => \@PAUSES},
    {name => 'midnight', from => -70, to => 170, pauses => \@PAUSES},
    {name => 'morning', from => 0, to => 170, pauses => \@PAUSES},
    {name => 'two nights', from => -1500, to => 170, old => 1,
        pauses => [sub { int rand 90 * $MINUTE }, @PAUSES]},
    {name => 'long', from => -1500, to => 170, old => 1,
        pauses => [sub { 20 * $MINUTE + int rand 10 * $MINUTE + 2 }]},
    {name => 'again', from => -40, to => 100, pages => 1,
        pauses => [sub { 1000 * int rand 100 }, sub { 10_000 }, @PAUSES]},
);

sub step_clocks {
    my ($midnight) = @_;
    return map { $midnight + $_ * $MINUTE } @STEPS;
}

sub _id { (1 + int rand 2 ** 30) * 2 ** 31 + int rand 2 ** 31 }

# One person's events.
sub _walk {
    my ($kind, $midnight) = @_;
    my (%id, @events);
    my $at = $midnight + $kind->{from} * $MINUTE + int rand 60 * $MINUTE;
    my $end = $midnight + $kind->{to} * $MINUTE;
    for (my $n = 0; $n < 80 && $at <= $end; $n++) {
        my $day = int $at / $DAY;
        my $minute = ($at - $midnight) / $MINUTE;
        my %event = (at => $at, kind => 1 + int rand 3,
            host => 'www.' x (rand() < 0.1) . 'example.net',
            path => '/' . int rand($kind->{pages} // 3),
            visitor => $id{$day} //= _id());
        $event{before} = $id{$day - 1} //= _id()
            if $at % $DAY < 30 * $MINUTE;
        $event{engagement} = 1 + int rand 9000 if $event{kind} == $ENGAGEMENT;
        $event{passive} = 1 if $event{kind} == 2 && rand() < 0.5;
        $event{server} = 2 if rand() < 0.1;
        push @events, \%event
            if $minute <= $QUIET_FROM || $minute >= $QUIET_TO;
        $at += $kind->{pauses}[rand @{$kind->{pauses}}]->();
    }
    return @events;
}

sub _without_twins {
    my %seen;
    return grep { my $e = $_;
        !$seen{join ' ', map { $e->{$_} // 0 }
            qw(visitor at kind host path server)}++ } @_;
}

# Which step each event comes in.
sub _deliver {
    my ($stream, $kind, $midnight) = @_;
    my @clocks = step_clocks($midnight);
    my @chosen = sort { $a <=> $b } $#STEPS,
        (shuffle 0 .. $#STEPS - 1)[0 .. $stream->{segments} - 2];
    for my $event (@{$stream->{events}}) {
        my @can = grep { $clocks[$_] >= $event->{at} } @chosen;
        my $at_once = $stream->{ordered}
            || ($kind->{old} && $event->{at} < $midnight);
        $event->{step} = $at_once ? $can[0] : $can[rand @can];
    }
}

sub _stream {
    my ($n, $midnight) = @_;
    my $kind = $KINDS[$n % @KINDS];
    my @events = _without_twins(map { _walk($kind, $midnight) }
        0 .. rand $PERSONS_MAX);
    my %stream = (site => "s$n.example", kind => $kind->{name},
        window_ms => 1000 * $WINDOWS_S[rand @WINDOWS_S],
        ordered => int rand 2, segments => (1, 2, 4)[rand 3]);
    $events[$_]{title} = "e$_" for 0 .. $#events;
    $stream{events} = \@events;
    _deliver(\%stream, $kind, $midnight);
    return \%stream;
}

sub random_streams {
    my ($n, $midnight) = @_;
    return map { _stream($_, $midnight) } 0 .. $n - 1;
}

1;
