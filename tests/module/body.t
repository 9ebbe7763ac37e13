#!/usr/bin/perl

# Promise: a body is read whole from every shape it can come in (parts, chunks
# of any size, with and without a length, a pipeline), a body over
# glinto_max_body is answered 413 and counted, and none is ever written to a
# temporary file, whatever client_body_buffer_size and client_body_in_file_only
# say.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(log_level => 'info', server => <<'EOS');
    location = /api/event { glinto_collect; }
    location = /small { glinto_collect; glinto_max_body 300; }
    location = /file { glinto_collect; client_body_buffer_size 1k;
                       client_body_in_file_only on; }
    location = /big { glinto_collect; glinto_max_body 64k; }
    location = /s { glinto_status; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $n = 0;

# A body of LENGTH bytes; its page is new each time.
sub body {
    my ($length) = @_;
    my $text = sprintf '{"n":"pageview","d":"a.example",'
        . '"u":"https://a.example/n/%d","x":"', ++$n;
    return $text . 'x' x ($length - length($text) - 2) . '"}';
}

# The page of the last body is the last in the spool.
sub stored {
    my ($name) = @_;
    my @events = $spool->events;
    is(@events && $events[-1]{path}, "/n/$n", "$name: stored");
}

sub lost {
    my ($name) = @_;
    ok(!grep({ $_->{path} eq "/n/$n" } $spool->events), "$name: not stored");
}

for my $length (200, 1000, 1024, 1025, 8191, 8192) {
    for my $path (qw(/api/event /file)) {
        my $what = "$length bytes to $path";
        is($nginx->post($path, body($length))->{status}, 202, $what);
        stored($what);
        my $body = body($length);
        my @chunks = $body =~ /(.{1,500})/g;
        is($nginx->post($path, \@chunks)->{status}, 202, "$what, chunked");
        stored("$what, chunked");
    }
}

# Six bytes of the wire for each byte of the body: more than nginx's buffer.
my @bytes = split //, body(4000);
is($nginx->post('/api/event', \@bytes)->{status}, 202, 'a byte a chunk');
stored('a byte a chunk');

for my $path (qw(/api/event /file)) {
    my $c = Glinto::Http->connect($nginx->port);
    my $body = body(3000);
    my $head = $c->compose('POST', $path, {}, $body);
    $c->send_split(unpack '(a700)*', $head);
    is($c->response->{status}, 202, "$path in parts");
    stored("$path in parts");
    my $chunked = $c->compose('POST', $path, {}, [unpack '(a900)*', body(3000)]);
    $c->send_split(unpack '(a650)*', $chunked);
    is($c->response->{status}, 202, "$path in parts of chunks");
    stored("$path in parts of chunks");
}

my $c = Glinto::Http->connect($nginx->port);
$c->send_split($c->compose('POST', '/api/event', {Expect => '100-continue'},
    body(500)) =~ /^(.*?\r\n\r\n)(.*)$/s);
is($c->response->{status}, 100, 'go on');
is($c->response->{status}, 202, 'after 100-continue');
stored('after 100-continue');

# [what, path, length, chunk]
for my $case (['one byte too long', '/api/event', 8193],
    ['chunked, one byte too long', '/api/event', 8193, 1000],
    ['to a small limit', '/small', 301], ['chunks, small limit', '/small', 301, 7],
    ['far too long', '/api/event', 500_000],
    ['far too long in chunks', '/api/event', 200_000, 4000],
    ['in a file location', '/file', 9000, 3000])
{
    my ($name, $path, $length, $chunk) = @$case;
    my $body = body($length);
    $body = [unpack "(a$chunk)*", $body] if $chunk;
    my $response = $nginx->post($path, $body);
    is($response->{status}, 413, $name);
    like($response->{body}, qr/"errors"/, "$name: says so");
    lost($name);
}
is($nginx->post('/small', body(300))->{status}, 202, 'exactly the small limit');
stored('exactly the small limit');

# A body may be long and its event short, but not the other way round.
my @props = map { sprintf '"k%d":"%s"', $_, 'v' x 1500 } 1 .. 6;
my $fat = sprintf '{"n":"a","d":"a.example","u":"https://a.example/","p":{%s}}',
    join ',', @props;
is($nginx->post('/big', body(60_000))->{status}, 202, 'a long body');
stored('a long body');
is($nginx->post('/big', $fat)->{status}, 413, 'an event too long for a frame');

# The connection goes on after what was read, and ends after what was not.
$c = Glinto::Http->connect($nginx->port);
is($c->request('POST', '/api/event', {}, '{}')->{status}, 400, 'invalid');
is($c->request('POST', '/api/event', {}, body(400))->{status}, 202, 'next one');
stored('next one');
$c->send("POST /api/event HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n");
is($c->response->{status}, 413, 'refused before it is read');
$c = Glinto::Http->connect($nginx->port);
is($c->request('POST', '/api/event', {}, undef)->{status}, 400, 'no body');
is($c->request('POST', '/api/event', {}, '')->{status}, 400, 'an empty body');
is($c->request('POST', '/api/event', {}, ['x' x 5])->{status}, 400, 'no JSON');

my ($dropped) = $nginx->get('/s')->{body} =~ /"too_large": (\d+)/;
is($dropped, 9, 'all 413s are counted');
# A second that ends between them makes two frames of them.
$t->soon('counts frames say so', sub {
    my $sum = 0;
    $sum += $_->{n} for grep { $_->{reason} eq 'too_large' } $spool->counts;
    return $sum == 9;
});

unlike($nginx->log, qr/buffered to a temporary file/, 'no warning of a file');
is_deeply([glob $t->path('temp-body/*')], [], 'no temporary file');

$t->done;
