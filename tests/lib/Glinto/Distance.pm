package Glinto::Distance;

# Servers that are far from one another, on one machine: a process that passes
# on what is written to its sockets, later.
#
#   my $far = Glinto::Distance->start($t);
#   my $folder = $far->way('mad', 'fra', "$fra->{dir}/.s.PGSQL.5432", 25);
#   $far->cut('mad');      # nothing comes to it or from it, and nobody is told
#   $far->heal('mad');     # goes on; what was written meanwhile arrives
#
# start(TEST)     no way yet
# way(FROM, TO, SOCKET, MS)   a folder with a socket of SOCKET's name, from
#                 which SOCKET is MS of a round trip away; it need not be there
#                 yet
# cut(NAME), heal(NAME)       all ways from it and to it
# listens, inside as of Glinto::Networks, which has networks: here nothing
# run(...)        the process itself
#
# A connection that is cut is not closed, as in a network: either end finds out
# by its own clock.

use strict;
use warnings;
use Glinto::Test ();
use IO::Select;
use IO::Socket::UNIX;
use List::Util qw(max min);
use Time::HiRes ();

sub start {
    my ($class, $test, @args) = @_;
    my ($name) = lc($class) =~ /(\w+)$/;
    my $self = bless {test => $test, n => 0, said => $test->path($name)},
        $class;
    mkdir $self->{said} or die "mkdir $self->{said}: $!\n";
    $self->{pid} = $test->spawn($name, $^X, '-I',
        Glinto::Test->root . '/tests/lib', "-M$class", '-e',
        $class . '::run(@ARGV)', $self->{said}, @args);
    push @{$test->{parts}}, $self;
    return $self;
}

sub running { $_[0]{pid} && $_[0]{test}->alive($_[0]{pid}) }

sub stop {
    my $pid = delete $_[0]{pid};
    kill 'TERM', $pid;
    $_[0]{test}->ended($pid);
}

# A file each, in order: a pipe would end with this process's other children.
sub _say {
    my ($self, @words) = @_;
    my $file = sprintf '%s/%06d', $self->{said}, ++$self->{n};
    Glinto::Test::spew("$file.new", join "\n", @words);
    rename "$file.new", $file or die "$file: $!\n";
    $self->{test}->until("@words[0, 1]", sub { !-e $file }, 60);
}

sub way {
    my ($self, $from, $to, $socket, $ms) = @_;
    my $folder = $self->{test}->path("$from-$to");
    mkdir $folder or die "mkdir $folder: $!\n";
    my ($name) = $socket =~ m{([^/]+)$};
    $self->_say('way', $from, $to, $socket, $ms, "$folder/$name");
    return $folder;
}

sub cut { $_[0]->_say('cut', $_[1]) }
sub heal { $_[0]->_say('heal', $_[1]) }
sub listens { '' }
sub inside { () }

# ---- the process ----

my $LOOK_S = 0.05;
my $HELD_MAX = 1 << 20; # bytes of one direction, as a network holds few

my (@ways, %listens, %conns, %cut, $reads);

sub _is_cut { my $way = $_[0]; return $cut{$way->{from}} || $cut{$way->{to}} }

sub _obey {
    my ($verb, @words) = split /\n/, $_[0];
    if ($verb eq 'way') {
        my %way;
        @way{qw(from to socket ms path)} = @words;
        push @ways, \%way;
    } else {
        $cut{$words[0]} = $verb eq 'cut';
        _look_at($_->{listen}, $_) for grep { $_->{listen} } @ways;
        _look_at($_->{handle}, $_->{way})
            for grep { !$_->{ended} } values %conns;
    }
}

# Where nobody listens at its end, a way refuses, as a network does: libpq goes
# on to the next server.
sub _open {
    my ($way) = @_;
    return if $way->{listen} || _is_cut($way)
        || !IO::Socket::UNIX->new(Peer => $way->{socket});
    unlink $way->{path};
    $way->{listen} = IO::Socket::UNIX->new(Local => $way->{path}, Listen => 64)
        or die "$way->{path}: $!\n";
    $listens{$way->{listen}} = $way;
    $reads->add($way->{listen});
}

sub _shut {
    my ($way) = @_;
    my $listen = delete $way->{listen};
    delete $listens{$listen};
    $reads->remove($listen);
    close $listen;
}

sub _look_at {
    my ($handle, $way) = @_;
    _is_cut($way) ? $reads->remove($handle) : $reads->add($handle);
}

# Two ends; what one has read waits at the other: [time, bytes], ...
sub _accept {
    my ($way) = @_;
    my $near = $way->{listen}->accept or return;
    my $far = IO::Socket::UNIX->new(Peer => $way->{socket})
        or return _shut($way);
    for ([$near, $far], [$far, $near]) {
        my ($one, $other) = @$_;
        $one->blocking(0);
        $conns{$one} = {way => $way, handle => $one, other => $other,
            queue => [], held => 0};
        $reads->add($one);
    }
}

sub _close {
    my ($end) = @_;
    for my $handle ($end->{handle}, $end->{other}) {
        $reads->remove($handle);
        delete $conns{$handle};
        close $handle;
    }
}

sub _read {
    my ($end, $now) = @_;
    my $to = $conns{$end->{other}};
    return if !$to || $to->{held} > $HELD_MAX;
    my $n = sysread $end->{handle}, my $bytes, 65536;
    return if !defined $n && $!{EAGAIN};
    push @{$to->{queue}}, [$now + $end->{way}{ms} / 2000, $bytes // ''];
    $to->{held} += length($bytes // '');
    return if $n;
    $end->{ended} = 1; # which arrives, too
    $reads->remove($end->{handle});
}

# What has arrived; returns when the next will.
sub _write {
    my ($end, $now) = @_;
    my $queue = $end->{queue};
    while (@$queue && $queue->[0][0] <= $now) {
        my $bytes = $queue->[0][1];
        if ($bytes eq '') {
            _close($end);
            return;
        }
        my $n = syswrite $end->{handle}, $bytes;
        return $now + 0.001 if !defined $n && $!{EAGAIN};
        if (!defined $n) {
            _close($end);
            return;
        }
        $end->{held} -= $n;
        substr $queue->[0][1], 0, $n, '';
        shift @$queue if $n == length $bytes;
    }
    return @$queue ? $queue->[0][0] : undef;
}

# Turns without end.  Each LOOK_S what FOLDER's files say is done, by OBEY, and
# LOOK, if there is one.  ARRIVE writes what has arrived by now, and returns
# when each of the next will.  READ reads one of READS.
sub turns {
    my ($folder, $reads, %do) = @_;
    my $looked = 0;
    # Nothing comes from it: without a handle can_read() would not wait.
    pipe my $silent, my $held or die "pipe: $!\n";
    $reads->add($silent);
    while (1) {
        my $now = Time::HiRes::time();
        if ($now >= $looked + $LOOK_S) {
            for my $file (sort grep { !/\.new$/ } glob "$folder/*") {
                $do{obey}->(Glinto::Test::slurp($file));
                unlink $file;
            }
            $do{look}->() if $do{look};
            $looked = $now;
        }
        my $next = min($looked + $LOOK_S, $do{arrive}->($now));
        my $wait = max(0, $next - Time::HiRes::time());
        $do{read}->($_) for $reads->can_read($wait);
    }
}

sub _arrive {
    my ($now) = @_;
    my @due;
    for my $end (my @all = values %conns) {
        next if !$conns{$end->{handle}} || _is_cut($end->{way});
        push @due, _write($end, $now) // ();
    }
    return @due;
}

sub _take {
    my ($handle) = @_;
    if ($listens{$handle}) {
        _accept($listens{$handle});
    } elsif ($conns{$handle}) {
        _read($conns{$handle}, Time::HiRes::time());
    }
}

sub run {
    my ($folder) = @_;
    $SIG{PIPE} = 'IGNORE';
    umask 0;
    $reads = IO::Select->new;
    turns($folder, $reads, obey => \&_obey, arrive => \&_arrive,
        read => \&_take, look => sub { _open($_) for @ways });
}

1;
