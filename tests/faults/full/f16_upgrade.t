# Promise: a binary upgrade under load (USR2, WINCH and QUIT to the old master)
# and one taken back (USR2, WINCH and HUP to the old, QUIT to the new) lose
# and double nothing.
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

my $trials = trials(small => 2, faults => 8, nightly => 75);
my $rollbacks = int(($trials + 1) / 3); # 5 + 3, 50 + 25
my $upgrades = $trials - $rollbacks;
# A connection that has sent nothing yet keeps an old worker alive so long, and
# the load opens more than it needs.
my $UNUSED_S = 2;

# nginx takes WINCH, and USR2 at all times, only as a daemon.  It has a session
# of its own then; this program stays in its place, passes signals on to the
# master of the day and ends with that session.
my $STAND_IN = <<'EOP';
my ($pid_file, @command) = @ARGV;
system(@command) and die "nginx did not start\n";
sub master {
    open my $in, '<', $pid_file or return 0;
    return (<$in> // 0) + 0;
}
select undef, undef, undef, 0.01 until my $session = master();
for my $name (qw(QUIT TERM)) {
    $SIG{$name} = sub { kill $name, master() || $session };
}
sub alive {
    return grep {
        open my $in, '<', $_;
        my ($state, $of) = (<$in> // '') =~ /^\d+ \(.*\) (\S) \d+ \d+ (\d+)/s;
        ($of // 0) == $session && $state !~ /[ZX]/;
    } glob '/proc/[0-9]*/stat';
}
select undef, undef, undef, 0.05 while alive();
EOP

my $t = Glinto::Test->new(limit_s => 120 + 20 * ($upgrades + $rollbacks));
my $pid_file = $t->path('nginx.pid');
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my %want = (workers => 2, server => "client_header_timeout ${UNUSED_S}s;
        location = /g.gif { glinto_pixel; }
        location = /api/event { glinto_collect; }");
my $text = Glinto::Nginx->new($t, %want)->conf_text;
$text =~ s/daemon off/daemon on/;
$text =~ s/127\.0\.0\.1:\d+/127.0.0.1:%%PORT%%/;
my $nginx = $oracle->nginx(conf => $text,
    wrap => ['perl', '-e', $STAND_IN, $pid_file]);

sub master { slurp($pid_file) + 0 }
my $session = master();
$t->{pids}{$session} = 'nginx'; # so that it is cleaned up however this ends

# Workers of one master; those on their way out too with ALL.
sub workers_of {
    my ($master, $all) = @_;
    return grep {
        my ($parent) = slurp("/proc/$_/status") =~ /^PPid:\s+(\d+)/m;
        ($parent // 0) == $master && slurp("/proc/$_/cmdline")
            =~ ($all ? qr/^nginx: worker/ : qr/^nginx: worker process(?! is)/);
    } $t->session($session);
}

sub gone {
    my (@pids) = @_;
    $t->until("end of @pids", sub {
        my %alive = map { $_ => 1 } $t->session($session);
        return !grep { $alive{$_} } @pids;
    }, 20);
}

# USR2: a new master with workers beside the old one; both pids.
sub usr2 {
    my $old = master();
    kill 'USR2', $old;
    my $new = $t->until('a new master', sub {
        -s "$pid_file.oldbin" && -s $pid_file && master() != $old && master();
    }, 20);
    $t->until('its workers', sub { workers_of($new) == 2 });
    kill 'WINCH', $old;
    $t->until('the end of the old workers', sub { !workers_of($old, 1) }, 20);
    return ($old, $new);
}

# While the process that began the daemon lives, its master ignores USR2.
$t->until('a master of its own', sub {
    my ($parent) = slurp('/proc/' . master() . '/status') =~ /^PPid:\s+(\d+)/m;
    return slurp("/proc/$parent/cmdline") !~ m{^(?:nginx|/usr/sbin/nginx)};
});
my $load = Glinto::Load->start($t, port => $nginx->port, rate => 1000,
    kind => 'visits', requests => 5_000_000,
    seconds => 60 + 20 * ($upgrades + $rollbacks), visitors => 500,
    sites => 5, site => 'load.example', nonce => 'f16', log => 1);
$t->until('a load', sub { keys %{$oracle->paths('f16')} > 100 });
for my $n (1 .. $upgrades) {
    my ($old, $new) = usr2();
    kill 'QUIT', $old;
    gone($old);
    is(master(), $new, "upgrade $n: the new master is the master");
}
for my $n (1 .. $rollbacks) {
    my ($old, $new) = usr2();
    kill 'HUP', $old;
    $t->until('old workers', sub { workers_of($old) == 2 });
    kill 'QUIT', $new;
    gone($new);
    $t->soon("rollback $n: the old master is the master",
        sub { master() == $old });
}
$load->stop;
my $sum = $load->wait;
cmp_ok($sum->{ok}, '>', 100 * ($upgrades + $rollbacks),
    'the load went through');
my @violations = $oracle->judge($load);
is(join("\n", @violations), '',
    "$upgrades upgrades, $rollbacks rollbacks: no violation");
$oracle->report('F16', $upgrades + $rollbacks, scalar @violations, '-');
$t->done;
