# Promise: every frame in the spool is accounted for exactly once, whatever it
# holds and however it comes: odd frames, counts, frames hinted twice, a
# reader killed at any moment.  A second glintod ends with 75; TERM reads to
# the end.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use Socket qw(AF_UNIX SOCK_SEQPACKET pack_sockaddr_un);

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'b']);
my ($agent, $store) = ($world->agent, $world->store);
my $file = $world->file('a');


# ---- odd frames ----

my $segment = $world->segment;
$segment->event(site => 'a.example', visitor => $_, path => "/$_") for 1 .. 5;
$segment->frame(1, 'no msgpack');
$segment->frame(77, "\x80");
$segment->event(site => 'unknown.example', visitor => 1) for 1 .. 3;
$segment->event(site => 'b.example', visitor => 9,
    agent => 'Mozilla/5.0 (compatible; Googlebot/2.1)');
$segment->counts(['a.example', 'prefetch', 4], ['b.example', 'opt_out', 2],
    ['', 'invalid', 6], ['gone.example', 'prefetch', 1]);
$segment->event(site => 'a.example', visitor => 6);
$segment->close;
$world->empty('odd frames: the spool is empty');
is($world->rows, 6, 'good events among odd frames are rows');
is($store->value($file, 'SELECT sum(n) FROM bots'), 1, 'a bot is a bot');
is($world->dropped('undecodable'), 2, 'undecodable frames are counted');
is($world->dropped('unknown_site'), 3, 'so are unknown sites');
is($world->dropped('invalid'), 6, 'a count of no site');
is($world->dropped('prefetch'), 1, 'a count of a site not known');
is($world->dropped('prefetch', 'a') + $world->dropped('opt_out', 'a'), 6,
    'counts of known sites');

# ---- hints: twice, too late, garbage ----

sub events_packet {
    my ($of, $frame) = @_;
    return pack('C C v V V V a16', 2, 1, 0, $frame->{index}, $frame->{offset},
        1, $of->id) . $frame->{bytes};
}

socket my $hints, AF_UNIX, SOCK_SEQPACKET, 0 or die $!;
connect $hints, pack_sockaddr_un($t->path('events.sock')) or die $!;
$segment = $world->segment;
for my $i (1 .. 200) {
    $segment->event(site => 'a.example', visitor => 100 + $i % 7);
    my $packet = events_packet($segment, $segment->last);
    send $hints, $packet, 0 for 1 .. 1 + $i % 3;
    send $hints, events_packet($segment,
        {%{$segment->last}, index => $i + 3}), 0 if $i % 10 == 0;
}
$t->soon('hinted frames are rows while the writer lives', sub {
    $world->rows == 206;
});
$segment->close;
$world->empty('hints: the spool is empty');
is($world->rows, 206, 'frames hinted twice are counted once');

# ---- a second glintod ----

my $second = $t->spawn('second', $t->build . '/glintod', '-c',
    $t->path('glinto.conf'));
is($t->ended($second) >> 8, 75, 'a second glintod ends with 75');
ok($agent->running, 'the first one does not care');

# ---- killed at any moment ----

my $sum = 206;
for my $round (1 .. 8) {
    my @open = map { $world->segment } 1 .. 2;
    for my $i (1 .. 400) {
        $open[$i % 2]->event(site => 'a.example', visitor => 1 + $i % 50);
        $open[$i % 2]->event(site => 'unknown.example') if $i % 40 == 0;
        $agent->kill9 if $i == 50 * $round - 25;
    }
    $sum += 400;
    $_->close for @open;
    $agent->start;
}
$world->empty('kills: the spool is empty');
is($world->rows, $sum, 'kill -9 eight times: rows are exact');
is($world->dropped('unknown_site'), 3 + 80, 'drops are exact');
is($store->value($file, 'SELECT count(*) FROM ingest'),
    $store->value($file, 'SELECT count(DISTINCT seg) FROM ingest'),
    'one row a segment');

# ---- TERM ----

$segment = $world->segment;
$segment->event(site => 'a.example', visitor => $_) for 1 .. 3000;
$segment->close;
$agent->stop; # dies unless it ends with 0
is($world->rows, $sum + 3000, 'TERM: read to the end');
is(join(' ', glob $t->path('spool/*.seg')), '', 'and the spool is empty');
is($store->integrity, 'ok', 'all files are well');

$t->done;
