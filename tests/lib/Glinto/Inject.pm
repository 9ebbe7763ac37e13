package Glinto::Inject;

# A fault at the k-th system call of one process or thread, counted from its
# birth: strace injects it, and a gate (tests/faults/gate.c, preloaded) holds
# the newborn until strace has come.
#
#   Glinto::Inject->allowed or plan skip_all => 'no ptrace here';
#   my $inject = Glinto::Inject->new($t);
#   my $agent = Glinto::Aggregator->new($t, env => $inject->env('writer'));
#   $agent->launch;
#   $inject->attach([qw(pwrite64 fdatasync)], 'pwrite64', 17, 'signal=KILL');
#   ... $t->until('an end', sub { $inject->ended });
#   my $how = $inject->how;      # {injected => 1, killed => 1, ...}
#
# allowed         1 when a process may trace another one of ours
# new(TEST)
# env(AT)         environment of a program that waits at its gate: main,
#                 writer (its thread of that name) or child (each process it
#                 forks)
# attach(CALLS, CALL, K, FAULT)
#                 wait for a newborn, trace its CALLS (names), open its gate.
#                 FAULT, "signal=KILL" or "error=EIO", strikes at the K-th
#                 CALL (strace counts each name for itself); without CALL at
#                 none
# open            wait for a newborn and let it go untraced
# pid             of the last newborn that came
# ended           true when the traced one has ended (and strace with it)
# how             of the last attach, ended or not: {calls: {name => seen so
#                 far}, injected: 0 or 1, line: of the injected call, signal,
#                 status: of the end, or undef}
# log             path of what strace wrote

use strict;
use warnings;
use Fcntl;
use Glinto::Test qw(slurp);
use POSIX ();

sub allowed {
    my $pid = fork // die "cannot fork: $!";
    if (!$pid) {
        open STDIN, '<', '/dev/null';
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec 'strace', '-e', 'trace=getpid', '-e',
            'inject=getpid:error=EIO:when=1', 'true' or POSIX::_exit(1);
    }
    waitpid $pid, 0;
    return $? == 0;
}

sub new {
    my ($class, $test) = @_;
    my $library = $test->path('gate.so');
    system('cc', '-shared', '-fPIC', '-O1', '-o', $library,
        $test->root . '/tests/faults/gate.c') == 0 or die "no library\n";
    my $self = bless {test => $test, library => $library, runs => 0}, $class;
    $self->{gate} = $test->path('gate');
    for my $end (qw(came go)) {
        POSIX::mkfifo("$self->{gate}.$end", 0600) or die "mkfifo: $!";
        sysopen $self->{$end}, "$self->{gate}.$end", O_RDWR | O_NONBLOCK
            or die "gate: $!";
    }
    return $self;
}

sub env {
    my ($self, $at) = @_;
    # A leak check traces its own process, and nobody can be traced twice.
    my $log = $self->{test}->path('san.glintod');
    return {LD_PRELOAD => $self->{library}, GLINTO_GATE => $self->{gate},
        GLINTO_GATE_AT => $at,
        ASAN_OPTIONS => "detect_leaks=0:log_path=$log"};
}

sub pid { $_[0]{pid} }
sub log { $_[0]{log} }

sub _came {
    my ($self) = @_;
    my $text = '';
    $self->{test}->until('a newborn at the gate', sub {
        sysread $self->{came}, $text, 64, length $text;
        return $text =~ /\n/;
    });
    $text =~ /^(\d+)\n$/ or die "at the gate: '$text'\n";
    return $self->{pid} = $1;
}

sub _open_gate {
    my ($self) = @_;
    syswrite($self->{go}, '.') == 1 or die "gate: $!";
}

sub open {
    my ($self) = @_;
    $self->_came;
    $self->_open_gate;
}

sub attach {
    my ($self, $calls, $call, $k, $fault) = @_;
    my $test = $self->{test};
    my $pid = $self->_came;
    my $n = ++$self->{runs};
    unlink $self->{log}, $self->{said} if $self->{log};
    $self->{log} = $test->path("strace-$n");
    $self->{said} = $test->path("strace-$n.said");
    my @fault = $call ? ('-e', "inject=$call:$fault:when=$k") : ();
    $self->{strace} = $test->spawn('strace', 'strace', '-o', $self->{log},
        '-e', 'trace=' . join(',', @$calls), @fault, '-p', $pid,
        {log => $self->{said}});
    $test->until('strace',
        sub { slurp($self->{said}) =~ /^strace: Process \d+ attached/m });
    $self->_open_gate;
}

sub ended { !$_[0]{test}->alive($_[0]{strace}) }

sub how {
    my ($self) = @_;
    my %how = (calls => {}, injected => 0);
    for my $line (split /\n/, slurp($self->{log})) {
        if (my ($call) = $line =~ /^(\w+)\(/) {
            $how{calls}{$call}++;
            $how{line} = $line if !$how{injected};
            $how{injected} = 1 if $line =~ /\(INJECTED\)/;
        } elsif ($line =~ /^\+\+\+ exited with (\d+)/) {
            $how{status} = $1;
        } elsif ($line =~ /^\+\+\+ killed by (\w+)/) {
            $how{signal} = $1;
        }
    }
    # Nobody else sends this one; the call it came with has no result.
    $how{injected} = 1 if ($how{signal} // '') eq 'SIGKILL';
    return \%how;
}

1;
