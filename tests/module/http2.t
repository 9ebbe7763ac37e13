#!/usr/bin/perl

# Promise: over HTTP/2 everything is as over HTTP/1: bodies with and without a
# length, many streams of one connection in one batch, too large ones refused,
# no temporary file.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $h2 = $t->port;
my $nginx = $t->nginx(log_level => 'info', server => <<"EOS");
    listen 127.0.0.1:$h2 http2;
    location = /api/event { glinto_collect; }
    location = /file { glinto_collect; client_body_in_file_only on;
                       client_body_buffer_size 1k; }
    location = /g.gif { glinto_pixel; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my @browser = ('-H', 'user-agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0',
    '-H', 'accept-language: de-AT');

# Run a program of nghttp2, return what it says.
sub run {
    my (@command) = @_;
    my $out = $t->path('client.out');
    unlink $out;
    my $pid = $t->spawn('client', @command, {log => $out});
    $t->ended($pid, 60);
    return slurp($out);
}

sub statuses {
    my (@options) = @_;
    return join ' ', run('nghttp', '-v', '--no-dep', @browser, @options)
        =~ /:status: (\d+)/g;
}

sub body {
    my ($name, $length) = @_;
    my $text = qq({"n":"pageview","d":"a.example","u":"https://a.example/$name",);
    $text .= '"x":"' . 'x' x ($length - length($text) - 7) . '"}';
    spew($t->path('body'), $text);
    return $t->path('body');
}

sub last_path {
    my ($event) = reverse $spool->events;
    return $event ? $event->{path} : 'nothing';
}

my $base = "http://127.0.0.1:$h2";
is(statuses("$base/g.gif?d=a.example&u=https://a.example/p"), 200, 'pixel');
is(last_path(), '/p', 'pixel: stored');

for my $path (qw(api/event file)) {
    for my $length (300, 8192) {
        my $name = "$path $length";
        my $data = body("h2-$length", $length);
        is(statuses('-d', $data, "$base/$path"), 202, "$name with a length");
        is(last_path(), "/h2-$length", "$name: stored");
        $data = body("open-$length", $length);
        is(statuses('--no-content-length', '-d', $data, "$base/$path"), 202,
            "$name without a length");
        is(last_path(), "/open-$length", "$name: stored");
    }
    for my $length (8193, 20_000, 200_000) {
        my $data = body('large', $length);
        is(statuses('-d', $data, "$base/$path"), 413, "$path $length");
        is(statuses('--no-content-length', '-d', $data, "$base/$path"), 413,
            "$path $length without a length");
    }
}
isnt(last_path(), '/large', 'nothing of these is stored');

# 600 requests on 4 connections, 50 streams at a time.
my $before = $spool->events;
my $said = run('h2load', '-n', 600, '-c', 4, '-m', 50, @browser, '-d',
    body('load', 1000), "$base/api/event");
like($said, qr/status codes: 600 2xx/, '600 requests by many streams');
is(scalar(grep { $_->{path} eq '/load' } $spool->events), 600, 'all stored');
is(scalar(grep { ($_->{evidence} // 0) & 16 } $spool->events),
    scalar $spool->events, 'all say that they came over HTTP/2');

unlike($nginx->log, qr/buffered to a temporary file/, 'no warning of a file');
is_deeply([glob $t->path('temp-body/*')], [], 'no temporary file');

$t->done;
