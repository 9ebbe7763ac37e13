# Promise: every named range counts what the site's own calendar puts into it,
# and its hours, days, weeks and months add up to it: in Berlin, Kathmandu
# (5:45 ahead) and on Lord Howe (which changes by half an hour), on days of 23
# and 25 hours, too.
#
# Method: events of the last 430 days by seed, many of them around the changes
# of the clocks; a twin in Perl asks the C library what the clock showed at
# each event.  SEED=N for the same again.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::HiRes ();
use Time::Local qw(timegm);

my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
my $t = Glinto::Test->new;
diag("SEED=$SEED");
my %zone = (berlin => 'Europe/Berlin', kathmandu => 'Asia/Kathmandu',
    howe => 'Australia/Lord_Howe');
my $world = Glinto::World->new($t, sites => [sort keys %zone]);
my $agent = $world->agent;
$agent->glinto('site', 'set', "$_.example", 'timezone', $zone{$_})
    for keys %zone;
my $json = JSON::PP->new->canonical->utf8;
my $DAY_S = 86400;

# ---- the twin: what a clock shows ----

sub in_zone { # ZONE, CODE
    my ($zone, $code) = @_;
    local $ENV{TZ} = $zone;
    POSIX::tzset();
    my @result = $code->();
    return wantarray ? @result : $result[0];
}
sub shows { # FORMAT at UTC seconds, in the zone of in_zone()
    return POSIX::strftime($_[0], localtime $_[1]);
}
# Seconds of UTC at which the days of N days ago until now begin.
sub midnights {
    my ($days, $now) = @_;
    my @found;
    my $at = 900 * int(($now - $DAY_S * $days) / 900);
    for (my $last = ''; $at <= $now + 2 * $DAY_S; $at += 900) {
        my $date = shows('%Y-%m-%d', $at);
        push @found, [$date, $at] if $last ne '' && $date ne $last;
        $last = $date;
    }
    return @found;
}

# ---- events ----

my $NOW = time;
my @at_s = map { $NOW - 2 - int rand 430 * $DAY_S } 1 .. 1500;
push @at_s, map { $NOW - 2 - int rand 3 * $DAY_S } 1 .. 300;
push @at_s, map { $NOW - 2 - int rand 400 } 1 .. 50;
my %odd; # zone => days whose length is not 24 hours: [date, from, to]
for my $zone (values %zone) {
    my @days = in_zone($zone, sub { midnights(430, $NOW) });
    for my $i (0 .. $#days - 1) {
        my ($from, $to) = map { $days[$_][1] } $i, $i + 1;
        next if $to - $from == $DAY_S || $to > $NOW;
        push @{$odd{$zone}}, [$days[$i][0], $from, $to];
        push @at_s, map { $from + int rand $to - $from } 1 .. 200;
    }
}
is(join(' ', map { scalar @{$odd{$zone{$_}} // []} } qw(berlin kathmandu)),
    join(' ', scalar @{$odd{'Europe/Berlin'}}, 0), 'Kathmandu has none');
ok(@{$odd{'Europe/Berlin'}} >= 2 && @{$odd{'Australia/Lord_Howe'}} >= 2,
    'both changes of the other clocks are among these days');
for my $site (sort keys %zone) {
    my $n = 0;
    $agent->import_lines("$site.example", map { +{
        kind => 'pageview', visitor => 'v' . ++$n, at => POSIX::strftime(
        '%Y-%m-%dT%H:%M:%SZ', gmtime $_)} } @at_s);
}

# ---- questions ----

my %label = ('time:minute' => '%Y-%m-%d %H:%M:00', 'time:hour' => '%Y-%m-%d %H:00:00', 'time:day' => '%Y-%m-%d',
    'time:month' => '%Y-%m-01');
# Of an event, in the zone of in_zone(); FROM: when the range begins.
sub label {
    my ($step, $at, $from) = @_;
    return shows($label{$step}, $at) if $label{$step};
    my @then = localtime $at;
    my $monday = POSIX::strftime('%Y-%m-%d', 0, 0, 12,
        $then[3] - ($then[6] + 6) % 7, $then[4], $then[5]);
    my $first = shows('%Y-%m-%d', $from);
    return $monday lt $first ? $first : $monday;
}

sub utc { # "2026-11-28T00:00:00+01:00"
    my ($y, $mon, $d, $h, $min, $s, $sign, $oh, $om) = $_[0]
        =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)([+-])(\d+):(\d+)$/ or die;
    return timegm($s, $min, $h, $d, $mon - 1, $y)
        - "${sign}1" * ($oh * 3600 + $om * 60);
}

# RANGE of SITE by STEP: as the twin counts within the times told; those.
my ($asked, $wrong) = (0, 0);
sub check {
    my ($site, $range, $step) = @_;
    my $answer = $agent->query({site_id => "$site.example",
        date_range => $range, metrics => [qw(pageviews visitors visits)],
        dimensions => [$step // ()]});
    my ($from, $to) = map { utc($_) } @{$answer->{query}{date_range}};
    my %want;
    in_zone($zone{$site}, sub {
        for my $at (grep { $_ >= $from && $_ <= $to } @at_s) {
            $want{$step ? label($step, $at, $from) : ''}++;
        }
    });
    my %found;
    for my $row (@{$answer->{results}}) {
        my ($pageviews, @others) = @{$row->{metrics}};
        my $name = ($row->{dimensions}[0] // '') =~ s/:00\K[+-]\d\d:\d\d$//r;
        $found{$name} += $pageviews;
        $wrong++ if grep { $_ != $pageviews } @others;
    }
    %want = ('' => 0) if !%want && !$step;
    $asked++;
    my ($is, $should) = map { $json->encode($_) } \%found, \%want;
    return ($from, $to) if $is eq $should;
    $wrong++ < 3 and diag("$zone{$site} ", $json->encode([$range, $step]),
        "\nis     $is\nshould $should");
    return ($from, $to);
}

# When each range begins and ends by the calendar, as two dates, the second not
# in it; in the zone of in_zone().
sub calendar {
    my ($word, $now) = @_;
    my @now = localtime $now;
    my $date = sub { # so many days, months on from a day of this month
        my ($day, $days, $months, $month) = @_;
        my $n = 12 * $now[5] + ($month // $now[4]) + $months;
        return POSIX::strftime('%Y-%m-%d', 0, 0, 12, $day + $days, $n % 12,
            int($n / 12));
    };
    return ($date->($now[3], -$1, 0), $date->($now[3], 0, 0))
        if $word =~ /^(\d+)d$/;
    return ($date->(1, 0, -$1), $date->(1, 0, 0)) if $word =~ /^(\d+)mo$/;
    return ($date->($now[3], 0, 0), $date->($now[3], 1, 0)) if $word eq 'day';
    return ($date->(1, 0, 0), $date->(1, 0, 1)) if $word eq 'month';
    return ($date->(1, 0, 0, 0), $date->(1, 0, 12, 0)) if $word eq 'year';
    my ($first) = sort { $a <=> $b } @at_s;
    return (shows('%Y-%m-%d', $first), $date->($now[3], 1, 0));
}

my %steps = (day => ['time:hour'], '7d' => ['time:hour', 'time:day'],
    '24h' => ['time:minute', 'time:hour'], realtime => ['time:minute'],
    realtime_30m => ['time:minute'], '28d' => ['time:day'],
    '30d' => ['time:hour', 'time:day'], '91d' => ['time:day', 'time:week'],
    month => ['time:day'], '6mo' => ['time:week', 'time:month'],
    '12mo' => ['time:day', 'time:week', 'time:month'],
    year => ['time:day', 'time:month'],
    all => ['time:day', 'time:week', 'time:month']);
for my $site (sort keys %zone) {
    my @late;
    for my $word (sort keys %steps) {
        my ($from, $to) = check($site, $word, $_)
            for undef, @{$steps{$word}};
        my $now = time;
        ($from, $to) = check($site, $word);
        if ($word eq '24h' || $word =~ /^realtime/) {
            # time() of Perl may be a tick behind the clock of glintod
            my %length = ('24h' => $DAY_S, realtime => 300,
                realtime_30m => 1741 + $to % 60); # whole minutes
            push @late, $word if $to + 1 - $from != $length{$word}
                || $to + 2 < $NOW || $to > Time::HiRes::time();
            next;
        }
        my @dates = in_zone($zone{$site}, sub { (shows('%Y-%m-%d %T', $from),
            shows('%Y-%m-%d %T', $to + 1), calendar($word, $now)) });
        # "all" may begin a day before the first event
        $dates[0] = $dates[2] . ' 00:00:00' if $word eq 'all'
            && $dates[0] le "$dates[2] 00:00:00";
        push @late, "$word: @dates" if $dates[0] ne "$dates[2] 00:00:00"
            || $dates[1] ne "$dates[3] 00:00:00";
    }
    is(join('; ', @late), '', "$zone{$site}: each range as the calendar has it");
    for my $day (@{$odd{$zone{$site}} // []}) {
        my ($date, $from, $to) = @$day;
        my @told = check($site, [$date, $date], 'time:hour');
        is("@told", join(' ', $from, $to - 1),
            "$zone{$site} $date: " . ($to - $from) / 3600 . ' hours');
    }
}
is($wrong, 0, "$asked questions, $wrong with another answer");
$t->done;
