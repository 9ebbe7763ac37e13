#!/usr/bin/perl

# Promise: whoever has not sent the whole body of a tracking request within
# 10 s is let go, however steadily the bytes come, with a length, in chunks or
# as an HTTP/2 stream; it is counted, and who is in time is not touched.

# Method: the clock of nginx's timers is turned on (Glinto::Disk), when the
# worker has begun to read the bodies: a busy machine may let it wait.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Bodies qw(hostile);
use Glinto::Disk;
use Glinto::Held;
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
plan(skip_all => 'valgrind is no worker of its own') if $t->valgrind;
my $disk = Glinto::Disk->new($t);
my $h2 = $t->port;
my $nginx = $t->nginx(env => $disk->env, server => <<"EOS");
    listen 127.0.0.1:$h2 http2;
    client_body_timeout 60s;
    location = /e { glinto_collect; }
    location = /s { glinto_status; }
    location = /n { stub_status; }
EOS
my $body = hostile('keys', 500);

# All but the last byte, which come drop by drop.
sub begin {
    my ($what) = @_;
    my $c = Glinto::Http->connect($nginx->port);
    my $bytes = $c->compose('POST', '/e', {}, $what);
    $c->send_split(substr($bytes, 0, -300), substr $bytes, -300, 10);
    return ($c, substr $bytes, -290);
}

# N requests are with the worker, and this one that asks.
sub begun {
    my ($n) = @_;
    $t->until("the worker reads $n bodies", sub {
        my ($are) = $nginx->get('/n')->{body} =~ /^Reading: \d+ Writing: (\d+)/m;
        return $are == $n + 1;
    });
}

my ($late) = begin($body);
my ($chunks) = begin([$body =~ /(.{1,100})/gs]);
my $stream = Glinto::Held->new($h2);
$stream->hold('/e', 1, $body);
$stream->arrived;
begun(3);
$disk->passes(8);
my ($in_time, $rest) = begin($body);
begun(4);
$disk->passes(12);
ok($late->closed, 'a body of 12 s: let go');
ok($chunks->closed, 'in chunks: let go');
is_deeply({$stream->statuses}, {reset => 1}, 'HTTP/2: reset');
like($nginx->get('/s')->{body}, qr/"too_slow": 3\b/, 'counted');
$in_time->send($rest);
is($in_time->response->{status}, 202, 'a body of 4 s is stored');
$nginx->stop;
my $spool = Glinto::Spool->new($t->path('spool'));
is(scalar $spool->events, 1, 'it alone');
my %told; # in one frame or more
$told{$_->{reason}} += $_->{n} for $spool->counts;
is_deeply(\%told, {too_slow => 3}, 'the aggregator is told');

$t->done;
