# Promise: every metric, the days and hours of a site's zone, every kind of
# filter and what comes with an answer are as counted by hand, the same for who
# asks with a token through nginx and for the operator's "glinto query"; what
# cannot be answered is refused with a sentence, also while glintod is away.
#
# Method: nine event lines imported, around a local midnight and a change of
# summer time; the shipped nginx files; each answer beside what is written
# here.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $nginx = $t->nginx(shipped($t));
my $json = JSON::PP->new->canonical;
$agent->site('a.example', '--timezone', 'Europe/Berlin');
my $token = $agent->json('token', 'create')->{token};

# visitor, time (UTC), path or name, more
my @LINES = (
    ['ann', '2026-03-10T09:00:00Z', '/', {source => 'Google', country => 'DE'}],
    ['ann', '2026-03-10T09:01:30Z', '/plan'],
    ['ann', '2026-03-10T09:02:00Z', 'Signup', {props => {plan => 'pro'}}],
    ['bob', '2026-03-10T10:00:00Z', '/', {source => 'Google', country => 'FR'}],
    ['cem', '2026-03-10T22:30:00Z', '/plan', {country => 'DE'}],
    # in Berlin the next day
    ['ann', '2026-03-10T23:10:00Z', '/blog', {source => 'Bing', country => 'DE'}],
    ['ann', '2026-03-10T23:10:09Z', '/'],
    # the night of summer time
    ['dan', '2026-03-29T00:30:00Z', '/', {utm_campaign => '=1+1'}],
    ['eve', '2026-03-29T01:30:00Z', '/'],
);
$agent->import_lines('a.example', map {
    my ($visitor, $at, $what, $more) = @$_;
    +{visitor => $visitor, at => $at, %{$more // {}},
        $what =~ m{^/} ? (kind => 'pageview', path => $what)
            : (kind => 'event', name => $what)};
} @LINES);

sub query {
    my (%more) = @_;
    return {site_id => 'a.example', metrics => ['visitors'],
        date_range => ['2026-03-10', '2026-03-10'], %more};
}
sub post {
    my ($query, %headers) = @_;
    %headers = (Authorization => "Bearer $token", %headers);
    my $reply = http_post($nginx->port, '/api/v2/query',
        ref $query ? $json->encode($query) : $query, %headers);
    return $reply;
}

# Rows as "number number | text text".
sub rows {
    my ($answer) = @_;
    return join "\n", map {
        join ' ', @{$_->{metrics}}, @{$_->{dimensions}} ? '|' : (),
            @{$_->{dimensions}}
    } @{$answer->{results}};
}

my $file = $t->path('query.json');
sub check {
    my ($what, $query, $want) = @_;
    my $reply = post($query);
    is($reply->{status}, 200, $what) or diag($reply->{body});
    is(rows($json->decode($reply->{body})), $want, "$what: by hand");
    spew($file, $json->encode($query));
    is($json->encode($agent->json('query', $file)),
        $json->encode($json->decode($reply->{body})), "$what: the command's too");
}

# ---- numbers ----

my @ALL = qw(visitors visits pageviews events views_per_visit bounce_rate
    visit_duration);
check('a day in Berlin', query(metrics => \@ALL), '3 3 4 5 1.33 67 40');
check('the next one', query(metrics => \@ALL,
    date_range => ['2026-03-11', '2026-03-11']), '1 1 2 2 2 0 9');
check('both', query(metrics => \@ALL,
    date_range => ['2026-03-10', '2026-03-11']), '3 4 6 7 1.5 50 32');
check('nothing', query(metrics => \@ALL,
    date_range => ['2026-04-10', '2026-04-11']), '0 0 0 0 0 0 0');
check('two times', query(metrics => ['pageviews'],
    date_range => ['2026-03-10T10:00:00+01:00', '2026-03-10T10:01:30+01:00']),
    '2');

# ---- dimensions, order, pages ----

check('by source', query(metrics => ['visitors', 'percentage'],
    dimensions => ['visit:source']),
    "2 66.67 | Google\n1 33.33 | Direct / None");
check('by page', query(metrics => ['visitors', 'pageviews'],
    dimensions => ['event:page'], order_by => [['event:page', 'asc']],
    filters => [['is', 'event:name', ['pageview']]]),
    "2 2 | /\n2 2 | /plan");
check('a page of it', query(dimensions => ['visit:country', 'visit:source'],
    pagination => {limit => 1, offset => 1}), "1 | DE Google");
check('by property', query(metrics => ['events'],
    dimensions => ['event:props:plan'],
    filters => [['is', 'event:name', ['Signup']]]), '1 | pro');
check('hours of the night of summer time', query(metrics => ['pageviews'],
    date_range => ['2026-03-29', '2026-03-29'], dimensions => ['time']),
    "1 | 2026-03-29 01:00:00\n1 | 2026-03-29 03:00:00");
check('days', query(metrics => ['visits'], date_range => ['2026-03-01',
    '2026-03-31'], dimensions => ['time:day']),
    "3 | 2026-03-10\n1 | 2026-03-11\n2 | 2026-03-29");
check('weeks', query(metrics => ['visits'], date_range => ['2026-03-01',
    '2026-03-31'], dimensions => ['time:week']),
    "4 | 2026-03-09\n2 | 2026-03-23");

# ---- filters ----

check('one of two', query(filters => [['is', 'visit:country', ['DE', 'IT']]]), 2);
check('and, or, not', query(filters => [['or', [
    ['and', [['is', 'visit:country', ['DE']], ['is', 'event:page', ['/']]]],
    ['not', ['contains', 'visit:country', ['d'], {case_sensitive => JSON::PP::false}]]]]]), 2);
check('no source', query(filters => [['is', 'visit:source', ['Direct / None']]]), 1);
check('is not', query(filters => [['is_not', 'visit:country', ['FR']]]), 2);
check('contains not', query(metrics => ['pageviews'],
    date_range => ['2026-03-10', '2026-03-11'],
    filters => [['contains_not', 'event:page', ['plan']],
        ['is', 'event:name', ['pageview']]]), 4);
check('matches', query(metrics => ['pageviews'],
    filters => [['matches', 'event:page', ['^/pl.n$']]]), 2);
check('has done', query(metrics => ['visitors', 'pageviews'],
    filters => [['has_done', ['is', 'event:name', ['Signup']]]]), '1 2');
check('has not done', query(metrics => ['visitors', 'pageviews'],
    filters => [['has_not_done', ['is', 'event:name', ['Signup']]]]), '2 2');

# ---- what comes with it ----

my $answer = $json->decode(post(query(dimensions => ['time:day'],
    date_range => ['2026-03-09', '2026-03-11'], include => {cost => JSON::PP::true,
    total_rows => JSON::PP::true, time_labels => JSON::PP::true}))->{body});
is(join(' ', @{$answer->{meta}{time_labels}}), '2026-03-09 2026-03-10 2026-03-11',
    'labels of time, empty ones too');
is($answer->{meta}{total_rows}, 2, 'rows in all');
ok($answer->{meta}{rows_scanned} > 0 && $answer->{meta}{milliseconds} > 0,
    'what it cost');
is("@{$answer->{query}{date_range}}",
    '2026-03-09T00:00:00+01:00 2026-03-11T23:59:59+01:00', 'the range as times');
my $all = $json->decode(post(query(date_range => 'all'))->{body});
is(rows($all), 5, '"all": who is imported is one person on every day')
    or diag($json->encode($all));

# ---- beside an earlier time ----

sub beside {
    my ($what, $how, $more, $want) = @_;
    my $answer = $json->decode(post(query(
        date_range => ['2026-03-11', '2026-03-11'], %$more,
        include => {comparisons => $how}))->{body});
    is(join("\n", map { my $row = $_; my $then = $row->{comparison};
        join ' ', @{$row->{metrics}}, 'after', @{$then->{metrics}}, 'so',
            (map { $_ // 'null' } @{$then->{change}}), @{$then->{dimensions}}
    } @{$answer->{results}}), $want, "beside: $what");
    return $answer->{query}{include}{comparisons}{date_range};
}
my $then = beside('the day before', {mode => 'previous_period'},
    {metrics => \@ALL}, '1 1 2 2 2 0 9 after 3 3 4 5 1.33 67 40 so '
    . '-67 -67 -50 -60 50 -67 -78');
is("@$then", '2026-03-10T00:00:00+01:00 2026-03-10T23:59:59+01:00',
    'which is told');
beside('a year before', {mode => 'year_over_year'}, {metrics => ['visitors',
    'bounce_rate']}, '1 0 after 0 0 so 100 null');
beside('by source', {mode => 'custom', date_range => ['2026-03-10',
    '2026-03-10']}, {dimensions => ['visit:source']},
    '1 after 0 so 100 Bing');
beside('days', {mode => 'previous_period'}, {date_range => ['2026-03-10',
    '2026-03-11'], dimensions => ['time:day']}, "3 after 0 so 100 2026-03-08\n"
    . '1 after 0 so 100 2026-03-09');
beside('the same day of the week', {mode => 'previous_period',
    match_day_of_week => JSON::PP::true}, {date_range => ['2026-03-17',
    '2026-03-17']}, '0 after 3 so -100');

spew($file, $json->encode(query(date_range => ['2026-03-10', '2026-03-11'],
    dimensions => ['time:day'], include => {comparisons => {mode => 'custom',
    date_range => ['2026-03-11', '2026-03-11']}})));
is(scalar $agent->glinto('query', $file), <<'END', 'as a table');
time:day    visitors  visitors before  visitors change
2026-03-10         3                1              200
2026-03-11         1                -                -
END
is($agent->glinto('query', $file, '--format', 'csv') =~ tr/\r//dr, <<'END',
"time:day","visitors","visitors before","visitors change"
"2026-03-10","3","1","200"
"2026-03-11","1","",""
END
    'as CSV');

# ---- refused ----

sub refused {
    my ($status, $sentence, $reply) = @_;
    is($reply->{status}, $status, "$status: $sentence");
    like($reply->{body}, qr/\A\{"error":"[^{}]*\Q$sentence\E/, 'and a sentence');
}
refused(401, 'send a token', http_post($nginx->port, '/api/v2/query',
    $json->encode(query())));
refused(401, 'not known', post(query(), Authorization => "Bearer ${token}x"));
refused(404, 'no such site', post(query(site_id => 'b.example')));
refused(400, 'not JSON', post('visitors'));
refused(400, 'is not a key of a query', post(query(metric => 'visitors')));
refused(400, 'event:goal', post(query(metrics => ['conversion_rate'])));
refused(413, 'longer than 8 KiB', post(query(filters => [['is', 'event:page',
    [map { "/$_" } 1 .. 1500]]])));
my $get = http_get($nginx->port, '/api/v2/query');
is("$get->{status} $get->{headers}{allow}", '405 POST', 'GET is not for it');
is(http_get($nginx->port, '/api/docs/query/schema.json')->{status}, 200,
    'the schema is there for everybody');

# ---- the command ----

spew($file, $json->encode(query(metrics => ['visitors', 'views_per_visit'],
    dimensions => ['visit:source'])));
is(scalar $agent->glinto('query', $file), <<'END', 'a table for people');
visit:source   visitors  views_per_visit
Google                2             1.50
Direct / None         1             1.00
END
spew($file, $json->encode(query(dimensions => ['visit:utm_campaign'],
    date_range => ['2026-03-29', '2026-03-29'])));
is(scalar $agent->glinto('query', $file, '--format', 'csv'),
    qq{"visit:utm_campaign","visitors"\r\n"(not set)","1"\r\n"'=1+1","1"\r\n},
    'CSV, in which no cell is a formula');
sub said {
    my ($status, $out, $err) = $agent->glinto('query', @_);
    return "$status|$out|$err";
}
like(said('--format', 'xml', $file), qr/^2\|\|glinto: there is no format "xml"/,
    'no such format');
like(said($file, $file), qr/^2\|\|glinto: .*too many/, 'a word more');
like(said($t->path('none')), qr/^2\|\|glinto: .*none/, 'no such file');
spew($file, '{"site_id": "a.example",}');
like(said($file), qr/^2\|\|glinto: \S+query\.json: line 1: /, 'no JSON');
spew($file, $json->encode(query(metrics => ['x'])));
like(said($file), qr/^2\|\|glinto: "metrics": there is no metric "x"/, 'bad value');
spew($file, $json->encode(query(site_id => 'b.example')));
like(said($file), qr/^1\|\|glinto: there is no such site/, 'no such site');
spew($file, $json->encode(query()));
my $piped = $t->path('piped');
my $pid = $t->spawn('piped', '/bin/sh', '-c', 'exec "$0" --socket "$1" query --json <"$2"',
    $t->build . '/glinto', $t->path('admin.sock'), $file, {log => $piped});
is($t->ended($pid, 20), 0, 'from standard input');
is(rows($json->decode(slurp($piped))), 3, 'the same');

# ---- glintod is away ----

$t->allow(qr/connect\(\) to unix:\S+dashboard\.sock failed/);
$agent->stop;
my $away = post(query());
is("$away->{status} $away->{body}",
    '503 {"error":"glintod does not answer; counting goes on"}',
    'without glintod it is JSON, too');
$t->done;
