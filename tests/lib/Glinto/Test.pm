package Glinto::Test;

# The stage of one test: a folder, ports, processes, waiting, and the checks
# every test ends with.
#
#   use strict;
#   use warnings;
#   use FindBin;
#   use lib "$FindBin::Bin/../lib";
#   use Glinto::Test;                    # exports Test::More and slurp, spew
#
#   my $t = Glinto::Test->new;           # folder, limit of 120 s
#   my $nginx = $t->nginx(server => 'location /api/event { glinto_collect; }');
#   my $agent = $t->aggregator;          # both are running now
#   is(http_post($nginx->port, '/api/event', '{}')->{status}, 400, 'refused');
#   $t->done;                            # stops all, closing checks, plan
#
# new(limit_s => N)   the whole test is stopped after N seconds (default 120,
#                     four times that under valgrind, twice with sanitizers)
# new(variant => V)   with the test build V inside the build folder
# dir, path(NAME)     the test's folder (mode 0755, removed at the end unless
#                     GLINTO_KEEP=1), a path inside it
# port                a new free port on 127.0.0.1, ours until the end
# nginx(...)          Glinto::Nginx->new(...)->start       (see there)
# aggregator(...)     Glinto::Aggregator->new(...)->start  (see there)
# prepare             make the folders both sides share; called by the two
# until(WHAT, CODE, SECONDS)
#                     call CODE every 10 ms until it is true, return its value;
#                     die "WHAT did not happen in ..." after SECONDS (10)
# soon(WHAT, CODE, SECONDS)
#                     the same as an assertion: ok() instead of die
# spawn(NAME, COMMAND..., {env => {}, log => PATH})
#                     start a process in a session of its own; returns its pid
# alive(PID), ended(PID, SECONDS)
#                     ended waits for a spawned process, returns its $?
# session(PID)        pids of all processes in that session (a nginx master,
#                     its workers and what an upgrade started)
# forget(PID)         kill -9 the whole session of PID and reap it
# allow(REGEX)        the closing checks accept log lines like this
# forenoon            a time zone where it is between 11 and 12 now: its day's
#                     borders are far away, whatever UTC says
# root, build         source tree; build folder (GLINTO_BUILD)
# san, valgrind       what the run is under: "address,undefined" or ""; 0|1
# tsan(NAME)          TSAN_OPTIONS of a program that calls itself NAME
# slow(N)             N multiplied when under valgrind or sanitizers
# one_day(SECONDS)    what follows is of one day of UTC, if it takes less than
#                     SECONDS (60): at 23:59 the next one is waited for, beside
#                     the limit of the test's time
# done                stop everything, closing checks, done_testing
#
# Closing checks: no [alert], [emerg], [crit] in error.log; no sanitizer or
# valgrind report in any file of the folder; no process left.

use strict;
use warnings;
use Cwd ();
use Exporter 'import';
use Fcntl ':mode';
use File::Path ();
use File::Temp ();
use IO::Socket::INET;
use POSIX ();
use Test::More;
use Time::HiRes ();
use Glinto::Http;

our @EXPORT = (@Test::More::EXPORT, @Glinto::Http::EXPORT, qw(slurp spew));

my @stages; # cleaned up when the program ends, however it ends
my $ROOT = Cwd::abs_path(__FILE__ =~ s{[^/]*$}{}r . '../../..');
my ($FIRST_PORT, $LAST_PORT) = (20_000, 32_000); # below the ephemeral ports
my $ENDS = POSIX::SigSet->new(POSIX::SIGINT(), POSIX::SIGTERM(),
    POSIX::SIGALRM());
my $SANITIZER = qr/(?:Address|Leak|Thread|Memory)Sanitizer|runtime error:/;
my $VALGRIND = qr/^==\d+== (?:Invalid |Conditional jump|Use of uninit|
    Syscall param|\s+(?:definitely|indirectly)\ lost:\ [1-9])/mx;

sub slurp {
    my ($path) = @_;
    open my $in, '<:raw', $path or return '';
    local $/;
    return scalar(<$in>) // '';
}

sub spew {
    my ($path, $text) = @_;
    open my $out, '>:raw', $path or die "cannot write $path: $!";
    print $out $text;
    close $out or die "cannot write $path: $!";
}

sub new {
    my ($class, %want) = @_;
    my $keep = $ENV{GLINTO_KEEP};
    my $dir = File::Temp::tempdir('glinto-XXXXXX', TMPDIR => 1);
    chmod 0755, $dir;
    my $self = bless {
        dir => $dir, keep => $keep, pids => {}, locks => [], allow => [],
        parts => [], owner => $$, build => $ENV{GLINTO_BUILD} // "$ROOT/build",
        san => $ENV{GLINTO_SAN} // '', valgrind => $ENV{GLINTO_VALGRIND} // 0,
    }, $class;
    $self->{build} = Cwd::abs_path($self->{build})
        or BAIL_OUT('no build folder: run make first');
    $self->{build} .= "/$want{variant}" if defined $want{variant};
    $SIG{ALRM} = sub { die "the test took longer than its limit\n" };
    $SIG{INT} = $SIG{TERM} = sub { exit 1 };
    $SIG{PIPE} = 'IGNORE';
    alarm $self->slow($want{limit_s} // 120);
    diag("kept: $dir") if $keep;
    push @stages, $self;
    return $self;
}

sub dir { $_[0]{dir} }
sub path { "$_[0]{dir}/$_[1]" }
sub root { $ROOT }
sub build { $_[0]{build} }
sub san { $_[0]{san} }
sub valgrind { $_[0]{valgrind} }
sub tsan {
    my ($self, $name) = @_;
    return 'log_path=' . $self->path("san.$name")
        . ":suppressions=$ROOT/tests/tsan.supp";
}
sub slow { $_[1] * ($_[0]{valgrind} ? 4 : $_[0]{san} ? 2 : 1) }
sub one_day {
    my ($self, $seconds) = @_;
    $seconds //= 60;
    my $late = 86_400 - $self->slow($seconds);
    my $left = alarm 0;
    $self->until('a day', sub { time % 86_400 < $late }, $seconds + 10);
    alarm $left;
    return $self;
}
sub allow { push @{$_[0]{allow}}, $_[1]; return $_[0] }

# A UDP socket on the same number is the lock: it lives as long as the test.
sub port {
    my ($self) = @_;
    for (1 .. 1000) {
        my $port = $FIRST_PORT + int rand($LAST_PORT - $FIRST_PORT);
        my %at = (LocalAddr => '127.0.0.1', LocalPort => $port);
        my $lock = IO::Socket::INET->new(%at, Proto => 'udp') or next;
        IO::Socket::INET->new(%at, Proto => 'tcp', Listen => 1, ReuseAddr => 1)
            or next;
        push @{$self->{locks}}, $lock;
        return $port;
    }
    BAIL_OUT('no free port');
}

sub prepare {
    my ($self) = @_;
    my %mode = (data => 0700, spool => 01770, salt => 0750, cache => 0755);
    for my $name (sort keys %mode) {
        my $path = $self->path($name);
        next if -d $path;
        mkdir $path or die "cannot make $path: $!";
        chmod $mode{$name}, $path;
    }
}

sub nginx {
    my ($self, @want) = @_;
    require Glinto::Nginx;
    return Glinto::Nginx->new($self, @want)->start;
}

sub aggregator {
    my ($self, @want) = @_;
    require Glinto::Aggregator;
    return Glinto::Aggregator->new($self, @want)->start;
}

sub until {
    my ($self, $what, $code, $seconds) = @_;
    $seconds = $self->slow($seconds // 10);
    my $deadline = Time::HiRes::time() + $seconds;
    while (1) {
        my $value = $code->();
        return $value if $value;
        die "$what did not happen in $seconds s\n"
            if Time::HiRes::time() > $deadline;
        Time::HiRes::sleep(0.01);
    }
}

sub soon {
    my ($self, $what, $code, $seconds) = @_;
    my $value = eval { $self->until($what, $code, $seconds) };
    ok($value, $what) or diag($@);
    return $value;
}

sub spawn {
    my ($self, $name, @command) = @_;
    my %want = ref $command[-1] ? %{pop @command} : ();
    # Whoever ends this process before the child is noted would leave it.
    my $before = POSIX::SigSet->new;
    POSIX::sigprocmask(POSIX::SIG_BLOCK(), $ENDS, $before);
    my $pid = fork // die "cannot fork: $!";
    if (!$pid) {
        POSIX::setsid();
        $SIG{$_} = 'DEFAULT' for qw(INT TERM PIPE ALRM);
        POSIX::sigprocmask(POSIX::SIG_SETMASK(), $before);
        $ENV{$_} = $want{env}{$_} for keys %{$want{env} // {}};
        open STDIN, '<', '/dev/null';
        open STDOUT, '>>', $want{log} // $self->path("$name.log");
        open STDERR, '>&', \*STDOUT;
        exec {$command[0]} @command or print "cannot run $command[0]: $!\n";
        POSIX::_exit(127);
    }
    # The number may have been another's before, who has ended.
    delete $self->{status}{$pid};
    $self->{pids}{$pid} = $name;
    $self->{sessions}{$pid} = 1;
    POSIX::sigprocmask(POSIX::SIG_SETMASK(), $before);
    return $pid;
}

sub alive { kill(0, $_[1]) && !$_[0]->_reaped($_[1]) }

sub _reaped {
    my ($self, $pid) = @_;
    if (waitpid($pid, POSIX::WNOHANG()) == $pid) {
        $self->{status}{$pid} = $?;
        delete $self->{pids}{$pid};
        $self->_drop_sessions;
    }
    return exists $self->{status}{$pid};
}

# A session without a process is over: its number may be a stranger's soon.
sub _drop_sessions {
    my ($self) = @_;
    delete $self->{sessions}{$_} for grep {
        !exists $self->{pids}{$_} && !$self->session($_)
    } keys %{$self->{sessions}};
}

sub ended {
    my ($self, $pid, $seconds) = @_;
    my $name = $self->{pids}{$pid} // 'process';
    $self->until("end of $name ($pid)", sub { $self->_reaped($pid) },
        $seconds);
    return $self->{status}{$pid};
}

# A process counts while it is no zombie.
sub session {
    my ($self, $leader) = @_;
    my @pids;
    for my $file (glob '/proc/[0-9]*/stat') {
        my ($pid, $rest) = slurp($file) =~ /^(\d+) \(.*\) (.*)/s or next;
        my ($state, undef, undef, $session) = split ' ', $rest;
        push @pids, $pid if $session == $leader && $state !~ /[ZX]/;
    }
    return sort { $a <=> $b } @pids;
}

sub forget {
    my ($self, $pid) = @_;
    kill 'KILL', $_ for $self->session($pid);
    $self->until("end of session $pid", sub {
        $self->_reaped($pid);
        return !$self->session($pid);
    });
    $self->_drop_sessions;
}

sub forenoon {
    my $ahead = (gmtime)[2] - 11; # POSIX counts to the west
    return $ahead ? sprintf 'Etc/GMT%+d', $ahead : 'UTC';
}

sub done {
    my ($self) = @_;
    $_->stop for reverse grep { $_->running } @{$self->{parts}};
    $self->_drop_sessions;
    my @left = map { $self->session($_) } keys %{$self->{sessions}};
    is("@left", '', 'no process left');
    my @bad = grep { my $l = $_; !grep { $l =~ $_ } @{$self->{allow}} }
        slurp($self->path('error.log')) =~ /^.*\[(?:alert|emerg|crit)\].*$/mg;
    splice @bad, 10 if @bad > 10;
    is(join("\n", @bad), '', 'no alert in error.log');
    my @reports = grep { -f && slurp($_) =~ /$SANITIZER|$VALGRIND/ }
        $self->_logs;
    is("@reports", '', 'no sanitizer or valgrind report')
        or diag(map { slurp($_) =~ /((?:$SANITIZER|$VALGRIND).{0,3000})/s }
            @reports);
    done_testing();
}

# Of several machines each has a folder.
sub _logs { glob join ' ', map { ("$_/*.log", "$_/san.*") } $_[0]{dir}, "$_[0]{dir}/*" }

# What the reader of a failed test wants to see first.
sub _show_logs {
    my ($self) = @_;
    for my $log ($self->_logs) {
        my @lines = grep { !/\[(?:debug|notice)\] / } split /^/, slurp($log);
        my @shown = $log =~ m{/san\.} ? @lines[0 .. 39] : @lines[-15 .. -1];
        @shown = grep { defined } @shown;
        diag("-- $log\n", @shown) if @shown;
    }
}

sub _clean {
    my ($self) = @_;
    return if $$ != $self->{owner};
    my $failed = $? || !Test::More->builder->is_passing;
    local $?;
    alarm 0;
    $self->_drop_sessions;
    $self->forget($_) for keys %{$self->{sessions}};
    $self->_show_logs if $failed;
    File::Path::remove_tree($self->{dir}) if !$self->{keep};
}

# Not DESTROY: the order of the end of the world is open.
END { $_->_clean for @stages }

1;
