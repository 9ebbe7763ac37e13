package Glinto::Mmdb;

# A small database of places in MaxMind's format, for tests of what nginx's
# geoip2 module finds in one.
#
# write_mmdb(FILE, NETWORK => DATA, ...)   NETWORK as "203.0.113.0/24" or
#                 "2001:db8::/32"; DATA of hashes, lists and texts

use strict;
use warnings;
use Exporter 'import';
use Socket qw(AF_INET AF_INET6 inet_pton);

our @EXPORT = qw(write_mmdb);
my ($TEXT, $SHORT, $LONG, $MAP, $QUAD, $LIST) = (2, 5, 6, 7, 9, 11);

# The head of a value: its type and how many bytes or members it has.
sub _head {
    my ($type, $size) = @_;
    my $more = $size < 29 ? '' : chr($size - 29); # to 284
    my $short = $size < 29 ? $size : 29;
    return $type < 8 ? chr($type << 5 | $short) . $more
        : chr($short) . chr($type - 7) . $more;
}

sub _number {
    my ($type, $value, $bytes) = @_;
    return _head($type, $bytes) . substr(pack('Q>', $value), 8 - $bytes);
}

sub _value {
    my ($value) = @_;
    return join '', _head($MAP, scalar keys %$value),
        map { _value($_) . _value($value->{$_}) } sort keys %$value
        if ref $value eq 'HASH';
    return join '', _head($LIST, scalar @$value), map { _value($_) } @$value
        if ref $value eq 'ARRAY';
    return $$value if ref $value; # a number, made already
    return _head($TEXT, length $value) . $value;
}

# The bits of a network; those of IPv4 lie below ::/96.
sub _bits {
    my ($network) = @_;
    my ($address, $len) = split m{/}, $network;
    return '0' x 96 . substr(unpack('B*', inet_pton(AF_INET, $address)), 0,
        $len) if $address !~ /:/;
    return substr(unpack('B*', inet_pton(AF_INET6, $address)), 0, $len);
}

sub _meta {
    my ($nodes) = @_;
    return _value({node_count => \_number($LONG, $nodes, 4),
        record_size => \_number($SHORT, 32, 2),
        ip_version => \_number($SHORT, 6, 2), database_type => 'Test',
        languages => ['en'], description => {en => 'Test'},
        binary_format_major_version => \_number($SHORT, 2, 2),
        binary_format_minor_version => \_number($SHORT, 0, 2),
        build_epoch => \_number($QUAD, 1_700_000_000, 8)});
}

sub write_mmdb {
    my ($file, %networks) = @_;
    my (@nodes, %at);
    my $data = '';
    push @nodes, [undef, undef]; # each side: [a node], or a place in DATA
    for my $network (sort keys %networks) {
        my @bits = split //, _bits($network);
        my $last = pop @bits;
        my $node = 0;
        for my $bit (@bits) {
            if (!defined $nodes[$node][$bit]) {
                push @nodes, [undef, undef];
                $nodes[$node][$bit] = [$#nodes];
            }
            $node = $nodes[$node][$bit][0];
        }
        $nodes[$node][$last] = length $data;
        $data .= _value($networks{$network});
    }
    my $n = @nodes;
    open my $out, '>:raw', $file or die "$file: $!\n";
    print {$out} map { pack 'N2', map { !defined $_ ? $n
        : ref $_ ? $_->[0] : $n + 16 + $_ } @$_ } @nodes;
    print {$out} "\0" x 16, $data, "\xab\xcd\xefMaxMind.com", _meta($n);
    close $out or die "$file: $!\n";
}

1;
