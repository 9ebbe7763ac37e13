#!/usr/bin/perl
# Promise: the frames in schema/golden are plain msgpack in a frame as
# schema/segment.h draws it.  Data::MessagePack and a checksum written from
# the RFC's definition read them, without a line of our C, and find what
# golden.json says under the keys of event_fields.h.

use strict;
use warnings;
use FindBin;
use Test::More;
use Data::MessagePack;
use JSON::PP;

my $schema = "$FindBin::Bin/../../schema";

sub slurp {
    my ($path) = @_;
    open my $in, '<:raw', $path or die "cannot read $path: $!\n";
    local $/;
    return scalar <$in>;
}

# CRC-32C bit by bit (RFC 3720: reflected polynomial 0x82f63b78).
sub crc32c {
    my $crc = 0xffffffff;
    for my $byte (unpack 'C*', join '', @_) {
        $crc ^= $byte;
        $crc = $crc & 1 ? ($crc >> 1) ^ 0x82f63b78 : $crc >> 1 for 1 .. 8;
    }
    return $crc ^ 0xffffffff;
}

my %name; # number on the wire => member
my $fields = slurp("$schema/event_fields.h");
$fields =~ s{/\*.*?\*/}{}gs;
$name{$1} = $2 while $fields =~ /GL_FIELD\((\d+),\s*(\w+),/g;
is(scalar keys %name, 47, 'fields in event_fields.h');

my $golden = decode_json(slurp("$schema/golden/golden.json"));
my $segment = pack 'H*', $golden->{segment};
my $unpacker = Data::MessagePack->new->utf8(1);

for my $frame (@{$golden->{frames}}) {
    my $file = $frame->{file};
    my $bytes = slurp("$schema/golden/$file");
    my $head = ($frame->{major} // 1) == 1 ? 24 : 32;
    my ($hcrc, $len, $index, $delta, $type, $flags, $pcrc) =
        unpack 'V V V V v v V', $bytes;
    # major 2: the payload's checksum comes earlier, microseconds behind it
    ($pcrc, $delta) = ($delta, unpack('x24 Q<', $bytes) / 1000) if $head == 32;
    my $payload = substr $bytes, $head, $len;
    is($hcrc, crc32c($segment, substr $bytes, 4, $head - 4),
        "$file: header checksum");
    is($pcrc, crc32c($payload), "$file: payload checksum");
    is_deeply([$index, $delta, $type, $flags],
        [@$frame{qw(index delta_ms type)}, 0], "$file: header");
    is(length($bytes) % 8, 0, "$file: padded");
    like(substr($bytes, $head + $len), qr/\A\0{0,7}\z/, "$file: with zeros");

    my $map = $unpacker->unpack($payload);
    if ($frame->{counts}) {
        is_deeply($map, {0 => 1, 1 => $frame->{counts}}, "$file: counts");
        next;
    }
    my %event = map { $name{$_} => $map->{$_} } keys %$map;
    is_deeply(\%event, $frame->{event}, "$file: event");
}
done_testing();
