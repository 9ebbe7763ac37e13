#!/usr/bin/perl

# Promise: with conf/nginx/inject.conf every page of HTML has the script, once
# and in its head, whether nginx reads it or gets it by a proxy; all else is
# sent as it is.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;

my $t = Glinto::Test->new;
my %shipped = shipped($t);
mkdir $t->path('www');
my $PAGE = "<!doctype html><HTML><HEAD><title>x</title></HEAD>\n<body></head>";
spew($t->path("www/$_->[0]"), $_->[1]) for ['page.html', $PAGE],
    ['bare.html', 'no head'], ['data.json', '{"a":"</head>"}'];
$shipped{server} .= <<'EOS';
    root %%DIR%%/www;
    include %%DIR%%/conf/inject.conf;
    gzip on;
    gzip_min_length 1;
    location /proxied/ { proxy_pass http://127.0.0.1:%%PORT%%/;
                         proxy_set_header Accept-Encoding ""; }
    location /inner/ { alias %%DIR%%/www/; }
EOS
$shipped{glinto} .= ' types { text/html html; application/json json; }';
my $nginx = $t->nginx(%shipped);

my $TAG = '<script defer src="/js/glinto.js"></script>';
my @plain = ('Accept-Encoding' => undef);
my $want = $PAGE =~ s{</HEAD>}{$TAG</head>}r;
for my $path ('/page.html', '/inner/page.html') {
    my $got = $nginx->get($path, @plain);
    is($got->{body}, $want, "$path has the script, once");
    ok($got->{headers}{'last-modified'}, 'and says since when it is so');
}
my $proxied = $nginx->get('/proxied/page.html', @plain)->{body};
like($proxied, qr/\Q$TAG\E/, 'so has one that comes by a proxy');
is($nginx->get('/bare.html', @plain)->{body}, 'no head', 'without a head: none');
is($nginx->get('/data.json', @plain)->{body}, '{"a":"</head>"}', 'nor elsewhere');
is($nginx->get('/page.html')->{headers}{'content-encoding'}, 'gzip',
    'it travels compressed');
is($nginx->get('/js/glinto.js')->{status}, 200, 'the script is there');
$t->done;
