# Promise: what an operator starts twice by mistake does no harm.  Two nginx
# write into one spool under load, and nothing is lost or doubled; a second
# glintod says why and exits with 75 within 1 s every time, and the first one
# goes on.
# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Nginx;
use Glinto::Oracle;
use Glinto::Test;
use Time::HiRes ();

my $starts = trials(small => 2, faults => 5, nightly => 50);
my $seconds = 12 * $starts; # of load
my $EXIT_BUSY = 75; # EX_TEMPFAIL

my $t = Glinto::Test->new(limit_s => 90 + $seconds);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my %want = (workers => 2, server => 'location = /g.gif { glinto_pixel; }
    location = /api/event { glinto_collect; }');
my $first = $oracle->nginx(%want);
# The same configuration but for the port and the pid file.
my $text = Glinto::Nginx->new($t, %want)->conf_text;
$text =~ s/127\.0\.0\.1:\d+/127.0.0.1:%%PORT%%/;
$text =~ s/nginx\.pid/nginx-second.pid/;
my $second = $t->nginx(conf => $text);

my @loads = map {
    Glinto::Load->start($t, port => $_->[1]->port, rate => 400,
        kind => 'visits', visitors => 500, requests => 5_000_000,
        seconds => $seconds, sites => 5, site => 'load.example',
        nonce => "f18$_->[0]", log => 1)
} [a => $first], [b => $second];

my @violations;
for my $n (1 .. $starts) {
    # Spread over the load's time.
    my $moment = Time::HiRes::time() + 0.8 * $seconds / $starts;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment }, $seconds);
    my $began = Time::HiRes::time();
    my $log = $t->path("glintod-second-$n.log");
    my $pid = $t->spawn('second glintod', $t->build . '/glintod', '-c',
        $t->path('glinto.conf'), {log => $log});
    my $status = $t->ended($pid);
    my $took = Time::HiRes::time() - $began;
    push @violations, "start $n: status $status after $took s: " . slurp($log)
        if $status != $EXIT_BUSY << 8 || $took > 1 || slurp($log) !~ /\w/;
    push @violations, "start $n: the first one does not answer"
        if $agent->admin('GET', '/v1/status')->{status} != 200;
}
diag(slurp($t->path('glintod-second-1.log')));
my @sums = map { $_->wait } @loads;
cmp_ok($_->{ok}, '>', 200 * $seconds, 'a load went through') for @sums;
push @violations, $oracle->judge(@loads);
is(join("\n", @violations), '', "$seconds s, $starts starts: no violation");
$oracle->report('F18', $starts, scalar @violations, '-');
$t->done;
