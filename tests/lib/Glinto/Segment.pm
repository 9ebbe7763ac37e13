package Glinto::Segment;

# A worker's segment written by hand, with any clock and any payload, held
# open as a living worker holds it.
#
#   my $segment = Glinto::Segment->create($t->path('spool'));
#   $segment->event(site => 'a.example', visitor => 7, path => '/');
#   $segment->close;                       # the writer is gone
#
# create(DIR, wall_ms => MS, major => N)   a new segment; its clock starts at
#                 MS (now); of format N (1)
# event(KEY => VALUE, ...)     one event; keys as in schema/event_fields.h;
#                 kind is 1, host the site, path "/", at_ms the segment's
#                 clock unless given; VISITOR is a number, PROPS a hash
# served(KEY => VALUE, ...)    a page served, 200, or with fetched => 2 that an
#                 image or style was
# counts([SITE, REASON, N], ...)   one counts frame
# frame(TYPE, PAYLOAD, AT_MS)  any bytes
# id              16 bytes     path     of the file
# last            what the last frame was: {index, offset, bytes}
# close           let go of the lock
# copy(DIR)       as it is, into another folder, as if its writer had died
# move(DIR)       put it into another folder: into the spool when it is whole,
#                 or when glintod's clock is ahead, by which a temporary file
#                 is soon too old

use strict;
use warnings;
use Data::MessagePack;
use Fcntl qw(:flock);
use Glinto::Spool ();
use Glinto::Test qw(slurp spew);
use Time::HiRes ();

my $SEGMENT_BYTES = 1 << 20;
my $HEADER_BYTES = 4096;
my %KEY = reverse slurp(Glinto::Test->root . '/schema/event_fields.h')
    =~ /^GL_FIELD\((\d+), (\w+),/mg;
my %NUMBER = map { $_ => 1 } qw(schema kind evidence scroll_depth passive
    engagement_ms server visitor visitor_before status bytes request_ms
    upstream_ms cache fetched);

sub _random { join '', map { chr int rand 256 } 1 .. $_[0] }
sub _crc { Glinto::Spool::crc32c(@_) }
# A text as str, not bin.
my $packer = Data::MessagePack->new->utf8;
sub _pack { $packer->pack($_[0]) }

sub create {
    my ($class, $dir, %want) = @_;
    my $self = bless {id => _random(16), index => 0, end => $HEADER_BYTES,
        major => $want{major} // 1,
        wall_ms => $want{wall_ms} // int(1000 * Time::HiRes::time())}, $class;
    $self->{path} = "$dir/" . unpack('H*', $self->{id}) . '.seg';
    my $head = pack 'a8 v v V a16 a16 V V V V q< q< a16 V V', 'GLINTOS1',
        $self->{major}, 0, $HEADER_BYTES, $self->{id}, _random(16), 1, $$, 0,
        0, $self->{wall_ms}, 0, _random(16), $SEGMENT_BYTES, 0;
    # Not "t-": a reader whose clock is days ahead removes such a file that has
    # no lock yet.
    my $temp = "$dir/new-" . unpack 'H*', $self->{id};
    open $self->{file}, '+>:raw', $temp or die "$temp: $!\n";
    flock $self->{file}, LOCK_EX or die "lock: $!\n";
    truncate $self->{file}, $SEGMENT_BYTES or die "truncate: $!\n";
    $self->_write(0, $head . pack 'V', _crc($head));
    rename $temp, $self->{path} or die "rename: $!\n";
    return $self;
}

sub _write {
    my ($self, $at, $bytes) = @_;
    sysseek $self->{file}, $at, 0 or die "seek: $!\n";
    syswrite($self->{file}, $bytes) == length $bytes or die "write: $!\n";
}

sub frame {
    my ($self, $type, $payload, $at_ms) = @_;
    my $delta = ($at_ms // $self->{wall_ms}) - $self->{wall_ms};
    my @head = (length $payload, ++$self->{index});
    my $rest = $self->{major} == 1
        ? pack 'V V V v v V', @head, $delta, $type, 0, _crc($payload)
        : pack 'V V V v v V q<', @head, _crc($payload), $type, 0, 0,
            1000 * $delta;
    my $frame = pack('V', _crc($self->{id} . $rest)) . $rest . $payload;
    $frame .= "\0" x (-length($frame) % 8);
    $self->_write($self->{end}, $frame);
    $self->{last} = {index => $self->{index}, offset => $self->{end},
        bytes => $frame};
    $self->{end} += length $frame;
    return $self;
}

sub _map {
    my (%field) = @_;
    my $map = pack 'C n', 0xde, scalar keys %field;
    for my $name (sort keys %field) {
        my $value = $field{$name};
        $map .= _pack($KEY{$name} + 0)
            . _pack($NUMBER{$name} ? $value + 0
                : ref $value ? $value : "$value");
    }
    return $map;
}

sub event {
    my ($self, %field) = @_;
    my $at_ms = delete $field{at_ms};
    return $self->frame(1, _map(schema => 1, kind => 1, path => '/',
        host => $field{site}, visitor => 1, %field), $at_ms);
}

sub served {
    my ($self, %field) = @_;
    my $at_ms = delete $field{at_ms};
    my %page = ($field{fetched} // 0) & 2 ? () : (path => '/', status => 200,
        agent => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
        . 'Firefox/128.0');
    return $self->frame(3, _map(schema => 1, kind => 1, visitor => 1, %page,
        %field), $at_ms);
}

sub counts {
    my ($self, @counts) = @_;
    my @list = map { ["$_->[0]", "$_->[1]", $_->[2] + 0] } @counts;
    return $self->frame(2, "\x82" . _pack(0) . _pack(1) . _pack(1)
        . _pack(\@list));
}

sub id { $_[0]{id} }
sub path { $_[0]{path} }
sub last { $_[0]{last} }

sub move {
    my ($self, $dir) = @_;
    my $to = "$dir/" . unpack('H*', $self->{id}) . '.seg';
    rename $self->{path}, $to or die "rename: $!\n";
    $self->{path} = $to;
}

sub copy {
    my ($self, $dir) = @_;
    my $name = unpack 'H*', $self->{id};
    spew("$dir/t-$name", slurp($self->{path}));
    rename "$dir/t-$name", "$dir/$name.seg" or die "rename: $!\n";
}

sub close {
    my ($self) = @_;
    close delete $self->{file} or die "close: $!\n";
}

1;
