package Glinto::Countries;

# A data file of countries of IPv4 addresses, in the MaxMind format, of the
# test's own making.
#
#   write_countries($path, '192.0.2.0/24' => 'DE', '198.51.100.0/24' => 'US');

use strict;
use warnings;
use Exporter 'import';
use Glinto::Test qw(spew);
use Socket qw(inet_aton);

our @EXPORT = qw(write_countries);

sub _text { pack('C', 0x40 | length $_[0]) . $_[0] }
sub _map { my %m = @_; return pack('C', 0xe0 | keys %m)
    . join '', map { _text($_) . $m{$_} } sort keys %m }
sub _number { my ($type, $n) = @_; return pack('C', $type << 5 | 4)
    . pack('N', $n) }

sub write_countries {
    my ($path, %is) = @_;
    my (@nodes, %at, $data);
    push @nodes, [undef, undef];
    $data = '';
    for my $net (sort keys %is) {
        my ($address, $bits) = split m{/}, $net;
        $at{$is{$net}} //= do {
            my $offset = length $data;
            $data .= _map(country => _map(iso_code => _text($is{$net})));
            $offset;
        };
        my @bits = split //, unpack 'B32', inet_aton($address);
        my $node = 0;
        for my $n (0 .. $bits - 2) {
            $nodes[$node][$bits[$n]] //= do { push @nodes, [undef, undef];
                $#nodes };
            $node = $nodes[$node][$bits[$n]];
        }
        $nodes[$node][$bits[$bits - 1]] = "data $at{$is{$net}}";
    }
    my $count = @nodes;
    my $tree = join '', map { my $node = $_; map {
        my $value = $node->[$_];
        my $record = !defined $value ? $count
            : $value =~ /^data (\d+)/ ? $count + 16 + $1 : $value;
        substr pack('N', $record), 1;
    } 0, 1 } @nodes;
    my $short = sub { pack('C', 0xa2) . pack 'n', $_[0] };
    spew($path, $tree . "\0" x 16 . $data . "\xab\xcd\xefMaxMind.com"
        . _map(node_count => _number(6, $count), record_size => $short->(24),
            ip_version => $short->(4), database_type => _text('test'),
            languages => "\x00\x04", binary_format_major_version => $short->(2),
            binary_format_minor_version => $short->(0),
            build_epoch => "\x04\x02" . pack('N', 1), description => "\xe0"));
}

1;
