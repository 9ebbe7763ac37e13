# Promise: every word of Plausible's Stats API that programs send is answered,
# with the numbers and in the form that the API has: metrics, dimensions, named
# ranges, operators, what can be included, orders, pages, refusals; and those
# of version 1.
#
# Method: one table of all words, each with its answer over two visits that are
# known by hand: one has everything, the other nothing.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a'],
    conf => 'token_requests_per_minute 100000');
my $agent = $world->agent;
my $nginx = $t->nginx(shipped($t));
my $json = JSON::PP->new->canonical->utf8;
my $token = $agent->json('token', 'create')->{token};

my @facts = (referrer => 'https://news.example/x', source => 'Newsletter',
    channel => 'Email', utm_source => 's', utm_medium => 'm', utm_campaign =>
    'c', utm_content => 'o', utm_term => 't', browser => 'Firefox',
    browser_version => '120', os => 'Linux', os_version => '6', device =>
    'Desktop', country => 'DE', region => 'DE-BY', city => 'Munich',
    screen => '1920x1080', language => 'de-AT');
my @full = (visitor => 'full', @facts);
my @lines = (
    {@full, at => '2026-03-10T10:00:00Z', kind => 'pageview', path => '/in'},
    {@full, at => '2026-03-10T10:01:00Z', kind => 'event', name => 'Signup',
        path => '/in', props => {plan => 'pro'},
        revenue => {amount => '12.50', currency => 'EUR'}},
    {@full, at => '2026-03-10T10:02:00Z', kind => 'pageview', path => '/out',
        host => 'shop.a.example'},
    {@full, at => '2026-03-10T10:03:00Z', kind => 'engagement', path => '/out',
        host => 'shop.a.example', scroll_depth => 60, engagement_ms => 3000},
    {visitor => 'bare', at => '2026-03-10T11:00:00Z', kind => 'pageview',
        path => '/bare'});
spew($t->path('lines'), join '', map { $json->encode($_) . "\n" } @lines);
is(($agent->glinto('import', '--site', 'a.example', '--format', 'events',
    $t->path('lines')))[0], 0, 'imported');
$agent->glinto('goal', 'add', 'a.example', '--event', 'Signup', '--currency',
    'EUR');
$agent->glinto('segment', 'add', 'a.example', '--name', 'x', '--filters',
    '[["is","visit:country",["DE"]]]');

my @DAY = (date_range => ['2026-03-10', '2026-03-10']);
sub ask {
    my (%query) = @_;
    my $reply = http_post($nginx->port, '/api/v2/query', $json->encode({
        site_id => 'a.example', metrics => ['visitors'], @DAY, %query}),
        Authorization => "Bearer $token");
    return wantarray ? ($reply->{status}, $json->decode($reply->{body}))
        : $json->decode($reply->{body});
}
sub results {
    my ($status, $answer) = ask(@_);
    return $status == 200 ? $json->encode($answer->{results})
        : "$status $answer->{error}";
}
sub row {
    my ($metrics, @dimensions) = @_;
    return {metrics => $metrics, dimensions => \@dimensions};
}

# ---- metrics ----

my @GOAL = (filters => [['is', 'event:goal', ['Signup']]]);
my @OUT = (filters => [['is', 'event:page', ['/out']]]);
my @BY = (dimensions => ['visit:country']);
my $PRICE = {value => 12.5, currency => 'EUR', short => "\x{20ac}12.5",
    long => "\x{20ac}12.50"};
for my $case ( # metric, value, what it needs
    [visitors => '2'], [visits => '2'], [pageviews => '3'], [events => '4'],
    [views_per_visit => '1.5'], [bounce_rate => '50'],
    [visit_duration => '60'], [percentage => '50.0', @BY],
    [scroll_depth => '60', @OUT], [time_on_page => '3', @OUT],
    [conversions => '1', @GOAL], [conversion_rate => '50.0', @GOAL],
    [group_conversion_rate => '100.0', @BY, @GOAL],
    [total_revenue => $PRICE, @GOAL], [average_revenue => $PRICE, @GOAL],
) {
    my ($metric, $value, @more) = @$case;
    my ($status, $answer) = ask(metrics => [$metric], @more);
    my $found = $answer->{results}[0]{metrics}[0];
    is($status, 200, "$metric is answered") or diag($answer->{error});
    if (ref $value) {
        is($json->encode($found), $json->encode($value), "$metric: an amount");
    } else {
        cmp_ok($found, '==', $value, "$metric: $value");
    }
    is($json->encode($answer->{query}{metrics}), qq(["$metric"]),
        'said as it was asked');
}

# ---- dimensions ----

for my $case ( # dimension, values, as one row each; what has none is last
    ['event:page', '/bare', '/in', '/out'],
    ['event:hostname', 'a.example', 'shop.a.example'],
    ['event:props:plan', '(none)', 'pro'],
    ['event:goal', 'Signup'],
    ['visit:entry_page', '/bare', '/in'],
    ['visit:exit_page', '/bare', '/out'],
    ['visit:entry_page_hostname', 'a.example'],
    ['visit:exit_page_hostname', 'a.example', 'shop.a.example'],
    ['visit:source', 'Direct / None', 'Newsletter'],
    ['visit:referrer', 'Direct / None', 'news.example/x'],
    ['visit:channel', 'Direct', 'Email'],
    ['visit:utm_medium', '(not set)', 'm'],
    ['visit:utm_source', '(not set)', 's'],
    ['visit:utm_campaign', '(not set)', 'c'],
    ['visit:utm_content', '(not set)', 'o'],
    ['visit:utm_term', '(not set)', 't'],
    ['visit:device', '(not set)', 'Desktop'],
    ['visit:screen', '(not set)', '1920x1080'],
    ['visit:language', '(not set)', 'de-AT'],
    ['visit:browser', '(not set)', 'Firefox'],
    ['visit:browser_version', '(not set)', '120'],
    ['visit:os', '(not set)', 'Linux'],
    ['visit:os_version', '(not set)', '6'],
    ['visit:country', '(not set)', 'DE'],
    ['visit:region', '(not set)', 'DE-BY'],
    ['visit:city', '(not set)', 'Munich'],
    ['visit:country_name', '(not set)', 'Germany'],
    ['visit:region_name', '(not set)', 'Bayern'],
    ['visit:city_name', '(not set)', 'Munich'],
    ['time', '2026-03-10 10:00:00', '2026-03-10 11:00:00'],
    ['time:hour', '2026-03-10 10:00:00', '2026-03-10 11:00:00'],
    ['time:day', '2026-03-10'],
    ['time:week', '2026-03-10'],
    ['time:month', '2026-03-01'],
) {
    my ($dimension, @values) = @$case;
    my ($status, $answer) = ask(dimensions => [$dimension]);
    is("$status " . join('|', sort map { $_->{dimensions}[0] }
        @{$answer->{results} // []}), "200 @{[join '|', @values]}", $dimension)
        or diag($answer->{error});
    next if $dimension =~ /^time|goal/;
    for my $value (@values) {
        ($status, $answer) = ask(dimensions => [$dimension],
            filters => [['is', $dimension, [$value]]]);
        ok($status == 200 && grep({ $_->{dimensions}[0] eq $value }
            @{$answer->{results}}), "$dimension is $value");
    }
}
is(results(dimensions => [$_->[0]], metrics => ['bounce_rate', 'visits'],
    order_by => [[$_->[0], 'asc']]), $json->encode($_->[1]),
    "metrics of visits by $_->[0]: where they were entered") for ['event:page',
    [row([100, 1], '/bare'), row([0, 1], '/in'), row([0, 1], '/out')]],
    ['event:hostname', [row([50, 2], 'a.example'),
    row([0, 1], 'shop.a.example')]];
is(results(filters => [['is', 'event:name', ['Signup']]]),
    $json->encode([row([1])]), 'event:name, of filters');

# ---- ranges ----

for my $word (qw(day 24h 7d 28d 30d 91d month 6mo 12mo year)) {
    is(results(date_range => $word), $json->encode([row([0])]), $word)
        if $word !~ /mo|year|91d/;
    is((ask(date_range => $word))[0], 200, "$word is understood");
}
is(results(date_range => 'all'), $json->encode([row([2])]), 'all');
is(results(date_range => ['2026-03-10T10:02:00+00:00',
    '2026-03-10T10:59:59+00:00']), $json->encode([row([1])]), 'two times');
like($json->encode(scalar ask()->{query}{date_range}),
    qr/^\["2026-03-10T00:00:00\+00:00","2026-03-10T23:59:59\+00:00"\]$/,
    'said as times');

# ---- filters ----

for my $case ( # filter, visitors
    [['is', 'visit:country', ['DE', 'FR']], 1],
    [['is_not', 'visit:country', ['DE']], 1],
    [['contains', 'event:page', ['ba', 'x']], 1],
    [['contains_not', 'event:page', ['a']], 1],
    [['matches', 'event:page', ['^/o.t$']], 1],
    [['matches_not', 'event:page', ['^/bare']], 1],
    [['is', 'visit:browser', ['FIREFOX']], 0],
    [['is', 'visit:browser', ['FIREFOX'], {case_sensitive =>
        JSON::PP::false}], 1],
    [['contains', 'visit:browser', ['FIRE'], {case_sensitive =>
        JSON::PP::false}], 1],
    [['and', [['is', 'visit:country', ['DE']], ['is', 'visit:os',
        ['Linux']]]], 1],
    [['or', [['is', 'visit:country', ['DE']], ['is', 'event:page',
        ['/bare']]]], 2],
    [['not', ['is', 'visit:country', ['DE']]], 1],
    [['has_done', ['is', 'event:name', ['Signup']]], 1],
    [['has_not_done', ['is', 'event:name', ['Signup']]], 1],
    [['has_done', ['is', 'event:goal', ['Signup']]], 1],
    [['is', 'segment', [2]], 1],
    [['is', 'event:goal', ['Signup']], 1],
    [['contains', 'event:goal', ['Sign']], 1],
    [['is', 'visit:source', ['Direct / None']], 1],
) {
    my ($filter, $visitors) = @$case;
    is(results(filters => [$filter]), $json->encode([row([$visitors])]),
        $json->encode($filter));
}

# ---- order, pages, what is included ----

my @pages = (dimensions => ['event:page'], metrics => ['events', 'visitors']);
is(results(@pages), $json->encode([row([2, 1], '/in'), row([1, 1], '/bare'),
    row([1, 1], '/out')]), 'the first metric, the greatest first');
is(results(@pages, order_by => [['visitors', 'asc'], ['event:page', 'desc']]),
    $json->encode([row([1, 1], '/out'), row([2, 1], '/in'), row([1, 1],
    '/bare')]), 'order_by');
is(results(@pages, pagination => {limit => 1, offset => 1}),
    $json->encode([row([1, 1], '/bare')]), 'pagination');
is(results(dimensions => ['time:hour', 'visit:country']), $json->encode([
    row([1], '2026-03-10 10:00:00', 'DE'), row([1], '2026-03-10 11:00:00',
    '(not set)')]), 'time first, upwards; hours without a row left out');
is(ask(@pages, include => {total_rows => JSON::PP::true}, pagination =>
    {limit => 1})->{meta}{total_rows}, 3, 'total_rows');
is(scalar @{ask(dimensions => ['time:hour'], include => {time_labels =>
    JSON::PP::true})->{meta}{time_labels}}, 24, 'time_labels');
is($json->encode(ask(include => {imports => JSON::PP::true})->{meta}),
    '{"imports_included":false,"imports_skip_reason":"no_imported_data"}',
    'imports');
is(ask(metrics => ['total_revenue'], filters => [['is', 'event:goal',
    ['Signup']]])->{meta}{metric_warnings}, undef, 'nothing to be warned of');
is(ask(metrics => ['total_revenue'])->{meta}{metric_warnings}{total_revenue}
    {code}, 'no_revenue_goals_matching', 'metric_warnings');
is(join(' ', sort keys %{scalar ask()}), 'meta query results',
    'the members of an answer');

# ---- refused: 400 with a sentence that names the key ----

for my $case ( # query, sentence
    [{x => 1}, '"x"'], [{metrics => []}, '"metrics"'],
    [{metrics => ['visitors', 'visitors']}, '"metrics"'],
    [{metrics => ['x']}, '"metrics"'], [{metrics => 'visitors'}, '"metrics"'],
    [{metrics => undef}, '"metrics"'], [{date_range => undef}, '"date_range"'],
    [{date_range => '8d'}, '"date_range"'],
    [{date_range => ['2026-03-11', '2026-03-10']}, '"date_range"'],
    [{date_range => ['2026-02-30', '2026-03-10']}, '"date_range"'],
    [{dimensions => ['visit:x']}, '"dimensions"'],
    [{dimensions => ['visit:os', 'visit:os']}, '"dimensions"'],
    [{dimensions => 'visit:os'}, '"dimensions"'],
    (map { [{metrics => [$_], dimensions => ['event:name']}, qq("$_")] }
        qw(bounce_rate views_per_visit visit_duration)),
    (map { [{metrics => [$_], @BY}, qq("$_")] }
        qw(conversion_rate group_conversion_rate scroll_depth time_on_page)),
    [{metrics => ['percentage']}, '"percentage"'],
    [{filters => 'x'}, '"filters"'], [{filters => [['x']]}, '"filters"'],
    [{filters => [['is', 'visit:x', ['y']]]}, '"filters"'],
    [{filters => [['is', 'time:day', ['y']]]}, '"filters"'],
    [{filters => [['is', 'visit:os', []]]}, '"filters"'],
    [{filters => [['is', 'visit:os', 'y']]}, '"filters"'],
    [{filters => [['is', 'visit:os', ['y'], {x => 1}]]}, '"filters"'],
    [{filters => [['matches', 'visit:os', ['(']]]}, '"filters"'],
    [{filters => [['is_not', 'event:goal', ['Signup']]]}, '"event:goal"'],
    [{filters => [['matches', 'event:goal', ['Signup']]]}, '"event:goal"'],
    [{filters => [['is', 'event:goal', ['x']]]}, '"filters"'],
    [{filters => [['is', 'segment', [9]]]}, '"filters"'],
    [{order_by => [['pageviews', 'desc']]}, '"order_by"'],
    [{order_by => [['visitors', 'x']]}, '"order_by"'],
    [{include => {x => JSON::PP::true}}, '"include"'],
    [{include => {total_rows => 1}}, '"include"'],
    [{include => {time_labels => JSON::PP::true}}, '"include"'],
    [{pagination => {limit => 0}}, '"pagination"'],
    [{pagination => {limit => 10_001}}, '"pagination"'],
    [{pagination => {offset => -1}}, '"pagination"'],
    [{pagination => {x => 1}}, '"pagination"'],
) {
    my ($query, $sentence) = @$case;
    like(results(%$query), qr/^400 [^\n]*\Q$sentence\E/, 'refused: '
        . $json->encode($query));
}
is((ask(site_id => 'b.example'))[0], 404, 'no such site');
is(http_post($nginx->port, '/api/v2/query', '{}')->{status}, 401, 'no token');
is(http_get($nginx->port, '/api/docs/query/schema.json')->{status}, 200,
    'the schema');

# ---- version 1 ----

sub v1 {
    my ($path, %parameters) = @_;
    %parameters = (site_id => 'a.example', %parameters);
    my $reply = http_get($nginx->port, "/api/v1/stats/$path?" . join('&', map {
        "$_=" . $parameters{$_} =~ s/([^\w.:,-])/sprintf '%%%02X', ord $1/ger }
        sort keys %parameters), Authorization => "Bearer $token");
    return "$reply->{status} $reply->{body}";
}
is(v1('realtime/visitors'), '200 0', 'a bare number');
my @ONE = (period => 'day', date => '2026-03-10');
is(v1('aggregate', @ONE, metrics => 'visitors,visits,pageviews,'
    . 'views_per_visit,bounce_rate,visit_duration,events'),
    '200 {"results":{"visitors":{"value":2},"visits":{"value":2},'
    . '"pageviews":{"value":3},"views_per_visit":{"value":1.5},"bounce_rate":'
    . '{"value":50},"visit_duration":{"value":60},"events":{"value":4}}}',
    'aggregate');
for my $case (['day', '2026-03-10'], ['7d', '2026-03-16'], ['30d',
    '2026-03-20'], ['month', '2026-03-31'], ['6mo', '2026-03-31'], ['12mo',
    '2026-03-31'], ['custom', '2026-03-01,2026-03-31']) {
    my ($period, $date) = @$case;
    is(v1('aggregate', period => $period, date => $date),
        '200 {"results":{"visitors":{"value":2}}}', "period=$period");
}
is(v1('aggregate', period => 'realtime'),
    '200 {"results":{"visitors":{"value":0}}}', 'period=realtime');
like(v1('aggregate', @ONE, compare => 'previous_period'), qr/"change":100/,
    'compare');
for my $case (['event:page==/in', 1], ['event:page==/*', 2],
    ['visit:country!=DE', 1], ['visit:country==DE|FR;event:page==/out', 1]) {
    my ($filters, $visitors) = @$case;
    is(v1('aggregate', @ONE, filters => $filters),
        qq(200 {"results":{"visitors":{"value":$visitors}}}), $filters);
}
like(v1('timeseries', @ONE), qr/\{"date":"2026-03-10 10:00:00","visitors":1\}/,
    'timeseries');
is(v1('breakdown', @ONE, property => 'visit:country', limit => 1, page => 2),
    '200 {"results":[{"visitors":1,"country":"DE"}]}', 'breakdown');
like(v1('aggregate', x => 1), qr/^400 .*\\"x\\"/, 'refused');
$t->done;
