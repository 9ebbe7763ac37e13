#!/usr/bin/perl

# Promise: what GoatCounter's count.js and its image send to /count is an event
# of the page's host, by GET and by POST, and is answered as GoatCounter does:
# the image with 200, with 400 and with 202 beside X-Goatcounter, which says
# why it does not count; 429 where nginx limits.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Hits;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(http =>
    'limit_req_zone $binary_remote_addr zone=slow:1m rate=1r/m;',
    server => 'location = /count { glinto_collect goatcounter; }
        location = /own { glinto_collect goatcounter;
                          glinto_site own.example; }
        location = /off { glinto_collect goatcounter; glinto_if 0; }
        location = /slow { glinto_collect goatcounter;
                           limit_req zone=slow; limit_req_status 429; }
        location = /s { glinto_status; }');
my $hits = Glinto::Hits->new($t, $nginx);
my @page = (Referer => 'https://www.a.example/at/here?x=1');
my %view = (site => 'a.example', kind => 1, host => 'a.example');

my $hit = $hits->get('/count?p=%2Fx%2F&r=https%3A%2F%2Fr.example%2Fq%3Fs&t=A%20t'
    . '&s=1920%2C1080%2C1.5&b=0&q=%3Futm_source%3Dmail&rnd=abc12', @page);
is($hit->{status}, 200, 'the image');
is($hit->{headers}{'content-type'}, 'image/gif', 'its type');
is(length $hit->{body}, 43, 'its length');
is($hit->{headers}{'cache-control'}, 'no-store', 'never from a cache');
is($hit->{headers}{'access-control-allow-origin'}, '*', 'for every page');
is($hit->{headers}{'cross-origin-resource-policy'}, 'cross-origin',
    'also as an image');
is($hit->{headers}{'x-goatcounter'}, undef, 'and nothing to say');
is_deeply($hit->{events}, [{%view, path => '/x', title => 'A t',
    utm_source => 'mail', referrer => 'https://r.example/q',
    screen => '1920x1080'}], 'all its arguments');

# [what, query, expected event beside %view]
for (
    ['a path without a slash', 'p=x', {path => '/x'}],
    ['the front page', 'p=%2F', {path => '/'}],
    ['slashes behind', 'p=%2Fx%2F%2F', {path => '/x'}],
    ['a path with a query', 'p=%2Fx%3Fref%3Da%26y%3D1&q=%3Fref%3Da',
        {path => '/x', source => 'a'}],
    ['an encoded path', 'p=%2Fcaf%25C3%25A9', {path => "/caf\x{e9}"}],
    ['a route', 'p=%2F%23%2Fone&q=%3Fsource%3Db',
        {path => '/#/one', source => 'b'}],
    ['an empty query', 'p=%2Fx&q=', {path => '/x'}],
    ['no event', 'p=%2Fx&e=false&b=', {path => '/x'}],
    ['a width', 'p=%2Fx&s=1920', {path => '/x', screen => '1920'}],
    ['a half width', 'p=%2Fx&s=1920.5', {path => '/x', screen => '1920'}],
    ['a campaign as GoatCounter calls it', 'p=%2Fx%2F&q=%3Fcampaign%3Da%2Bb'
        . '%26src%3Ds', {path => '/x', utm_campaign => 'a b', source => 's'}],
    ['and one of everybody', 'p=%2Fx&q=%3Fcampaign%3Da%26utm_campaign%3Db'
        . '%26src%3Ds%26ref%3Dr', {path => '/x', utm_campaign => 'b',
        source => 'r'}],
    ['a size that is none', 'p=%2Fx&s=a,b', {path => '/x'}],
    ['a long title', 'p=%2Fx&t=' . 't' x 1025,
        {path => '/x', title => '(too long)'}],
    ['an event', 'p=%2Fclick-x&e=true&t=T',
        {kind => 2, name => 'click-x', path => '/at/here', title => 'T'}],
    ['an event of an old script', 'p=click&e=1&q=%3Futm_medium%3Dm',
        {kind => 2, name => 'click', path => '/at/here', utm_medium => 'm'}],
    )
{
    my ($what, $query, $event) = @$_;
    for my $method (qw(get post)) {
        $hit = $hits->$method("/count?$query", $method eq 'post' ? '' : (),
            @page);
        is($hit->{status}, 200, "$what by $method");
        is_deeply($hit->{events}, [{%view, %$event}], "$what: the event");
    }
}
is_deeply($hits->get('/own?p=/x')->{events}, [{site => 'own.example',
    kind => 1, host => '(none)', path => '/x'}], 'glinto_site, no Referer');

for (
    ['no path', 'p=', 'not valid: p is missing'],
    ['no page', 'p=/x', 'not valid: domain is missing, and the page\'s '
        . 'address has no host', []],
    ['neither yes nor no', 'p=/x&e=maybe',
        'not valid: e is neither true nor false'],
    ['what a server says of bots', 'p=/x&b=7',
        'not valid: b is neither 0 nor 150 or more'],
    ['no number', 'p=/x&b=x', 'not valid: b is neither 0 nor 150 or more'],
    ['a long path', 'p=/' . 'x' x 2001,
        'not valid: url has a path of over 2000 characters'],
    ['a long name', 'e=1&p=' . 'x' x 121,
        'not valid: p is over 120 characters'],
    )
{
    my ($what, $query, $why, $headers) = @$_;
    $hit = $hits->get("/count?$query", @{$headers // \@page});
    is($hit->{status}, 400, "$what is refused");
    is($hit->{headers}{'x-goatcounter'}, $why, 'with a sentence');
    is(length $hit->{body}, 43, 'and the image');
    is(@{$hit->{events}}, 0, 'and no event');
}

# What does not count, [what, path, headers, X-Goatcounter].
for (
    ['a bot that the script knows', '/count?p=/x&b=153', [], undef],
    ['a bot that its headers tell', '/count?p=/x', ['User-Agent' => 'Headless'],
        undef],
    ['a prefetch', '/count?p=/x', [Purpose => 'prefetch'], undef],
    ['an operator\'s own rule', '/off?p=/x', [], 'ignored: condition'],
    )
{
    my ($what, $path, $headers, $why) = @$_;
    $hit = $hits->get($path, @page, @$headers);
    is($hit->{status}, $why ? 202 : 200, "$what is answered");
    is($hit->{headers}{'x-goatcounter'}, $why, "$what: X-Goatcounter");
    is(length $hit->{body}, 43, 'with the image');
    is(@{$hit->{events}}, 0, 'and no event');
}

$hit = $hits->get('/slow?p=/x', @page);
is($hit->{status}, 200, 'within the limit');
$hit = $hits->get('/slow?p=/x', @page);
is($hit->{status}, 429, 'beyond it');
is($hit->{headers}{'access-control-allow-origin'}, '*', 'a page may read it');
is(@{$hit->{events}}, 0, 'and no event');

my $c = Glinto::Http->connect($nginx->port);
is($c->request($_, '/count?p=/x', {Connection => 'keep-alive'})->{status}, 405,
    $_) for qw(OPTIONS PUT);
like($nginx->get('/s')->{body}, qr/"bot_headers": 2\b.*"limited": 1\b/s,
    'drops are counted by reason');

$t->done;
