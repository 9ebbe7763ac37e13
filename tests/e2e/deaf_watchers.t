# Promise: a watcher that reads nothing is gone within 45 s, also behind nginx,
# which takes for it what glintod sends: it answers no ping.  Its place is free
# for another; who reads keeps his.
#
# Method: WebSockets through nginx with the shipped files, as many as a site
# may have; one of them reads.
#
# Check: pings come every 30 s.
#
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use Glinto::WebSocket;
use Time::HiRes ();

my $MOST = 20;
my $GONE_S = 45;
my $t = Glinto::Test->new(limit_s => 120);
my $agent = $t->aggregator(conf => "watchers_per_site $MOST");
my $nginx = $t->nginx(shipped($t));
$agent->site('a.example', '--public');

sub watch {
    return Glinto::WebSocket->try($nginx->port, '/glinto/a.example/live', @_);
}
my $reader = (watch())[0];
# Looked at in the end, it must not answer a ping that waits there.
my @deaf = map { (watch(mute => 1))[0] } 2 .. $MOST;
is((watch())[1], 503, 'all places are taken');
my $began = Time::HiRes::time();
my ($next, $status);
$t->until('a place is free', sub {
    $reader->drain;
    ($next, $status) = watch();
    return $next;
}, $GONE_S + 5);
sub left_s { $began + $GONE_S - Time::HiRes::time() }
cmp_ok(left_s(), '>=', 0, 'within that time');
is($_->closed(left_s()), 1001, 'a deaf one was closed') for @deaf;
$reader->drain;
is($reader->closed(0.1), undef, 'who reads is there');
$reader->close;
$next->close;
$t->done;
