# Promise: out of file descriptors, glintod lives; the socket that could not
# accept rests, and answers again when there are some.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 60);
my $agent = $t->aggregator;
$agent->site('a.example');
my $pid = $agent->pid;

sub limit {
    my ($files) = @_;
    is(system('prlimit', '--pid', $pid, "--nofile=$files:"), 0,
        "$files descriptors");
}
my ($soft) = qx(prlimit --pid $pid --nofile -o SOFT --noheadings) =~ /(\d+)/;

# Under the limit 0 no number is free, whatever glintod closes meanwhile.
for my $socket (qw(dashboard admin)) {
    limit(0);
    my $waiting = Glinto::Http->connect($t->path("$socket.sock"));
    $t->soon("$socket.sock rests, and says so", sub {
        $agent->log =~ /\[notice\] $socket socket: .* no more for now/;
    });
    limit($soft);
    $waiting->send("GET /status HTTP/1.1\r\nHost: a\r\n\r\n");
    like($waiting->response->{status}, qr/^[24]/, "$socket.sock answers again");
}
ok($agent->running, 'and glintod lives');
$t->done;
