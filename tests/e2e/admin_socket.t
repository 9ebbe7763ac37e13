# Promise: only root and glintod's own user reach the admin socket and only
# they and the workers the hint socket; what is asked there is checked, bounded
# and, when it changes something, written down.
#
# Method: raw HTTP and packets, also from a child that has become nobody; the
# audit table read by DBD::SQLite.
#
# Slow: a silent connection has 10 s before it is closed.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use DBI;
use JSON::PP ();
use POSIX ();
use Socket qw(AF_UNIX SOCK_SEQPACKET pack_sockaddr_un);
use Time::HiRes ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $admin = $t->path('admin.sock');
my $NOBODY = 65534;

# What CODE returns when the user is nobody.
sub as_nobody {
    my ($code) = @_;
    pipe my $from, my $to;
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        $) = "$NOBODY $NOBODY";
        POSIX::setgid($NOBODY);
        POSIX::setuid($NOBODY);
        syswrite $to, eval { $code->() } // "died: $@";
        POSIX::_exit(0);
    }
    close $to;
    my $answer = do { local $/; <$from> };
    waitpid $pid, 0;
    return $answer;
}

# "open" or "closed": the hint socket after PACKET was sent, undef = none.
sub hint {
    my ($packet) = @_;
    socket my $socket, AF_UNIX, SOCK_SEQPACKET, 0 or die "socket: $!";
    connect $socket, pack_sockaddr_un($t->path('events.sock'))
        or return $!{EACCES} ? 'EACCES' : "$!";
    send $socket, $packet, 0 if defined $packet;
    return IO::Select->new($socket)->can_read(defined $packet ? 2 : 1)
        ? 'closed' : 'open';
}

sub post {
    my ($path, $args) = @_;
    my $body = ref $args ? JSON::PP::encode_json($args) : $args;
    my $reply = $agent->admin('POST', "/v1/$path", $body);
    return ($reply->{status}, JSON::PP::decode_json($reply->{body}));
}

# One request of BYTES: the status line's number, or "" when it hung up.
sub raw {
    my ($bytes) = @_;
    my $client = Glinto::Http->connect($admin);
    $client->send($bytes);
    return eval { $client->response('POST')->{status} } // '';
}

# ---- who ----

my %mode = (admin => 0600, dashboard => 0660, events => 0660);
for my $name (sort keys %mode) {
    is((stat $t->path("$name.sock"))[2] & 07777, $mode{$name},
        sprintf '%s.sock has mode %04o', $name, $mode{$name});
}

my $hello = pack 'CCvVV a16 Q< Q< a16', 1, 1, 0, 1, $$, 'i' x 16, 1, 1, '0.1';
is(hint($hello), 'open', 'our own user may send hints');
SKIP: {
    skip 'only root can become nobody', 5 if $>;
    my $ask = sub {
        my $client = eval { Glinto::Http->connect($admin) } or return "$!";
        return $client->request('GET', '/v1/status', {})->{status};
    };
    like(as_nobody($ask), qr/Permission denied/, 'nobody cannot connect');
    is(as_nobody(sub { hint() }), 'EACCES', 'nor to the hint socket');
    chmod 0666, $admin, $t->path('events.sock');
    is(as_nobody($ask), 403, 'with the mode gone the user is still checked');
    my $at = Time::HiRes::time();
    is(as_nobody(sub { hint() }), 'closed', 'on the hint socket, too');
    cmp_ok(Time::HiRes::time() - $at, '<', $t->slow(0.5), 'at once');
    chmod 0600, $admin;
}

# ---- hints: any packet that is none of ours ends the connection ----

my %wrong = (
    'too short' => 'abc', 'type 0' => "\0\1\0\0" . 'x' x 60,
    'type 5' => "\5\1\0\0" . 'x' x 60, 'protocol 2' => "\1\2" . 'x' x 58,
    'HELLO too short' => substr($hello, 0, 59), 'HELLO too long' => "$hello ",
    'EVENTS without frames' => "\2\1\0\0" . "\0" x 28,
    'more than 32 KiB' => "\2\1\0\0" . 'x' x (32 * 1024),
);
is(hint($wrong{$_}), 'closed', "$_ closes") for sort keys %wrong;
is(hint("\2\1\0\0" . 'x' x (32 * 1024 - 4)), 'open', 'exactly 32 KiB is taken');

# ---- what ----

my ($status, $answer) = post('site/add', {domain => 'a.example'});
is("$status $answer->{site}{domain}", '200 a.example', 'a site is added');
($status, $answer) = post('site/list', '');
is(scalar @{$answer->{sites}}, 1, 'and listed, without a body');
my $reply = $agent->admin('GET', '/v1/site/get?domain=a.example');
is($reply->{status}, 200, 'reading verbs take GET with a query');
is($agent->admin('GET', '/v1/site/remove?domain=a.example')->{status}, 405,
    'changing ones do not');
is((post('site/frob', {}))[0], 404, 'an unknown verb');
is($agent->admin('GET', '/elsewhere')->{status}, 404, 'an unknown path');
is((post('site/add', '{'))[0], 400, 'broken JSON');
is((post('site/add', '[]'))[0], 400, 'a list');
is((post('site/add', '{"domain":"b.example","domain":"c.example"}'))[0], 400,
    'a key twice');
is((post('site/add', '[' x 50_000))[0], 400, 'very deep JSON');
($status, $answer) = post('site/add', {domain => 'x' x 66_000});
is($status, 413, 'arguments of more than 64 KiB');
is((post('site/add', {domain => 'a.example'}))[0], 409, 'a site twice');
unlike($agent->admin('GET', '/v1/status')->{head}, qr/^Server:/mi,
    'the answer does not name a server');

# ---- bounds ----

my $start = "POST /v1/status HTTP/1.1\r\nHost: x\r\n";
is(raw("$start\r\n"), 200, 'a plain request');
is(raw($start . 'X: ' . 'x' x 9000 . "\r\n\r\n"), 400, 'headers over 8 KiB');
is(raw($start . "X: y\r\n" x 64 . "\r\n"), 400, '65 headers');
is(raw("${start}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
    . "2\r\n{}\r\n0\r\n\r\n"), 400, 'a length and a coding');
is(raw("${start}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"), 400,
    'two lengths');
is(raw("${start}Transfer-Encoding: gzip\r\n\r\n"), 400, 'a strange coding');
is(raw("${start}Content-Length: 99999999\r\n\r\n"), 413, 'a body over 4 MiB');
is(raw("BREW /v1/status HTTP/1.1\r\nHost: x\r\n\r\n"), 501,
    'an unknown method');
is(raw("\0\1\2\r\n\r\n"), 400, 'no HTTP at all');

my $client = Glinto::Http->connect($admin);
is($client->request('GET', '/v1/status', {})->{status}, 200,
    "request $_ on one connection") for 1, 2;

# Clients that leave before the answer.
for (1 .. 200) {
    my $gone = Glinto::Http->connect($admin);
    $gone->send($gone->compose('GET', '/v1/status', {}));
    $gone->close;
}
is((post('status', ''))[0], 200, '200 clients that did not wait harm nothing');

# 64 connections that ask nothing; one more takes the place of the oldest.
$client->close;
my @held = map { Glinto::Http->connect($admin) } 1 .. 64;
my $late = Glinto::Http->connect($admin);
$late->send($late->compose('GET', '/v1/status', {}));
is($late->response('GET')->{status}, 200, 'the 65th need not wait');
ok($held[0]->closed, 'for which the first has gone');
ok(!IO::Select->new($held[-1]->socket)->can_read(0), 'and not the last');
$_->close for @held, $late;

# ---- slow ones, both at once ----

my $silent = Glinto::Http->connect($t->path('dashboard.sock'));
my $drip = Glinto::Http->connect($t->path('dashboard.sock'));
$drip->send("GET /glinto/ HTTP/1.1\r\n");
my $began = Time::HiRes::time();
my ($fed, %closed) = (0);
$t->until('end of the slow connections', sub {
    my $now = Time::HiRes::time();
    if ($now - $began > $fed && !$closed{drip}) {
        $fed++;
        eval { $drip->send("X-$fed: y\r\n") };
    }
    for my $pair (['silent', $silent], ['drip', $drip]) {
        my ($name, $slow) = @$pair;
        next if $closed{$name} || !IO::Select->new($slow->socket)->can_read(0);
        $closed{$name} = $now - $began;
    }
    return keys %closed == 2;
}, 16);
cmp_ok($closed{$_}, '>', 8, "the $_ one had its time") for qw(silent drip);
cmp_ok($closed{$_}, '<', 14, "the $_ one was closed") for qw(silent drip);

# ---- written down ----

post('site/set', {domain => 'a.example', key => 'public', value => \1});
post('token/create', {name => 'wall'});
my $db = DBI->connect('dbi:SQLite:dbname=' . $t->path('data/meta.db'), '', '',
    {RaiseError => 1});
my $rows = $db->selectall_arrayref('select verb, actor, args from audit order by id');
is(join(' ', map { $_->[0] } grep { $_->[1] eq "uid $>" } @$rows),
    'site.add site.set token.create', 'every change has its row, with who');
unlike($rows->[-1][2], qr/token/, 'without the token');

# ---- beginning and end ----

my ($was) = (stat $admin)[1];
my $second = $t->spawn('second', $t->build . '/glintod', '-c',
    $t->path('glinto.conf'));
is($t->ended($second, 20) >> 8, 75, 'a second glintod gives up with 75');
is((stat $admin)[1], $was, 'and leaves the sockets alone');
$agent->kill9;
ok(-S $admin, 'after a kill the socket file is still there');
$agent->start;
is((post('status', ''))[0], 200, 'the next glintod takes its place');
$agent->stop;
is(join(' ', grep { -e $t->path("$_.sock") } sort keys %mode), '',
    'an orderly end leaves no socket behind');
$t->done;
