# Promise: a program that speaks the Model Context Protocol is told what the
# Stats API says, in all its versions that we speak, and nothing of another
# account; of a request that is not one of the protocol it is told what is
# wrong; no page of another site can ask.
#
# Method: random questions by each tool, asked by the clients that programs use
# (tests/e2e/mcp.mjs) through nginx with the shipped files, and the same of the
# API.  QUESTIONS=N for more, SEED=N for the same again.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Questions;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use Time::HiRes ();

my $QUESTIONS = $ENV{QUESTIONS} // 80;
my $EXPLAIN = 4 + $QUESTIONS / 50;
my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 120 + $QUESTIONS);
diag("SEED=$SEED");
my $world = Glinto::World->new($t, conf => 'token_requests_per_minute 1000000',
    sites => ['a', 'live', ['theirs', 'other']]);
my $agent = $world->agent;
my $nginx = $t->nginx(shipped($t));
my $json = JSON::PP->new->canonical->utf8;
my %token = map { $_ => $agent->json('token', 'create', '--account',
    $_)->{token} } qw(default other);

# ---- what was counted ----

my @days = days();
$agent->import_lines('a.example', map { lines("v$_") } 1 .. 150);

my $now_ms = int(1000 * Time::HiRes::time());
my $segment = $world->segment(wall_ms => $now_ms - 3_600_000);
$segment->event(site => 'live.example', visitor => $_->[0], path => $_->[1],
    at_ms => $now_ms - 60_000 * $_->[2])
    for [1, '/old', 45], [2, '/', 20], [2, '/b', 19], [3, '/b', 1], [4, '/b', 1];
$segment->close;
$world->empty('live events are rows');

# ---- questions ----

my @metrics = metrics();
my @by = dimensions();
my %call = (
    query => sub {
        my $query = query('a.example');
        return ($query, $query);
    },
    breakdown => sub {
        my %asked = (site_id => 'a.example', metrics => some(@metrics),
            date_range => range(), filters => filters());
        my ($by, $limit) = (pick(@by), 1 + int rand 4);
        return ({%asked, dimension => $by, limit => $limit}, {%asked,
            dimensions => [$by], pagination => {limit => $limit}, include =>
            {total_rows => JSON::PP::true}});
    },
    compare => sub {
        my %asked = (site_id => 'a.example', metrics => some(@metrics),
            date_range => range(), filters => filters(), dimensions =>
            [rand() < .5 ? pick(@by) : ()]);
        my $with = pick({mode => 'custom', date_range => range()}, undef);
        return ({%asked, $with ? (with => $with) : ()}, {%asked, pagination =>
            {limit => 10}, include => {total_rows => JSON::PP::true,
            comparisons => $with // {mode => 'previous_period'}}});
    },
    # Of these three the tool takes what the API does.
    funnel => sub { twice(funnel => {steps => [map { rand() < .5 ?
        {page => pick('/*', '/**', '/price')} : {event => 'signup'} }
        1 .. 2 + rand 2]}) },
    journey => sub { twice(journey => {from => pick('/', '/blog'), direction =>
        pick(qw(next previous)), steps => 1 + int rand 3}, pagination =>
        {limit => 5}) },
    retention => sub { twice(retention => 'week') });
sub twice {
    my %query = (site_id => 'a.example', date_range => range(),
        filters => filters(), @_);
    return (\%query, {%query});
}
my @calls = map { my $tool = pick(sort keys %call);
    my ($arguments, $query) = $call{$tool}->();
    {tool => $tool, arguments => $arguments, query => $query} }
    1 .. $QUESTIONS;
# What is refused is refused in the same words.
my @refused = ({site_id => 'theirs.example'}, {site_id => 'none.example'},
    {metrics => ['visitor']}, {date_range => 'long'}, {x => 1},
    {filters => [['is', 'event:goal', ['x']]]}, {metrics => []});
push @calls, map { my %asked = (site_id => 'a.example', metrics => ['visits'],
    date_range => range(), %$_); {tool => 'query', arguments => {%asked},
    query => {%asked}} } @refused;
my @own = (['list_sites', {}], ['list_sites', {search => 'live'}],
    ['realtime', {site_id => 'live.example'}],
    ['realtime', {site_id => 'theirs.example'}],
    ['breakdown', {site_id => 'a.example', date_range => range()}],
    ['breakdown', {site_id => 'a.example', date_range => range(),
        dimension => 'event:page', limit => 0}],
    ['compare', {site_id => 'a.example', x => 1}],
    ['explain_change', {site_id => 'a.example', date_range => range(),
        metric => 'visits', dimensions => []}],
    ['explain_change', {site_id => 'theirs.example', date_range => range(),
        metric => 'visits'}], ['list_sites', {search => 7}]);
push @calls, map { {tool => $_->[0], arguments => $_->[1]} } @own;
my @explain = map { my $dimensions = some(@by);
    {site_id => 'a.example', metric => pick(@metrics), date_range => range(),
    filters => filters(), limit => 1 + int rand 3, compared_with => {mode =>
    'custom', date_range => range()}, $_ % 2 ? (dimensions => $dimensions)
    : ()} } 1 .. $EXPLAIN;
push @explain, {site_id => 'a.example', metric => 'visitors', date_range =>
    [@days[7, 13]]};

spew($t->path('orders'), $json->encode({url => 'http://127.0.0.1:'
    . $nginx->port, token => $token{default}, calls => \@calls, explain =>
    \@explain}));
my $pid = $t->spawn(node => 'node', $t->root . '/tests/e2e/mcp.mjs',
    $t->path('orders'), $t->path('answers'), {log => $t->path('node.log'),
    env => {HOME => $t->dir}});
is($t->ended($pid, $t->slow(100 + $QUESTIONS)), 0, 'the clients went through')
    or diag(slurp($t->path('node.log')));
my $told = $json->decode(slurp($t->path('answers')));
my @differences = @{$told->{differences}};
printf "# MCP1 %d %d %.1f %s\n", scalar @calls, scalar @differences,
    Time::HiRes::time() - $began, $SEED;
is(scalar @differences, 0, @calls . ' calls and ' . @explain
    . ' explanations: 0 differences') or diag(join "\n\n", grep { defined }
    @differences[0 .. 2]);

is(scalar(grep { $_->{error} } @{$told->{answers}}[0 .. $QUESTIONS - 1]), 0,
    'none of these was refused');

# ---- what has no counterpart in the API ----

my @last = @{$told->{answers}}[-@own .. -1];
is(join(' ', map { "$_->{site_id} $_->{timezone}" }
    @{$last[0]{told}{sites}}), 'a.example UTC live.example UTC',
    'the sites of the account alone');
is("$last[1]{told}{sites}[0]{site_id} $last[1]{told}{total}",
    'live.example 1', 'one of them');
my $live = $last[2]{told};
is($json->encode([@$live{qw(last_5_minutes last_30_minutes pages)}]),
    $json->encode([{visitors => 2, pageviews => 2, events => 2},
    {visitors => 3, pageviews => 4, events => 4},
    [{page => '/b', visitors => 3, pageviews => 3, events => 3},
    {page => '/', visitors => 1, pageviews => 1, events => 1}]]), 'now');
is($live->{sources}[0]{source}, 'Direct / None', 'and from where');
is(join(' ', map { $_->{visitors} } @{$live->{minutes}}), '1 1 2',
    'minute by minute');
my @said = map { $_->{error} // 'nothing' } @last[3 .. 9];
is(join('|', @said), join('|', 'there is no such site',
    '"dimension" is missing', '"limit" is a whole number from 1 to 10000',
    'there is no argument "x"', '"dimensions" is a list of 1 to 10',
    'there is no such site', '"search" is a text'), 'sentences');

# ---- what the clients saw ----

my %version = (sdk => '2025-11-25', client => '2026-07-28',
    auto => '2026-07-28', handshake => '2025-11-25');
my @names = qw(list_sites query breakdown compare funnel journey retention
    realtime explain_change);
for my $client (@{$told->{clients}}) {
    my $name = $client->{name};
    my @tools = @{$client->{tools}};
    is($client->{version}, $version{$name}, "$name: $version{$name}");
    is($client->{server}{name}, 'glinto', "$name: who answers");
    like($client->{instructions}, qr/list_sites/, "$name: how to begin");
    is(join(' ', map { $_->{name} } @tools), "@names", "$name: the tools");
    is(scalar(grep { $_->{annotations}{readOnlyHint}
        && $_->{inputSchema}{type} eq 'object' } @tools), scalar @names,
        "$name: all of them only read, and say what they take");
}
my %schema = map { $_->{name} => $_->{inputSchema} }
    @{$told->{clients}[0]{tools}};
my $api = $json->decode($nginx->get('/api/docs/query/schema.json')->{body});
is($json->encode($schema{query}), $json->encode($api),
    'a query is what the API takes');
is($json->encode($schema{breakdown}{properties}{filters}),
    $json->encode($api->{properties}{filters}), 'filters are its own');

# ---- requests by hand ----

my %meta = ('io.modelcontextprotocol/protocolVersion' => '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities' => {});
sub post {
    my ($body, %headers) = @_;
    my $reply = $agent->dashboard('POST', '/glinto/mcp', ref $body
        ? $json->encode($body) : $body, {Authorization =>
        "Bearer $token{default}", %headers});
    my $text = $reply->{body} // '';
    my $answer = eval { $json->decode($text) };
    return $reply->{status} . ' ' . ($answer && $answer->{error}
        ? ref $answer->{error} ? $answer->{error}{code} : $answer->{error}
        : $answer ? 'result' : $text);
}
sub request { my ($method, %params) = @_;
    return {jsonrpc => '2.0', id => 1, method => $method, params => \%params} }
sub now { my ($method, %params) = @_;
    return request($method, %params, _meta => {%meta}) }
my %is_now = ('MCP-Protocol-Version' => '2026-07-28');
my %list = (%is_now, 'Mcp-Method' => 'tools/list');
my %called = (%is_now, 'Mcp-Method' => 'tools/call');

is(post(now('tools/list'), %list), '200 result', 'a request of today');
is(post(request('tools/list')), '200 result', 'one of before');
is(post(request('tools/list'), 'MCP-Protocol-Version' => '2025-06-18'),
    '200 result', 'which says so');
is(post({jsonrpc => '2.0', method => 'notifications/initialized'}), '202 ',
    'a notification');
is(post(request('ping')), '200 result', 'ping');
for my $wrong ('', '{', '[]', '7', [now('tools/list')], {jsonrpc => '1.0',
    id => 1, method => 'ping'}, {jsonrpc => '2.0', id => undef, method =>
    'ping'}, {jsonrpc => '2.0', id => 1.5, method => 'ping'}, {jsonrpc =>
    '2.0', id => 1}, {%{request('ping')}, params => []}) {
    my $text = ref $wrong ? $json->encode($wrong) : $wrong;
    is(post($wrong), $text =~ /^[{7]?$/ ? '400 -32700' : '400 -32600',
        "'$text'");
}
is(post(now('tools/list'), %list, 'MCP-Protocol-Version' => '2025-11-25'),
    '400 -32020', 'the header names another version');
is(post(now('tools/list'), %list, 'MCP-Protocol-Version' => undef),
    '400 -32020', 'or none');
is(post(now('tools/list'), %is_now), '400 -32020', 'no Mcp-Method');
is(post(now('tools/call', name => 'list_sites'), %called), '400 -32020',
    'no Mcp-Name');
is(post(now('tools/call', name => 'list_sites'), %called, 'Mcp-Name' => $_),
    '200 result', "Mcp-Name: $_")
    for 'list_sites', '=?base64?bGlzdF9zaXRlcw==?=';
is(post(request('tools/list', _meta => {%meta,
    'io.modelcontextprotocol/protocolVersion' => '1900-01-01'}), %list,
    'MCP-Protocol-Version' => '1900-01-01'), '400 -32022', 'not spoken here');
is(post(request('tools/list'), 'MCP-Protocol-Version' => '1900-01-01'),
    '400 -32022', 'nor before');
is(post(request('tools/list', _meta => {}), %list), '400 -32602',
    'nothing about the client');
is(post(now('resources/list'), %is_now, 'Mcp-Method' => 'resources/list'),
    '404 -32601', 'no such method');
is(post(request('resources/list')), '200 -32601', 'nor before');
is(post(now('initialize'), %is_now, 'Mcp-Method' => 'initialize'),
    '404 -32601', 'no handshake today');
is(post(request('server/discover')), '200 -32601', 'no discovery before');
is(post(request('tools/call', name => 'drop')), '200 -32602', 'no such tool');
is(post(request('tools/call', name => 'query', arguments => [])),
    '200 -32602', 'arguments are an object');
is(post(request('tools/call')), '200 -32602', 'no name');
is(post('[' x 8000), '400 -32700', 'deep');
like(post(' ' x 8193), qr/^413 the body is longer/, 'long');

# ---- who may ----

is(post(request('ping'), Authorization => undef),
    '401 send a token as "Authorization: Bearer TOKEN"', 'no token');
is(post(request('ping'), Authorization => 'Bearer gl_x'),
    '401 this token is not known', 'a wrong one');
is(post(request('ping'), Host => 'a.example', Origin => $_), '200 result',
    "from $_") for 'https://a.example', 'http://a.example';
is(post(request('ping'), Host => 'a.example', Origin => $_),
    '403 Origin is not this host', "from '$_'")
    for 'https://evil.example', 'null', '', 'https://a.example.evil.example',
    'https://a.example:8443', 'a.example', 'ftp://a.example';
is(post(request('ping'), Host => 'a.example', Origin => 'https://evil.example',
    Authorization => undef), '403 Origin is not this host',
    'which is said before all else');
is($agent->dashboard($_, '/glinto/mcp', undef, {})->{headers}{allow}, 'POST',
    $_) for qw(GET DELETE);
$t->done;
