#!/usr/bin/perl

# Promise: requests that share a connection, one after the other or all at once
# in a pipeline, are answered in their order, each counted once.  (A body that
# is not read to its end would become the next request line.)

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(http => 'keepalive_requests 10000;', server => <<'EOS');
    location = /api/event { glinto_collect; }
    location = /g.gif { glinto_pixel; }
    location = /204 { return 204; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $n = 0;

sub event {
    my ($pad) = @_;
    my $text = sprintf '{"n":"pageview","u":"https://a.example/%d","d":'
        . '"a.example","x":"%s"}', ++$n, 'x' x $pad;
    return ['POST', '/api/event', $n % 3 ? $text : [$text =~ /(.{1,99})/g], 202];
}

sub pixel {
    return ['GET', sprintf('/g.gif?d=a.example&u=https://a.example/%d', ++$n),
        undef, 200];
}

sub other { ['GET', '/204', undef, 204] }

sub paths { join ' ', map { $_->{path} } $spool->events }
sub expected { join ' ', map { "/$_" } 1 .. $n }

my $c = Glinto::Http->connect($nginx->port);
for my $i (1 .. 60) {
    my ($method, $path, $body, $status)
        = @{$i % 4 == 0 ? other() : $i % 4 == 1 ? pixel() : event($i * 7)};
    my $response = $c->request($method, $path, {}, $body);
    is($response->{status}, $status, "$i: $method $path");
}
is(paths(), expected(), 'each once, in order');

# Far more than fits into one read of nginx, or into one batch.
for my $round (1 .. 3) {
    my @plan = map { $_ % 5 == 0 ? other() : $_ % 5 == 1 ? pixel()
        : event($_ * 11 % 3000) } 1 .. 100;
    my $bytes = join '', map { $c->compose($_->[0], $_->[1], {}, $_->[2]) }
        @plan;
    $c->send($bytes);
    my @status = map { $c->response($_->[0])->{status} } @plan;
    is("@status", join(' ', map { $_->[3] } @plan), "pipeline $round");
    is(paths(), expected(), 'each once, in order');
}

# An error in the middle ends nothing.
$c->send(join '', map { $c->compose('POST', '/api/event', {}, $_) }
    '{', event(1)->[2], 'x' x 3000, event(1)->[2]);
is(join(' ', map { $c->response->{status} } 1 .. 4), '400 202 400 202',
    'invalid ones between good ones');
is(paths(), expected(), 'the good ones count');

# The last request of a pipeline may ask for the end.
$c->send($c->compose('POST', '/api/event', {}, event(5)->[2])
    . $c->compose('POST', '/api/event', {Connection => 'close'}, event(5)->[2]));
is(join(' ', map { $c->response->{status} } 1 .. 2), '202 202', 'two');
ok($c->closed, 'closed behind the second');
is(paths(), expected(), 'both count');

$t->done;
