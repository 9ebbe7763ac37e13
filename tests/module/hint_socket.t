#!/usr/bin/perl

# Promise: what goes over the hint socket is byte for byte what is in the
# files, in order, joined into packets of at most 32 KiB; pages served, which
# nobody waits for, go there only beside events; and whatever is at the other
# end (nothing, nobody who reads, somebody who hangs up or writes back) changes
# no answer and no file, and is said once in a log as Debian configures it, as
# is its end.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Hints;
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;
use IO::Socket::UNIX;

my $t = Glinto::Test->new;
my $socket = $t->path('events.sock');
my $hints = Glinto::Hints->listen($socket);
my $nginx = $t->nginx(spool => 'budget=8m segment=128k', log_level => 'error',
    server => <<'EOS');
    location = /e { glinto_collect; }
    location = /s { glinto_status; }
    location = /p { glinto on; glinto_site a.example; default_type text/html;
        return 200 page; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $n = 0;

# COUNT events in pipelines of 20; all accepted.  READING: we take hints
# meanwhile, so that the socket never fills.
sub events {
    my ($count, $name, $reading) = @_;
    my $c = Glinto::Http->connect($nginx->port);
    my %status;
    while ($count > 0) {
        my $some = $count > 20 ? 20 : $count;
        $c->send(join '', map { $c->compose('POST', '/e', {}, sprintf
            '{"n":"pageview","d":"a.example","u":"//a.example/%d","p":{"k":"%s"}}',
            ++$n, 'v' x 1700) } 1 .. $some);
        $status{$c->response->{status}}++ for 1 .. $some;
        $count -= $some;
        my $turns = 0;
        $hints->read_until(sub { $turns++ > 3 }) if $reading;
    }
    is(join(' ', keys %status), 202, "$name: all accepted");
}

# Everything that came as EVENTS, by segment: checked against the files.
sub same {
    my ($name, $exactly) = @_;
    my ($bad, %seen) = (0);
    for my $packet ($hints->packets('EVENTS')) {
        my $file = slurp($t->path("spool/$packet->{segment}.seg"));
        my $frames = substr $packet->{bytes}, 32;
        $bad++ if substr($file, $packet->{offset}, length $frames) ne $frames;
        $bad++ if @{$packet->{frames}} != $packet->{count};
        $bad++ if length $packet->{bytes} > 32 * 1024;
        $bad++ if $packet->{frames}[0]{index} != $packet->{first};
        $seen{$_->{path}}++ for @{$packet->{events}};
    }
    is($bad, 0, "$name: packets are what the files say");
    is(scalar(grep { $_ > 1 } values %seen), 0, "$name: none twice");
    is(scalar(keys %seen), $exactly, "$name: all of them") if defined $exactly;
    return scalar keys %seen;
}

$hints->read_until(sub { $hints->packets('HELLO') });
my ($hello) = $hints->packets('HELLO');
my ($dev, $ino) = stat $t->path('spool');
is_deeply([@$hello{qw(proto major dev ino version)}], [1, 1, $dev, $ino, '0.1.0'],
    'HELLO says who is there');
events(300, 'somebody reads', 1);
is(scalar(map { $_->{path} } $spool->events), 300, 'stored');
$hints->read_until(sub {
    my $sum = 0;
    $sum += $_->{count} for $hints->packets('EVENTS');
    return $sum >= 300;
});
same('somebody reads', 300);
my @sealed = $hints->packets('SEALED');
my @files = $spool->files;
# One is being written, and one may wait for its turn.
ok(@sealed == @files - 1 || @sealed == @files - 2, 'SEALED for each full one')
    or diag(@sealed . ' of ' . @files);
cmp_ok($hints->packets('EVENTS'), '<', 60, 'frames are joined');

# One frame alone comes by itself after 10 ms.
events(1, 'one');
ok($hints->read_until(sub {
    ($hints->packets('EVENTS'))[-1]{events}[-1]{path} eq "/$n" }),
    'one frame alone comes soon');

# Pages, each in a turn of its own, then an event.
my $packets = () = $hints->packets('EVENTS');
$nginx->get('/p') for 1 .. 5;
events(1, 'behind pages');
$hints->read_until(sub { $hints->packets('EVENTS') > $packets });
my ($behind) = ($hints->packets('EVENTS'))[$packets];
is(scalar(map { 1 } $spool->served), 5, 'pages are in the file');
is(join(' ', map { $_->{path} } @{$behind->{events}}), "/$n",
    'and no packet tells of them');

# Who does not read gets what fits, and holds nobody up.
events(900, 'nobody reads');
is(scalar(map { 1 } $spool->events), 1202, 'nobody reads: all stored');
$hints->read_until(sub { 0 }, 0.5);
cmp_ok(same('nobody reads'), '<', 1202, 'the rest is left out');

$hints->hang_up;
events(30, 'hung up');
$t->soon('a new connection', sub {
    $hints->read_until(sub { $hints->packets('HELLO') >= 2 }, 0.1) });
events(30, 'again');
$hints->close;
events(30, 'no socket');
$nginx->soon_log(qr/no aggregator at unix:\S+events.sock/);

# Another kind of socket, a file: no aggregator.
my $stream = IO::Socket::UNIX->new(Local => $socket, Listen => 5) or die;
$t->until('an attempt', sub { $nginx->get('/s')->{body} =~ /"connected": false/ });
events(30, 'a stream socket');
close $stream;
unlink $socket;
spew($socket, 'a file');
events(30, 'a file');
unlink $socket;

# One who talks back.
$hints = Glinto::Hints->listen($socket);
$hints->read_until(sub { $hints->packets('HELLO') }) or diag('no HELLO');
$nginx->soon_log(qr/connected to the aggregator at unix:/);
syswrite $_->{socket}, "garbage\n" x 500 for values %{$hints->{peers}};
events(30, 'one who talks back');
is(scalar(map { 1 } $spool->events), $n, 'every event is in its file');

my @lost = $nginx->log =~ /no aggregator at/g;
cmp_ok(@lost, '<=', 2, 'one line an outage');

# An aggregator that comes back hears of the worker at once, not at the next
# full second.  Half a second is 25 answers, 20 ms apart, of the worker: none
# comes while a busy machine lets it wait.
my $late = 0;
for (1 .. 6) {
    $hints->close;
    events(1, 'away');
    $t->until('the outage', sub {
        $nginx->get('/s')->{body} =~ /"connected": false/ });
    $hints = Glinto::Hints->listen($socket);
    my $answers = 0;
    $hints->read_until(sub { $hints->packets('HELLO')
        || ($nginx->get('/s') && ++$answers > 25) });
    $late++ if !$hints->packets('HELLO');
}
is($late, 0, 'HELLO within half a second of its return');

# One who takes every connection and hangs up is one outage.
sub said { scalar(() = $nginx->log =~ /$_[0]/g) }
my ($gone, $back) = (qr/no aggregator at/, qr/connected to the aggregator/);
$t->soon('an end for each outage', sub { said($back) == said($gone) });
my $outages = said($gone);
for (1 .. 5) {
    my $before = $hints->packets('HELLO');
    $hints->hang_up;
    $t->until('an attempt', sub {
        $nginx->get('/s');
        return $hints->read_until(sub { $hints->packets('HELLO') > $before },
            0.1);
    });
}
is(said($gone) . ' ' . said($back), $outages + 1 . " $outages",
    'one who hangs up: one line');
$t->soon('and one when he stays', sub { said($back) == $outages + 1 });

$t->done;
