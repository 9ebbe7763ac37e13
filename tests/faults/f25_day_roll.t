# Promise: over 400 days, with visits across each midnight, the visitors of
# each day are exact: a visit that began the evening before is one of the
# evening's visitor on both days, and the same person later that day is one
# more; with kills on the way, nights over which glintod is down, evenings that
# come after the night, and days that are sealed meanwhile.  Never are there
# more than four salts, and none is of a day that ended 48 hours ago.
#
# Method: glintod's clock goes on from evening to night; what each visit is
# was decided when it was made up, so a day's visitors are a set of its own.
#
# Group: C

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Segment;
use Glinto::Test;
use Glinto::World;
use POSIX ();
use Time::HiRes ();

my $DAYS = trials(small => 60, faults => 400, nightly => 1000);
my $MINUTE = 60_000;
my $DAY = 1440 * $MINUTE;
my $t = Glinto::Test->new(limit_s => 60 + $DAYS);
my $seed = seed();
my $began = Time::HiRes::time();
my $world = Glinto::World->new($t, sites => [['a', undef, '--timezone', 'UTC']]);
my ($agent, $store) = ($world->agent, $world->store);
my $file = $world->file('a');
my $first = (int(time / 86400) + 2) * $DAY;
my (%visitors, %visits, $rows);

# Of PERSON on DAY, as the worker's hash is with that day's salt.
sub id { (1 << 61) + $_[1] * 100_000 + $_[0] + 1 }
sub day_of { POSIX::floor(($_[0] - $first) / $DAY) }

# A visit of PERSON: events from AT_MS on, at most half an hour between them,
# to UNTIL_MS.
sub visit {
    my ($person, $at, $until) = @_;
    my $began = day_of($at);
    my @events;
    while ($at <= $until) {
        my $day = day_of($at);
        my $id = id($person, $day);
        push @events, {at_ms => $at, path => '/' . int rand 9, visitor => $id,
            # told on rows of a day's first half hour
            $at < $first + $day * $DAY + 30 * $MINUTE
                ? (visitor_before => id($person, $day - 1)) : ()};
        $visitors{$day}{id($person, $began)} = 1;
        $at += 1 + int rand 29 * $MINUTE;
    }
    $visits{$began}++;
    return @events;
}

# A day and the night after it: (events before midnight, after it).
sub events_of {
    my ($day) = @_;
    my $midnight = $first + ($day + 1) * $DAY;
    my @events;
    for my $person (0 .. 2 + int rand 4) { # over midnight
        push @events, visit($person, $midnight - 1 - int(rand 20 * $MINUTE),
            $midnight + 10 * $MINUTE + rand 40 * $MINUTE);
    }
    for my $person (3 .. 4 + int rand 6) { # by day, some a second time
        my $noon = $midnight - $DAY / 2 + rand 60 * $MINUTE;
        push @events, visit($person, int $noon, $noon + rand 60 * $MINUTE);
        push @events, visit($person, int $noon + 180 * $MINUTE,
            $noon + 181 * $MINUTE) if rand() < 0.3;
    }
    return ([grep { $_->{at_ms} < $midnight } @events],
        [grep { $_->{at_ms} >= $midnight } @events]);
}

sub come {
    my ($now_ms, @events) = @_;
    return if !@events; # nobody was there in that night
    $agent->ahead($now_ms / 1000 - time);
    # nothing comes before glintod has looked at its clock: from the future
    $t->until('the clock', sub { $agent->json('status')->{at}
        >= $now_ms - 1000 }) if $agent->running;
    @events = sort { $a->{at_ms} <=> $b->{at_ms} } @events;
    my $segment = Glinto::Segment->create($t->dir,
        wall_ms => $events[0]{at_ms} - $DAY);
    $segment->event(site => 'a.example', %$_) for @events;
    $segment->close;
    $segment->move($t->path('spool'));
    $agent->start if !$agent->running;
    $rows += @events;
    $t->until("$rows rows", sub { $world->rows('a') == $rows }, 30);
}

note("SEED=$seed");
my $living = $world->segment; # a worker's: the spool is looked at often
for my $day (0 .. $DAYS - 1) {
    my $midnight = $first + ($day + 1) * $DAY;
    my ($evening, $night) = events_of($day);
    if ($day % 9 == 8) { # the night is read first
        come($midnight + 55 * $MINUTE, @$night);
        come($midnight + 55 * $MINUTE, @$evening);
    } else {
        come($midnight - 1, @$evening);
        $agent->kill9, $agent->start if $day % 50 == 49;
        # until after midnight, when somebody comes
        $agent->stop if $day % 11 == 4 && @$night;
        come($midnight + 55 * $MINUTE, @$night);
    }
    $t->until('four salts at most, no old one', sub {
        my ($oldest, @more) = sort map { m{/([\d-]{10})$} }
            glob $t->path('salt/[0-9]*');
        return @more < 4 && $oldest ge date($day - 1);
    }) if $day % 20 == 19;
}
$living->close;
$agent->ahead(($first + ($DAYS + 1.5) * $DAY) / 1000 - time);
$t->until('all visits are closed and folded', sub {
    !$store->sum('SELECT (SELECT count(*) FROM sessions WHERE open = 1)
        + (SELECT count(*) FROM dirty_days)
        + (SELECT count(*) FROM late_visitors)') }, 60);

sub date { POSIX::strftime('%Y-%m-%d', gmtime(($first + $_[0] * $DAY) / 1000)) }
sub by_day {
    my ($metric) = @_;
    my $answer = $agent->query({site_id => 'a.example', metrics => [$metric],
        date_range => [date(0), date($DAYS)], dimensions => ['time:day']});
    return {map { $_->{dimensions}[0] => $_->{metrics}[0] }
        @{$answer->{results}}};
}
my $said = by_day('visitors');
my @wrong = grep { ($said->{date($_)} // 0) != keys %{$visitors{$_} // {}} }
    0 .. $DAYS;
diag(join ' ', map { date($_) . ': ' . ($said->{date($_)} // 0) . ' of '
    . keys %{$visitors{$_}} } @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]);
is(scalar @wrong, 0, "the visitors of $DAYS days are exact");
my $all = 0;
$all += keys %$_ for values %visitors;
my $sum = 0;
$sum += $_ for values %$said;
is($sum, $all, "$all in all, of $rows events");
$said = by_day('visits');
@wrong = grep { ($said->{date($_)} // 0) != ($visits{$_} // 0) } 0 .. $DAYS;
is("@wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]", '', 'and so are their visits');
my $over = grep { keys %{$visitors{$_}} } 0 .. $DAYS - 1;
is($over, $DAYS, 'each day has some');
my $salts = () = glob $t->path('salt/[0-9]*');
cmp_ok($salts, '<=', 4, 'salts at most');
diag(sprintf 'F25 %d %d %.1f %d', $DAYS, scalar @wrong,
    Time::HiRes::time() - $began, $seed);
$t->soon('nobody can tell any more who was who',
    sub { !$store->sum('SELECT count(*) FROM midnight') });
$t->done;
