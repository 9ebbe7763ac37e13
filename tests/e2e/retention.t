# Promise: how many of the visitors first seen in a week come again in each
# week after it is what plain SQL over the rows says, in weeks of the site's
# zone; those whose id is of one day are told apart; what cannot be asked is
# refused with a sentence.
#
# Method: made visitors of eight weeks by seed, imported and live; random
# ranges and filters, each also asked of SQLite.  SEED=N for the same again.
#
# Slow: visits are folded before SQL is asked.
#
# Check: random questions beside SQL.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Wanderers qw(pick);
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::Local qw(timegm);

my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
diag("SEED=$SEED");
my $t = Glinto::Test->new(limit_s => 120);
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;
# It is ahead of UTC by 5:45 all the year.
$agent->glinto('site', 'set', 'a.example', 'timezone', 'Asia/Kathmandu');
my $AHEAD_S = 20_700;
my $FIRST_S = timegm(0, 0, 0, 2, 2, 2026); # a Monday
my $DAYS = 56;
my $wanderers = Glinto::Wanderers->new($world, $FIRST_S, $DAYS);
my $db = $wanderers->db;

# Days since FIRST_S, local, of a moment; its week, from 0.
sub day_of {
    return POSIX::floor(($_[0] / 1000 - $FIRST_S + $AHEAD_S) / 86400);
}
$db->sqlite_create_function('week', 1, sub {
    POSIX::floor(day_of($_[0]) / 7) });
sub date {
    return POSIX::strftime('%Y-%m-%d', gmtime $FIRST_S + 86400 * $_[0]);
}
sub ms { return 1000 * ($FIRST_S + 86400 * $_[0] - $AHEAD_S) } # of a local day

# "cohort weeks_later visitors", all weeks of who was there at all.
sub sql {
    my ($first, $last, $filter) = @_;
    my ($from, $to) = (ms($first), ms($last + 1));
    $db->do('DROP TABLE IF EXISTS temp.f');
    $db->do("CREATE TEMP TABLE f AS SELECT visitor, min(at) AS at FROM r
        WHERE at < $to AND $filter AND visitor < 0 GROUP BY 1");
    my $seen = $db->selectall_hashref("SELECT week(f.at) || ' ' || (week(r.at)
        - week(f.at)) AS k, count(DISTINCT r.visitor) AS n FROM r JOIN f USING
        (visitor) WHERE f.at >= $from AND r.at < $to AND $filter GROUP BY 1",
        'k');
    my @rows;
    for my $cohort (POSIX::floor($first / 7) .. POSIX::floor($last / 7)) {
        my $all = $seen->{"$cohort 0"} or next;
        push @rows, map { my $n = ($seen->{"$cohort $_"} // {n => 0})->{n};
            join ' ', date($cohort * 7 < $first ? $first : $cohort * 7), $_, $n,
            POSIX::floor(10_000 * $n / $all->{n} + .5) / 100 }
            0 .. POSIX::floor($last / 7) - $cohort;
    }
    my $of = "count(DISTINCT visitor) FROM r WHERE at >= $from AND at < $to
        AND $filter AND visitor";
    my ($live) = $db->selectrow_array("SELECT $of > 0");
    my ($known) = $db->selectrow_array("SELECT $of < 0");
    my ($since) = $db->selectrow_array(
        "SELECT count(*) FROM f WHERE at >= $from");
    return join "\n", @rows, $since, $known - $since, $live;
}

sub told {
    my ($answer) = @_;
    return $answer->{error} if $answer->{error};
    return join "\n", (map { join ' ', @{$_->{dimensions}},
        map { 0 + $_ } @{$_->{metrics}} } @{$answer->{results}}),
        @{$answer->{meta}}{qw(visitors visitors_before visitors_of_one_day)};
}

my @filters = ( # as asked, SQL
    [[], 1], [[], 1], [[['is', 'visit:country', ['DE']]], "country = 'DE'"],
    [[['is', 'event:page', ['/a']]], "path = '/a'"],
    [[['not', ['contains', 'event:page', ['b']]],
        ['is', 'event:name', ['pageview']]], "path <> '/b' AND kind = 1"]);
my $rows = 0;
for my $try (1 .. 60) {
    my ($asked, $filter) = @{pick(@filters)};
    my $first = int rand $DAYS;
    my $last = $first + int rand($DAYS - $first);
    ($first, $last) = (0, $DAYS - 1) if $try == 1;
    my $answer = $wanderers->ask(date_range => [date($first), date($last)],
        filters => $asked, retention => 'week');
    is(told($answer), sql($first, $last, $filter), "retention $try: " . date(
        $first) . ' to ' . date($last) . " $filter")
        or diag($json->encode($answer));
    $rows += @{$answer->{results} // []};
}
cmp_ok($rows, '>', 100, 'of many weeks');

# ---- how it looks ----

my $answer = $wanderers->ask(date_range => [date(0), date(20)],
    retention => 'week');
is($json->encode([@{$answer->{query}}{qw(metrics dimensions retention)}]),
    '[["visitors","retention_rate"],["cohort","weeks_later"],"week"]',
    'what the columns are');
is($answer->{meta}{metric_warnings}{retention_rate}{code},
    'visitors_of_one_day', 'that some cannot be known again');
is($wanderers->ask(date_range => [date(0), date(20)], retention => 'week',
    filters => [['is', 'visit:country', ['DE']]])->{meta}{metric_warnings},
    undef, 'not where there are none');
my $future = $wanderers->ask(date_range => ['2098-01-01', '2098-03-01'],
    retention => 'week');
is($json->encode($future->{results}), '[]', 'of the future nothing');
spew($t->path('q'), $json->encode({site_id => 'a.example', date_range =>
    [date(0), date(20)], retention => 'week'}));
like(($agent->glinto('query', $t->path('q')))[1],
    qr{^cohort +weeks_later +visitors +retention_rate\n2026-03-02 +0 +\d+ +100}
    ,
    'as a table');

# ---- refused ----

sub refused {
    my ($what, %more) = @_;
    like($wanderers->ask(date_range => '30d', retention => 'week', %more)
        ->{error}, qr/$what/, "refused: $what");
}
refused('"retention" is "week"', retention => $_) for 'day', {}, JSON::PP::true;
refused('"metrics" does not go with "retention"', metrics => ['visitors']);
refused('"pagination" does not go', pagination => {limit => 1});
refused('more than 104 weeks', date_range => ['2020-01-01', '2026-01-01']);
refused('no dimension "x"', filters => [['is', 'x', ['y']]]);
refused('"date_range" is', date_range => 'x');
$t->done;
