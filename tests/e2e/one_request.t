# Promise: nobody hides a second request in the body of a first one: of a HEAD,
# whose body is not read, it is refused, and nothing is answered after it on
# that connection, so that no answer can come to somebody else.
#
# Method: bytes by hand, to the socket and through the shipped nginx files;
# each answer counted.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $nginx = $t->nginx(shipped($t));
my $close = "Connection: close\r\n";
my $hidden = "GET /glinto/ HTTP/1.1\r\nHost: hidden.example\r\n$close\r\n";

# The statuses of all answers to BYTES, of which the last request ends the
# connection.
sub answers {
    my ($to, $bytes) = @_;
    my $client = Glinto::Http->connect($to);
    $client->send($bytes);
    my $text = '';
    1 while sysread $client->socket, $text, 65536, length $text;
    return join ' ', $text =~ m{HTTP/1\.1 (\d+)}g;
}
sub request {
    my ($method, $headers, $body) = @_;
    return "$method /glinto/ HTTP/1.1\r\nHost: x\r\n$headers\r\n$body";
}
my $socket = $t->path('dashboard.sock');
my $length = 'Content-Length: ' . length($hidden) . "\r\n";
my $chunk = sprintf "%x\r\n%s\r\n0\r\n\r\n", length $hidden, $hidden;
my $chunked = "Transfer-Encoding: chunked\r\n";

is(answers($socket, request('GET', '', '') . $hidden), '200 200',
    'two requests on one connection');
is(answers($socket, request('HEAD', $length, $hidden)), '400',
    'HEAD with a length: one answer');
is(answers($socket, request('HEAD', $chunked, $chunk)), '400',
    'HEAD in chunks: one answer');
is(answers($socket, request('HEAD', "Content-Length: 0\r\n$close", '')),
    '200', 'no body at all is none');
my %status = (GET => 200, DELETE => 405, OPTIONS => 405, POST => 405);
for my $method (sort keys %status) {
    is(answers($socket, request($method, $length . $close, $hidden)),
        $status{$method}, "$method with a length: its body is read");
    is(answers($socket, request($method, $chunked . $close, $chunk)),
        $status{$method}, "$method in chunks: as well");
}
like(answers($nginx->port, request('HEAD', $length . $close, $hidden)),
    qr/^\d+$/, 'HEAD through nginx: one answer');
is($nginx->get('/glinto/')->{status}, 200, 'the next one is answered its own');
$t->done;
