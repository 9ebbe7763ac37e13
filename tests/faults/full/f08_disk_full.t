# Promise: a full disk, of the databases, of the spool or of both, loses and
# doubles nothing that was answered 2xx, counts what was refused exactly, and
# all accounts go on within 5 s of space coming back, without a restart.

# Group: B

# Method: in the second half an account is parked soon after it fails, so that
# this too is tried on a disk that is full.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Http;
use Glinto::Load;
use Glinto::Mounts;
use Glinto::Oracle;
use Glinto::Test;
use Time::HiRes ();

private_mounts();
my $SITES = 5;
my @PLACES = (['data'], ['spool'], ['data', 'spool']);
my $HOLD_S = 5;
my $LONG_HOLD_S = 25; # once: glintod has long waited for its next try
my $BACK_S = 5;
my $PARK_S = 3; # less than the disk is full

my $trials = trials(small => 3, faults => 10, nightly => 100);
my $seed = seed();

my $t = Glinto::Test->new(limit_s => 120 + 20 * $trials);
mount_tmpfs($t->path('data'), '128m', 0700);
mount_tmpfs($t->path('spool'), '16m', 01770);
my $conf = 'paths_per_day 100000000';
my $agent = $t->aggregator(conf => $conf);
my $oracle = Glinto::Oracle->new($t, $agent);
my $store = Glinto::Store->new($t->path('data'));
$oracle->accounts($SITES, 'load.example');
# More than the disk has, so that it is the disk that is full.
my $nginx = $oracle->nginx(workers => 2, spool => 'budget=64m segment=64k',
    server => 'location = /g.gif { glinto_pixel; }');

my $refused = 0; # of the events sent here

sub taken {
    my ($site, $path) = @_;
    my $status = http_get($nginx->port,
        "/g.gif?d=$site&u=https%3A%2F%2F$site$path")->{status};
    $refused++ if $status == 503;
    return $status == 200;
}

# An event of each site is taken and is a row: 1, or 0 after $BACK_S.
sub all_go_on {
    my ($path) = @_;
    my %left = map { ("s$_.load.example" => 0) } 0 .. $SITES - 1;
    return eval {
        $t->until('all sites', sub {
            for my $site (sort keys %left) {
                $left{$site} ||= taken($site, $path) or next;
                delete $left{$site} if $store->value($store->site($site),
                    'SELECT count(*) FROM events e JOIN paths p
                    ON p.code = e.path WHERE p.text = ?', $path);
            }
            return !%left;
        }, $BACK_S);
    } // 0;
}

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 500,
    requests => 5_000_000, seconds => 60 + 20 * $trials, visitors => 500,
    sites => $SITES, site => 'load.example', nonce => 'f8', log => 1);
my (@violations, %failures);
my $slowest_s = 0;
for my $trial (1 .. $trials) {
    my @full = @{$PLACES[$trial % @PLACES]};
    if ($trial == int($trials / 2) + 1) {
        $agent->stop;
        $agent->start(conf => "$conf\npark_after_s $PARK_S");
    }
    my $hold_s = $trial == 3 && $trials > 3 ? $LONG_HOLD_S : $HOLD_S;
    fill($t->path($_)) for @full;
    # The disk stays full so long: this is the fault's time.
    my $until = Time::HiRes::time() + $hold_s;
    $t->until('the end of the fault',
        sub { Time::HiRes::time() >= $until }, $hold_s + 5);
    my $failed = @{$agent->json('status')->{failed_accounts}};
    $failures{"@full"} += $failed;
    unlink $t->path("$_/ballast") for @full;
    my $freed = Time::HiRes::time();
    push @violations, "$trial: @full: not back within $BACK_S s"
        if !all_go_on("/back/$trial");
    my $back_s = Time::HiRes::time() - $freed;
    $slowest_s = $back_s if $back_s > $slowest_s;
}
$load->stop;
my $sum = $load->wait;
push @violations, $oracle->judge($load, {earlier => $refused});
is(join("\n", @violations), '', "full $trials times: no violation");
diag(sprintf 'all go on %.1f s after space came back', $slowest_s);
cmp_ok($sum->{unavailable}, '>', 0, 'the spool was full');
cmp_ok($failures{data}, '>', 0, 'databases were full') if $trials >= @PLACES;
cmp_ok($sum->{ok}, '>', 500 * $trials, 'the load went through');
$oracle->report('F8', $trials, scalar @violations, $seed);
$t->done;
