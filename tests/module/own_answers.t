#!/usr/bin/perl

# Promise: at our locations the module itself answers what it refuses, readable
# for every origin, and counts it; what other origins may read is said once,
# whatever headers the operator adds; and no line of nginx about a request to
# them has the client's address, while its lines about other locations do.

# Method: the shipped files in a server that adds headers and limits of its
# own, logged at Debian's level.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Shipped;
use Glinto::Spool;
use Glinto::Test;

my $ADDRESS = '198.51.100.77';
my %FROM = ('X-Forwarded-For' => $ADDRESS);

my $t = Glinto::Test->new->allow(qr/dashboard.sock failed/);
my %shipped = shipped($t);
my $h2 = $t->port;
spew($t->path('passwords'), "ann:{PLAIN}secret\n");
my $nginx = $t->nginx(%shipped, log_level => 'error',
    http => 'limit_req_zone $arg_limited zone=limited:1m rate=1r/m;',
    server => <<"EOS");
    listen 127.0.0.1:$h2 http2;
    client_max_body_size 1k;
    client_body_timeout 1s;
    limit_req zone=limited;
    add_header Access-Control-Allow-Origin https://only.example always;
    add_header access-control-allow-headers X-Own always;
    add_header Access-Control-Max-Age 5 always;
    add_header Cross-Origin-Resource-Policy same-origin always;
    add_header X-Own yes always;
    $shipped{server}
    location = /slow { glinto_collect; }
    location = /closed.gif { glinto_pixel; deny all; }
    location = /bare.gif { glinto_pixel; deny all; add_header X-Own "" always; }
    location = /paged.gif { glinto_pixel; deny all; error_page 403 \@page; }
    location = /masked.gif { glinto_pixel; deny all;
        error_page 403 =200 /page; }
    location = /page { return 200 "a page"; }
    location \@page { return 403 "a page"; }
    location = /led.gif { return 302 /page; glinto_pixel; }
    location = /if { if (\$arg_x) { return 410; } glinto_collect; }
    location /secret { glinto_log_address off; auth_basic x;
        auth_basic_user_file %%DIR%%/passwords;
        proxy_pass http://127.0.0.1:9/; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $event = '{"n":"pageview","d":"a.example","u":"https://a.example/"}';
my (%counted, $n);

sub once {
    my ($r, $name) = @_;
    is($r->{headers}{'access-control-allow-origin'}, '*', "$name: any origin");
    is($r->{headers}{'x-own'}, 'yes', "$name: other headers stay");
}
sub refused {
    my ($r, $status, $reason, $name) = @_;
    is($r->{status}, $status, $name);
    like($r->{body}, qr/^\{"errors":\{"request":\["[^"]+"\]\}\}$/,
        "$name: in our words");
    once($r, $name);
    $counted{$reason}++;
}
sub ask {
    my ($method, $path, $body, %more) = @_;
    my $c = Glinto::Http->connect($nginx->port);
    return $c->request($method, $path, {%FROM, %more}, $body);
}

# ---- what is taken ----

my $taken = ask('POST', '/api/event', $event);
is($taken->{status}, 202, 'an event');
once($taken, 'an event');
my $pixel = ask('GET', '/g.gif?d=a.example');
is($pixel->{headers}{'cross-origin-resource-policy'}, 'cross-origin',
    'the pixel loads on every page');
my $script = ask('GET', '/js/glinto.js');
once($script, 'the script');
is($script->{headers}{'cross-origin-resource-policy'}, 'cross-origin',
    'the script loads on every page');
my $flight = ask('OPTIONS', '/api/event', undef, Origin => 'https://a.example',
    'Access-Control-Request-Method' => 'POST',
    'Access-Control-Request-Headers' => 'baggage,sentry-trace');
is($flight->{status}, 204, 'the preflight');
once($flight, 'the preflight');
is($flight->{headers}{'access-control-max-age'}, 1_728_000, 'for 20 days');
my $may = lc $flight->{headers}{'access-control-allow-headers'};
like($may, qr/(?:^|,)\Q$_\E(?:,|$)/, "a library may add: $_")
    for qw(content-type baggage sentry-trace traceparent tracestate b3 *);

# ---- what is refused ----

refused(ask('POST', '/api/event', $event . ' ' x $_), 413, 'too_large',
    "$_ bytes too many") for 8192, 20_000, 200_000;
refused(ask('POST', '/api/event', [(' ' x 1000) x $_]), 413, 'too_large',
    "$_ kB in chunks") for 20, 200;
refused(ask('POST', '/api/event', $event, 'Content-Length' => 1 << 40), 413,
    'too_large', 'a TB that is announced');
is(ask('POST', '/api/event', $event . ' ' x 5000)->{status}, 202,
    'the limit of the server is not ours');

for my $method (qw(GET PUT DELETE PATCH PROPFIND)) {
    my $r = ask($method, '/api/event', $method =~ /^P/ ? $event : undef);
    refused($r, 405, 'method', "$method of an event");
    is($r->{headers}{allow}, 'POST, OPTIONS', "$method: what is allowed");
}
my $head = ask('HEAD', '/api/event');
is($head->{status}, 405, 'HEAD of an event');
$counted{method}++;
refused(ask($_, '/g.gif', 'x'), 405, 'method', "$_ of a pixel")
    for qw(POST OPTIONS);
is(ask('POST', '/js/glinto.js', 'x')->{status}, 405, 'POST of the script');

for my $chunks ("zz\r\n", "5\r\nhello*\r\n", "ffffffffffffffffff\r\nx") {
    for my $path ('/api/event', '/g.gif?d=a.example') {
        my $c = Glinto::Http->connect($nginx->port);
        my $method = $path eq '/api/event' ? 'POST' : 'GET';
        $c->send($c->compose($method, $path, {%FROM,
            'Transfer-Encoding' => 'chunked'}) . $chunks);
        refused($c->response, 400, 'invalid', "no chunks to $path");
        ok($c->closed, 'and the connection ends');
    }
}
my $late = Glinto::Http->connect($nginx->port);
$late->send_split($late->compose('POST', '/api/event', {%FROM,
    'Transfer-Encoding' => 'chunked'}), "2\r\n{}\r\n", "zz\r\n");
refused($late->response, 400, 'invalid', 'no chunk behind good ones');
$late->close;

# ---- lines of nginx ----

# Answers of nginx's own: readable, and by the operator's header if there is one.
my @nginx = (['a location that is closed', ask('GET', '/closed.gif'), 403],
    ['without a header', ask('GET', '/bare.gif'), 403]);
my $curl = "curl -s --http2-prior-knowledge -H X-Forwarded-For:$ADDRESS "
    . "-o /dev/null -w '%{http_code}' http://127.0.0.1:$h2/closed.gif";
is(qx($curl), 403, 'closed over HTTP/2, too');
is(ask('GET', '/paged.gif')->{body}, 'a page', 'closed, with an error page');
is(ask('GET', '/masked.gif')->{status}, 200, 'which says that all is well');
is(ask('GET', '/led.gif')->{status}, 302, 'who is led elsewhere');
is(ask('OPTIONS', '/closed.gif')->{status}, 403, 'and who sends no event');
$counted{refused} = 5;
is(ask('GET', '/glinto/status')->{status}, 403, 'the status is for nobody');
ask('POST', '/api/event?limited=1', $event) for 1 .. 2;
push @nginx, ['who asks too often',
    ask('POST', '/api/event?limited=1', $event), 503];
for my $case (@nginx) {
    my ($name, $r, $status) = @$case;
    is($r->{status}, $status, $name);
    is($r->{headers}{'access-control-allow-origin'}, $name =~ /without/ ? '*'
        : 'https://only.example', "$name: readable");
}
$counted{limited} = 2;
is(ask('POST', '/if?x=1', $event)->{status}, 410, 'an "if" in our location');
$counted{refused}++;
is(ask('GET', '/glinto/a.example')->{status}, 503, 'glintod is away');
my $good = 'Basic YW5uOnNlY3JldA==';
is(ask('GET', '/secret', undef, Authorization => $good)->{status}, 502,
    'nobody behind it');

# Bodies that stop, slow ones, and lengths that are none.
my $half = substr $event, 0, 20;
for my $how (qw(close reset)) {
    my $c = Glinto::Http->connect($nginx->port);
    my $bytes = $c->compose('POST', '/slow', \%FROM, $event);
    $c->send_split(substr $bytes, 0, -10);
    $c->$how;
}
my $slow = Glinto::Http->connect($nginx->port);
$slow->send($slow->compose('POST', '/slow', {%FROM, 'Content-Length' => 99},
    $half));
is(ask('POST', '/api/event', undef, 'Content-Length' => $_)->{status}, 400,
    "a length of $_") for '-1', '1x', '9' x 30;
ok($slow->closed, 'who stops sending is let go');
$slow->close;
@counted{qw(aborted too_slow)} = (2, 1);

unlike($nginx->log, qr/\Q$ADDRESS\E|client: /, 'no line has the address');
like($nginx->log, qr/$_/, "nginx did complain: $_") for
    'access forbidden by rule, server: localhost, request: "GET /closed.gif',
    'access forbidden by rule, server: localhost, request: "GET /closed.gif HTTP/2',
    'limiting requests, excess: .* by zone "limited", server: ',
    'client sent invalid chunked body, server: |invalid chunked body',
    'while connecting to upstream, server: localhost, request: "GET /glinto/',
    'while connecting to upstream, server: localhost, request: "GET /secret';

# ---- other locations of the same connection ----

my $c = Glinto::Http->connect($nginx->port);
is($c->request('POST', '/api/event', \%FROM, $event)->{status}, 202, 'an event');
is($c->request('GET', '/none.html', \%FROM)->{status}, 404, 'and a page');
like($nginx->log, qr{"\S+/none.html" failed .*, client: \Q$ADDRESS\E, server: },
    'whose line is as ever');
is(ask('GET', '/secret', undef, Authorization => 'Basic YW5uOng=')->{status},
    401, 'a wrong password');
like($nginx->log, qr/user "ann": password mismatch, client: \Q$ADDRESS\E/,
    'says whose');

# ---- counted ----

$nginx->stop;
my %sum;
$sum{$_->{reason}} += $_->{n} for $spool->counts;
is($sum{$_}, $counted{$_}, "all are counted: $_") for sort keys %counted;
$t->done;
