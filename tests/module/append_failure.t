#!/usr/bin/perl

# Promise: whatever system call of the append fails, in whatever place, the
# requests it was for get 503 and no other, what got 2xx is a valid frame, no
# offset is written twice, the worker goes on by itself, and says that the
# spool takes events again only when it has taken something.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 240);
plan(skip_all => 'strace and valgrind exclude each other') if $t->valgrind;
plan(skip_all => 'the sanitizer does not bear being traced') if $t->san;

my $n = 0;

# 60 events by three connections under faults, and more until one is accepted.
sub trial {
    my ($name, @inject) = @_;
    my $nginx = $t->nginx(spool => 'budget=4m segment=64k',
        wrap => ['strace', '-D', '-f', '-qq', '-o', '/dev/null',
            map { ('-e', 'trace=' . s/:.*//r, '-e', "inject=$_") } @inject],
        server => 'location = /api/event { glinto_collect; }');
    my %sent;
    my @c = map { Glinto::Http->connect($nginx->port) } 1 .. 3;
    my $round = sub {
        my @paths = map { '/' . ++$n } @c;
        for my $i (0 .. 2) {
            $c[$i]->send($c[$i]->compose('POST', '/api/event', {},
                qq({"n":"pageview","d":"a.example","u":"https://a.example)
                . qq($paths[$i]","p":{"k":"@{['v' x 1500]}"}})));
        }
        push @{$sent{$c[$_]->response->{status}}}, $paths[$_] for 0 .. 2;
    };
    $round->() for 1 .. 20;
    $t->until('an event accepted', sub { $round->(); $sent{202} });
    my $spool = Glinto::Spool->new($t->path('spool'));
    is(join(' ', sort keys %sent), '202 503', "$name: both answers came");
    is(join(' ', sort map { $_->{path} } $spool->events),
        join(' ', sort @{$sent{202}}), "$name: 2xx and frames are the same");
    $nginx->stop;
    is($spool->drops, @{$sent{503} // []}, "$name: drops are exact")
        if $name !~ /drop block/;
    unlink glob $t->path('spool/*');
}

# pwrite: the header page first, then frames; drop blocks come between.
trial('no space', 'pwrite64:error=ENOSPC:when=5+6');
trial('input/output error', 'pwrite64:error=EIO:when=3+5');
trial('interrupted, drop block too', 'pwrite64:error=EINTR:when=3+1');
trial('no segment', 'fallocate:error=ENOSPC:when=2+2');
trial('no lock', 'flock:error=EAGAIN:when=2+2');
trial('no rename', 'renameat2:error=EACCES:when=1..2');

# Every other pwrite fails: header, event, drop block, header, counts frame ...
my $trace = $t->path('trace');
my $nginx = $t->nginx(wrap => ['strace', '-D', '-f', '-qq', '-o', $trace,
        '-e', 'trace=pwrite64', '-e', 'inject=pwrite64:error=EIO:when=2+2'],
    server => 'location = /api/event { glinto_collect; }');
is($nginx->post('/api/event',
    '{"n":"pageview","d":"a.example","u":"https://a.example/"}')->{status},
    503, 'an append fails');
is($nginx->post('/api/event', 'x')->{status}, 400, 'a count waits');
$t->until('its appends fail too', sub { (() = slurp($trace) =~ /INJ/g) > 4 });
unlike($nginx->log, qr/takes events again/, 'nobody says that it went well');

$t->done;
