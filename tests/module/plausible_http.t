#!/usr/bin/perl

# Promise: the event API's HTTP is what its clients expect: any content type,
# forms, several sites in one request, the answers 202, 400 and 413 with their
# headers for other origins, and the preflight.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Hits;

my $t = Glinto::Test->new;
$t->prepare;
spew($t->path('sites'), "a.example\nb.example\n");
my $nginx = $t->nginx(
    server => 'location = /api/event { glinto_collect plausible; }
               location = /own { glinto_collect plausible;
                                 glinto_site b.example; }');
my $hits = Glinto::Hits->new($t, $nginx);

my $u = 'https://a.example/p';
my $body = qq({"n":"pageview","u":"$u","d":"a.example"});
my %page = (site => 'a.example', kind => 1, host => 'a.example', path => '/p');
sub sites { [map { $_->{site} } @{$_[0]{events}}] }

for my $type ('text/plain', 'application/json', 'text/plain; charset=UTF-8',
    'application/x-www-form-urlencoded', undef)
{
    my $hit = $hits->post('/api/event', $body, 'Content-Type' => $type);
    my $name = $type // 'no content type';
    is($hit->{status}, 202, "JSON as $name");
    is_deeply($hit->{events}, [\%page], "JSON as $name: the event");
}

# The answer.
my $ok = $hits->post('/api/event', $body, Origin => 'https://a.example');
is($ok->{body}, 'ok', 'the body "ok"');
like($ok->{headers}{'content-type'}, qr{^text/plain}, 'as text');
is($ok->{headers}{'access-control-allow-origin'}, '*', 'for every origin');
is($ok->{headers}{'cache-control'}, 'no-store', 'never from a cache');
ok(!exists $ok->{headers}{'x-plausible-dropped'}, 'nothing dropped');

# Forms.
my $form = 'application/x-www-form-urlencoded';
for (
    ['a form', "n=pageview&u=https%3A%2F%2Fa.example%2Fp&d=a.example",
        {%page}],
    ['long names', "name=pageview&url=$u&domain=a.example", {%page}],
    ['a form with properties',
        "n=Order&u=$u&d=a.example&p[size]=L+XL&p%5Ba%5D=%C3%A9&i=false",
        {%page, kind => 2, name => 'Order', passive => 1,
            props => {size => 'L XL', a => "\x{e9}"}}],
    ['a form with revenue',
        "n=Order&u=$u&d=a.example&%24[amount]=5&%24[currency]=EUR",
        {%page, kind => 2, name => 'Order', amount => '5',
            currency => 'EUR'}],
    ['a form with properties as JSON',
        "n=Order&u=$u&d=a.example&m=%7B%22a%22%3A1%7D",
        {%page, kind => 2, name => 'Order', props => {a => '1'}}],
    ['hash mode', "n=pageview&u=$u%23x&d=a.example&h=1",
        {%page, path => '/p#x'}],
    ['odd pairs', "&&=x&]=1&[]=2&p=1&p[a]=2&n=pageview&u=$u&d=a.example&%ff",
        {%page, props => {a => '2'}}],
    )
{
    my ($fact, $text, $event) = @$_;
    my $hit = $hits->post('/api/event', $text, 'Content-Type' => $form);
    is($hit->{status}, 202, $fact) or diag($hit->{body});
    is_deeply($hit->{events}, [$event], "$fact: the event");
}

# Said to be a form, as curl and others say by default.
for (
    ['JSON', $body],
    ['JSON behind white space', " \r\n\t$body"],
    ['JSON behind a byte order mark', "\xef\xbb\xbf $body"],
    )
{
    my ($fact, $text) = @$_;
    my $hit = $hits->post('/api/event', $text, 'Content-Type' => $form);
    is_deeply($hit->{events}, [{%page}], "$fact that is said to be a form");
}
for (
    ['nothing', ''], ['a word', 'hello'], ['half an object', '{"n":'],
    ['a list', "[$body]"], ['a string', '"x"'], ['white space', " \r\n\t"],
    ['a form of others', 'color=red&size=L'], ['pairs of nothing', '&=&&==x'],
    ['JSON behind a word', "data=$body"],
    )
{
    my ($fact, $text) = @$_;
    my $hit = $hits->post('/api/event', $text, 'Content-Type' => $form);
    is("$hit->{status} $hit->{body}",
        '400 {"errors":{"request":["is not a JSON object"]}}',
        "$fact that is said to be a form is refused");
}

# Bodies that are not a JSON object.
for (
    ['no body', ''],
    ['no JSON', 'hello'],
    ['half an object', '{"n":'],
    ['two objects', "$body$body"],
    ['a list', "[$body]"],
    ['a string', '"x"'],
    ['a form that does not say so', "n=pageview&u=$u&d=a.example"],
    ['bytes that are not UTF-8', qq({"n":"\xff","u":"$u"})],
    ['a NUL', qq({"n":"a\0b","u":"$u"})],
    ['a NUL outside of a string', qq({\\u0000"n":"a","u":"$u"})],
    ['half a string behind it', qq($body "abc)],
    ['a surrogate as bytes', qq({"n":"\xed\xa0\xbd","u":"$u"})],
    ['a long form of a byte', qq({"n":"\xc0\x80","u":"$u"})],
    ['a line end in a string', qq({"n":"a\n","u":"$u"})],
    ['an escape that is none', qq({"n":"\\x","u":"$u"})],
    ['half an escape', qq({"n":"\\ud83","u":"$u"})],
    ['a comment', qq(/* */$body)],
    ['a comma too much', qq({"n":"a","u":"$u",})],
    ['a number that is none', qq({"n":"a","u":"$u","x":01})],
    ['no number', qq({"n":"a","u":"$u","x":NaN})],
    ['two byte order marks', "\xef\xbb\xbf\xef\xbb\xbf$body"],
    ['17 levels', '{"n":' . '[' x 16 . ']' x 16 . '}'],
    ['8000 levels', '[' x 8000],
    ['8000 levels of objects', '{"a":' x 1600],
    )
{
    my ($fact, $text) = @$_;
    my $hit = $hits->post('/api/event', $text);
    is($hit->{status}, 400, "$fact is refused");
    is($hit->{body}, '{"errors":{"request":["is not a JSON object"]}}',
        "$fact: the reason");
    is($hit->{headers}{'content-type'}, 'application/json; charset=utf-8',
        "$fact: as JSON");
    is($hit->{headers}{'access-control-allow-origin'}, '*',
        "$fact: readable from every origin");
}
is_deeply(sites($hits->post('/api/event', qq({"n":"pageview","u":"$u",)
    . '"p":{"a":' . '[' x 14 . '"]}\\"[{' . '"' . ']' x 14 . '}}')),
    ['a.example'], '16 levels, and brackets in strings, are taken');

# What clients send that is not quite what they should.
for (
    ['a byte order mark', "\xef\xbb\xbf$body", {%page}],
    ['white space around it', " \r\n\t$body\n ", {%page}],
    ['half a character', qq({"n":"pageview","d":"a.example","u":"$u",)
        . '"p":{"a":"Big news \\ud83d","b":"\\udc00\\ud83d?"}}',
        {%page, props => {a => "Big news \x{fffd}",
            b => "\x{fffd}\x{fffd}?"}}],
    ['whole characters', qq({"n":"pageview","d":"a.example","u":"$u",)
        . '"p":{"\\u00e9":"\\ud83d\\ude00\\\\ud83d\\/"}}',
        {%page, props => {"\x{e9}" => "\x{1f600}\\ud83d/"}}],
    ['half a character in JSON in a string',
        qq({"n":"pageview","d":"a.example","u":"$u",)
        . '"m":"{\\"a\\":\\"x\\\\ud83d\\"}"}',
        {%page, props => {a => "x\x{fffd}"}}],
    ['an escaped NUL', qq({"n":"pageview","d":"a.example","u":"$u",)
        . '"p":{"a\\u0000":"b\\u0000c"}}', {%page, props => {a => 'bc'}}],
    ['numbers of any size', qq({"n":"pageview","d":"a.example","u":"$u",)
        . '"p":{"a":1e400,"b":123456789012345678901234567890,"c":1.10}}',
        {%page, props => {a => '1e400',
            b => '123456789012345678901234567890', c => '1.10'}}],
    ['a key twice', qq({"n":"x","n":"pageview","d":"a.example","u":"$u",)
        . '"p":{"a":1,"b":1,"a":2,"b":null}}', {%page, props => {a => '2'}}],
    )
{
    my ($fact, $text, $event) = @$_;
    my $hit = $hits->post('/api/event', $text);
    is($hit->{status}, 202, "$fact is taken") or diag($hit->{body});
    is_deeply($hit->{events}, [$event], "$fact: the event");
}

# Sites.
for (
    ['two sites', 'a.example,b.example', ['a.example', 'b.example'], undef],
    ['one of three is unknown', 'a.example, www.B.example ,c.example',
        ['a.example', 'b.example'], 1],
    ['unknown', 'c.example', [], 1],
    ['16 unknown', join(',', map { "x$_" } 1 .. 16), [], 16],
    )
{
    my ($fact, $d, $want, $dropped) = @$_;
    my $hit = $hits->event({n => 'pageview', u => $u, d => $d});
    is($hit->{status}, 202, $fact);
    is_deeply(sites($hit), $want, "$fact: events");
    is($hit->{headers}{'x-plausible-dropped'}, $dropped, "$fact: dropped");
}
is_deeply(sites($hits->post('/own', qq({"n":"pageview","u":"$u"}))),
    ['b.example'], 'no d: glinto_site');
is_deeply(sites($hits->post('/own', '{"n":"pageview","u":"/x"}')),
    ['b.example'], 'not even a host: glinto_site');

# Too large, and the connection afterwards.
my $large = $hits->post('/api/event', $body . ' ' x 8192);
is($large->{status}, 413, 'more than glinto_max_body');
like($large->{body}, qr/^\{"errors":\{"request":\[".*glinto_max_body"\]\}\}$/,
    'with the reason');
is_deeply($large->{events}, [], 'and no event');
is($hits->post('/api/event', $body . ' ' x (8192 - length $body))->{status},
    202, 'exactly glinto_max_body');

# Preflight, other methods.
my $c = Glinto::Http->connect($nginx->port);
my $flight = $c->request('OPTIONS', '/api/event',
    {Host => 'x', Origin => 'https://a.example',
        'Access-Control-Request-Method' => 'POST'});
is($flight->{status}, 204, 'the preflight');
is($flight->{headers}{'access-control-allow-origin'}, '*', 'every origin');
like($flight->{headers}{'access-control-allow-methods'}, qr/\bPOST\b/, 'POST');
like($flight->{headers}{'access-control-allow-headers'}, qr/\bContent-Type\b/,
    'Content-Type');
is($flight->{headers}{'access-control-max-age'}, 1_728_000, 'for 20 days');
is($c->request($_, '/api/event', {Host => 'x'})->{status}, 405,
    "$_ is refused") for qw(GET HEAD PUT DELETE);

$t->done;
