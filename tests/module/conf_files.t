# Promise: the nginx files we ship work as they are, no header that may hold a
# visitor's address passes through them to glintod, and what glintod says all
# may share, and nothing else, is asked of it once a second, as long as the
# folder of the site is there.
#
# Method: http.conf and locations.conf with only their paths replaced; a fake
# dashboard on the socket keeps every byte nginx sends it.

use strict;
use warnings;
use File::Path 'make_path';
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use IO::Socket::UNIX;
use Time::HiRes ();

my $ADDRESS = '203.0.113.77';
my @HEADERS = qw(X-Forwarded-For X-Real-IP Forwarded CF-Connecting-IP
    True-Client-IP X-Client-IP Client-IP Via X-Plausible-IP);

my $t = Glinto::Test->new;
my %shipped = shipped($t);

my $listener = IO::Socket::UNIX->new(Listen => 8,
    Local => $t->path('dashboard.sock')) or die "cannot listen: $!";
my $fake = fork // die "cannot fork: $!";
if (!$fake) {
    $SIG{TERM} = 'DEFAULT';
    alarm 60; # should the test die first
    $SIG{ALRM} = 'DEFAULT';
    while (my $peer = $listener->accept) {
        my $head = '';
        while (my $line = <$peer>) {
            $head .= $line;
            last if $line eq "\r\n";
        }
        my $shared = $head =~ m{^GET /glinto/shared} ? "X-Accel-Expires: 1\r\n"
            : '';
        open my $out, '>>', $t->path('seen');
        print $out $head;
        close $out;
        print $peer "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n$shared"
            . "Cache-Control: no-store\r\nConnection: close\r\n\r\nok";
        close $peer;
    }
}
close $listener;

my $nginx = $t->nginx(%shipped);

my %forged = map { $_ => $ADDRESS } @HEADERS;
is($nginx->get('/glinto/a.example', %forged, Cookie => 'k=v',
    Authorization => 'Bearer t')->{body}, 'ok', 'the dashboard is reached');
is($nginx->get('/glinto/a.example/live', %forged, Upgrade => 'websocket',
    Connection => 'Upgrade', 'Sec-WebSocket-Key' => 'abc',
    'Sec-WebSocket-Version' => '13', Origin => 'http://localhost')->{body},
    'ok', 'so is the WebSocket');

my ($page, $live) = split /(?<=\r\n\r\n)/, slurp($t->path('seen'));
unlike($page . $live, qr/\Q$ADDRESS\E|127\.0\.0\.1/, 'no address passes');
like($page, qr/^Cookie: k=v\r$/m, 'a cookie passes');
like($page, qr/^Authorization: Bearer t\r$/m, 'a token passes');
like($page, qr/^Host: localhost\r$/m, 'the host passes');
unlike($page, qr/^(?:Upgrade|Sec-WebSocket-Key)/mi, 'a page is no upgrade');
like($live, qr/^Upgrade: websocket\r$/mi, 'the upgrade passes');
like($live, qr/^Connection: upgrade\r$/mi, 'with its Connection header');
like($live, qr/^Sec-WebSocket-Key: abc\r$/m, 'and its key');
like($live, qr{^Origin: http://localhost\r$}m, 'and its origin');

# In so many seconds.
sub asked_of_20 {
    my ($path, %headers) = @_;
    spew($t->path('seen'), '');
    my $began = Time::HiRes::time();
    $nginx->get($path, %headers) for 1 .. 20;
    return (scalar(() = slurp($t->path('seen')) =~ /^GET /mg),
        Time::HiRes::time() - $began);
}
is((asked_of_20('/glinto/shared?period=7d'))[0], 20,
    'what is in no folder is not kept');
make_path($t->path('pages/sites/localhost/shared'));
my ($asked, $seconds) = asked_of_20('/glinto/shared?period=7d');
cmp_ok($asked, '<=', 2 + $seconds, 'what all may share is kept');
is((asked_of_20('/glinto/own'))[0], 20, 'nothing else is');
is((asked_of_20('/glinto/shared?period=7d', Authorization => 'Bearer t'))[0],
    20, 'nor is it given to who has a token');
is($nginx->get('/glinto/shared')->{headers}{'cache-control'}, 'no-store',
    'a browser keeps it not');
is($nginx->get('/glinto/shared')->{headers}{'x-accel-expires'}, undef,
    'and does not hear of it');

kill 'TERM', $fake;
waitpid $fake, 0;
my $down = $nginx->get('/glinto/a.example');
is($down->{status}, 503, 'without glintod the display is paused');
like($down->{body}, qr/Counting continues/, 'and says that counting goes on');
is($down->{headers}{'cache-control'}, 'no-store', 'no cache keeps that');

is($nginx->get('/js/glinto.js')->{status}, 200, 'the script has its place');
for my $name (qw(script script.hash.manual plausible analytics pa-aB3_x-9
    glinto.tagged-events))
{
    is($nginx->get("/js/$name.js")->{status}, 200, "as $name.js too");
}
is($nginx->get('/js/script.outbound.js')->{status}, 404,
    'what it does not do is not there');
is($nginx->get('/js/glinto.js', 'Accept-Encoding' => 'gzip')
    ->{headers}{'content-encoding'}, 'gzip', 'it travels compressed');
isnt($nginx->get('/g.gif')->{status}, 404, 'the pixel has its place');
isnt($nginx->post('/api/event', '{}')->{status}, 404, 'so have events');
is($nginx->get('/glinto/status', 'X-Forwarded-For' => $ADDRESS)->{status}, 403,
    'the status is not for strangers');
is($nginx->get('/glinto/status')->{status}, 200, 'but for this machine');

# ---- one of the two includes is forgotten ----

my (undef, $said) = Glinto::Nginx->new($t)->test(slurp($t->path('nginx.conf'))
    =~ s/^\s*include \S+http\.conf;//mr);
like($said, qr/\[emerg\].* needs "glinto_spool" in the http block: "include/,
    'without http.conf nginx -t says what to include');
unlike($said, qr/upstream|zone/, 'and nothing of its own names');

# nginx's own log names clients in errors; that is the operator's log of the
# web server, where every request's error stands.
$t->done;
