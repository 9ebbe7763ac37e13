#!/usr/bin/perl

# Promise: an address that a tracker sends becomes exactly the host, path,
# campaign and click id that Plausible would store for it; nothing else of its
# query, no port and no user name is kept; no address, however broken, loses
# the view or leaves bytes that are not UTF-8.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Hits;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(
    server => 'location = /api/event { glinto_collect plausible; }
               location = /g.gif { glinto_pixel; }');
my $hits = Glinto::Hits->new($t, $nginx);

# [address, host, path, other fields...]; h => 1 is sent, not expected
my @table = (
    ['https://shop.example/a/b', 'shop.example', '/a/b'],
    ['http://shop.example', 'shop.example', '/'],
    ['https://shop.example/', 'shop.example', '/'],
    ['https://shop.example/blog/', 'shop.example', '/blog/'],
    ['https://shop.example?x=1', 'shop.example', '/'],
    ['https://shop.example#top', 'shop.example', '/'],
    ['https://shop.example/a?b#c', 'shop.example', '/a'],
    # host
    ['https://www.shop.example/', 'shop.example', '/'],
    ['https://WWW.Shop.EXAMPLE/A', 'shop.example', '/A'],
    ['https://www.www.example/', 'www.example', '/'],
    ['https://wwwx.example/', 'wwwx.example', '/'],
    ['https://shop.example:8443/a', 'shop.example', '/a'],
    ['https://eve:secret@shop.example/a', 'shop.example', '/a'],
    ['https://eve@x:p@ss@shop.example:1/a', 'shop.example', '/a'],
    ['https://[2001:DB8::1]:8080/a', '2001:db8::1', '/a'],
    ['https://[::1]/', '::1', '/'],
    ['https://[::1/', '(none)', '/'],
    ['https://[f.test]/', '(none)', '/'],
    ['https://[2001:DB8:0:0::0001]/', '2001:db8::1', '/'],
    ["https:// shop.example /a", 'shop.example', '/a'],
    ["https://b\x{fc}cher.example/", 'xn--bcher-kva.example', '/'],
    ["https://B\x{dc}CHER.example./", 'xn--bcher-kva.example', '/'],
    ['https://xn--bcher-kva.example/', 'xn--bcher-kva.example', '/'],
    ['https://shop.example./', 'shop.example', '/'],
    ['https://www.shop.example.:443/', 'shop.example', '/'],
    # what is no host is none, and the view counts
    ["https://shop.example'X'/a", '(none)', '/a'],
    ['https://shop..example/a', '(none)', '/a'],
    ['https://-shop.example/a', '(none)', '/a'],
    ["https://b\x{fc}'.example/a", '(none)', '/a'],
    ['https://' . 'a.' x 130 . 'example/a', '(none)', '/a'],
    ['https://' . "\x{fc}." x 130 . 'example/a', '(none)', '/a'],
    # blanks around it, as browsers trim them
    [" \t\r\nhttps://shop.example/a\x{1} ", 'shop.example', '/a'],
    # no host
    ['/only/a/path', '(none)', '/only/a/path'],
    ['just words', '(none)', 'just words'],
    ['about:blank', '(none)', 'blank'],
    ['file:///C:/x', '(none)', '/C:/x'],
    ['https:///x', '(none)', '/x'],
    ['https://:80/x', '(none)', '/x'],
    ['https://www./x', '(none)', '/x'],
    ['//shop.example/a', 'shop.example', '/a'],
    ['localhost:3000/a', '(none)', '3000/a'],
    ['android-app://com.example/a', 'com.example', '/a'],
    ['1a://x/y', '(none)', '1a://x/y'],
    ['', '(none)', '/'],
    # path
    ['https://a.example/caf%C3%A9', 'a.example', "/caf\x{e9}"],
    ["https://a.example/caf\x{e9}", 'a.example', "/caf\x{e9}"],
    ['https://a.example/a%20b+c', 'a.example', '/a b+c'],
    ['https://a.example/a%20%20', 'a.example', '/a'],
    ['https://a.example/a%C2%A0%E2%80%89%09', 'a.example', '/a'],
    ['https://a.example/%20', 'a.example', '/'],
    ['https://a.example/a%2Fb%3Fc', 'a.example', '/a/b?c'],
    ['https://a.example/100%', 'a.example', '/100%'],
    ['https://a.example/%zz/%4', 'a.example', '/%zz/%4'],
    ['https://a.example/%%41', 'a.example', '/%A'],
    ['https://a.example/a%00b', 'a.example', '/a%00b'],
    # a control character stays one, or is a blank
    ['https://a.example/%1B[31m', 'a.example', '/%1B[31m'],
    ["https://a.example/\x{1b}", 'a.example', '/'],
    ["https://a.example/\x{1b}a", 'a.example', '/%1Ba'],
    ['https://a.example/%7f%C2%9b', 'a.example', '/%7F%C2%9B'],
    ['https://a.example/a%09%0Ab%C2%85c', 'a.example', '/a  b c'],
    # a byte that would not be UTF-8 stays an escape
    ['https://a.example/caf%E9', 'a.example', '/caf%E9'],
    ['https://a.example/%e9%C3%A9%ff', 'a.example', "/%E9\x{e9}%FF"],
    ['https://a.example/%E9%C3%A9', 'a.example', "/%E9\x{e9}"],
    ['https://a.example/%F9%A0%80%80', 'a.example', '/%F9%A0%80%80'],
    ['https://a.example/%F0%9F%8D', 'a.example', '/%F0%9F%8D'],
    ['https://a.example/%C3', 'a.example', '/%C3'],
    ['https://a.example/%C0%AF', 'a.example', '/%C0%AF'],
    ['https://a.example/%ED%A0%80', 'a.example', '/%ED%A0%80'],
    ['https://a.example/%F4%90%80%80', 'a.example', '/%F4%90%80%80'],
    ['https://a.example/%F0%9F%8D%9E', 'a.example', "/\x{1f35e}"],
    # hash mode
    ['https://a.example/#/cart', 'a.example', '/#/cart', h => 1],
    ['https://a.example/p?q#/a%20b', 'a.example', '/p#/a b', h => 1],
    ['https://a.example#x', 'a.example', '/#x', h => 1],
    ['https://a.example/p#', 'a.example', '/p', h => 1],
    ['https://a.example/p%20#x%20 ', 'a.example', '/p#x ', h => 1],
    ['https://a.example/p#x', 'a.example', '/p#x', h => '1'],
    ['https://a.example/p#x', 'a.example', '/p', h => 0],
    ['https://a.example/p#x', 'a.example', '/p', h => 2],
    # query
    [   'https://a.example/?utm_source=n&utm_medium=m&utm_campaign=c'
            . '&utm_content=o&utm_term=t&secret=s', 'a.example', '/',
        utm_source => 'n', utm_medium => 'm', utm_campaign => 'c',
        utm_content => 'o', utm_term => 't',
    ],
    ['https://a.example/?utm_campaign=' . "\x{e9}" x 255, 'a.example', '/',
        utm_campaign => "\x{e9}" x 255],
    (map { ['https://a.example/?utm_source=n&utm_campaign=' . 'c' x 255 . $_,
        'a.example', '/', utm_source => 'n', utm_campaign => '(too long)'] }
        'A', 'B'),
    (map { ["https://a.example/?$_=" . 'c' x 256, 'a.example', '/',
        source => '(too long)'] } qw(ref source)),
    ['https://a.example/?utm_term=%1B+%0Ab', 'a.example', '/',
        utm_term => '%1B  b'],
    ['https://a.example/?source=x', 'a.example', '/', source => 'x'],
    ['https://a.example/?ref=x', 'a.example', '/', source => 'x'],
    ['https://a.example/?source=x&ref=y', 'a.example', '/', source => 'x'],
    ['https://a.example/?ref=y&source=x', 'a.example', '/', source => 'x'],
    ['https://a.example/?ref=y&source=', 'a.example', '/', source => 'y'],
    ['https://a.example/?ref=a&ref=b', 'a.example', '/', source => 'b'],
    ['https://a.example/?utm_source=a+b%2Bc', 'a.example', '/',
        utm_source => 'a b+c'],
    ['https://a.example/?utm%5Fsource=a', 'a.example', '/',
        utm_source => 'a'],
    ['https://a.example/?&&utm_term==x=&', 'a.example', '/',
        utm_term => '=x='],
    ['https://a.example/?utm_source&utm_term=%ff', 'a.example', '/',
        utm_term => '%FF'],
    ['https://a.example/?Utm_Source=a&xutm_term=b', 'a.example', '/'],
    ['https://a.example/#?utm_source=a', 'a.example', '/'],
    (map { ["https://a.example/?$_=person", 'a.example', '/',
        click_id => $_] } qw(gclid gbraid wbraid msclkid fbclid twclid)),
    ['https://a.example/?fbclid=1&gclid=2', 'a.example', '/',
        click_id => 'fbclid'],
    # the longest
    ['https://a.example/' . 'x' x 1999, 'a.example', '/' . 'x' x 1999],
    ['https://a.example/' . "\x{e9}" x 1999, 'a.example',
        '/' . "\x{e9}" x 1999],
    ['https://a.example/' . '%41' x 1999, 'a.example', '/' . 'A' x 1999],
    ['https://a.example/?' . '&' x 5000, 'a.example', '/'],
    ['https://a.example/?' . 'a=&' x 1500, 'a.example', '/'],
    ['https://a.example/a?b=' . 'x' x 2030, 'a.example', '/a'],
    ['https://a.example/a#' . 'x' x 4000, 'a.example', '/a'],
);

for my $row (@table) {
    my ($url, $host, $path, %more) = @$row;
    my %sent = exists $more{h} ? (h => delete $more{h}) : ();
    my $shown = length $url > 60 ? substr($url, 0, 60) . '...' : $url;
    is_deeply(
        $hits->page($url, %sent),
        {site => 'a.example', kind => 1, host => $host, path => $path, %more},
        $shown =~ s/[^ -~]/?/gr
    );
}

for (
    ['https://a.example/' . 'x' x 2000, 'path of over 2000 characters'],
    ['https://a.example/' . "\x{e9}" x 2000, 'path of over 2000 characters'],
    ['https://a.example/' . '%e9' x 700, 'path of over 2000 characters'],
    ['data:text/html,hello', 'data:'],
    ['DATA:,', 'data:'],
    )
{
    my ($url, $why) = @$_;
    my $hit = $hits->event({n => 'pageview', d => 'a.example', u => $url});
    is($hit->{status}, 400, substr($url, 0, 30) . ' is refused');
    like($hit->{body}, qr/^\{"errors":\{"url":\[".*$why/, 'with a reason');
    is(@{$hit->{events}}, 0, 'and leaves no event');
}

# The pixel decodes the address once more, and browsers may send raw bytes.
for (
    ["https://a.example/caf\xe9", '/caf%E9'],
    ["https://a.example/\xc3\xa9", "/\x{e9}"],
    ['https://a.example/a%2525', '/a%'],
    ['https://a.example/%25E9', '/%E9'],
    )
{
    my ($url, $path) = @$_;
    my $hit = $hits->get("/g.gif?d=a.example&u=$url");
    is($hit->{events}[0]{path}, $path, "pixel: $path" =~ s/[^ -~]/?/gr);
}

$t->done;
