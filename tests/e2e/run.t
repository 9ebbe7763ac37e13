# Promise: "make run" gives a working demo in one folder, says when it is
# ready, reports a side that dies without starting it again, stops both on
# TERM, and explains why it cannot start; a glintod started by hand on the same
# folder is left alone and never met by a second one.
#
# Method: conf/run itself, on a folder of the test and a free port.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

# The demo has the program's own ports and logs, and starts both sides outside
# the harness: sanitizers cannot be preloaded here.
plan skip_all => 'the demo runs the normal build'
    if $ENV{GLINTO_SAN} || $ENV{GLINTO_VALGRIND};

my $t = Glinto::Test->new;
my $run = $t->path('run');
my $port = $t->port;

sub start {
    my ($name, $dir, $at) = @_;
    return $t->spawn($name, $t->root . '/conf/run', $t->build, $dir, $at);
}
sub said { slurp($t->path("$_[0].log")) }
sub pid_of { slurp("$run/$_[0].pid") + 0 }

my $demo = start('demo', $run, $port);
my $late;
# Both sides live in sessions of their own: only the script can end them.
END {
    for my $pid (grep { $_ && $t->alive($_) } $demo, $late) {
        $t->ended($pid, 30) if kill 'TERM', $pid;
    }
}
ok($t->until('ready line', sub { said('demo') =~ /^glinto: ready/m }, 30),
    'it gets ready');
is(said('demo') =~ /^(glinto: ready .*)$/m ? $1 : '',
    "glinto: ready http://127.0.0.1:$port/", 'the line names the address');

my @missing = grep { !-e "$run/$_" } qw(data spool salt cache sites events.sock
    admin.sock dashboard.sock nginx.conf glinto.conf error.log glintod.log
    nginx.pid glintod.pid);
is("@missing", '', 'the folder has what is promised');

is(http_get($port, '/')->{status}, 200, 'the demo page is served');
is(http_get($port, '/glinto/demo.example', Host => $_)->{status}, 200,
    "so are its numbers on $_") for "127.0.0.1:$port", "localhost:$port";
is(http_get($port, "/glinto/$_.example")->{status}, 200, "$_.example, too")
    for qw(garden school);
is(http_get($port, '/glinto/demo.example', Host => 'evil.test')->{status}, 404,
    'and on no host that only leads here');
my $event = '{"n":"pageview","u":"http://demo.example/","d":"demo.example"}';
my $first = http_post($port, '/api/event', $event);
is($first->{status}, 202, 'an event is taken');
is($first->{headers}{'x-plausible-dropped'}, undef,
    'and stored: workers know the site from their start');

my $again = start('again', $run, $port);
isnt($t->ended($again), 0, 'a second start on the same folder fails');
like(said('again'), qr/already runs on \Q$run\E/, 'and says why');
my $busy = start('busy', $t->path('other'), $port);
isnt($t->ended($busy), 0, 'a busy port fails');
like(said('busy'), qr/port $port is in use/, 'and says so');
my $long = start('long', $t->path('x' x 100), $t->port);
isnt($t->ended($long), 0, 'a folder too long for a Unix socket fails');
like(said('long'), qr/too long for Unix sockets/, 'and says so');

my $agent = pid_of('glintod');
kill 'KILL', $agent;
$t->soon('the death of glintod is told',
    sub { said('demo') =~ /glintod ended .*nginx is left alone/ });
is(http_post($port, '/api/event', $event)->{status}, 202,
    'counting goes on without glintod');
# nginx keeps a public page for a second.
my $paused;
$t->soon('the display is paused, with a status no cache keeps', sub {
    $paused = http_get($port, '/glinto/demo.example');
    return $paused->{status} == 503;
});
like($paused->{body},
    qr/Counting continues; the display is paused since \d\d:\d\d UTC/,
    'the display says since when it is paused');

sub by_hand {
    return $t->spawn($_[0], $t->build . '/glintod', '-c', "$run/glinto.conf");
}
my $by_hand = by_hand('by-hand');
spew("$run/glintod.pid", "$by_hand\n");
$t->soon('glintod started by hand takes over', sub {
    (eval { http_get($port, '/glinto/demo.example')->{status} } // 0) == 200;
});
# A worker lets go of its segment after 10 s without an event.
$t->soon('it counts everything', sub { !(() = glob "$run/spool/*.seg") }, 20);
kill 'TERM', $by_hand;
is($t->ended($by_hand), 0, 'and ends cleanly');
http_post($port, '/api/event', $event);

my $server = pid_of('nginx');
kill 'TERM', $demo;
is($t->ended($demo, 30), 0, 'TERM ends the demo');
like(said('demo'), qr/^glinto: stopped$/m, 'which says so');
ok(!kill(0, $server), 'nginx is gone');
is(scalar(grep { /\.seg$/ } glob "$run/spool/*"), 1,
    'the event without glintod waits in the spool');

is(pid_of('glintod'), $by_hand, 'nor is the process id of another touched');

my $unnamed = by_hand('unnamed');
$t->soon('one that has told no process id counts it',
    sub { !(() = glob "$run/spool/*.seg") });
$late = start('late', $run, $t->port);
isnt($t->ended($late), 0, 'no second one is started beside it');
like(said('late'), qr/glintod already runs on \Q$run\E/, 'and says why');
kill 'TERM', $unnamed;
is($t->ended($unnamed), 0, 'it has been left alone');

is(join(' ', map { $t->session($_) } $agent, $server), '',
    'nothing is left of either');
$t->done;
