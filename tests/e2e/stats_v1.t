# Promise: programs made for Plausible's Stats API v1 get the numbers of this
# one in v1's own words: its periods, filters, rows and names; what is not
# understood is refused with a sentence that names the parameter.
#
# Method: events imported, the answers known by hand; through the shipped nginx
# files.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site('a.example', '--timezone', 'Europe/Berlin');
my $nginx = $t->nginx(shipped($t));
my $json = JSON::PP->new->canonical;
my $token = $agent->json('token', 'create')->{token};

# visitor, time (UTC), path or name, more
my @LINES = (
    ['ann', '2026-03-10T09:00:00Z', '/', {source => 'Google', country => 'DE'}],
    ['ann', '2026-03-10T09:01:30Z', '/blog/a'],
    ['ann', '2026-03-10T09:02:00Z', 'Signup', {props => {plan => 'pro|1;2'}}],
    ['bob', '2026-03-10T10:00:00Z', '/', {source => 'Google', country => 'FR'}],
    # in Berlin the next day
    ['cem', '2026-03-10T23:10:00Z', '/blog/b', {source => 'Bing', country => 'DE'}],
    ['dan', '2026-02-08T12:00:00Z', '/old', {country => 'AT'}],
);
$agent->import_lines('a.example', map {
    my ($visitor, $at, $what, $more) = @$_;
    +{visitor => $visitor, at => $at, %{$more // {}},
        $what =~ m{^/} ? (kind => 'pageview', path => $what)
            : (kind => 'event', name => $what)};
} @LINES);

sub escaped { return $_[0] =~ s/([^\w.:,-])/sprintf '%%%02X', ord $1/ger }
sub get {
    my ($kind, %parameters) = @_;
    %parameters = (site_id => 'a.example', %parameters);
    my $reply = http_get($nginx->port, "/api/v1/stats/$kind?" . join('&',
        map { "$_=" . escaped($parameters{$_}) } sort keys %parameters),
        Authorization => "Bearer $token");
    return "$reply->{status} $reply->{body}" if $reply->{status} != 200;
    my $answer = $json->decode($reply->{body});
    return ref $answer ? $json->encode($answer->{results}) : $answer;
}
my %DAY = (period => 'day', date => '2026-03-10');

# ---- aggregate ----

is(get('aggregate', %DAY), '{"visitors":{"value":2}}', 'visitors of a day');
is(get('aggregate', %DAY, metrics => 'visits,pageviews, bounce_rate'),
    '{"bounce_rate":{"value":50},"pageviews":{"value":3},"visits":{"value":2}}',
    'several metrics');
is(get('aggregate', period => '7d', date => '2026-03-16'),
    '{"visitors":{"value":3}}', '7d: the date and six days before');
is(get('aggregate', period => '7d', date => '2026-03-17'),
    '{"visitors":{"value":1}}', 'not seven');
is(get('aggregate', period => '30d', date => '2026-03-10'),
    '{"visitors":{"value":3}}', '30d: the date and thirty days before');
is(get('aggregate', date => '2026-03-11'), '{"visitors":{"value":3}}',
    '30d where there is no period');
is(get('aggregate', period => 'month', date => '2026-02-01'),
    '{"visitors":{"value":1}}', 'the month of a date');
is(get('aggregate', period => $_, date => '2026-03-01'),
    '{"visitors":{"value":4}}', "$_: with the month of the date")
    for '6mo', '12mo';
is(get('aggregate', period => '6mo', date => '2026-08-31'),
    '{"visitors":{"value":3}}', '6mo: from the fifth month before');
is(get('aggregate', period => $_->[0], date => $_->[1]),
    qq({"visitors":{"value":$_->[2]}}), "$_->[0] up to $_->[1]")
    for ['28d', '2026-03-07', 1], ['28d', '2026-03-08', 0],
    ['91d', '2026-06-08', 3], ['91d', '2026-06-09', 1], ['91d', '2026-06-10',
    0], ['year', '2026-12-31', 4], ['year', '2025-12-31', 0];
is(get('aggregate', period => 'all'), '{"visitors":{"value":4}}', 'all');
is(get('aggregate', period => '24h'), '{"visitors":{"value":0}}', '24h');
is(get('aggregate', period => 'custom', date => '2026-02-01,2026-03-10'),
    '{"visitors":{"value":3}}', 'custom');
is(get('aggregate', period => 'day', date => '2026-03-11', metrics =>
    'visitors,bounce_rate', compare => 'previous_period'),
    '{"bounce_rate":{"change":50,"value":100},"visitors":{"change":-50,'
    . '"value":1}}', 'compared with the day before');
is(get('aggregate', metrics => 'visitors,visits'),
    '{"visitors":{"value":0},"visits":{"value":0}}', 'up to today');

# ---- filters ----

for (
    ['visit:country==FR', 1], ['visit:country!=FR', 1],
    ['visit:country==FR|DE', 2], ['visit:country==DE;event:page==/', 1],
    ['event:page==/blog*', 1], ['event:page==/*/a', 1], ['event:page==*', 2],
    ['event:page!=/blog*', 2], ['event:page==/blog', 0],
    ['event:page==/blo.*', 0], ['event:name==Signup', 1],
    ['event:props:plan==pro\|1\;2', 1], ['event:props:plan==pro|1\;2', 0],
    ['event:props:plan==pro\|1\;*;visit:country==DE', 1],
    ['visit:source==Google', 2], [' visit:source==Bing', 0], ['', 2],
) {
    my ($filters, $visitors) = @$_;
    is(get('aggregate', %DAY, filters => $filters),
        qq({"visitors":{"value":$visitors}}), "filters=$filters");
}

# ---- timeseries ----

is(get('timeseries', period => 'custom', date => '2026-03-09,2026-03-11',
    metrics => 'visitors,bounce_rate'), '[{"bounce_rate":null,"date":'
    . '"2026-03-09","visitors":0},{"bounce_rate":50,"date":"2026-03-10",'
    . '"visitors":2},{"bounce_rate":100,"date":"2026-03-11","visitors":1}]',
    'days, empty ones too');
my $hours = $json->decode(get('timeseries', %DAY));
is(scalar @$hours, 24, 'hours of a day');
is($json->encode($hours->[10]), '{"date":"2026-03-10 10:00:00","visitors":1}',
    'in the zone of the site');
is(get('timeseries', period => '6mo', date => '2026-03-31'), '['
    . join(',', map { qq({"date":"2025-$_-01","visitors":0}) } 10 .. 12) . ','
    . join(',', map { qq({"date":"2026-0$_->[0]-01","visitors":$_->[1]}) }
        [1, 0], [2, 1], [3, 3]) . ']', 'months');
is(scalar @{$json->decode(get('timeseries', period => 'year', date =>
    '2026-03-31'))}, 12, 'of a year');
like(get('timeseries', period => 'all'), qr/^\[\{"date":"2026-02-01",
    "visitors":1\},\{"date":"2026-03-01","visitors":3\}/x, 'of all');
is(scalar @{$json->decode(get('timeseries', period => '24h'))}, 25,
    'hours of 24, the first and the last cut');
is(scalar @{$json->decode(get('timeseries', period => '6mo', date =>
    '2026-03-31', interval => $_))}, 182, "days of six months: $_")
    for 'day', 'date';

# ---- breakdown ----

is(get('breakdown', %DAY, property => 'visit:source',
    metrics => 'visitors,pageviews'),
    '[{"pageviews":3,"source":"Google","visitors":2}]', 'sources');
is(get('breakdown', period => '30d', date => '2026-03-11',
    property => 'event:page', limit => 2),
    '[{"page":"/","visitors":2},{"page":"/blog/a","visitors":1}]', 'top pages');
is(get('breakdown', period => '30d', date => '2026-03-11',
    property => 'event:page', limit => 2, page => 2),
    '[{"page":"/blog/b","visitors":1}]', 'the next ones');
is(get('breakdown', %DAY, property => 'event:props:plan',
    filters => 'event:name==Signup'), '[{"plan":"pro|1;2","visitors":1}]',
    'a property');
is(get('breakdown', period => 'day', date => '2020-01-01',
    property => 'visit:os'), '[]', 'nothing');

# ---- now ----

is(get('realtime/visitors'), 0, 'nobody is there');
$nginx->post('/api/event', $json->encode({n => 'pageview',
    d => 'a.example', u => 'https://a.example/'}));
$t->soon('one is', sub { get('realtime/visitors') eq '1' });
is(get('aggregate', period => 'day'), '{"visitors":{"value":1}}', 'today');
is(get('aggregate', period => 'realtime'), '{"visitors":{"value":1}}',
    'the last five minutes');
is(get('breakdown', period => 'realtime', property => 'event:page'),
    '[{"page":"/","visitors":1}]', 'their pages');
my $minutes = $json->decode(get('timeseries', period => 'realtime'));
is(join(' ', map { $_->{visitors} } @$minutes) =~ s/^(?:0 )*|(?: 0)*$//gr, 1,
    'in one of the last minutes');
is(scalar @$minutes, 30, 'of which there are 30');
like($minutes->[29]{date}, qr/^\d{4}-\d\d-\d\d \d\d:\d\d:00$/,
    'by the clock');

# ---- refused ----

sub refused {
    my ($sentence, $kind, @parameters) = @_;
    like(get($kind, @parameters), qr/^400 \{"error":"\Q$sentence\E/, $sentence);
}
refused('\"period\" is day, 24h', 'aggregate', period => '8d');
refused('\"date\" is a date', 'aggregate', date => '2026-02-30');
refused(qq(with the period \\"$_\\" there is no), 'aggregate', period => $_,
    date => '2026-02-28') for 'realtime', '24h', 'all';
refused('with the period \"custom\", \"date\" is two dates', 'aggregate',
    period => 'custom', date => $_) for '', '2026-01-01',
    '2026-01-02,2026-01-01', '2026-01-01,2026-01-02,2026-01-03';
refused('\"metrics\": there is no metric \"x\"', 'aggregate', metrics => 'x');
refused('\"metrics\": there is no metric \"\"', 'aggregate',
    metrics => 'visits,');
refused('\"filters\": \"visit:os\" is neither', 'aggregate',
    filters => 'visit:os');
refused('\"filters\": there is no dimension \"visit:x\"', 'aggregate',
    filters => 'visit:x==1');
refused('\"filters\": the site has no goal', 'aggregate',
    filters => 'event:goal==Signup');
refused('there is no parameter \"filter\" here', 'aggregate', filter => 'x');
refused('there is no parameter \"property\" here', 'aggregate',
    property => 'event:page');
refused('\"compare\" is previous_period', 'aggregate', compare => 'x');
refused('\"interval\" is day or month', 'timeseries', interval => 'hour');
refused('\"property\" is what to break down by', 'breakdown', %DAY);
refused('\"property\" is what to break down by', 'breakdown', %DAY,
    property => 'time:day');
refused('\"property\" is what to break down by: event:page, visit:source and so '
    . 'on, not \"visit:x\"', 'breakdown', %DAY, property => 'visit:x');
refused('\"limit\" is a whole number from 1 to 1000', 'breakdown', %DAY,
    property => 'visit:os', limit => $_) for 0, 1001, -1, 'x', '1 ', '';
refused('\"page\" is a whole number from 1', 'breakdown', %DAY,
    property => 'visit:os', page => 0);
like(get('nosuch'), qr/^404 /, 'no such page');
is(http_get($nginx->port, '/api/v1/stats/aggregate?site_id=a.example')->{status},
    401, 'a token is needed');
$t->done;
