# Promise: nothing of a site is given to whoever may not see it, by any path of
# the dashboard socket: there is one table of them, aggregator/serve/paths.def,
# and each path in it either asks for what it needs or is one of those that are
# the same for everybody.
#
# Method: the table read by a script; each path asked without a token, with a
# wrong one, with another account's, for a site that is not there, and with
# every method.  A path that is added without a check fails here by itself.
# Every answer to all of this is one that no browser keeps, nor takes for
# another type, and that tells no other site where it was.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Paths;
use Glinto::People;
use Glinto::Test;
use JSON::PP ();

# The same for everybody, and why.
my %OPEN = (
    list => 'public sites alone',
    asset => 'style and script',
    schema => 'what a query looks like',
    metrics => 'no site, and nginx decides who gets here: metrics.t',
    sign_in_page => 'a form',
    sign_in => 'takes a password: people.t',
    welcome_page => 'takes a link that works once: people.t',
    welcome => 'the same',
    leave_page => 'a form',
    leave => 'takes the secret of a mail: mail.t',
    share_open => 'takes the password of a link: shares.t',
);
my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site('hidden.example', '--timezone', 'UTC');
$agent->site('open.example', '--public');
$agent->glinto('account', 'add', 'other');
my %token = map { my $created = $agent->json('token', 'create', '--account', $_,
        '--scope', 'stats:read,sites:write');
    $_ => $created->{token} } qw(default other);
my $foreign = person($agent, 'foreign', '--account', 'other', '--role',
    'owner');
my $viewer = person($agent, 'viewer', '--site', 'hidden.example');
my $narrow = $agent->json('token', 'create', '--scope', 'events:write')->{token};
my %key = (Upgrade => 'websocket', Connection => 'Upgrade',
    Origin => 'http://localhost', Host => 'localhost',
    'Sec-WebSocket-Version' => 13,
    'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==');

my @table = paths($t);

# By TOKEN, a site is named by what is asked for deeper in the body.
sub body_of {
    my ($needs, $site) = @_;
    my %query = (site_id => $site, metrics => ['visitors'],
        date_range => '7d');
    return JSON::PP::encode_json($needs eq 'ASK' ? \%query : {jsonrpc =>
        '2.0', id => 1, method => 'tools/call', params => {name => 'query',
        arguments => \%query}});
}

my %BODY = (query => sub { body_of('ASK', @_) },
    link_put => sub { qq({"site_id":"$_[0]","name":"x"}) },
    guest_put => sub { qq({"site_id":"$_[0]","email":"x","role":"viewer"}) },
    mcp => sub { body_of('TOKEN', @_) }, site_update =>
    sub { qq({"domain":"renamed.example"}) }, site_create =>
    sub { qq({"domain":"made.example"}) }, definition_put =>
    sub { qq({"site_id":"$_[0]"}) });
my %METHOD = (READ => 'GET');
my %SCOPE = (
    (map { $_ => 'stats:read' } qw(TOKEN ASK SEE COUNT ROWS LIST LOOK VIEW
        SHARE EMBED EDIT READ GIVE)),
    map { $_ => 'sites:write' } qw(CREATE SET CHANGE));
my %PARAMS = (file => '?detail=pages', share_file => '?detail=pages');

# What no answer is without; of $answers so far.  Two are for everybody: what a
# query looks like, and the counter of a public site.
my ($answers, %bare) = (0);
sub look {
    my ($path, $reply) = @_;
    my %h = %{$reply->{headers}};
    my $is = join '; ', map { $h{$_} // '' } qw(cache-control
        x-content-type-options referrer-policy content-security-policy);
    $answers++;
    return if $reply->{status} == 101; # a WebSocket is no answer to keep
    $is =~ s/^public, max-age=\d+/no-store/
        if $path =~ m{schema\.json|/counter/};
    $bare{"$path: $reply->{status} $is"}++ if $is !~ m{^no-store;[ ]nosniff;[ ]
        (?:no-referrer|strict-origin);[ ].*frame-ancestors}x;
}

# Status of PATH for SITE by the holder of TOKEN, or of COOKIE.
sub ask {
    my ($row, $site, $token, $cookie) = @_;
    my ($function, $method, $path, $needs) = @$row;
    my %headers = $function =~ /live$/ ? %key : ();
    $headers{Authorization} = "Bearer $token" if defined $token;
    $headers{Cookie} = $cookie if defined $cookie;
    $headers{Host} = $needs eq 'COUNT' ? $site : 'localhost';
    my $place = $needs eq 'COUNT' ? '/counter/TOTAL.json'
        : $needs !~ /^(?:ASK|VIEW|CHANGE|GIVE)$/ ? $path =~ s/\*+/$site/r
        : $path =~ s/\*+/aggregate/r . ($method =~ /^P/ ? '' : "?site_id=$site");
    my $reply = $agent->dashboard($METHOD{$method} // $method,
        $place . ($PARAMS{$function} // ''),
        $method =~ /^P/ ? ($BODY{$function} // sub { '' })->($site) : undef,
        \%headers);
    look($path, $reply);
    my $text = $reply->{body} // '';
    # in a tool's answer
    return (404, $text) if $needs eq 'TOKEN'
        && $text =~ /"there is no such site"/;
    return ($reply->{status}, $text);
}

for my $row (@table) {
    my ($function, $method, $path, $needs) = @$row;
    if ($OPEN{$function}) {
        is($needs, $method ne 'POST' || $function eq 'leave' ? 'NOTHING' : 'FORM',
            "$path is for everybody: $OPEN{$function}");
        next;
    }
    if ($needs eq 'SIGNED') { # of no site: who it is for, people.t
        is((ask($row, 'hidden.example'))[0] . ' ' . (ask($row,
            'hidden.example', $token{default}))[0], '401 401', "$path: nobody");
        next;
    }
    if ($needs =~ /^(?:MINE|ALTER)$/) { # the rest is people.t's, settings.t's
        is((ask($row, 'hidden.example'))[0], 403, "$path: not of this host");
        next;
    }
    ok($SCOPE{$needs}, "$path: asks for a scope") or next;
    if ($needs =~ /^(?:SHARE|EMBED)$/) { # what else it is: shares.t
        my %link = map { $_ => (split m{/}, $agent->json('share', 'add', $_)
            ->{link})[-1] } 'hidden.example', 'open.example';
        my $gone = $agent->json('share', 'add', 'hidden.example');
        $agent->glinto('share', 'remove', 'hidden.example',
            $gone->{share}{id});
        is(join(' ', map { (ask($row, @$_))[0] } [$link{'hidden.example'}],
            [$gone->{link} =~ s{.*/}{}r], ['x' x 22], ['hidden.example'],
            ['hidden.example', $token{default}],
            ['hidden.example', undef, $viewer]), ($function =~ /live/ ? 101
            : 200) . ' 404 404 404 404 404', "$path: by its link alone");
        unlike((ask($row, $link{'open.example'}))[1], qr/hidden\.example/,
            "$path: another's link");
        next;
    }
    if ($needs eq 'READ') { # by people alone, whoever may see the site
        is(join(' ', map { (ask($row, @$_))[0] } ['hidden.example'],
            ['open.example'], ['hidden.example', $token{default}],
            ['unknown.example'], ['hidden.example', undef, $viewer],
            ['hidden.example', undef, $foreign],
            ['open.example', undef, $foreign],
            ['unknown.example', undef, $foreign]),
            '401 401 401 401 200 404 404 404',
            "$path: nobody, a token, no such site, a viewer, another account's");
        next;
    }
    if ($needs eq 'EDIT') { # who may is settings.t's
        is(join(' ', map { (ask($row, @$_))[0] } ['hidden.example'],
            ['hidden.example', $token{default}],
            ['hidden.example', undef, $viewer],
            ['hidden.example', undef, $foreign],
            ['unknown.example', undef, $foreign]), '401 401 403 404 404',
            "$path: nobody, a token, a viewer, another account's");
        next;
    }
    my ($none) = ask($row, 'hidden.example', undef);
    my ($wrong) = ask($row, 'hidden.example', "$token{default}x");
    my ($less, $less_text) = ask($row, 'hidden.example', $narrow);
    is($less, 403, "$method $path: its own account's token without the scope");
    like($less_text, qr/has not the scope $SCOPE{$needs}/, 'which is named');
    if ($needs =~ /^(?:LIST|CREATE)$/) { # of no one site
        is("$none $wrong", '401 401', "$path: no token, a wrong one");
        next;
    }
    # A person's session is for pages alone.
    my $sees = $needs =~ /^(?:SEE|COUNT)$/;
    my $page = $function eq 'live' ? 101 : $needs eq 'COUNT' ? 404 : 200;
    my $own_page = $sees ? $page : 401;
    my $no_page = $sees ? 404 : 401;
    is(join(' ', map { (ask($row, $_->[0], undef, $_->[1]))[0] }
        ['hidden.example', $viewer], ['hidden.example', $foreign],
        ['unknown.example', $foreign]), "$own_page $no_page $no_page",
        "$method $path: a person, another account's, no such site");
    my ($other, $other_text) = ask($row, 'hidden.example', $token{other});
    my ($unknown, $unknown_text) = ask($row, 'unknown.example', $token{other});
    # that it may is sites_api.t's
    if ($needs =~ /^(?:SET|CHANGE)$/ || "$needs$method" =~ /^GIVE(?!READ)/) {
        is("$none $wrong $other $unknown", '401 401 404 404', "$method $path");
        next;
    }
    my ($own) = ask($row, 'hidden.example', $token{default});
    is("$none $wrong $other $unknown", '401 401 404 404',
        "$path: no token, a wrong one, another account's, no such site");
    is($other_text =~ s/hidden\.example/unknown.example/gr, $unknown_text,
        "$path: another's site is as one that is not there");
    is($own, $page, "$path: opens with its own token");
    my ($public) = ask($row, 'open.example', undef);
    is($public, $sees ? $page : 401,
        "$path: of a public site, without a token");
    is((ask($row, 'unknown.example', undef))[0], 401,
        "$path: who has no token learns nothing of which sites there are")
        if !$sees;
}

# ---- methods ----

my %allow;
push @{$allow{$_->[2]}}, $_->[1] eq 'READ' ? qw(GET HEAD) : $_->[1]
    for @table;
for my $path (sort keys %allow) {
    my $allow = join ', ', @{$allow{$path}};
    for my $no (grep { $allow !~ /\b$_\b/ }
        qw(GET HEAD POST PUT DELETE PATCH OPTIONS)) {
        my $reply = $agent->dashboard($no, $path =~ s/\*+/open.example/r,
            $no =~ /^P/ ? '{}' : undef, {});
        look($path, $reply);
        is("$reply->{status} " . ($reply->{headers}{allow} // ''),
            "405 $allow", "$no $path");
    }
}

# ---- headers ----

look($_->[2], $agent->dashboard('GET', $_->[2] =~ s/\*+/open.example/r, undef, {}))
    for grep { $OPEN{$_->[0]} && $_->[1] eq 'READ' } @table;
is(join("\n", sort keys %bare), '', "the headers of $answers answers");
cmp_ok($answers, '>', 500, 'of all paths');

# ---- what is wrong with a query is told to who may ask ----

sub post {
    my ($body, $token) = @_;
    my $reply = $agent->dashboard('POST', '/api/v2/query', $body,
        {defined $token ? (Authorization => "Bearer $token") : ()});
    return "$reply->{status} $reply->{body}";
}
like(post('{', undef), qr/^401 \{"error":"send a token as/,
    'no token comes first');
like(post('{', $token{default}), qr/^400 \{"error":"the body is not JSON: /,
    'no JSON');
like(post('', $token{default}), qr/^400 \{"error":"the body is not JSON: /,
    'nothing');
like(post($_, $token{default}),
    qr/^400 \{"error":"the body is a JSON object/, $_)
    for '[]', '{}', '{"site_id":7}';
like(post('{"site_id":"a","site_id":"b"}', $token{default}),
    qr/^400 .*duplicate/, 'a key twice');
like(post('{"site_id":"hidden.example"}', $token{default}),
    qr/^400 \{"error":"\\"metrics\\" is missing"\}/, 'a key is missing');
like(post('{"site_id":"Hidden.Example","metrics":["visits"],'
    . '"date_range":"day"}', $token{default}), qr/^200 /, 'a domain in any case');
like(post('[' x 8000, $token{default}), qr/^400 /, 'deep');
like(post(' ' x 8193, $token{default}), qr/^413 \{"error":"the body is longer/,
    'long');
like(post(' ' x 70_000, $token{default}), qr/^413 /, 'too long');

sub get {
    my ($parameters) = @_;
    my $reply = $agent->dashboard('GET', "/api/v1/stats/aggregate$parameters",
        undef, {Authorization => "Bearer $token{default}"});
    return "$reply->{status} $reply->{body}";
}
like(get($_), qr/^400 \{"error":"\\"site_id\\" is the domain of a site/,
    "GET: '$_'") for '', '?', '?period=7d';
like(get("?$_"), qr/^400 \{"error":"parameters are NAME=VALUE/, "GET: $_")
    for 'site_id', 'site_id=a&site_id=b', 'site_id=a&filters=%ff';

# ---- the schema says what is taken ----

my $schema = JSON::PP::decode_json(
    $agent->dashboard('GET', '/api/docs/query/schema.json', undef, {})->{body});
sub words {
    my ($file, $macro) = @_;
    my $def = slurp($t->root . "/aggregator/question/$file")
        =~ s{/\*.*?\*/}{}gsr;
    return sort $def =~ /^$macro\(\w+, "([^"]+)"/mg;
}
my $defs = $schema->{'$defs'};
is(join(' ', sort @{$schema->{properties}{metrics}{items}{enum}}),
    join(' ', words('metrics.def', 'METRIC')), 'the schema has all metrics');
is(join(' ', sort @{$defs->{dimension}{anyOf}[0]{enum}}, 'event:props:',
    'time'),
    join(' ', words('dimensions.def', 'DIMENSION')), 'and all dimensions');
$t->done;
