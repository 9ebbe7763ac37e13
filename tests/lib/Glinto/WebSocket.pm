package Glinto::WebSocket;

# A WebSocket client on Protocol::WebSocket (a second opinion on our frames).
#
#   my $ws = Glinto::WebSocket->connect($port, '/glinto/a.example/live');
#   my $now = $ws->json;                       # the next message, decoded
#   $ws->until_json(sub { $_[0]{visitors} == 1 }, 2);
#
# connect(PORT, PATH, headers => {...}, origin => URL|undef, host => NAME,
#         mute => 1)
#                 PORT or path of a Unix socket.  Origin is http://HOST unless
#                 given.  Mute: answers no ping.  Dies "refused: 403 ..." when
#                 the answer is not 101 (->try returns the response's status
#                 line instead: "403")
# try(PORT, PATH, ...)    (client, "101") or (undef, "403")
# next(SECONDS)   text of the next data message; undef when none came in time
#                 (10) or the peer closed.  Pings are answered on the way
# json(SECONDS)   the same, decoded; dies when there is none
# until_json(CODE, SECONDS)   read messages until CODE->(message) is true;
#                 returns that message, or undef
# drain           messages that have already arrived, decoded, in order
# send_text(TEXT), send_frame(TYPE, BYTES)    type: text binary ping pong close
# send_raw(BYTES) as they are
# closed(SECONDS) wait for the peer's end: the close code, 1006 when it hung up
#                 without one, undef when it is still open
# close           close frame and hang up
# socket

use strict;
use warnings;
use Glinto::Http ();
use IO::Select;
use JSON::PP ();
use Protocol::WebSocket::Frame;
use Protocol::WebSocket::Handshake::Client;
use Time::HiRes ();

my $JSON = JSON::PP->new->utf8;

sub connect {
    my ($class, @args) = @_;
    my ($self, $status) = $class->try(@args);
    die "refused: $status\n" if !$self;
    return $self;
}

sub try {
    my ($class, $port, $path, %want) = @_;
    my $host = $want{host} // 'localhost';
    my $origin = exists $want{origin} ? $want{origin} : "http://$host";
    my $hello = Protocol::WebSocket::Handshake::Client->new(
        url => "ws://$host$path");
    my $bytes = $hello->to_string;
    $bytes =~ s/^Origin:.*\r\n//mi;
    my %headers = (%{$want{headers} // {}});
    $headers{Origin} = $origin if defined $origin;
    my $more = join '', map { "$_: $headers{$_}\r\n" } sort keys %headers;
    $bytes =~ s/\r\n\r\n/\r\n$more\r\n/;
    my $http = Glinto::Http->connect($port);
    $http->send($bytes);
    my $self = bless {socket => $http->socket, in => '', open => 1,
        mute => $want{mute},
        frame => Protocol::WebSocket::Frame->new(max_payload_size => 1 << 20),
    }, $class;
    my $head = $self->_head;
    my ($status) = $head =~ m{^HTTP/1\.1 (\d+)} or die "no answer: '$head'\n";
    return (undef, $status) if $status != 101;
    $hello->parse($head) && $hello->is_done
        or die 'bad handshake: ' . ($hello->error // $head) . "\n";
    return ($self, $status);
}

# Read up to the end of the response's head; what follows are frames.
sub _head {
    my ($self) = @_;
    my $deadline = Time::HiRes::time() + 10;
    my $at;
    while (($at = index $self->{in}, "\r\n\r\n") < 0) {
        $self->_read($deadline) or die "no handshake: '$self->{in}'\n";
    }
    my $head = substr $self->{in}, 0, $at + 4, '';
    $self->{frame}->append(delete $self->{in});
    return $head;
}

# Wait for bytes until DEADLINE and append them; 0 when there are none.
sub _read {
    my ($self, $deadline) = @_;
    my $left = $deadline - Time::HiRes::time();
    IO::Select->new($self->{socket})->can_read($left > 0 ? $left : 0)
        or return 0;
    my $n = sysread($self->{socket}, my $bytes, 65536);
    if (!$n) {
        $self->{open} = 0;
        $self->{code} //= 1006;
        return 0;
    }
    if (defined $self->{in}) {
        $self->{in} .= $bytes;
    } else {
        $self->{frame}->append($bytes);
    }
    return 1;
}

# The next data message among what has been read; undef when none is whole.
sub _buffered {
    my ($self) = @_;
    my $frame = $self->{frame};
    while (defined(my $bytes = $frame->next_bytes)) {
        if ($frame->is_ping) {
            $self->send_frame('pong', $bytes) if !$self->{mute};
        } elsif ($frame->is_close) {
            $self->{code} = length $bytes >= 2 ? unpack 'n', $bytes : 1005;
        } elsif (!$frame->is_pong) {
            return $bytes;
        }
    }
    return undef;
}

sub next {
    my ($self, $seconds) = @_;
    my $deadline = Time::HiRes::time() + ($seconds // 10);
    while (1) {
        my $message = $self->_buffered;
        return $message if defined $message;
        return undef if !$self->{open} || !$self->_read($deadline);
    }
}

sub json {
    my ($self, $seconds) = @_;
    my $text = $self->next($seconds) // die "no WebSocket message\n";
    return $JSON->decode($text);
}

sub until_json {
    my ($self, $code, $seconds) = @_;
    my $deadline = Time::HiRes::time() + ($seconds // 10);
    while (1) {
        my $left = $deadline - Time::HiRes::time();
        my $text = $self->next($left > 0 ? $left : 0) // return undef;
        my $message = $JSON->decode($text);
        return $message if $code->($message);
    }
}

sub drain {
    my ($self) = @_;
    my @messages;
    while (defined(my $text = $self->next(0))) {
        push @messages, $JSON->decode($text);
    }
    return @messages;
}

sub send_raw {
    my ($self, $bytes) = @_;
    my $at = 0;
    while ($at < length $bytes) {
        my $n = syswrite $self->{socket}, $bytes, length($bytes) - $at, $at;
        return 0 if !defined $n;
        $at += $n;
    }
    return 1;
}

sub send_frame {
    my ($self, $type, $bytes) = @_;
    return $self->send_raw(Protocol::WebSocket::Frame->new(buffer => $bytes,
        type => $type, masked => 1, max_payload_size => 1 << 20)->to_bytes);
}

sub send_text { $_[0]->send_frame('text', $_[1]) }

sub closed {
    my ($self, $seconds) = @_;
    my $deadline = Time::HiRes::time() + ($seconds // 10);
    while ($self->{open}) {
        1 while defined $self->_buffered;
        last if defined $self->{code} || !$self->_read($deadline);
    }
    return $self->{code};
}

sub close {
    my ($self) = @_;
    $self->send_frame('close', pack 'n', 1000) if $self->{open};
    $self->{open} = 0;
    CORE::close($self->{socket});
}

sub socket { $_[0]{socket} }

1;
