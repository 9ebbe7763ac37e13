package Glinto::Spool;

# An independent reader of the spool: CRC32C, segments, frames and msgpack
# without a line of our C.  What schema/segment.h draws is read here again.
#
#   my $spool = Glinto::Spool->new($t->path('spool'));
#   my @events = $spool->events;           # all events, oldest frame first
#   is($events[0]{path}, '/about', 'the path');
#
# new(DIR)
# files           names of the segments (*.seg), sorted
# temps           names of unfinished ones (t-*)
# read(NAME)      one segment:
#                 {name, id, incarnation (hex), major, minor, ordinal, pid,
#                  worker, wall_ms, boot_ms, segment_bytes,
#                  drops => {total, first_ms, last_ms} or undef,
#                  frames => [...], end => offset behind the last valid frame,
#                  tail => "zeros" or "damaged"}; dies on a bad header
# frames          frames of all segments, in the order of their writing (of
#                 one writer), since names are random; a frame:
#                 {index, delta_ms, type, flags, payload (bytes), offset,
#                  at_ms (wall clock), segment (name)}
# events, counts, served  decoded payloads of type 1, 2 and 3
# drops           sum of the drop blocks, the highest an incarnation
# frames_in(BYTES, ID)     valid frames at the start of BYTES; ID: 16 bytes
# decode(PAYLOAD)          an event with the names of schema/event_fields.h,
#                          missing fields left out; unknown keys as "key N"
# decode_counts(PAYLOAD)   [{site, reason, n}, ...]
# crc32c(BYTES, CRC)       CRC of an earlier part to go on from (0)

use strict;
use warnings;
use Data::MessagePack;
use Glinto::Test qw(slurp);

my $HEADER_BYTES = 4096;
my $FRAME_HEADER_BYTES = 24;
my $PAYLOAD_MAX = 8192;

my @TABLE = map {
    my $c = $_;
    $c = $c & 1 ? ($c >> 1) ^ 0x82F63B78 : $c >> 1 for 1 .. 8;
    $c;
} 0 .. 255;

sub crc32c {
    my ($bytes, $crc) = @_;
    $crc = ($crc // 0) ^ 0xFFFFFFFF;
    $crc = $TABLE[($crc ^ $_) & 0xFF] ^ ($crc >> 8) for unpack 'C*', $bytes;
    return $crc ^ 0xFFFFFFFF;
}

# Names of the keys: the table is the contract, not the C that uses it.
my %FIELD = slurp(Glinto::Test->root . '/schema/event_fields.h')
    =~ /^GL_FIELD\((\d+), (\w+),/mg;

sub new {
    my ($class, $dir) = @_;
    return bless {dir => $dir}, $class;
}

sub _names {
    my ($self, $regex) = @_;
    opendir my $dir, $self->{dir} or die "cannot list $self->{dir}: $!\n";
    return sort grep { /$regex/ } readdir $dir;
}

sub files { $_[0]->_names(qr/^[0-9a-f]{32}\.seg$/) }
sub temps { $_[0]->_names(qr/^t-/) }

sub _drops {
    my ($page, $id) = @_;
    my $block = substr $page, 128, 28;
    my ($total, $first, $last, $crc) = unpack 'Q< q< q< V', $block;
    return undef if $crc != crc32c($id . substr $block, 0, 24);
    return {total => $total, first_ms => $first, last_ms => $last};
}

sub read {
    my ($self, $name) = @_;
    my $bytes = slurp("$self->{dir}/$name");
    my $page = substr $bytes, 0, $HEADER_BYTES;
    my %h;
    @h{qw(magic major minor header_bytes id incarnation ordinal pid worker
        flags wall_ms boot_ms boot_id segment_bytes zero crc)} = unpack
        'a8 v v V a16 a16 V V V V q< q< a16 V V V', $page;
    die "$name: wrong magic\n" if $h{magic} ne 'GLINTOS1';
    die "$name: header checksum is wrong\n"
        if $h{crc} != crc32c(substr $page, 0, 104);
    die "$name: not its own name\n" if $name ne unpack('H*', $h{id}) . '.seg';
    $h{drops} = _drops($page, $h{id});
    my $body = substr $bytes, $HEADER_BYTES;
    $h{frames} = [frames_in($body, $h{id})];
    my $end = 0;
    for my $frame (@{$h{frames}}) {
        $end = $frame->{offset} + $frame->{bytes};
        $frame->{offset} += $HEADER_BYTES;
        $frame->{at_ms} = $h{wall_ms} + $frame->{delta_ms};
        $frame->{segment} = $name;
    }
    $h{end} = $HEADER_BYTES + $end;
    $h{tail} = substr($body, $end) =~ /[^\0]/ ? 'damaged' : 'zeros';
    $h{$_} = unpack 'H*', $h{$_} for qw(id incarnation boot_id);
    return {%h, name => $name};
}

sub frames_in {
    my ($bytes, $id, $index) = @_;
    my ($at, @frames) = (0);
    while ($at + $FRAME_HEADER_BYTES <= length $bytes) {
        my $head = substr $bytes, $at, $FRAME_HEADER_BYTES;
        my ($hcrc, $len, $n, $delta, $type, $flags, $pcrc)
            = unpack 'V V V V v v V', $head;
        last if $len < 1 || $len > $PAYLOAD_MAX;
        last if $hcrc != crc32c($id . substr $head, 4);
        last if defined $index && $n != $index;
        my $payload = substr $bytes, $at + $FRAME_HEADER_BYTES, $len;
        last if length $payload < $len || $pcrc != crc32c($payload);
        my $whole = ($FRAME_HEADER_BYTES + $len + 7) & ~7;
        push @frames, {index => $n, delta_ms => $delta, type => $type,
            flags => $flags, payload => $payload, offset => $at,
            bytes => $whole};
        $at += $whole;
        $index = $n + 1;
    }
    return @frames;
}

# A segment may be unlinked or sealed between listing and reading.
sub _segments {
    my ($self) = @_;
    return sort {
        $a->{wall_ms} <=> $b->{wall_ms} || $a->{ordinal} <=> $b->{ordinal}
    } grep { $_ } map { eval { $self->read($_) } } $self->files;
}

sub frames { map { @{$_->{frames}} } $_[0]->_segments }
sub _payloads {
    my ($self, $type) = @_;
    return map { $_->{payload} } grep { $_->{type} == $type } $self->frames;
}

sub events { map { decode($_) } $_[0]->_payloads(1) }
sub served { map { decode($_) } $_[0]->_payloads(3) }
sub counts { map { @{decode_counts($_)} } $_[0]->_payloads(2) }

sub drops {
    my ($self) = @_;
    my %highest;
    for my $segment ($self->_segments) {
        my $n = ($segment->{drops} // {total => 0})->{total};
        my $of = $segment->{incarnation};
        $highest{$of} = $n if $n >= ($highest{$of} // 0);
    }
    my $sum = 0;
    $sum += $_ for values %highest;
    return $sum;
}

sub decode {
    my ($payload) = @_;
    my $map = Data::MessagePack->new->unpack($payload);
    return {map { ($FIELD{$_} // "key $_") => $map->{$_} } keys %$map};
}

sub decode_counts {
    my ($payload) = @_;
    my $map = Data::MessagePack->new->unpack($payload);
    return [map { {site => $_->[0], reason => $_->[1], n => $_->[2]} }
        @{$map->{1}}];
}

1;
