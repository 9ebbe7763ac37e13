#!/usr/bin/perl

# Promise: clients that go away at any moment (before the body, in it, before
# the answer, by FIN or RST; HTTP/2 streams reset in the very packet that
# opened them, while their frame waits for the append) cost no memory error, no
# leak and no event of anybody else: 5,000 requests under valgrind.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";

# The sanitizer build of the suite looks for the same with its own means.
BEGIN { $ENV{GLINTO_VALGRIND} = 1 if !$ENV{GLINTO_SAN} }
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 180);
my $h2 = $t->port;
my $nginx = $t->nginx(http => 'keepalive_requests 100000;', server => <<"EOS");
    listen 127.0.0.1:$h2 http2;
    location = /e { glinto_collect; }
    location = /g.gif { glinto_pixel; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $body = '{"n":"pageview","d":"a.example","u":"https://a.example/x","p":{"k":"'
    . 'v' x 500 . '"}}';
my ($sent, %accepted) = (0);
srand 7;

# A request that is counted as accepted when its answer is read.
my $sure = Glinto::Http->connect($nginx->port);
sub sure {
    my $path = '/sure/' . ++$sent;
    my $r = $sure->request('POST', '/e', {}, $body =~ s{/x}{$path}r);
    $accepted{$path} = $r->{status};
}

sub wreck {
    my ($kind) = @_;
    my $c = Glinto::Http->connect($nginx->port);
    my $post = $c->compose('POST', '/e', {}, $body);
    my $chunks = $c->compose('POST', '/e', {}, [$body =~ /(.{1,90})/g]);
    my $get = $c->compose('GET', '/g.gif?d=a.example', {}, undef);
    my @bytes = ($get, $post, $chunks, $get x 5 . $post x 5 . $chunks x 3,
        substr($post, 0, rand length $post), $post . substr($get, 0, rand 90),
        substr($chunks, 0, rand length $chunks), $chunks . 'nonsense');
    $c->send($bytes[$kind % @bytes]);
    $sent += $kind % @bytes == 3 ? 13 : 1;
    eval { $c->response } if $kind % @bytes < 4 && rand() < 0.3;
    $kind % 2 ? $c->reset : $c->close;
}

# HTTP/2 by hand: headers as literals, never indexed.
sub frame {
    my ($type, $flags, $stream, $payload) = @_;
    return substr(pack('N', length $payload), 1) . pack('C C N', $type, $flags,
        $stream) . $payload;
}

sub headers {
    my ($method, $path, @more) = @_;
    my @all = (':method' => $method, ':path' => $path, ':scheme' => 'http',
        ':authority' => 'localhost', 'user-agent' => 'Mozilla/5.0',
        'accept-language' => 'de', @more);
    my $block = '';
    while (my ($name, $value) = splice @all, 0, 2) {
        $block .= pack 'C C/a C/a', 0, $name, $value;
    }
    return $block;
}

sub wreck_h2 {
    my ($kind) = @_;
    my $c = Glinto::Http->connect($h2);
    my $bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" . frame(4, 0, 0, '');
    for my $i (0 .. 11) {
        my $stream = 2 * $i + 1;
        $sent++;
        if (($kind + $i) % 3) {
            $bytes .= frame(1, 5, $stream, headers('GET', '/g.gif?d=a.example'));
        } else {
            $bytes .= frame(1, 4, $stream, headers('POST', '/e'))
                . frame(0, $i % 2, $stream, $body);
        }
        $bytes .= frame(3, 0, $stream, pack 'N', 8) if ($kind + $i) % 4 < 2;
    }
    $bytes .= frame(7, 0, 0, pack 'N N', 0, 0) if $kind % 5 == 0; # GOAWAY
    $bytes .= 'x' x 40 if $kind % 7 == 0;                         # no frame
    $c->send($bytes);
    sysread $c->socket, my $some, 100 if $kind % 3 == 0;
    $kind % 2 ? $c->reset : $c->close;
}

for my $i (1 .. 100_000) {
    last if $sent >= 5000;
    wreck($i);
    wreck_h2($i) if $i % 4 == 0;
    sure() if $i % 20 == 0;
}
cmp_ok($sent, '>=', 5000, '5,000 requests');
is(join(' ', grep { $accepted{$_} != 202 } keys %accepted), '',
    'who waits for the answer gets 202');
my %stored;
$stored{$_->{path}}++ for $spool->events;
is(scalar(grep { ($stored{$_} // 0) != 1 } keys %accepted), 0,
    'each of these is stored once');
cmp_ok($stored{'/x'}, '>', 100, 'frames of those who left may stay');
is($_->{tail}, 'zeros', 'no damaged segment')
    for map { $spool->read($_) } $spool->files;

# At the end of its process nginx itself leaves some blocks to the kernel.
$nginx->stop;
my @lost = grep { /lost in loss record/ && /glinto|gl_|psl_|json_/ }
    map { split /^==\d+== \n/m, slurp($_) } glob $t->path('valgrind.*.log');
is(join('', @lost), '', 'no leak of ours');

$t->done;
