# Promise: questions asked together are answered as each of them alone,
# with comparisons and without; the command prints one table after the other.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;

my @pages = ('/', '/price', '/blog', '/contact');
my @sources = (undef, 'Google', 'news', 'Bing');
my @countries = ('DE', 'FR', 'IT');
$agent->import_lines('a.example', map { my $n = $_; +{
    kind => 'pageview', visitor => 'v' . $n % 37,
    at => sprintf('2026-05-%02dT%02d:%02d:00Z', 1 + $n % 9, $n * 7 % 24,
        $n * 11 % 60),
    path => $pages[$n * $n % 5 % 4], country => $countries[$n % 37 % 3],
    $sources[$n % 37 % 4] ? (source => $sources[$n % 37 % 4]) : ()}
} 1 .. 300);
my $token = $agent->json('token', 'create')->{token};

sub post {
    my ($query) = @_;
    my $reply = $agent->dashboard('POST', '/api/v2/query',
        $json->encode($query), {Authorization => "Bearer $token"});
    return ($reply->{status}, $json->decode($reply->{body}));
}

my @METRICS = qw(visitors visits pageviews);
my $before = {comparisons => {mode => 'previous_period'}};
my @queries = (
    {metrics => [@METRICS, 'bounce_rate', 'visit_duration']},
    {metrics => \@METRICS, dimensions => ['time:day'],
        include => {time_labels => JSON::PP::true, %$before}},
    (map { {metrics => \@METRICS, dimensions => [$_],
        pagination => {limit => 3}, include => {total_rows => JSON::PP::true}}
    } qw(event:page visit:entry_page visit:exit_page visit:source
        visit:channel visit:country visit:browser)),
    {metrics => ['bounce_rate'], dimensions => ['event:page']},
    {metrics => ['visitors'], dimensions => ['visit:country', 'event:page'],
        include => $before},
    {metrics => ['visitors'], dimensions => ['visit:source'],
        include => {comparisons => {mode => 'custom',
            date_range => ['2026-05-02', '2026-05-03']}}});

for my $filters ([], [['is', 'visit:country', ['DE', 'IT']]],
    [['contains', 'event:page', ['/p']]]) {
    my %common = (site_id => 'a.example', filters => $filters,
        date_range => ['2026-05-05', '2026-05-08']);
    my ($status, $all) = post({%common, queries => \@queries});
    is($status, 200, 'together: ' . $json->encode($filters));
    is(scalar @{$all->{answers}}, scalar @queries, 'as many answers');
    for my $i (0 .. $#queries) {
        my ($one, $alone) = post({%common, %{$queries[$i]}});
        is($json->encode($all->{answers}[$i]), $json->encode($alone),
            "number $i as alone");
        cmp_ok(scalar @{$alone->{results}}, '>', 0, 'which has rows');
    }
}

# ---- it is one request of a token, and one that is wrong is told ----

my ($status, $said) = post({site_id => 'a.example', date_range => 'day',
    queries => [{metrics => ['visits']}, {metrics => ['visit']}]});
is("$status $said->{error}", '400 "queries": number 2: "metrics": there is no '
    . 'metric "visit"', 'which one is wrong');

# ---- the command ----

my $file = $t->path('query.json');
spew($file, $json->encode({site_id => 'a.example',
    date_range => ['2026-05-01', '2026-05-09'], queries => [
        {metrics => ['pageviews']},
        {metrics => ['visitors'], dimensions => ['visit:country']}]}));
is(scalar $agent->glinto('query', $file), <<'END', 'two tables');
pageviews
      300

visit:country  visitors
DE                   13
FR                   12
IT                   12
END
is($agent->glinto('query', $file, '--format', 'csv') =~ tr/\r//dr, <<'END',
"pageviews"
"300"

"visit:country","visitors"
"DE","13"
"FR","12"
"IT","12"
END
    'two tables as CSV');
$t->done;
