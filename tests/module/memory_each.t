#!/usr/bin/perl

# Promise: a tracking request takes at most 32 KiB of the worker's memory more
# than its body, from its first byte to its answer: over HTTP/1.1 with a length
# and in chunks, over HTTP/2, of 8 KiB and of 64.

# Method: the peak of a new worker with many of them, that all send their last
# byte together, over one with none; the memory of many pools is its sum.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Bodies qw(hostile);
use Glinto::Held;
use Glinto::Http;
use Glinto::Test;

my $MORE_KB = 32;

my $t = Glinto::Test->new(limit_s => 60);
plan skip_all => 'a sanitizer and valgrind have memory of their own'
    if $t->san || $t->valgrind;
my $h2 = $t->port;
my $nginx = $t->nginx(server => <<"EOS");
    listen 127.0.0.1:$h2 http2;
    location = /e { glinto_collect; }
    location = /large { glinto_collect; glinto_max_body 64k; }
EOS

sub kb {
    my ($worker, $what) = @_;
    return slurp("/proc/$worker/status") =~ /^$what:\s+(\d+) kB/m ? $1 : 0;
}

# All requests wait for their last byte; then they get it.
sub http1 {
    my ($path, $n, $body) = @_;
    my @waiting;
    for (1 .. $n) {
        my $c = Glinto::Http->connect($nginx->port);
        my $bytes = $c->compose('POST', $path, {}, $body);
        $c->send(substr $bytes, 0, -1);
        push @waiting, [$c, substr $bytes, -1];
    }
    $_->[0]->send($_->[1]) for @waiting;
    my %n;
    $n{$_->[0]->response->{status}}++ for @waiting;
    return \%n;
}

sub http2 {
    my ($path, $n, $body) = @_;
    my @waiting = map { Glinto::Held->new($h2) } 1 .. $n / 100;
    $_->hold($path, 100, $body) for @waiting;
    $_->release for @waiting;
    my %n;
    for my $c (@waiting) {
        my %more = $c->statuses;
        $n{$_} += $more{$_} for keys %more;
    }
    return \%n;
}

for my $case (['HTTP/1.1', \&http1, '/e', 400, 8192],
    ['chunks', \&http1, '/e', 250, 8192, 1],
    ['HTTP/2', \&http2, '/e', 400, 8192],
    ['HTTP/1.1', \&http1, '/large', 100, 65_536],
    ['HTTP/2', \&http2, '/large', 100, 65_536])
{
    my ($name, $send, $path, $n, $length, $chunks) = @$case;
    my $worker = $nginx->kill_worker;
    ($worker) = $nginx->workers;
    my $body = hostile('escapes', $length);
    $body = [unpack '(a1000)*', $body] if $chunks;
    $nginx->post($path, hostile('escapes', $length)); # what is taken but once
    my $idle = kb($worker, 'VmRSS');
    is_deeply($send->($path, $n, $body), {202 => $n}, "$name to $path: stored");
    my $each = (kb($worker, 'VmHWM') - $idle) / $n;
    cmp_ok($each, '<=', $length / 1024 + $MORE_KB, "$name to $path: memory");
    note sprintf '%s to %s: %.1f KiB a request of %d', $name, $path, $each,
        $length;
}

$t->done;
