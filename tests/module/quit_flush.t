#!/usr/bin/perl

# Promise: at the end of a worker, asked to quit or told to terminate, all it
# knows is in the spool: events, the counts of what it turned away (which
# otherwise wait for the next second), and its segment is sealed, its lock
# gone; an idle worker lets go of its segment by itself.  One that is asked to
# quit stores first what waits for a turn of its loop.

use strict;
use warnings;
use Fcntl qw(:flock);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Bodies qw(hostile);
use Glinto::Held;
use Glinto::Hints;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $spool = Glinto::Spool->new($t->path('spool'));

sub locked {
    my ($name) = @_;
    open my $in, '<', $t->path("spool/$name") or return 0;
    return !flock $in, LOCK_SH | LOCK_NB;
}

for my $how (qw(stop term)) {
    my $hints = Glinto::Hints->listen($t->path('events.sock'));
    my $nginx = $t->nginx(server => 'location = /e { glinto_collect; }');
    my $body = '{"n":"pageview","d":"a.example","u":"https://a.example/"}';
    is($nginx->post('/e', $body)->{status}, 202, 'an event');
    my ($name) = $spool->files;
    ok(locked($name), 'the worker holds its segment') if !$t->valgrind;
    $nginx->post('/e', $body, 'User-Agent' => '') for 1 .. 3;
    $nginx->post('/e', '{');
    $nginx->$how;
    is(scalar $spool->events, 1, "$how: the event is there");
    # A second that ends between them makes two frames of them.
    my %counts;
    $counts{"$_->{site} $_->{reason}"} += $_->{n} for $spool->counts;
    is_deeply(\%counts, {'a.example bot_headers' => 3, ' invalid' => 1},
        "$how: so are the counts");
    ok(!locked($name), "$how: the segment is let go");
    is_deeply([$spool->temps], [], "$how: no unfinished file");
    ok($hints->read_until(sub { $hints->packets('SEALED') }),
        "$how: the aggregator is told");
    is(($hints->packets('SEALED'))[-1]{segment} . '.seg', $name, 'which one');
    $hints->close;
    unlink $t->path("spool/$name");
}

my $nginx = $t->nginx(server => 'location = /g.gif { glinto_pixel; }');
is($nginx->get('/g.gif?d=a.example')->{status}, 200, 'another event');
my ($name) = $spool->files;
$t->soon('an idle worker lets go after 5 s', sub { !locked($name) }, 10);
is(scalar $spool->events, 1, 'with its event');
is($nginx->get('/g.gif?d=a.example')->{status}, 200, 'and takes a new one');
my @files = $spool->files;
is(@files, 2, 'for the next');

$nginx->stop;

# More bodies at one time than a turn parses, and the end with them.
if (!$t->valgrind) {
    my $h2 = $t->port;
    $nginx = $t->nginx(main => 'worker_shutdown_timeout 10s;', server =>
        "listen 127.0.0.1:$h2 http2; location = /e { glinto_collect; }");
    my $worker = $t->until('a worker', sub { ($nginx->workers)[0] });
    my $c = Glinto::Held->new($h2);
    $c->hold('/e', 100, hostile('lists', 8000));
    $c->arrived;
    kill 'STOP', $worker;
    $c->release;
    $nginx->signal('QUIT');
    kill 'CONT', $worker;
    is_deeply({$c->statuses}, {202 => 100}, 'all that wait are stored');
    $nginx->stop;
    is(scalar $spool->events, 102, 'and in the spool');
}

$t->done;
