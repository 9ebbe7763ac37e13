package Glinto::Http;

# A raw HTTP/1.1 client: it sends what it is told, byte by byte if need be.
#
#   http_get(PORT, PATH, Header => VALUE, ...)          one request, one
#   http_post(PORT, PATH, BODY, Header => VALUE, ...)   connection, a response
#
# PORT may be the path of a Unix socket.  A response is a hash:
#   {status, reason, headers => {lower-case name => value, repeated ones joined
#    by ", "}, body (what gzip has packed, unpacked), length (of the body as it
#    came), head (raw status line and headers)}
# Default headers: Host: localhost, a desktop User-Agent, Accept-Language;
# give Header => undef to leave one out.
#
#   my $c = Glinto::Http->connect(PORT);      dies when nobody listens
#   my $bytes = $c->compose('POST', '/api/event', {Host => 'a.example'}, BODY);
#       BODY: a string (Content-Length is added), undef (none), or a list of
#       strings, each one chunk of a chunked body
#   $c->send(BYTES)           as they are
#   $c->send_split(BYTES...)  each part only after the server read the last
#   $c->response(METHOD)      the next response on the connection; METHOD only
#                             matters for HEAD; dies when the peer closes
#                             before a whole response, or after 10 s (20 with
#                             sanitizers)
#   $c->request(METHOD, PATH, HEADERS, BODY)   send(compose) and response
#   $c->closed                wait until the peer closes: 1, or 0 after 10 s
#   $c->close, $c->reset      orderly end; RST
#   $c->socket                the IO::Socket itself

use strict;
use warnings;
use Exporter 'import';
use IO::Uncompress::Gunzip qw(gunzip $GunzipError);
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Socket qw(SOL_SOCKET SO_LINGER IPPROTO_TCP TCP_NODELAY);
use Time::HiRes ();

our @EXPORT = qw(http_get http_post);

my $PATIENCE_S = $ENV{GLINTO_VALGRIND} ? 60 : $ENV{GLINTO_SAN} ? 20 : 10;
my %DEFAULT = (
    'Host' => 'localhost',
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 '
        . 'Firefox/133.0',
    'Accept-Language' => 'en-GB,en;q=0.5',
    'Accept-Encoding' => 'gzip, deflate',
);

sub http_get {
    my ($port, $path, %headers) = @_;
    return _once($port, 'GET', $path, \%headers);
}

sub http_post {
    my ($port, $path, $body, %headers) = @_;
    return _once($port, 'POST', $path, \%headers, $body);
}

sub _once {
    my ($port, $method, $path, $headers, $body) = @_;
    my $self = __PACKAGE__->connect($port);
    my %all = (Connection => 'close', %$headers);
    return $self->request($method, $path, \%all, $body);
}

sub connect {
    my ($class, $port) = @_;
    my $socket = $port =~ m{^\d+$}
        ? IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port)
        : IO::Socket::UNIX->new(Peer => $port);
    die "cannot connect to $port: $!\n" if !$socket;
    $socket->autoflush(1);
    setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1 if $port =~ m{^\d+$};
    return bless {socket => $socket, in => ''}, $class;
}

sub socket { $_[0]{socket} }
sub close { CORE::close($_[0]{socket}) }

sub reset {
    my ($self) = @_;
    setsockopt $self->{socket}, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    CORE::close($self->{socket});
}

sub compose {
    my ($self, $method, $path, $headers, $body) = @_;
    my %all = (%DEFAULT, %{$headers // {}});
    my $payload = $body // '';
    if (ref $body) {
        $all{'Transfer-Encoding'} = 'chunked';
        $payload = join '', map { sprintf "%x\r\n%s\r\n", length, $_ } @$body;
        $payload .= "0\r\n\r\n";
    } elsif (defined $body) {
        $all{'Content-Length'} //= length $body;
    }
    my @lines = map { defined $all{$_} ? "$_: $all{$_}\r\n" : () }
        sort keys %all;
    return "$method $path HTTP/1.1\r\n" . join('', @lines) . "\r\n$payload";
}

sub send {
    my ($self, $bytes) = @_;
    my $at = 0;
    while ($at < length $bytes) {
        my $n = syswrite $self->{socket}, $bytes, length($bytes) - $at, $at;
        die "send: $!\n" if !defined $n;
        $at += $n;
    }
}

sub send_split {
    my ($self, @parts) = @_;
    for my $part (@parts) {
        $self->send($part);
        $self->_taken;
    }
}

# The kernel's table of connections shows what the server's end of ours still
# holds unread.
sub _taken {
    my ($self) = @_;
    my $socket = $self->{socket};
    my $ends = sprintf '%04X 0100007F:%04X', $socket->peerport,
        $socket->sockport;
    my $deadline = Time::HiRes::time() + $PATIENCE_S;
    while (Time::HiRes::time() < $deadline) {
        open my $in, '<', '/proc/net/tcp' or die "no /proc/net/tcp: $!\n";
        my ($line) = grep { /:$ends / } <$in>;
        return if !$line || $line =~ /^\s*\d+: \S+ \S+ \S+ \w+:00000000 /;
        Time::HiRes::sleep(0.002);
    }
    die "the server does not read\n";
}

# One more read into the buffer; 0 at the end of the stream.
sub _more {
    my ($self) = @_;
    IO::Select->new($self->{socket})->can_read($PATIENCE_S)
        or die "no answer within $PATIENCE_S s\n";
    my $n = sysread $self->{socket}, $self->{in}, 65536, length $self->{in};
    return $n // 0;
}

sub _take {
    my ($self, $n) = @_;
    while (length $self->{in} < $n) {
        $self->_more or die "closed inside a response\n";
    }
    return substr $self->{in}, 0, $n, '';
}

sub _take_through {
    my ($self, $mark) = @_;
    my $at;
    while (($at = index $self->{in}, $mark) < 0) {
        $self->_more or die "closed inside a response: '$self->{in}'\n";
    }
    return $self->_take($at + length $mark);
}

sub response {
    my ($self, $method) = @_;
    my $head = $self->_take_through("\r\n\r\n");
    my ($status, $reason) = $head =~ m{^HTTP/1\.[01] (\d{3}) ?(.*?)\r\n}
        or die "not a response: '$head'\n";
    my %headers;
    for my $line (split /\r\n/, $head) {
        my ($name, $value) = $line =~ /^([^:\s]+):\s*(.*?)\s*$/ or next;
        $name = lc $name;
        $headers{$name} = exists $headers{$name}
            ? "$headers{$name}, $value" : $value;
    }
    my $body = $self->_body(\%headers, $status, $method // '');
    my $length = length $body;
    $body = _unpacked($body)
        if $length && ($headers{'content-encoding'} // '') eq 'gzip';
    return {status => $status, reason => $reason, headers => \%headers,
        body => $body, length => $length, head => $head};
}

sub _unpacked {
    my ($packed) = @_;
    gunzip(\$packed, \my $body) or die "no gzip: $GunzipError\n";
    return $body;
}

sub _body {
    my ($self, $headers, $status, $method) = @_;
    return '' if $method eq 'HEAD' || $status =~ /^(?:1..|204|304)$/;
    if (($headers->{'transfer-encoding'} // '') =~ /chunked/) {
        my $body = '';
        while (1) {
            my $size = hex($self->_take_through("\r\n") =~ s/[;\r].*//sr);
            $body .= $self->_take($size);
            $self->_take(2);
            return $body if $size == 0;
        }
    }
    return $self->_take($headers->{'content-length'})
        if defined $headers->{'content-length'};
    1 while $self->_more;
    return $self->_take(length $self->{in});
}

sub request {
    my ($self, $method, $path, $headers, $body) = @_;
    $self->send($self->compose($method, $path, $headers, $body));
    return $self->response($method);
}

sub closed {
    my ($self) = @_;
    return eval { 1 while $self->_more; 1 } ? 1 : 0;
}

1;
