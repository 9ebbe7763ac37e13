package Glinto::Relay;

# A bad line between workers and glintod's hint socket: a process that takes
# what workers send and passes it on lost, doubled, late or damaged.
#
#   my $relay = Glinto::Relay->start($t, mode => 'lose', percent => 50);
#   my $did = $relay->stop;            # {packets => 812, harmed => 401}
#
# start(TEST, ...)    listens on relay.sock and talks to events.sock
#   mode       lose, double, reorder (a packet goes behind the next), garble
#              (bits turned, cut short, or noise in its place)
#   percent    of the packets (100)
#   seed       of the random choice (1)
# stop                ends it; what it did
# run(...)            the process itself
#
# When glintod is away a worker is hung up on, as by glintod; it tries again.

use strict;
use warnings;
use Glinto::Test ();
use IO::Select;
use Socket qw(AF_UNIX SOCK_SEQPACKET MSG_DONTWAIT MSG_NOSIGNAL
    pack_sockaddr_un);

my $PACKET_MAX = 65536;

sub start {
    my ($class, $test, %want) = @_;
    my @want = (in => $test->path('relay.sock'),
        out => $test->path('events.sock'), mode => $want{mode},
        percent => $want{percent} // 100, seed => $want{seed} // 1);
    unlink $test->path('relay.sock');
    my $self = bless {test => $test, log => $test->path('relay.txt')}, $class;
    unlink $self->{log};
    $self->{pid} = $test->spawn('relay', $^X, '-I',
        Glinto::Test->root . '/tests/lib', '-MGlinto::Relay', '-e',
        'Glinto::Relay::run(@ARGV)', @want, {log => $self->{log}});
    $test->until('the relay', sub { -S $test->path('relay.sock') });
    return $self;
}

sub stop {
    my ($self) = @_;
    kill 'TERM', $self->{pid};
    my $status = $self->{test}->ended($self->{pid});
    my $said = Glinto::Test::slurp($self->{log});
    my ($packets, $harmed) = $said =~ /^packets (\d+) harmed (\d+)$/m
        or die "the relay ended with $status: $said\n";
    return {packets => $packets, harmed => $harmed};
}

sub _noise { join '', map { chr int rand 256 } 1 .. $_[0] }

sub _garble {
    my ($packet) = @_;
    my $how = int rand 3;
    return _noise(1 + int rand 2000) if $how == 0;
    return substr $packet, 0, int rand length $packet if $how == 1;
    substr($packet, int rand length $packet, 1) ^= chr(1 << int rand 8)
        for 1 .. 1 + int rand 4;
    return $packet;
}

# What goes on to glintod instead of PACKET.
sub _harm {
    my ($mode, $peer, $packet) = @_;
    return () if $mode eq 'lose';
    return ($packet, $packet) if $mode eq 'double';
    return _garble($packet) if $mode eq 'garble';
    if (defined $peer->{held}) {
        my $held = delete $peer->{held};
        return ($packet, $held);
    }
    $peer->{held} = $packet; # goes behind the next one
    return ();
}

sub _join {
    my ($listener, $out) = @_;
    accept my $worker, $listener or return;
    socket my $agent, AF_UNIX, SOCK_SEQPACKET, 0 or die "socket: $!\n";
    return if !connect $agent, pack_sockaddr_un($out); # hangs up
    return {worker => $worker, agent => $agent};
}

sub _pass {
    my ($peer, $did, %want) = @_;
    my $n = sysread $peer->{worker}, my $packet, $PACKET_MAX or return 0;
    my @on = $packet;
    $did->{packets}++;
    if (rand 100 < $want{percent}) {
        $did->{harmed}++;
        @on = _harm($want{mode}, $peer, $packet);
    }
    for my $one (@on) {
        send $peer->{agent}, $one, MSG_DONTWAIT | MSG_NOSIGNAL
            or $!{EAGAIN} or return 0;
    }
    return 1;
}

sub run {
    my (%want) = @_;
    my %did = (packets => 0, harmed => 0);
    my $ended = 0;
    local $SIG{TERM} = sub { $ended = 1 };
    srand $want{seed};
    socket my $listener, AF_UNIX, SOCK_SEQPACKET, 0 or die "socket: $!\n";
    bind $listener, pack_sockaddr_un($want{in}) or die "$want{in}: $!\n";
    listen $listener, 64 or die "listen: $!\n";
    my (%peers, $select);
    while (!$ended) {
        $select = IO::Select->new($listener,
            map { ($_->{worker}, $_->{agent}) } values %peers);
        for my $socket ($select->can_read(0.2)) {
            if ($socket == $listener) {
                my $peer = _join($listener, $want{out}) or next;
                $peers{fileno $peer->{worker}} = $peer;
                next;
            }
            # glintod sends nothing: readable there is its end.
            my $peer = $peers{fileno $socket};
            delete $peers{fileno $peer->{worker}} if $peer
                && !_pass($peer, \%did, %want);
            %peers = map { fileno $_->{worker} => $_ }
                grep { $_->{agent} != $socket } values %peers;
        }
    }
    print "packets $did{packets} harmed $did{harmed}\n";
}

1;
