# Promise: a reload under load that changes the number of workers, the size of
# segments, the budget or the spool's folder loses and doubles nothing; a
# folder that was left is drained.
# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;

my $changes = trials(small => 6, faults => 10, nightly => 80);
# A connection that has sent nothing yet keeps an old worker alive so long, and
# the load opens more than it needs.
my $UNUSED_S = 2;

my $t = Glinto::Test->new(limit_s => 120 + 20 * $changes);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my %sizes = (main => 'worker_shutdown_timeout 30s;', workers => 2,
    spool => 'budget=64m segment=1m');
my $nginx = $oracle->nginx(%sizes,
    server => "client_header_timeout ${UNUSED_S}s;
        location = /g.gif { glinto_pixel; }");
my $dir = 'spool';
my @violations;

# Workers first leave the old folder, glintod drains it and then reads the new.
sub move {
    my ($other) = @_;
    mkdir $t->path($other);
    chmod 01770, $t->path($other);
    $nginx->reload(glinto => <<"EOG");
    glinto_spool %%DIR%%/$other [SPOOL];
    glinto_socket unix:%%DIR%%/events.sock;
    glinto_salt %%DIR%%/salt;
    glinto_sites %%DIR%%/sites;
EOG
    # Also those of reloads before, which serve their last connections.
    my %stay = map { $_ => 1 } $nginx->pid, $nginx->workers;
    $nginx->gone(grep { !$stay{$_} } $t->session($nginx->pid));
    my $old = $t->path($dir);
    eval {
        $t->until('an empty old spool',
            sub { !grep { -f } glob "$old/*.seg $old/t-*" }, 10);
    } or push @violations, "V: $dir was not drained";
    $agent->stop;
    $agent->start(spool => $other);
    $dir = $other;
}

my @steps = (
    sub { $nginx->reload(workers => 8) },
    sub { $nginx->reload(spool => 'budget=8m segment=64k') },
    sub { move('other') },
    sub { $nginx->reload(workers => 1) },
    sub { $nginx->reload(spool => 'budget=64m segment=2m') },
    sub { move('spool') },
);

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 1000,
    kind => 'visits', requests => 5_000_000, seconds => 100 + 20 * $changes,
    visitors => 500, sites => 5, site => 'load.example', nonce => 'f17',
    log => 1);
for my $n (0 .. $changes - 1) {
    $steps[$n % @steps]->();
}
move('spool') if $dir ne 'spool';
$load->stop;
my $sum = $load->wait;
cmp_ok($sum->{ok}, '>', 100 * $changes, 'the load went through');
push @violations, $oracle->judge($load);
is(join("\n", @violations), '', "$changes changes: no violation");
$oracle->report('F17', $changes, scalar @violations, '-');
$t->done;
