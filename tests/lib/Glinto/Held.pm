package Glinto::Held;

# One HTTP/2 connection with many requests at one time whose bodies are held
# back: all but their last byte are sent at once, the last when they are let
# go.
#
#   my $c = Glinto::Held->new(PORT);
#   $c->hold(PATH, N, BODY);    N more streams are open; with NAME => VALUE
#                               behind it: more headers
#   $c->arrived;                wait until nginx has read all that was sent
#   $c->release;                their last bytes
#   my %n = $c->statuses;       {202 => 57, 503 => 43}, when all have ended;
#                               reset => N: without an answer

use strict;
use warnings;
use IO::Socket::INET;

my %TYPE = (data => 0, headers => 1, reset => 3, settings => 4, ping => 6,
    window => 8);
my $FRAME_MAX = 16384;
my $WINDOW = 2**31 - 65536; # added to what a connection may receive
my @AGENT = ('user-agent' => 'Mozilla/5.0 (X11) Firefox/133.0');
# RFC 7541: an index of the static table, or a name and value as they are.
my %INDEXED = (':method: POST' => 3, ':scheme: http' => 6);
my %STATUS = (8 => 200, 9 => 204, 12 => 400);

sub frame {
    my ($type, $flags, $stream, $payload) = @_;
    return substr(pack('N', length $payload), 1)
        . pack('CCN', $TYPE{$type}, $flags, $stream) . $payload;
}

sub text { pack('C', length $_[0]) . $_[0] } # shorter than 127 bytes

sub headers {
    my ($path, $length, @and) = @_;
    my @more = (':authority' => 'localhost', ':path' => $path, @AGENT,
        'accept-language' => 'de', 'content-length' => $length, @and);
    my $block = join '', map { pack 'C', 0x80 | $_ } sort values %INDEXED;
    while (my ($name, $value) = splice @more, 0, 2) {
        $block .= "\0" . text($name) . text($value);
    }
    return $block;
}

sub new {
    my ($class, $port) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port")
        or die "no connection to $port: $!\n";
    my $self = bless {socket => $socket, next => 1, held => [], left => 0,
        in => ''}, $class;
    $self->_send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" . frame('settings', 0, 0,
        '') . frame('window', 0, 0, pack 'N', $WINDOW));
    return $self;
}

sub hold {
    my ($self, $path, $n, $body, @and) = @_;
    my $headers = headers($path, length $body, @and);
    my @parts = unpack "(a$FRAME_MAX)*", substr $body, 0, -1;
    my $out = '';
    for (1 .. $n) {
        my $stream = $self->{next};
        $out .= frame('headers', 4, $stream, $headers);
        $out .= frame('data', 0, $stream, $_) for @parts;
        push @{$self->{held}}, frame('data', 1, $stream, substr $body, -1);
        $self->{next} += 2;
    }
    $self->{left} += $n;
    $self->_send($out);
}

# No stream may have been answered before.
sub arrived {
    my ($self) = @_;
    $self->_send(frame('ping', 0, 0, 'arrived?'));
    while (1) {
        my ($type) = $self->_frame or die "closed\n";
        return if $type == $TYPE{ping};
        die "an answer\n" if $type == $TYPE{headers};
    }
}

sub _send {
    my ($self, $out) = @_;
    while (length $out) {
        my $sent = syswrite $self->{socket}, $out;
        die "send: $!\n" if !$sent;
        substr $out, 0, $sent, '';
    }
}

sub release {
    my ($self) = @_;
    $self->_send(join '', splice @{$self->{held}});
}

# A status is the first field of a block: nginx sends it as an index, or with
# the index of its name and a value of three digits, Huffman or not.
sub statuses {
    my ($self) = @_;
    my %n;
    while ($self->{left}) {
        my ($type, $flags, $payload) = $self->_frame or last;
        # Without an error: behind an answer, the body is not needed.
        if ($type == $TYPE{reset} && unpack 'N', $payload) {
            $n{reset}++;
            $self->{left}--;
        }
        next if $type != $TYPE{headers};
        my ($first) = unpack 'C', $payload;
        my $status = $first & 0x80 ? $STATUS{$first & 0x7f}
            : _digits(substr $payload, 1);
        $n{$status // 'other'}++;
        $self->{left}--;
    }
    return %n;
}

# Three digits; in Huffman's code 0, 1, 2 have five bits, 3 to 9 have six.
sub _digits {
    my ($length, $bytes) = unpack 'C a3', $_[0];
    return substr $bytes, 0, 3 if !($length & 0x80);
    my $bits = unpack 'B*', substr $_[0], 1, $length & 0x7f;
    my $digits = '';
    while (length $digits < 3) {
        my $code = oct '0b' . substr $bits, 0, 5;
        if ($code < 3) {
            $digits .= $code;
            substr $bits, 0, 5, '';
            next;
        }
        $digits .= oct('0b' . substr $bits, 0, 6) - 0x19 + 3;
        substr $bits, 0, 6, '';
    }
    return $digits;
}

sub _frame {
    my ($self) = @_;
    $self->_fill(9) or return;
    my ($high, $low, $type, $flags) = unpack 'Cn CC', $self->{in};
    my $length = $high << 16 | $low;
    $self->_fill(9 + $length) or return;
    my $payload = substr substr($self->{in}, 0, 9 + $length, ''), 9;
    return ($type, $flags, $payload);
}

sub _fill {
    my ($self, $length) = @_;
    while (length $self->{in} < $length) {
        sysread($self->{socket}, $self->{in}, 65536, length $self->{in})
            or return 0;
    }
    return 1;
}

1;
