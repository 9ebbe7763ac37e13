# Promise: what a site counted can be asked with a token through nginx, and by
# the command on the server; the numbers are those known by hand, and the page
# about the API (conf/API.md) names all metrics and dimensions there are; each
# question that it shows is answered.

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

# Three people on two days; bert comes twice.
my @lines = (
    ['anna', '2026-05-04T10:00:00Z', '/', 'Google'],
    ['anna', '2026-05-04T10:01:00Z', '/price', 'Google'],
    ['bert', '2026-05-04T11:00:00Z', '/', undef],
    ['bert', '2026-05-05T09:00:00Z', '/blog, "new"', 'Google'],
    ['carl', '2026-05-05T12:00:00Z', '/price', 'news']);
$agent->import_lines('a.example', map { +{kind => 'pageview',
    visitor => $_->[0], at => $_->[1], path => $_->[2],
    $_->[3] ? (source => $_->[3]) : ()} } @lines);
my $token = $agent->json('token', 'create')->{token};
my %question = (site_id => 'a.example', metrics => ['visitors', 'pageviews'],
    date_range => ['2026-05-04', '2026-05-05']);
my $json = JSON::PP->new->canonical->utf8;

# ---- through nginx, as shipped ----

mkdir $t->path('conf');
for my $name (qw(dashboard.conf headers.conf locations.conf)) {
    my $text = slurp("$FindBin::Bin/../../conf/nginx/$name");
    $text =~ s{/etc/glinto/nginx/}{$t->path('conf') . '/'}ge;
    spew($t->path("conf/$name"), $text);
}
my $http = slurp("$FindBin::Bin/../../conf/nginx/http.conf");
$http =~ s{^glinto_\w+ .*?;}{}mg; # the world has these
$http =~ s{/run/glinto/}{$t->path('') . '/'}ge;
$http =~ s{/run/glinto-cache}{$t->path('cache')}ge;
my $nginx = $t->nginx(http => $http, server => 'include '
    . $t->path('conf/locations.conf') . ';');

sub ask {
    my ($more, %headers) = @_;
    return $nginx->post('/api/v2/query', $json->encode({%question, %$more}),
        Authorization => "Bearer $token", %headers);
}
sub results {
    my ($more) = @_;
    my $reply = ask($more);
    return "$reply->{status} $reply->{body}" if $reply->{status} != 200;
    return join ' ', map { join(',', @{$_->{dimensions}}, @{$_->{metrics}}) }
        @{$json->decode($reply->{body})->{results}};
}
is(results({}), '3,5', 'three people, five pageviews');
is(results({dimensions => ['visit:source']}),
    'Google,2,3 Direct / None,1,1 news,1,1', 'sources');
is(results({dimensions => ['event:page'], order_by => [['event:page', 'asc']],
    pagination => {limit => 2, offset => 1}}), '/blog, "new",1,1 /price,2,2',
    'the second part of the pages');
is(results({dimensions => ['time:day'], metrics => ['visits', 'bounce_rate']}),
    '2026-05-04,2,50 2026-05-05,2,100', 'days');
is(results({filters => [['is', 'event:page', ['/price']],
    ['is_not', 'visit:source', ['news']]]}), '1,1', 'filters');
like(results({filters => [['is', 'event:goal', ['x']]]}),
    qr/^400 .*no goal .*x/, 'a goal that is not there');
like(results({filters => [['is', 'segment', [1]]]}),
    qr/^400 .*no such segment/, 'nor is such a segment');
like(results({metrics => ['visitor']}), qr/^400 .*visitor/, 'a wrong word');
is(ask({}, Authorization => undef)->{status}, 401, 'no token');
is(ask({site_id => 'b.example'})->{status}, 404, 'no such site');
is($nginx->get('/api/v2/query')->{status}, 405, 'it is a POST');
for my $place ('', '/a.example') {
    like($nginx->get("/api/v1/sites$place", Authorization => "Bearer $token")
        ->{body}, qr/"domain":"a\.example"/, "the sites, too: '$place'");
}
my $schema = $nginx->get('/api/docs/query/schema.json');
is($schema->{status}, 200, 'the schema is there');
is($json->decode($schema->{body})->{type}, 'object', 'as JSON');

# ---- the command ----

sub query {
    my ($more, @args) = @_;
    spew($t->path('query.json'), $json->encode({%question, %$more}));
    return $agent->glinto('query', $t->path('query.json'), @args);
}
my ($status, $out) = query({dimensions => ['event:page']});
is($status, 0, 'glinto query');
like($out, qr/^event:page +visitors +pageviews\n/, 'titles');
like($out, qr{^/price +2 +2$}m, 'rows');
(undef, $out) = query({dimensions => ['event:page']}, '--format', 'csv');
is($out =~ tr/\r//dr, qq("event:page","visitors","pageviews"\n)
    . qq("/","2","2"\n"/price","2","2"\n"/blog, ""new""","1","1"\n), 'as CSV');
is($json->decode((query({}, '--json'))[1])->{results}[0]{metrics}[0], 3,
    'as JSON');
for my $dash ('', '-') {
    my $pid = $t->spawn('piped', '/bin/sh', '-c',
        'exec "$0" --socket "$1" query --json $3 <"$2"', $t->build . '/glinto',
        $t->path('admin.sock'), $t->path('query.json'), $dash,
        {log => $t->path("piped$dash.out")});
    is($t->ended($pid, 60), 0, "from standard input $dash");
    is($json->decode(slurp($t->path("piped$dash.out")))->{results}[0]{metrics}[0],
        3, 'the same');
}
like(($agent->glinto('query', $t->path('nothing')))[2],
    qr/^glinto: \S+nothing: No such file/, 'a file that there is not');
($status, $out, my $err) = query({metrics => []});
is("$status|$out", '2|', 'a bad one is a misuse');
like($err, qr/\Aglinto: .*metrics/, 'which is told');

# ---- the page ----

my $page = slurp("$FindBin::Bin/../../conf/API.md");
for my $file (qw(metrics dimensions)) {
    my @words = slurp("$FindBin::Bin/../../aggregator/question/$file.def")
        =~ /^(?:METRIC|DIMENSION)\(\w+, "([\w:]+)"/mg;
    is(join(' ', grep { index($page, "`$_") == -1 } @words), '',
        "API.md names all $file");
}
$agent->glinto('goal', 'add', 'a.example', '--event', 'Purchase');
my @shown = grep { /^\{\s*"site_id"/ && !/"goal_type"/ }
    map { !/\.\.\./ && /(\{\s*"site_id".*\})/s ? $1 : () }
    $page =~ /^```\n(.*?)^```$/msg;
cmp_ok(scalar @shown, '>=', 7, 'questions are shown');
for (@shown) {
    my $asked = $json->decode(s/example\.com/a.example/gr);
    my $reply = $nginx->post('/api/v2/query', $json->encode($asked),
        Authorization => "Bearer $token");
    is($reply->{status}, 200, 'answered: ' . s/\s+/ /gr)
        or diag($reply->{body});
}
$t->done;
