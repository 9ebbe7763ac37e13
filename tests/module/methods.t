#!/usr/bin/perl

# Promise: each location answers the methods of its tracker and no others;
# HEAD gets the headers of GET, is no view, and leaves the connection in step.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(server => <<'EOS');
    location = /api/event { glinto_collect; }
    location = /g.gif { glinto_pixel; }
    location = /s { glinto_status; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $body = '{"n":"pageview","u":"https://a.example/","d":"a.example"}';

my %allowed = ('/api/event' => {POST => 202}, '/g.gif?d=a.example' =>
    {GET => 200, HEAD => 200}, '/s' => {GET => 200, HEAD => 200});
my @methods = qw(GET HEAD POST PUT DELETE PATCH PROPFIND MKCOL TRACE OPTIONS);
for my $path (sort keys %allowed) {
    for my $method (@methods) {
        next if $method eq 'OPTIONS' && $path eq '/api/event'; # preflight
        my $c = Glinto::Http->connect($nginx->port);
        my $response = $c->request($method, $path, {Connection => 'close'},
            $method =~ /^P/ ? $body : undef);
        is($response->{status}, $allowed{$path}{$method} // 405,
            "$method $path");
    }
}
is(scalar $spool->events, 2, 'POST and GET count');

my $c = Glinto::Http->connect($nginx->port);
for my $path ('/g.gif?d=a.example', '/s') {
    for my $method (qw(HEAD GET HEAD HEAD GET)) {
        my $response = $c->request($method, $path, {});
        is($response->{status}, 200, "$method $path on one connection");
        cmp_ok($response->{headers}{'content-length'}, '>', 42, 'has a length');
    }
}
my $response = $c->request('GET', '/g.gif?d=a.example', {}, 'a body');
is($response->{status}, 200, 'GET with a body');
$response = $c->request('GET', '/g.gif?d=a.example', {}, ['some', 'chunks']);
is($response->{status}, 200, 'GET with a chunked body');
is($c->request('GET', '/g.gif?d=a.example', {})->{status}, 200, 'still in step');
is(scalar $spool->events, 7, 'each GET is counted');

$t->done;
