#!/usr/bin/perl

# Promise: whatever bodies are sent, however many at one time and however
# slowly, a worker takes at most 64 MiB more than when it is idle; what it has
# no room for is answered 503 and counted, and it lives on.  A burst of
# visitors that it has room for is stored, however much comes in one turn.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Bodies qw(hostile kinds);
use Glinto::Held;
use Glinto::Test;
use IO::Socket::INET;
use JSON::PP ();

my $MORE_KB = 64 * 1024;
my $BODY = 8192;
my ($connections, $streams) = (100, 100);

my $t = Glinto::Test->new(limit_s => 120);
plan skip_all => 'a sanitizer and valgrind have memory of their own'
    if $t->san || $t->valgrind;
my $h2 = $t->port;
my $nginx = $t->nginx(server => <<"EOS");
    listen 127.0.0.1:$h2 http2;
    location = /api/event { glinto_collect; }
    location = /large { glinto_collect; glinto_max_body 64k; }
    location = /s { glinto_status; }
EOS
my $worker = $t->until('a worker', sub { ($nginx->workers)[0] });

sub status { JSON::PP::decode_json($nginx->get('/s')->{body}) }

sub kb { slurp("/proc/$worker/status") =~ /^$_[0]:\s+(\d+) kB/m ? $1 : 0 }

my $idle = kb('VmRSS');

sub grows {
    my ($name, $code) = @_;
    spew("/proc/$worker/clear_refs", '5');
    $code->();
    my $more = kb('VmHWM') - $idle;
    cmp_ok($more, '<=', $MORE_KB, "$name: at most 64 MiB more");
    note sprintf '%s: %.1f MiB more', $name, $more / 1024;
}

# ---- HTTP/2: streams by h2load ----

my $i = 0;
for my $path (qw(api/event large)) {
    for my $kind ($path eq 'large' ? 'lists' : kinds()) {
        my $file = $t->path('body.' . ++$i);
        spew($file, hostile($kind, $path eq 'large' ? 65_536 : $BODY));
        grows("$kind to $path", sub {
            my $pid = $t->spawn("h2load.$i", 'h2load', '-n',
                $connections * $streams, '-c', $connections, '-m', $streams,
                '-d', $file, "http://127.0.0.1:$h2/$path",
                {log => $t->path("h2load.$i")});
            $t->ended($pid, 60);
        });
        my $said = slurp($t->path("h2load.$i"));
        my $sent = $connections * $streams;
        like($said, qr/, $sent done, .* 0 errored/, 'all were answered')
            or diag($said);
        like($said, qr/status codes: [1-9]/, 'some were stored');
        note $said =~ /^(status codes.*)$/m;
    }
}

# ---- bodies held back, then released together ----

for my $path (qw(api/event large)) {
    grows("held back, to $path", sub {
        my $body = hostile('lists', $path eq 'large' ? 20_000 : $BODY);
        my @held = map { Glinto::Held->new($h2) } 1 .. $connections;
        $_->hold("/$path", $streams, $body) for @held;
        is($nginx->post('/api/event', hostile('keys', 500),
            'X-Forwarded-For' => '192.0.2.1')->{status}, 202,
            'a visitor between them is not held up');
        $_->release for @held;
        my %n;
        for my $c (@held) {
            my %more = $c->statuses;
            $n{$_} += $more{$_} for keys %more;
        }
        note join ' ', map { "$_: $n{$_}" } sort keys %n;
    });
}

# ---- HTTP/1.1 ----

grows('500 connections', sub {
    my $body = hostile('lists', $BODY);
    my $request = "POST /api/event HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla"
        . "/5.0 Firefox/133.0\r\nAccept-Language: de\r\nContent-Length: $BODY"
        . "\r\n\r\n" . substr $body, 0, -1;
    my @held = map { IO::Socket::INET->new(
        PeerAddr => '127.0.0.1:' . $nginx->port) } 1 .. 500;
    print {$_} $request for @held;
    $_->flush for @held;
    print {$_} substr $body, -1 for @held;
    $_->flush for @held;
    my %n;
    $n{(readline($_) // '') =~ /^HTTP\S+ (\d+)/ ? $1 : 'none'}++ for @held;
    is_deeply(\%n, {202 => 500}, 'all are stored');
});

my $status = status();
cmp_ok($status->{dropped}{busy}, '>', 0, 'what was too much is counted');
is($status->{worker}{pid}, $worker, 'the worker is the first one');

$t->done;
