package Glinto::Addresses;

# Addresses that only one test has: it goes on in a network of its own, in
# which nothing is but its loopback, with these addresses, too.
#
#   use Glinto::Addresses;      # before Glinto::Test->new
#   private_addresses('192.0.2.10', '198.51.100.30');   # skips the whole test
#                               # where that is not allowed

use strict;
use warnings;
use Exporter 'import';
use Socket qw(AF_INET SOCK_DGRAM inet_aton);
use Test::More ();

our @EXPORT = qw(private_addresses);

my ($SET_FLAGS, $SET_ADDRESS) = (0x8914, 0x8916); # SIOCSIF...
my $UP = 1;                                       # IFF_UP

sub private_addresses {
    my (@addresses) = @_;
    if (!delete $ENV{GLINTO_PRIVATE_ADDRESSES}) {
        system('unshare -n true 2>/dev/null') == 0
            or Test::More::plan(skip_all => 'no network namespaces here');
        $ENV{GLINTO_PRIVATE_ADDRESSES} = 1;
        exec 'unshare', '-n', $^X, $0, @ARGV or die "unshare: $!\n";
    }
    socket my $socket, AF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";
    my $n = 0;
    for ('127.0.0.1', @addresses) {
        my $name = $n++ ? 'lo:' . ($n - 1) : 'lo';
        my $address = pack 'a16 S n a4 x8', $name, AF_INET, 0, inet_aton($_);
        my $flags = pack 'a16 S x14', $name, $UP;
        ioctl $socket, $SET_ADDRESS, $address or die "$_: $!\n";
        ioctl $socket, $SET_FLAGS, $flags or die "$_: $!\n";
    }
}

1;
