#!/usr/bin/perl

# Promise: what Umami's script sends to /api/send is an event of the site that
# its id is another name of, and its answer is JSON that the script reads; of a
# list to /api/batch each event is accounted for: stored, dropped by its
# reason, or named in the answer, in one append.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Hits;
use JSON::PP ();

my $ID = '4fb7fa4c-5b46-438d-94b3-3a8fb9bc2e8b';
my $t = Glinto::Test->new;
spew($t->path('sites'), "a.example alias=$ID currency=EUR\nb.example\n"
    . "c.example hosts=c.example\nd.example optout=1\n"
    . "e.example block_addresses=127.0.0.0/8\n");
my $nginx = $t->nginx(http => 'log_format n "$glinto_stored $glinto_dropped";',
    server => 'access_log %%DIR%%/access.log n;
        location = /send { glinto_collect umami; }
        location = /batch { glinto_collect umami; glinto_max_body 64k; }
        location = /off { glinto_collect umami; glinto_if 0; }
        location = /s { glinto_status; }');
my $hits = Glinto::Hits->new($t, $nginx);
my $json = JSON::PP->new->canonical;

sub event {
    my ($payload, $type) = @_;
    return {type => $type // 'event', payload => {website => $ID,
        hostname => 'www.a.example', url => '/', %$payload}};
}

sub answer { return JSON::PP->new->decode($_[0]{body}) }

sub sent {
    my ($path, $what, @headers) = @_;
    return $hits->post($path, ref $what ? $json->encode($what) : $what,
        'Content-Type' => 'application/json', @headers);
}

my %view = (site => 'a.example', kind => 1, host => 'a.example', path => '/');

my $hit = sent('/send', event({}));
is($hit->{status}, 200, 'taken');
is($hit->{headers}{'content-type'}, 'application/json', 'its type');
is($hit->{headers}{'access-control-allow-origin'}, '*', 'for every page');
is_deeply([sort keys %{answer($hit)}], [qw(cache sessionId visitId)],
    'its members');
is_deeply($hit->{events}, [\%view], 'the event');

# [what, payload, event beside %view]
for (
    ['a whole address', {url => 'https://o.example/x?gclid=1#y'},
        {path => '/x#y', click_id => 'gclid'}],
    ['without its host', {hostname => '', url => 'https://www.o.example/x'},
        {host => 'o.example', path => '/x'}],
    ['another page before', {referrer => '/before'}, {}],
    ['another site before', {referrer => 'https://r.example/?q'},
        {referrer => 'https://r.example/'}],
    ['a title and a screen', {title => "T\x1b", screen => '1x2'},
        {title => 'T%1B', screen => '1x2'}],
    ['a screen that is none', {screen => 'wide'}, {}],
    ['a tag', {tag => 'B'}, {props => {tag => 'B'}}],
    ['a name', {name => 'n'}, {kind => 2, name => 'n'}],
    ['data of a view', {data => {a => 1}}, {props => {a => '1'}}],
    ['revenue without a currency', {name => 'n', data => {revenue => 5}},
        {kind => 2, name => 'n', props => {revenue => '5'}}],
    ['revenue', {name => 'n', data => {revenue => '5.0', currency => 'usd'}},
        {kind => 2, name => 'n', amount => '5.0', currency => 'USD',
            props => {revenue => '5.0', currency => 'usd'}}],
    ['a site by its name', {website => 'B.example', hostname => 'b.example'},
        {site => 'b.example', host => 'b.example'}],
    ['who says who it is', {id => 'eve', vid => 'v', ip => '1.2.3.4',
        userAgent => 'x'}, {}],
    )
{
    my ($what, $payload, $event) = @$_;
    $hit = sent('/send', event($payload));
    is($hit->{status}, 200, $what);
    is_deeply($hit->{events}, [{%view, %$event}], "$what: the event");
}
$hit = sent('/send', event({engagement => 1500}, 'engagement'));
is_deeply($hit->{events}, [{%view, kind => 3, engagement_ms => 1500}],
    'engagement');

for (
    ['no JSON', 'x', 'request is not a JSON object'],
    ['another type', event({}, 'fun'), 'type is not one of Umami\'s'],
    ['no payload', {type => 'event'}, 'payload is not an object'],
    ['no website', event({website => undef}),
        'website is neither an id nor a site'],
    ['no url', event({url => undef}), 'url is missing'],
    ['no time', event({}, 'engagement'),
        'engagement is no number of milliseconds'],
    ['a long name', event({name => 'n' x 121}), 'name is over 120 characters'],
    ['an unknown website', event({website => 'x.example'}),
        'website is not known'],
    )
{
    my ($what, $body, $why) = @$_;
    $hit = sent('/send', $body);
    is($hit->{status}, 400, "$what is refused");
    is_deeply(answer($hit), {error => {message => $why, code => 'bad-request',
        status => 400}}, 'with a sentence');
    is(@{$hit->{events}}, 0, 'and no event');
}

# What is not counted is answered all the same, [what, path, body, headers].
for (
    ['identify', '/send', event({}, 'identify')],
    ['performance', '/send', event({}, 'performance')],
    ['an event of another time', '/send', event({timestamp => 1})],
    ['the operator\'s rule', '/off', event({})],
    ['another host', '/send', event({website => 'c.example'})],
    ['who does not want to be', '/send', event({website => 'd.example'}),
        'Sec-GPC' => 1],
    )
{
    my ($what, $path, $body, @headers) = @$_;
    $hit = sent($path, $body, @headers);
    is($hit->{status}, 200, "$what is answered");
    is(answer($hit)->{cache}, 'glinto', 'as ever');
    is($hit->{headers}{'x-plausible-dropped'}, 1, 'and said to be dropped');
    is(@{$hit->{events}}, 0, 'and no event');
}
is(sent('/send', event({}), 'User-Agent' => '')->{body}, '{"beep":"boop"}',
    'a bot');

$hit = sent('/send', event({website => 'e.example'}));
is($hit->{status}, 403, 'a blocked address');
is_deeply(answer($hit), {error => {message => 'Forbidden',
    code => 'forbidden', status => 403}}, 'as Umami says it');
is($hit->{headers}{'x-plausible-dropped'}, 1, 'and said to be dropped');
is($hit->{headers}{'access-control-allow-origin'}, '*', 'for every page');
is(@{$hit->{events}}, 0, 'and no event');

for my $token ('x' x 1024, 'a.b-c_d') {
    is(answer(sent('/send', event({}), 'X-Umami-Cache' => $token))->{cache},
        $token, 'a token comes back');
}
for my $token ('x' x 1025, 'a"b', 'a\\b', "a\xe9", '') {
    is(answer(sent('/send', event({}), 'X-Umami-Cache' => $token))->{cache},
        'glinto', 'what is no token does not');
}

my $may = Glinto::Http->connect($nginx->port)->request('OPTIONS', '/send', {
    Connection => 'close', Origin => 'https://a.example',
    'Access-Control-Request-Headers' => 'content-type,x-umami-cache'});
is($may->{status}, 204, 'a browser asks');
like($may->{headers}{'access-control-allow-headers'},
    qr/Content-Type.*X-Umami-Cache/, 'and may send both headers');

# ---- lists ----

$hit = sent('/batch', []);
is_deeply(answer($hit), {size => 0, processed => 0, errors => 0, details => [],
    cache => 'glinto'}, 'an empty list');

my @many = map { event({url => "/$_", $_ % 5 ? () : (url => undef)}) } 1 .. 100;
spew($t->path('access.log'), '');
$hit = sent('/batch', \@many);
is($hit->{status}, 200, 'a list');
my $answer = answer($hit);
is_deeply([@$answer{qw(size processed errors)}], [100, 80, 20], 'its numbers');
is_deeply([map { $_->{index} } @{$answer->{details}}],
    [grep { ($_ + 1) % 5 == 0 } 0 .. 99], 'the wrong ones are named');
is_deeply([map { $_->{path} } @{$hit->{events}}],
    [map { $_ % 5 ? "/$_" : () } 1 .. 100], 'all others, in order');
$t->soon('the access log knows',
    sub { slurp($t->path('access.log')) =~ /^80 20$/m });

is(sent('/batch', '[' . '1,' x 500 . '1]')->{status}, 400, '501 are too many');
is(sent('/batch', '[1,2')->{status}, 400, 'half a list');
is(sent('/batch', [event({}), {type => 'event', payload => ' ' x 65_536}])
    ->{status}, 413, 'more than glinto_max_body');
is($nginx->get('/s')->{status}, 200, 'and all goes on');

# Events that are long: the buffer has room for some, the others are named.
my $long = 'x' x 1900;
$hit = sent('/batch', [map { event({url => "/$_/$long"}) } 1 .. 30],
    'User-Agent' => 'Mozilla/5.0 ' . 'y' x 500);
is(answer($hit)->{processed}, scalar @{$hit->{events}}, 'all long ones');
my %short = (website => 'b.example', url => '/');
my @tiny = map { {type => 'event', payload => \%short} } 1 .. 500;
$hit = sent('/batch', \@tiny, 'User-Agent' => 'Mozilla/5.0 ' . 'y' x 500);
$answer = answer($hit);
cmp_ok($answer->{errors}, '>', 0, '500 do not fit');
is($answer->{processed}, scalar @{$hit->{events}}, 'those that do are there');
is($answer->{details}[0]{response}{error}{message},
    'request has no room for it beside the others', 'the others are named');
my ($drops) = $nginx->get('/s')->{body} =~ /"too_large": (\d+)/;
is($drops, 1 + $answer->{errors}, 'and counted');

# Many names nobody knows among those that are: none is lost from the counts.
$hit = sent('/batch', [map { event({$_ % 2 ? () : (website => "u$_.example")})
    } 1 .. 200]);
is(answer($hit)->{errors}, 100, 'unknown ones are named');
is(@{$hit->{events}}, 100, 'and the others stored');

$t->done;
