#!/usr/bin/perl

# Promise: the visitor id is the same for the same person (site, domain,
# address, agent, day's salt) in every worker and after a restart, and another
# one when any of these differs; the salt comes from the file of the UTC day;
# without one the worker draws its own and says so in each event and once in a
# log as Debian configures it, until the file is there.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;
use POSIX ();

my $SALT_LOCAL = 64;
my $t = Glinto::Test->new->one_day;
$t->prepare;
my $today = sub { $t->path('salt/' . POSIX::strftime('%F', gmtime)) };
my $conf = <<'EOS';
    location = /e { glinto_collect; }
    location = /x { glinto_collect; glinto_client_addr $http_x_addr; }
EOS
spew($today->(), 's' x 32);
my $nginx = $t->nginx(workers => 2, server => $conf);
my $spool = Glinto::Spool->new($t->path('spool'));
my $n = 0;

# The last event of a page view by somebody.
sub event {
    my (%who) = (site => 'a.example', host => 'a.example', addr => '192.0.2.1',
        agent => 'Mozilla/5.0 Firefox/1', path => '/e', @_);
    my $c = Glinto::Http->connect($nginx->port);
    my $page = "https://$who{host}/" . ++$n;
    my $r = $c->request('POST', $who{path}, {'User-Agent' => $who{agent},
        'X-Forwarded-For' => $who{addr}, 'X-Addr' => $who{header},
        Connection => 'close'},
        qq({"n":"pageview","d":"$who{site}","u":"$page"}));
    die "status $r->{status}" if $r->{status} != 202;
    my ($event) = grep { $_->{path} eq "/$n" } $spool->events;
    return $event;
}
sub vid { event(@_)->{visitor} }

my $me = vid();
is(scalar(grep { vid() == $me } 1 .. 20), 20, 'the same person in all workers');
cmp_ok($me, '<', 2**63, '63 bits');
ok(!exists event()->{visitor_before}, 'one id, not two');

# libsodium's SipHash-2-4 of site, domain, the 16 bytes of ::ffff:192.0.2.1 and
# agent under the key "ssssssssssssssss", top bit cleared.
sub siphash {
    use integer;
    no warnings 'portable';
    my ($key, $text) = @_;
    my ($k0, $k1) = unpack 'q<2', $key;
    my @v = ($k0 ^ 0x736f6d6570736575, $k1 ^ 0x646f72616e646f6d,
        $k0 ^ 0x6c7967656e657261, $k1 ^ 0x7465646279746573);
    my $rot = sub { my ($x, $b) = @_; no integer;
        return unpack 'q', pack 'Q', (($x << $b) & ~0) | ($x >> (64 - $b)) };
    my $u = sub { no integer; return unpack 'Q', pack 'q', $_[0] };
    my $round = sub {
        $v[0] += $v[1]; $v[1] = $rot->($u->($v[1]), 13) ^ $v[0];
        $v[0] = $rot->($u->($v[0]), 32);
        $v[2] += $v[3]; $v[3] = $rot->($u->($v[3]), 16) ^ $v[2];
        $v[0] += $v[3]; $v[3] = $rot->($u->($v[3]), 21) ^ $v[0];
        $v[2] += $v[1]; $v[1] = $rot->($u->($v[1]), 17) ^ $v[2];
        $v[2] = $rot->($u->($v[2]), 32);
    };
    my $len = length $text;
    my $padded = $text . "\0" x (7 - $len % 8) . chr($len % 256);
    for my $m (unpack 'q<*', $padded) {
        $v[3] ^= $m;
        $round->() for 1 .. 2;
        $v[0] ^= $m;
    }
    $v[2] ^= 0xff;
    $round->() for 1 .. 4;
    return $u->($v[0] ^ $v[1] ^ $v[2] ^ $v[3]);
}
my $whole = siphash('s' x 16,
    join "\0", 'a.example', 'a.example', "\0" x 10 . "\xff\xff\xc0\0\2\1",
    'Mozilla/5.0 Firefox/1');
is($me, $whole & ~(1 << 63), 'the id is SipHash-2-4 of what is documented');

isnt(vid(site => 'b.example'), $me, 'another site');
isnt(vid(addr => '192.0.2.2'), $me, 'another address');
isnt(vid(agent => 'Mozilla/5.0 Firefox/2'), $me, 'another agent');
isnt(vid(host => 'elsewhere.test'), $me, 'another domain');
is(vid(host => 'blog.a.example'), $me, 'a host under the site');
is(vid(host => 'www.a.example'), $me, 'www.');
is(vid(host => 'A.example.:8080'), $me, 'a host by another name');
is(vid(host => "a.example'X'"), $me, 'what is no host is the site\'s');
is(vid(host => 'x.elsewhere.test'), vid(host => 'y.elsewhere.test'),
    'two hosts of one domain');
isnt(vid(host => 'x.co.uk'), vid(host => 'y.co.uk'), 'two domains of one suffix');
is(vid(site => 'shop.c.example', host => 'c.example'),
    vid(site => 'shop.c.example', host => 'shop.c.example'),
    'the domain a site is under');
is(vid(site => 'a.example', agent => 'M' . 'x' x 511),
    vid(site => 'a.example', agent => 'M' . 'x' x 600), 'agents are cut');

# glinto_client_addr in all the ways people write addresses.
my $v4 = vid(path => '/x', header => '192.0.2.1');
is($v4, $me, 'the address of glinto_client_addr');
is(vid(path => '/x', header => '192.0.2.1:4711'), $v4, 'with a port');
my $v6 = vid(path => '/x', header => '2001:db8::1');
isnt($v6, $v4, 'IPv6');
is(vid(path => '/x', header => '[2001:db8::1]:4711'), $v6, 'in brackets');
is(vid(path => '/x', header => '[2001:db8::1'), $v6, 'half of them');
isnt(vid(path => '/x', header => '2001:db8::2'), $v6, 'another IPv6');
is(vid(path => '/x', header => '2001:0DB8:0:0::0001'), $v6, 'spelt otherwise');
is(vid(path => '/x', header => '2001:db8::1%eth0'), $v6, 'with a zone');
is(vid(path => '/x', header => '::ffff:192.0.2.1'), $v4, 'IPv4 in IPv6');
is(vid(path => '/x', header => '::ffff:c000:201'), $v4, 'in other words');
is(vid(addr => '::ffff:192.0.2.1'), $me, 'the same from realip');
is(vid(addr => '2001:DB8:0::1'), $v6, 'an IPv6 of realip');
is(vid(path => '/x'), $me, 'an empty value: the connection\'s address');
is(vid(path => '/x', header => 'x' x 300), vid(path => '/x', header => 'x' x 301),
    'nonsense is cut');

$nginx->stop;
$nginx = $t->nginx(server => $conf);
is(vid(), $me, 'the same after a restart');
$nginx->stop;

# Without a usable file: each start is another person.
for my $bad ('s' x 31, 's' x 33, '', undef) {
    unlink $today->();
    spew($today->(), $bad) if defined $bad;
    $nginx = $t->nginx(server => $conf);
    my $event = event();
    isnt($event->{visitor}, $me, 'a salt of its own');
    ok($event->{evidence} & $SALT_LOCAL, 'and says so');
    is(event()->{visitor}, $event->{visitor}, 'the same for all events');
    $nginx->stop;
}
unlink $t->path('error.log');
$nginx = $t->nginx(server => $conf, log_level => 'error');
ok(event()->{evidence} & $SALT_LOCAL, 'no file yet');
spew($t->path('salt/new'), 's' x 32);
rename $t->path('salt/new'), $today->();
$t->soon('the file is taken when it comes', sub { vid() == $me });
ok(!(event()->{evidence} & $SALT_LOCAL), 'nothing to say any more');
is(join(', ', $nginx->log =~ /\[error\].*(no salt file|salt is there now)/g),
    'no salt file, salt is there now', 'the log says both, once');

# What lies there instead of a file must not hold the worker.
$nginx->stop;
unlink $today->();
POSIX::mkfifo($today->(), 0600);
$nginx = $t->nginx(server => $conf);
ok(event()->{evidence} & $SALT_LOCAL, 'a pipe is no salt');

$t->done;
