package Glinto::Daemon;

# nginx as a daemon, which alone takes WINCH and, at all times, USR2: for
# upgrades of the binary or of the module while it serves.
#
#   my $daemon = Glinto::Daemon->start($t, $oracle, workers => 2, ...);
#   my ($old, $new) = $daemon->upgrade;     # pids of the masters
#   kill 'QUIT', $old;
#   $daemon->gone($old);
#
# start(TEST, ORACLE, ...)   as ORACLE->nginx; returns when USR2 is taken
# nginx           the Glinto::Nginx: its port, log, stop
# master          pid of the master of the day
# workers_of(MASTER, ALL)    pids of its workers; with ALL those on their way
#                 out too
# second          USR2: (old, new) master, both with their workers
# retire(MASTER)  WINCH: wait for the end of its workers
# upgrade         second and retire the old one: (old, new)
# gone(PID...)    wait until these have ended
# kill_worker     kill -9 a worker of the master, wait for its successor
#
# A connection that has sent nothing yet keeps an old worker alive, and the
# load opens more than it needs: client_header_timeout ends those soon.

use strict;
use warnings;
use Glinto::Nginx ();
use Glinto::Test qw(slurp);

my $UNUSED_S = 2;

# The daemon has a session of its own; this program stays in its place, passes
# signals on to the master of the day and ends with that session.
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

sub start {
    my ($class, $test, $oracle, %want) = @_;
    my $self = bless {test => $test, n => $want{workers} // 1,
        pid_file => $test->path('nginx.pid')}, $class;
    $want{server} .= "\nclient_header_timeout ${UNUSED_S}s;"
        . "\nlocation = /api/event { glinto_collect; }";
    my $text = Glinto::Nginx->new($test, %want)->conf_text;
    $text =~ s/daemon off/daemon on/;
    $text =~ s/127\.0\.0\.1:\d+/127.0.0.1:%%PORT%%/;
    $self->{nginx} = $oracle->nginx(conf => $text, module => $want{module},
        wrap => ['perl', '-e', $STAND_IN, $self->{pid_file}]);
    $self->{session} = $self->master;
    $test->{sessions}{$self->{session}} = 1; # cleaned up however this ends
    # While the process that began the daemon lives, its master ignores USR2.
    $test->until('a master of its own', sub {
        my ($parent) = slurp('/proc/' . $self->master . '/status')
            =~ /^PPid:\s+(\d+)/m;
        return slurp("/proc/$parent/cmdline")
            !~ m{^(?:nginx|/usr/sbin/nginx)};
    });
    return $self;
}

sub nginx { $_[0]{nginx} }
sub master { slurp($_[0]{pid_file}) + 0 }

sub workers_of {
    my ($self, $master, $all) = @_;
    return grep {
        my ($parent) = slurp("/proc/$_/status") =~ /^PPid:\s+(\d+)/m;
        ($parent // 0) == $master && slurp("/proc/$_/cmdline")
            =~ ($all ? qr/^nginx: worker/ : qr/^nginx: worker process(?! is)/);
    } $self->{test}->session($self->{session});
}

sub gone {
    my ($self, @pids) = @_;
    $self->{test}->until("end of @pids", sub {
        my %alive = map { $_ => 1 } $self->{test}->session($self->{session});
        return !grep { $alive{$_} } @pids;
    }, 20);
}

sub second {
    my ($self) = @_;
    my ($test, $file) = @$self{qw(test pid_file)};
    my $old = $self->master;
    kill 'USR2', $old;
    my $new = $test->until('a new master', sub {
        -s "$file.oldbin" && -s $file && $self->master != $old
            && $self->master;
    }, 20);
    $test->until('its workers', sub { $self->workers_of($new) == $self->{n} });
    return ($old, $new);
}

sub retire {
    my ($self, $master) = @_;
    kill 'WINCH', $master;
    $self->{test}->until('the end of the old workers',
        sub { !$self->workers_of($master, 1) }, 20);
}

sub upgrade {
    my ($self) = @_;
    my ($old, $new) = $self->second;
    $self->retire($old);
    return ($old, $new);
}

sub kill_worker {
    my ($self) = @_;
    my $test = $self->{test};
    my $master = $self->master;
    my @now;
    $test->until('all workers',
        sub { (@now = $self->workers_of($master)) == $self->{n} });
    my $pid = $now[rand @now];
    $test->allow(qr/process $pid exited on signal 9/);
    kill 'KILL', $pid;
    $test->until('a new worker', sub {
        my %is = map { $_ => 1 } $self->workers_of($master);
        return keys %is == $self->{n} && !$is{$pid};
    }, 20);
    return $pid;
}

1;
