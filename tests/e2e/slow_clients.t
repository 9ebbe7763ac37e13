# Promise: who opens connections to the dashboard's socket and never finishes
# a question keeps nobody out: with more of them than may be open at a time, a
# question is answered at once, and glintod holds no more connections than
# that.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Test;
use Time::HiRes ();

my $SLOW = 800;
my $OPEN_MAX = 512; # GL_SERVE_DASHBOARD_CONNECTIONS_MAX
my $ANSWER_S = 1;   # far below the 10 s that a slow question may last

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site('a.example', '--public');
my $socket = $t->path('dashboard.sock');

sub page { http_get($socket, '/glinto/a.example')->{status} }

sub descriptors { scalar(() = glob '/proc/' . $agent->pid . '/fd/*') }

is(page(), 200, 'a page');
my $before = descriptors();
my @slow;
for my $n (1 .. $SLOW) {
    push @slow, Glinto::Http->connect($socket);
    eval {
        $slow[-1]->send("GET /glinto/a.example HTTP/1.1\r\nHost: a\r\nX: ")
            if $n % 2;
    };
    next if $n % 100;
    my $began = Time::HiRes::time();
    is(page(), 200, "a page beside $n");
    cmp_ok(Time::HiRes::time() - $began, '<', $t->slow($ANSWER_S), 'at once');
}
$t->soon('not all of them are open',
    sub { descriptors() - $before <= $OPEN_MAX });
ok($slow[0]->closed, 'the oldest is closed');
$t->done;
