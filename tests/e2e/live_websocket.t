# Promise: everybody who may look at a site sees every state that lasts within
# half a second, at most ten a second; nobody else sees one; and no watcher,
# however slow or rude, costs the others anything.
#
# Method: events through nginx and the module, WebSockets through nginx and
# straight to the dashboard socket, by Protocol::WebSocket.
#
# Slow: the kernel takes what a watcher does not read for 13 s before it is
# cut.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::WebSocket;
use IO::Poll qw(POLLHUP);
use JSON::PP ();
use Time::HiRes ();

my $WATCHERS = 200;
my $t = Glinto::Test->new(limit_s => 180)->one_day;
my $agent = $t->aggregator(conf => 'watchers_max ' . ($WATCHERS + 5));
my $conf = $t->root . '/conf/nginx';
my $maps = join "\n", slurp("$conf/http.conf") =~ /^(map .*?^\})/gms;
my $nginx = $t->nginx(http => <<'HTTP' =~ s/^MAPS$/$maps/mr, server => <<"SERVER");
    upstream glinto_dashboard {
        server unix:%%DIR%%/dashboard.sock;
        keepalive 4;
    }
MAPS
    limit_conn_zone $binary_remote_addr zone=glinto_dashboard:1m;
HTTP
        location = /api/event { glinto_collect; }
        location /glinto/ { include $conf/dashboard.conf; }
        location \@glinto_paused { return 502; }
SERVER
my $dashboard = $t->path('dashboard.sock');
my $live = '/glinto/a.example/live';
my $sent = 0;

$agent->site('a.example');
$agent->site('b.example');

# One path: events of one visitor in one millisecond would else be out of
# order, and those are counted by the slow path, some time later.
sub event {
    my ($address) = @_;
    my $body = JSON::PP::encode_json({n => 'pageview', d => 'a.example',
        u => 'http://a.example/'});
    my $reply = $nginx->post('/api/event', $body,
        'X-Forwarded-For' => $address // '192.0.2.1');
    $sent++ if !$reply->{headers}{'x-plausible-dropped'};
    return $reply->{status};
}
# One address may have few of them open.
my $watchers = 0;
sub open_live {
    my $address = '203.0.113.' . ($watchers++ >> 5);
    return Glinto::WebSocket->connect($nginx->port, $live,
        headers => {'X-Forwarded-For' => $address});
}
sub status_of { (Glinto::WebSocket->try(@_))[1] }

# The module takes events once the sites file has reached the worker.
$t->until('the first event', sub { event() == 202 && $sent });

# ---- one watcher ----

my $ws = open_live();
my $first = $ws->until_json(sub { $_[0]{today}{pageviews} == $sent }, 5);
is(join(' ', sort keys %$first), 'at bars conditions pageviews_30m site today visitors',
    'the object has its keys');
is(scalar @{$first->{pageviews_30m}}, 30, '30 minutes');
my $began = Time::HiRes::time();
event('192.0.2.2');
ok($ws->until_json(sub {
    $_[0]{today}{pageviews} == $sent && $_[0]{visitors} == 2
}, 2), 'another visitor is seen');
cmp_ok(Time::HiRes::time() - $began, '<', $t->slow(0.5), 'within 500 ms');

event() for 1 .. 300;
ok($ws->until_json(sub { $_[0]{today}{pageviews} == $sent }, 5),
    'after 300 events the last state is seen');

$began = Time::HiRes::time();
my ($n, $messages) = (0, 0);
while (Time::HiRes::time() - $began < 2) {
    event();
    $n++;
    $messages += $ws->drain;
}
cmp_ok($messages, '<=', 22, "$n events in 2 s give $messages messages");
cmp_ok($messages, '>=', 5, 'and not few');

$agent->glinto('site', 'set', 'a.example', 'refresh_window', 0);
event();
ok($ws->until_json(sub { $_[0]{today}{pageviews} == $sent }, 5),
    'a changed setting does not cut the watchers off');

# ---- who may ----

my @wrong = ('http://evil.example', 'https://evil.example', 'http://localhost.',
    'http://localhost:80', 'http://localhost/', 'http://localhost@evil.example',
    'http://evil.example/localhost', 'http://xlocalhost', 'http://localhostx',
    'HTTP://LOCALHOST', 'http://LOCALHOST', 'null', '', 'localhost',
    '//localhost', 'http:localhost', 'http://[::1]', 'file://localhost',
    'chrome-extension://localhost', 'http://localhost http://evil.example');
is(join(' ', map { status_of($nginx->port, $live, origin => $_) } @wrong),
    join(' ', (403) x 20), '20 other origins: none is let in');
is(status_of($nginx->port, $live, origin => undef), 403, 'nor is no origin');
is(status_of($nginx->port, $live, origin => 'https://localhost'), 101,
    'an https page is, whoever ended TLS');
is(status_of($nginx->port, $live, origin => 'https://localhost', headers =>
    {'X-Forwarded-Proto' => 'http'}), 101, 'whatever strangers say of it');
is(status_of($dashboard, $live, origin => "$_->[0]://localhost",
    headers => {'X-Forwarded-Proto' => 'https'}), $_->[1],
    "$_->[0] where the operator says https") for ['https', 101], ['http', 403];
is(status_of($nginx->port, '/glinto/unknown.example/live'), 404,
    'an unknown site');

$agent->glinto('account', 'add', 'other');
my %token = map { $_ => $agent->json('token', 'create', '--account', $_) }
    qw(default other);
$agent->glinto('site', 'set', 'b.example', 'public', 'no');
sub with_token {
    my ($token) = @_;
    my $path = '/glinto/b.example/live';
    return status_of($nginx->port, $path) if !defined $token;
    return status_of($nginx->port, $path,
        headers => {Authorization => "Bearer $token"});
}
is(with_token(), 401, 'a site that is not public wants a token');
is(with_token('nonsense'), 401, 'a known one');
is(with_token($token{other}{token}), 404, "of the site's account");
is(with_token($token{default}{token}), 101, 'that one opens it');

# Who watches, and may no more.
sub watcher {
    my ($site, $token) = @_;
    my $ws = Glinto::WebSocket->connect($nginx->port, "/glinto/$site/live",
        headers => $token ? {Authorization => "Bearer $token->{token}"} : {});
    $ws->json;
    return $ws;
}
$agent->site("$_.example") for qw(turned removed moved);
my %second = %{$agent->json('token', 'create')};
my $stays = watcher('b.example', \%second);
my %watching = (revoked => watcher('b.example', $token{default}),
    map { $_ => watcher("$_.example", $token{default}) }
        qw(turned removed moved));
my $stranger = watcher('turned.example');
$agent->glinto('site', 'set', "$_.example", 'public', 'no')
    for qw(turned moved);
is($stranger->closed(5), 1008, 'a site turned private: strangers are sent off');
is($watching{turned}->closed(0.5), undef, 'who has a token stays');
$agent->glinto('site', 'move', 'moved.example', '--account', 'other');
is($watching{moved}->closed(5), 1008, 'a site of another account: sent off');
$agent->glinto('site', 'remove', 'removed.example', '--yes');
is($watching{removed}->closed(5), 1008, 'a removed site: sent off');
$agent->glinto('token', 'revoke', $token{default}{id});
is(with_token($token{default}{token}), 401, 'until it is revoked');
is($watching{$_}->closed(5), 1008, "a revoked token: sent off ($_)")
    for qw(revoked turned);
is($stays->closed(0.5), undef, 'another token of the account stays');
$stays->close;

my %hello = (Connection => 'Upgrade', Upgrade => 'websocket',
    Origin => 'http://localhost', 'Sec-WebSocket-Version' => 13,
    'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==');
sub hello {
    my ($method, %other) = @_;
    my %all = (%hello, %other);
    return $agent->dashboard($method, $live, undef, \%all)->{status};
}
# Byte for byte: the status of a handshake with other headers, or by another
# version of HTTP.
sub shake {
    my ($port, %other) = @_;
    my $version = delete $other{HTTP} // '1.1';
    my %all = (%hello, %other);
    my $c = Glinto::Http->connect($port);
    $c->send($c->compose('GET', $live, \%all) =~ s{HTTP/1.1}{HTTP/$version}r);
    return $c->response->{status};
}
is(hello('GET', 'Sec-WebSocket-Version' => 8), 426, 'version 8');
is(hello('GET', Upgrade => undef), 426, 'no upgrade');
is(hello('GET', Connection => $_), 426, 'a Connection that is '
    . ($_ // 'not there')) for undef, 'keep-alive', 'Upgrade-x', '';
for my $port ($nginx->port, $dashboard) {
    my $where = $port eq $dashboard ? 'at glintod' : 'through nginx';
    is(shake($port), 101, "a whole handshake $where");
    is(shake($port, HTTP => '1.0'), 426, "HTTP/1.0 $where");
    is(shake($port, Connection => $_->[0]), $_->[1], "Connection: "
        . ($_->[0] // 'none') . " $where")
        for [undef, 426], ['', 426], ['close', 426], ['keep-alive', 426],
            ['upgraded', 426], ['keep-alive, Upgrade', 101], ['upgrade,x', 101];
    is(shake($port, Upgrade => $_), 426, 'Upgrade: ' . ($_ // 'none')
        . " $where") for undef, 'h2c', 'websockets';
}
is(hello('GET', 'Sec-WebSocket-Key' => 'short'), 400, 'a key too short');
is(hello('POST'), 405, 'POST');

# ---- rude ones, each alone ----

my %rude = (
    'a message of 4,097 bytes' => [1009, sub { $_[0]->send_text('x' x 4097) }],
    'an unmasked frame' => [1002, sub { $_[0]->send_raw("\x81\x02hi") }],
    'a ping that is too long' => [1002,
        sub { $_[0]->send_raw("\x89\xfe\0\x7e") }],
    'a fragmented close' => [1002,
        sub { $_[0]->send_raw("\x08\x82\0\0\0\0\x03\xe8") }],
    'a close of a byte' => [1002,
        sub { $_[0]->send_raw("\x88\x81\0\0\0\0\x03") }],
    'a compressed frame' => [1002, sub { $_[0]->send_raw("\xc1\x80\0\0\0\0") }],
    '11 messages at once' => [1008, sub { $_[0]->send_text('x') for 1 .. 11 }],
    'no UTF-8' => [1007, sub { $_[0]->send_frame('text', "\xff\xfe") }],
    'a close' => [1000, sub { $_[0]->send_frame('close', pack 'n', 1000) }],
);
for my $what (sort keys %rude) {
    my ($code, $send) = @{$rude{$what}};
    my $peer = open_live();
    $send->($peer);
    is($peer->closed(5), $code, "$what is answered by $code");
}
my $polite = open_live();
$polite->send_text('hello') for 1 .. 5;
$polite->send_frame('ping', 'are you there');
is($polite->closed(0.3), undef, 'a few words are no offence');

# ---- many, and a slow one ----

$_->close for $ws, $polite;
my @crowd = map { open_live() } 1 .. $WATCHERS;
ok($_->json(5), 'numbers on connect') for $crowd[0], $crowd[-1];
my $slow = Glinto::WebSocket->connect($dashboard, $live);
my @more = map { Glinto::WebSocket->connect($dashboard, $live) } 1 .. 4;
is(status_of($nginx->port, $live), 503, 'no more than watchers_max');
$_->close for @more;

my $poll = IO::Poll->new;
$poll->mask($slow->socket => POLLHUP);
$began = Time::HiRes::time();
my $worst = 0;
$t->until('end of the slow watcher', sub {
    my $at = Time::HiRes::time();
    event();
    $crowd[0]->until_json(sub { $_[0]{today}{pageviews} >= $sent }, 2)
        or die "a good watcher got nothing\n";
    my $took = Time::HiRes::time() - $at;
    $worst = $took if $took > $worst;
    $poll->poll(0);
    return $poll->events($slow->socket);
}, 40);
cmp_ok(Time::HiRes::time() - $began, '<', $t->slow(30),
    'one that reads nothing is cut');
cmp_ok($worst, '<', $t->slow(0.5), 'nobody else has to wait');
my $old = 0;
$old++ while defined $slow->next(0);
cmp_ok($old, '<', 200, "what it had was $old messages, no more");

my $missed = grep {
    !$_->until_json(sub { $_[0]{today}{pageviews} == $sent }, 5)
} @crowd[1 .. $#crowd];
is($missed, 0, "$WATCHERS watchers have the final state");

# ---- the end ----

$agent->stop;
is(scalar(grep { ($_->closed(5) // 0) != 1001 } @crowd), 0,
    'all are told 1001 when glintod stops');
$t->done;
