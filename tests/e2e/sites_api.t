# Promise: a program with a token adds, lists, renames and removes the sites of
# its account in Plausible's words, and those of no other account.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator(conf => 'token_requests_per_minute 200');
my $json = JSON::PP->new->canonical->utf8;
$agent->glinto('account', 'add', 'other');
$agent->site('theirs.example', '--account', 'other');
my $token = $agent->json('token', 'create', '--scope', 'sites:write')->{token};
my $reads = $agent->json('token', 'create')->{token};

sub call {
    my ($method, $rest, $body, $by) = @_;
    my $reply = $agent->dashboard($method, "/api/v1/sites$rest",
        ref $body ? $json->encode($body) : $body,
        {Authorization => 'Bearer ' . ($by // $token)});
    is($reply->{headers}{'access-control-allow-origin'}, undef, 'CORS is off');
    return "$reply->{status} $reply->{body}";
}
sub page {
    my ($rest) = @_;
    my (undef, $body) = split / /, call('GET', "?$rest"), 2;
    my $page = $json->decode($body);
    return (join(' ', map { $_->{domain} =~ s/\.example//r } @{$page->{sites}}),
        $page->{meta});
}

# ---- one site ----

is(call('POST', '', {domain => 'www.A.example', timezone => 'Europe/Berlin'}),
    '200 {"domain":"a.example","timezone":"Europe/Berlin"}', 'made');
is($agent->json('site', 'list')->{sites}[0]{account}, 'default',
    'in the account of the token');
like(slurp($t->path('sites')), qr/^a\.example$/m, 'workers know it');
is(call('GET', '/a.example', undef, $_),
    '200 {"domain":"a.example","timezone":"Europe/Berlin"}', 'read')
    for $token, $reads;
is(call('POST', '', {domain => 'b.example'}),
    '200 {"domain":"b.example","timezone":"UTC"}', 'without a zone');
is(call('PUT', '/b.example', {domain => 'c.example'}),
    '200 {"domain":"c.example","timezone":"UTC"}', 'renamed');
like(slurp($t->path('sites')), qr/^b\.example$/m, 'its old name counts');
is(call('GET', '/b.example'), '200 {"domain":"c.example","timezone":"UTC"}',
    'and finds it');
is(call('DELETE', '/c.example'), '200 {"deleted":true}', 'removed');
is(call('GET', '/c.example'), '404 {"error":"there is no such site"}', 'gone');

# ---- forms, as "curl -F" and "curl -d" send them ----

my $BOUNDARY = '------------------------d74496d66958873e';
sub form {
    my ($method, $rest, $type, $body) = @_;
    my $reply = $agent->dashboard($method, "/api/v1/sites$rest", $body,
        {Authorization => "Bearer $token", 'Content-Type' => $type});
    return "$reply->{status} $reply->{body}";
}
sub parts {
    my (%fields) = @_;
    return join('', map { "--$BOUNDARY\r\nContent-Disposition: form-data; "
        . "name=\"$_\"\r\n\r\n$fields{$_}\r\n" } sort keys %fields)
        . "--$BOUNDARY--\r\n";
}
my $multipart = "multipart/form-data; boundary=$BOUNDARY";
my $urlencoded = 'application/x-www-form-urlencoded';
is(form('POST', '', $multipart, parts(domain => 'f.example', timezone =>
    'Europe/London')),
    '200 {"domain":"f.example","timezone":"Europe/London"}', 'curl -F');
is(form('PUT', '/f.example', $urlencoded, 'domain=g.example'),
    '200 {"domain":"g.example","timezone":"Europe/London"}', 'curl -d');
is(form('POST', '', $urlencoded, ' {"domain":"h.example"}'),
    '200 {"domain":"h.example","timezone":"UTC"}', 'JSON that curl -d sends');
like(form('PUT', '/goals', $multipart, parts(site_id => 'g.example', goal_type =>
    'page', page_path => '/register')), qr/^200 .*"page_path":"\/register"/,
    'a goal');
my ($goal) = $agent->dashboard('GET', '/api/v1/sites/goals?site_id=g.example',
    undef, {Authorization => "Bearer $token"})->{body} =~ /"id":"?([\w-]+)/;
like(form('DELETE', "/goals/$goal", $multipart, parts(site_id => 'g.example')),
    qr/^200 .*"deleted":true/, 'removed, with a body');
like(form('POST', '', @$_[0, 1]), qr/^400 .*\Q$_->[2]\E/, $_->[3]) for
    [$multipart,
        parts(domain => 'i.example') =~ s/; name/; filename="x"; name/r,
        'no files', 'a file'],
    [$multipart, parts(domain => 'i.example') =~ s/--\r\n\z//r, 'a form has',
        'cut off'],
    [$multipart, "junk\r\n" . parts(domain => 'i.example'), 'a form has',
        'something before'],
    ['multipart/form-data', parts(domain => 'i.example'), 'a form has',
        'no boundary'],
    [$multipart, parts(domain => "i\xff.example"), 'a form has', 'not UTF-8'],
    [$multipart, parts(other => 'x'), 'is no key', 'another field'],
    [$urlencoded, 'domain=i.example&domain=j.example', 'each once', 'twice'];
is(form('DELETE', "/$_.example", '', undef), '200 {"deleted":true}', 'removed')
    for 'g', 'h';
my $letters = "B\x{fc}cher.example";
is(call('POST', '', {domain => $letters}),
    '200 {"domain":"xn--bcher-kva.example","timezone":"UTC"}', 'in letters');
for my $name ('b%C3%BCcher.example', 'B%C3%9CCHER.example.',
    'www.xn--bcher-kva.example', 'xn--bcher-kva.example:443')
{
    like(call('GET', "/$name"), qr/^200 .*"xn--bcher-kva\.example"/,
        "it is $name, too");
}
is(call('PUT', '/xn--bcher-kva.example', {domain => 'WWW.E.example.'}),
    '200 {"domain":"e.example","timezone":"UTC"}', 'renamed in another form');
is(call('DELETE', '/E.EXAMPLE.'), '200 {"deleted":true}', 'and removed');

# ---- what is refused, and changes nothing ----

my $before = $agent->glinto('site', 'list');
for my $refused (
    [409, 'a site \"a.example\" already', 'POST', '', {domain => 'A.example'}],
    [409, 'a site \"theirs.example\" already', 'POST', '',
        {domain => 'theirs.example'}],
    [400, 'a b', 'POST', '', {domain => 'a b'}],
    [400, 'has a port', 'POST', '', {domain => 'd.example:8080'}],
    [400, 'is not the name of a host', 'POST', '', {domain => '-d.example'}],
    [400, 'is not the name of a host', 'PUT', '/a.example',
        {domain => 'https://d.example/'}],
    [400, 'no time zone \"Mars\"', 'POST', '',
        {domain => 'd.example', timezone => 'Mars'}],
    [400, '\"domain\" is missing', 'POST', '', {timezone => 'UTC'}],
    [400, '\"domain\" is a text', 'POST', '', {domain => 7}],
    [400, '\"team_id\" is no key', 'POST', '',
        {domain => 'd.example', team_id => 'x'}],
    [400, 'not JSON', 'POST', '', 'domain=d.example'],
    [400, 'is a JSON object', 'POST', '', []],
    [400, '\"domain\" is missing', 'PUT', '/a.example', {}],
    [409, 'a site \"theirs.example\" already', 'PUT', '/a.example',
        {domain => 'theirs.example'}],
    [404, 'no such site', 'PUT', '/theirs.example', {domain => 'd.example'}],
    [404, 'no such site', 'DELETE', '/theirs.example'],
    [404, 'no such site', 'GET', '/theirs.example'],
    [400, '\"limit\" is a whole number from 1 to 1000', 'GET', '?limit=0'],
    [400, '\"limit\" is a whole', 'GET', '?limit=1001'],
    [400, '\"limit\" is a whole', 'GET', '?limit=5x'],
    [400, 'do not go together', 'GET', '?after=a&before=b'],
    [400, '\"page\" is no key', 'GET', '?page=2'],
) {
    my ($status, $sentence, @call) = @$refused;
    like(call(@call), qr/^$status \{"error":"[^\n]*\Q$sentence\E/,
        "$status: $sentence");
}
like(call('POST', '', {domain => 'd.example'}, $reads),
    qr/^403 .*sites:write/, 'a token that reads makes none');
like(call('DELETE', '/a.example', undef, $reads), qr/^403 .*sites:write/,
    'and removes none');
for my $call (['POST', '', '{"domain":"d.example"}'], ['DELETE', '/a.example'],
    ['PUT', '/a.example', '{"domain":"d.example"}']) {
    my ($method, $rest, $body) = @$call;
    is($agent->dashboard($method, "/api/v1/sites$rest", $body, {Authorization =>
        "Bearer $token", Origin => 'https://evil.example', Host =>
        'stats.example'})->{status}, 403, "$method by a page of another site");
}
is($agent->glinto('site', 'list'), $before, 'nothing was changed');

# ---- pages of the list ----

call('POST', '', {domain => "s$_.example"}) for 1 .. 4;
my ($names, $meta) = page('');
is($names, 'a s1 s2 s3 s4', 'all of this account, by name');
is($json->encode($meta), '{"after":null,"before":null,"limit":100}',
    'on one page');
($names, $meta) = page('limit=2');
is($names, 'a s1', 'the first two');
is($meta->{before}, undef, 'nothing before');
($names, $meta) = page("limit=2&after=$meta->{after}");
is($names, 's2 s3', 'the next');
($names, my $last) = page("limit=2&after=$meta->{after}");
is($names, 's4', 'the last');
is($last->{after}, undef, 'nothing after');
($names, $meta) = page("limit=2&before=$last->{before}");
is($names, 's2 s3', 'back');
($names, $meta) = page("limit=2&before=$meta->{before}");
is($names, 'a s1', 'to the first');
is($meta->{before}, undef, 'which is the first');
$t->done;
