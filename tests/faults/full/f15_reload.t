# Promise: a storm of reloads, one every 100 ms under load, loses and doubles
# nothing; 35 s later at most two generations of workers live, and the master
# has grown by 4 MiB at most.
# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Time::HiRes ();

my $reloads = trials(small => 10, faults => 40, nightly => 200);
my $workers = 2;

my $t = Glinto::Test->new(limit_s => 120 + $reloads);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => $workers,
    main => 'worker_shutdown_timeout 30s;',
    server => 'location = /g.gif { glinto_pixel; }');

sub rss_kib { slurp('/proc/' . $nginx->pid . '/status') =~ /^VmRSS:\s+(\d+)/m }

# Of the session: the master and its workers of all ages.
sub generations {
    my @all = $t->session($nginx->pid);
    return (@all - 1) / $workers;
}

# The storm's pace; no wait for something.
sub pause {
    my ($seconds) = @_;
    my $moment = Time::HiRes::time() + $seconds;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment });
}

$nginx->reload; # the second cycle is the first that has one before it
my ($before_kib) = rss_kib();
my $load = Glinto::Load->start($t, port => $nginx->port, rate => 1000,
    kind => 'visits', requests => 5_000_000, seconds => 60 + $reloads,
    visitors => 500, sites => 5, site => 'load.example', nonce => 'f15',
    log => 1);
for (1 .. $reloads) {
    pause(0.1);
    $nginx->signal('HUP');
}
my $last = Time::HiRes::time();
pause(1); # and the newest generation works a while
$load->stop;
my $sum = $load->wait;
$t->soon('two generations at most',
    sub { generations() <= 2 }, 35 - (Time::HiRes::time() - $last));
my ($after_kib) = rss_kib();
my @taken = $nginx->log =~ /signal 1 \(SIGHUP\) received/g;
cmp_ok(@taken, '>', $reloads / 2, 'reloads: ' . @taken . " of $reloads taken");
cmp_ok($after_kib - $before_kib, '<=', 4096,
    "the master grew from $before_kib to $after_kib KiB");
cmp_ok($sum->{ok}, '>', 50 * $reloads, 'the load went through');
my @violations = $oracle->judge($load);
is(join("\n", @violations), '', "$reloads reloads: no violation");
$oracle->report('F15', $reloads, scalar @violations, '-');
$t->done;
