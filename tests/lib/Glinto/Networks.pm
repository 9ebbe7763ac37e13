package Glinto::Networks;

# Machines that are far from one another, on one machine, where the kernel lets
# it: each has a network namespace with one device, and a process carries
# packets between them, later.
#
#   my $far = Glinto::Networks->start($t, qw(fra mad));
#   my $host = $far->way('mad', 'fra', '', 25);     # 192.0.2.1
#   $far->way('fra', 'mad', '', 25);
#   $t->spawn('server', $far->inside('fra'), 'postgres', ...);
#   $far->cut('mad');      # its packets are lost, and those to it
#   $far->heal('mad');
#
# start(TEST, NAME...)        dies with the reason where it is not allowed
# way(FROM, TO, '', MS)       the address of TO, from which FROM is MS of a
#                 round trip away
# cut, heal       as of Glinto::Distance
# listens(NAME)   its address
# inside(NAME)    words before a command, which is in its network then
# run(...)        the process itself

use strict;
use warnings;
use parent 'Glinto::Distance';
use Fcntl qw(O_NONBLOCK O_RDWR);
use Glinto::Test ();
use IO::Select;
use Socket qw(AF_INET SOCK_DGRAM inet_aton);
use Time::HiRes ();

my $NET = '192.0.2.';

sub start {
    my ($class, $test, @names) = @_;
    my $self = $class->SUPER::start($test, @names);
    my $made = "$self->{said}.made";
    $test->until('networks', sub { -e $made || !$test->alive($self->{pid}) });
    die Glinto::Test::slurp($test->path('networks.log')) if !-e $made;
    @{$self->{net}}{@names} = split /\n/, Glinto::Test::slurp($made);
    @{$self->{address}}{@names} = map { $NET . $_ } 1 .. @names;
    return $self;
}

sub way {
    my ($self, $from, $to, undef, $ms) = @_;
    $self->_say('way', "$from $to", $ms);
    return $self->{address}{$to};
}

sub listens { $_[0]{address}{$_[1]} }
sub inside { return ('nsenter', "--net=$_[0]{net}{$_[1]}") }

# ---- the process ----

my $NEW_NET = 0x40000000;   # CLONE_NEWNET
my $SET_DEVICE = 0x400454ca; # TUNSETIFF
my $PACKETS = 0x1001;       # IFF_TUN | IFF_NO_PI
my ($SET_FLAGS, $SET_ADDRESS, $SET_MASK) = (0x8914, 0x8916, 0x891c); # SIOCSIF
my $UP = 1;                 # IFF_UP
my $HELD_MAX = 20_000;      # packets of one way, as a network holds few

# This process goes into a new network; its device, from which come packets.
sub _network {
    my ($address) = @_;
    syscall(&SYS_unshare, $NEW_NET) == 0 or die "unshare: $!\n";
    sysopen my $device, '/dev/net/tun', O_RDWR | O_NONBLOCK
        or die "/dev/net/tun: $!\n";
    my $bytes = pack 'a16 S x22', 'net', $PACKETS;
    ioctl $device, $SET_DEVICE, $bytes or die "/dev/net/tun: $!\n";
    socket my $socket, AF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";
    for (['lo', '127.0.0.1'], ['net', $address]) {
        my ($name, $at) = @$_;
        for ([$SET_ADDRESS, 'S n a4', AF_INET, 0, inet_aton($at)],
            [$SET_MASK, 'S n a4', AF_INET, 0, inet_aton('255.255.255.0')],
            [$SET_FLAGS, 'S', $UP]) {
            my ($request, $as, @what) = @$_;
            $bytes = pack "a16 $as x24", $name, @what;
            ioctl $socket, $request, $bytes or die "$name: $!\n";
        }
    }
    return $device;
}

my (@names, %device, %net, %ms, %cut, %queue);

sub _obey {
    my ($verb, $what, $ms) = split /\n/, $_[0];
    $ms{$what} = $ms if $verb eq 'way';
    $cut{$what} = $verb eq 'cut' if $verb ne 'way';
}

# A packet of IPv4 for one of the others.
sub _carry {
    my ($from, $packet, $now) = @_;
    my $to = substr($packet, 16, 3) eq "\xc0\0\2"
        && $names[ord(substr $packet, 19, 1) - 1] or return;
    my $way = "$from $to";
    return if !defined $ms{$way} || @{$queue{$way} //= []} > $HELD_MAX;
    push @{$queue{$way}}, [$now + $ms{$way} / 2000, $from, $to, $packet];
}

# What has arrived; returns when the next will.
sub _arrive {
    my ($queue, $now) = @_;
    while (@$queue && $queue->[0][0] <= $now) {
        my (undef, $from, $to, $packet) = @{shift @$queue};
        syswrite $device{$to}, $packet if !$cut{$from} && !$cut{$to};
    }
    return @$queue ? $queue->[0][0] : undef;
}

sub run {
    my ($folder, @given) = @_;
    @names = @given;
    require 'syscall.ph';
    for my $n (1 .. @names) {
        $device{$names[$n - 1]} = _network($NET . $n);
        open $net{$names[$n - 1]}, '<', '/proc/self/ns/net' or die "net: $!\n";
    }
    Glinto::Test::spew("$folder.new", join "\n", map {
        "/proc/$$/fd/" . fileno $net{$_} } @names);
    rename "$folder.new", "$folder.made" or die "rename: $!\n";
    my %name = map { $device{$_} => $_ } @names;
    Glinto::Distance::turns($folder, IO::Select->new(values %device),
        obey => \&_obey,
        arrive => sub { map { _arrive($_, $_[0]) // () } values %queue },
        read => sub {
            while (sysread $_[0], my $packet, 65536) {
                _carry($name{$_[0]}, $packet, Time::HiRes::time());
            }
        });
}

1;
