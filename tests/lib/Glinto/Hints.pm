package Glinto::Hints;

# A stand-in for the aggregator's end of the hint socket: takes what workers
# send, checks nothing, answers nothing.
#
#   my $hints = Glinto::Hints->listen($t->path('events.sock'));  # before nginx
#   $hints->read_until(sub { $hints->packets('EVENTS') >= 1 });
#
# listen(PATH)    bind (an old socket file is removed) and listen; mode 0666
# read_until(CODE, SECONDS)   accept and read until CODE is true; 1, or 0 after
#                 SECONDS (10)
# packets(TYPE)   what came so far, of one type (HELLO EVENTS SEALED DROPS) or
#                 all; a packet:
#                 {type, from => number of the connection, bytes => raw} and
#                 HELLO   proto, major, pid, incarnation, dev, ino, version
#                 EVENTS  first, offset, count, segment, frames => [...] as
#                         Glinto::Spool's, events => [decoded]
#                 SEALED  segment
#                 DROPS   incarnation, total
#                 (ids are hex; an unknown type number is its own type)
# hang_up         close the connections, go on listening
# close           close all and remove the socket file

use strict;
use warnings;
use Glinto::Spool ();
use IO::Select;
use Socket qw(AF_UNIX SOCK_SEQPACKET pack_sockaddr_un);
use Time::HiRes ();

my @TYPE = (undef, qw(HELLO EVENTS SEALED DROPS));
my $PACKET_MAX = 65536;

sub listen {
    my ($class, $path) = @_;
    unlink $path;
    CORE::socket(my $listener, AF_UNIX, SOCK_SEQPACKET, 0)
        or die "socket: $!\n";
    bind $listener, pack_sockaddr_un($path) or die "bind $path: $!\n";
    CORE::listen($listener, 64) or die "listen: $!\n";
    chmod 0666, $path;
    return bless {path => $path, listener => $listener, peers => {},
        packets => [], accepted => 0}, $class;
}

sub read_until {
    my ($self, $code, $seconds) = @_;
    my $deadline = Time::HiRes::time() + ($seconds // 10);
    while (!$code->()) {
        return 0 if Time::HiRes::time() > $deadline;
        $self->_turn(0.02);
    }
    return 1;
}

sub _turn {
    my ($self, $seconds) = @_;
    my @all = ($self->{listener},
        map { $_->{socket} } values %{$self->{peers}});
    for my $socket (IO::Select->new(@all)->can_read($seconds)) {
        if ($socket == $self->{listener}) {
            CORE::accept(my $peer, $socket) or next;
            $self->{peers}{fileno $peer}
                = {socket => $peer, n => $self->{accepted}++};
            next;
        }
        my $peer = $self->{peers}{fileno $socket};
        my $n = sysread($socket, my $bytes, $PACKET_MAX);
        if ($n) {
            push @{$self->{packets}}, _parse($bytes, $peer->{n});
        } else {
            delete $self->{peers}{fileno $socket};
        }
    }
}

sub _parse {
    my ($bytes, $from) = @_;
    my ($type, $proto) = unpack 'C C', $bytes;
    my %p = (type => $TYPE[$type] // $type, from => $from, bytes => $bytes,
        proto => $proto);
    if ($p{type} eq 'HELLO') {
        @p{qw(major pid incarnation dev ino version)}
            = unpack 'x4 V V H32 Q< Q< Z16', $bytes;
    } elsif ($p{type} eq 'EVENTS') {
        @p{qw(first offset count segment)} = unpack 'x4 V V V H32', $bytes;
        $p{frames} = [Glinto::Spool::frames_in(substr($bytes, 32),
            pack('H*', $p{segment}), $p{first})];
        $p{events} = [map { Glinto::Spool::decode($_->{payload}) }
            grep { $_->{type} == 1 } @{$p{frames}}];
    } elsif ($p{type} eq 'SEALED') {
        ($p{segment}) = unpack 'x4 H32', $bytes;
    } elsif ($p{type} eq 'DROPS') {
        @p{qw(incarnation total)} = unpack 'x4 H32 Q<', $bytes;
    }
    return \%p;
}

sub packets {
    my ($self, $type) = @_;
    return grep { !defined $type || $_->{type} eq $type } @{$self->{packets}};
}

sub hang_up {
    my ($self) = @_;
    $self->{peers} = {};
}

sub close {
    my ($self) = @_;
    $self->hang_up;
    CORE::close($self->{listener});
    unlink $self->{path};
}

1;
