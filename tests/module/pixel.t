#!/usr/bin/perl

# Promise: the pixel answers every request of a browser with its image, and
# counts the page that u names, else the one in Referer, else path "/" of no
# host; only a view that nobody owns or an impossible address is refused.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Hits;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(
    server => 'location = /g.gif { glinto_pixel; }
               location = /own.gif { glinto_pixel;
                                     glinto_site own.example; }');
my $hits = Glinto::Hits->new($t, $nginx);

my $hit = $hits->get('/g.gif?d=a.example&u=https%3A%2F%2Fwww.a.example%2Fx%3F'
    . 'utm_source%3Dmail&r=https%3A%2F%2Fsearch.example%2Fq&t=A+title');
is($hit->{status}, 200, 'the image');
is($hit->{headers}{'content-type'}, 'image/gif', 'its type');
is($hit->{headers}{'content-length'}, 43, 'its length');
like($hit->{body}, qr/^GIF89a\x01\0\x01\0.*;$/s, 'it is a GIF of one pixel');
is($hit->{headers}{'cache-control'}, 'no-store', 'never from a cache');
is($hit->{headers}{'x-content-type-options'}, 'nosniff', 'nosniff');
is($hit->{headers}{'cross-origin-resource-policy'}, 'cross-origin',
    'may be shown on other sites');
ok(!exists $hit->{headers}{'x-plausible-dropped'}, 'nothing dropped');
is_deeply($hit->{events}, [{
    site => 'a.example', kind => 1, host => 'a.example', path => '/x',
    utm_source => 'mail', referrer => 'https://search.example/q',
    title => 'A title',
}], 'all its arguments');

# [what, path, headers, expected event]
my $page = 'https://b.example/page?ref=r#f';
my %page = (kind => 1, host => 'b.example', path => '/page', source => 'r');
my %none = (kind => 1, host => '(none)', path => '/');
for (
    ['Referer is the page', '/g.gif?d=a.example', [Referer => $page],
        {%page, site => 'a.example'}],
    ['the host of Referer is the site', '/g.gif', [Referer => $page],
        {%page, site => 'b.example'}],
    ['u outranks Referer', "/g.gif?u=https://c.example/", [Referer => $page],
        {kind => 1, site => 'c.example', host => 'c.example', path => '/'}],
    ['an empty u does not', '/g.gif?u=&d=', [Referer => $page],
        {%page, site => 'b.example'}],
    ['glinto_site', '/own.gif', [Referer => $page],
        {%page, site => 'own.example'}],
    ['d outranks glinto_site', '/own.gif?d=a.example', [Referer => $page],
        {%page, site => 'a.example'}],
    ['no page known: d', '/g.gif?d=a.example', [], {%none,
        site => 'a.example'}],
    ['no page known: glinto_site', '/own.gif', [], {%none,
        site => 'own.example'}],
    ['a page without a host', '/own.gif?u=/about', [],
        {kind => 1, site => 'own.example', host => '(none)',
            path => '/about'}],
    ['a title of 1024 characters', '/own.gif?t=' . '%C3%A9' x 1024, [],
        {%none, site => 'own.example', title => "\x{e9}" x 1024}],
    (map { ['a longer title', '/own.gif?t=' . 't' x 1024 . $_, [],
        {%none, site => 'own.example', title => '(too long)'}] } 'A', 'B'),
    ['control characters', '/own.gif?t=%1B[1mA%0AB&r=https://r.example/%7F',
        [], {%none, site => 'own.example', title => '%1B[1mA B',
            referrer => 'https://r.example/%7F'}],
    ['unknown arguments', '/own.gif?x=1&uu=2&&=3&d', [], {%none,
        site => 'own.example'}],
    )
{
    my ($what, $path, $headers, $event) = @$_;
    $hit = $hits->get($path, @$headers);
    is($hit->{status}, 200, $what);
    is_deeply($hit->{events}, [$event], "$what: the event");
}

for (
    ['nobody knows whose view', '/g.gif', 'domain'],
    ['nobody knows whose view', '/g.gif?u=/x', 'domain'],
    ['impossible address', '/g.gif?d=a.example&u=data:,x', 'url'],
    ['too many sites', '/g.gif?d=' . join(',', 1 .. 17), 'domain'],
    ['no site in the list', '/g.gif?d=,', 'domain'],
    )
{
    my ($what, $path, $field) = @$_;
    $hit = $hits->get($path);
    is($hit->{status}, 400, "$what is refused");
    like($hit->{body}, qr/^\{"errors":\{"$field":\["[^"]+"\]\}\}$/,
        'with a sentence');
    is(@{$hit->{events}}, 0, 'and no event');
}

# Methods, on one connection, so that a wrong length of a reply is seen.
my $c = Glinto::Http->connect($nginx->port);
my %headers = (Host => 'x', 'User-Agent' => 'Mozilla/5.0',
    'Accept-Language' => 'en');
my $head = $c->request('HEAD', '/own.gif?u=https://own.example/head',
    \%headers);
is($head->{status}, 200, 'HEAD');
is($head->{headers}{'content-length'}, 43, 'HEAD tells the length');
is($c->request('POST', '/own.gif', \%headers, 'x=1')->{status}, 405,
    'POST is refused');
is($c->request('OPTIONS', '/own.gif', \%headers)->{status}, 405,
    'so is OPTIONS');
my $get = $c->request('GET', '/own.gif?u=https://own.example/get', \%headers,
    'a body nobody wants');
is($get->{status}, 200, 'GET with a body');
is(length $get->{body}, 43, 'its image');
is_deeply([map { $_->{path} } @{$hits->get('/own.gif')->{events}}],
    ['/get', '/'], 'GET counts, HEAD does not');

$t->done;
