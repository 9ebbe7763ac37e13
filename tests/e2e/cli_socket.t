# Promise: whatever happens to the glinto command's connection, it ends, with
# exit status 1 and one sentence that says what: no socket, one it may not use,
# a glintod that ends in the middle of an answer, an answer that is none.  What
# has been answered is told, also when not all of the question was taken.
#
# Method: the command against a socket of the test's own, which answers byte by
# byte what a glintod might.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use File::Copy qw(copy);
use IO::Socket::UNIX;
use POSIX ();
use Socket qw(SOCK_STREAM);

my $t = Glinto::Test->new;
my $NOBODY = 65_534;
my $MIB = 1024 * 1024;
my $glinto = $t->build . '/glinto';
my $socket = $t->path('fake.sock');
my $server;
my $runs = 0;

# (exit status, output, errors) of a glinto on our socket.
sub glinto {
    my ($out, $err) = map { $t->path("$_-" . ++$runs) } qw(out err);
    my $pid = $t->spawn('glinto', '/bin/sh', '-c', 'exec "$0" "$@" 2>' . $err,
        $glinto, '--socket', $socket, @_, {log => $out});
    my $status = $t->ended($pid, 20);
    return ($status & 127 ? "signal $status" : $status >> 8, slurp($out),
        slurp($err));
}

# One connection after the other is answered by the next of CODES; each has the
# connection, and the head and the body of the question.
sub answer {
    my (@codes) = @_;
    unlink $socket;
    my $listen = IO::Socket::UNIX->new(Local => $socket, Listen => 5,
        Type => SOCK_STREAM) or die "cannot listen: $!";
    $server = fork // die "fork: $!";
    return if $server;
    local $SIG{PIPE} = 'IGNORE';
    local $SIG{ALRM} = 'DEFAULT';
    alarm 60; # if nobody comes
    for my $code (@codes) {
        my $conn = $listen->accept or last;
        $code->($conn, question($conn));
        close $conn;
    }
    POSIX::_exit(0);
}

sub question {
    my ($conn) = @_;
    my ($head, $body) = ('', '');
    until ($head =~ /\r\n\r\n\z/) {
        sysread $conn, $head, 1, length $head or last;
    }
    my ($left) = $head =~ /^Content-Length: (\d+)/mi;
    # A body of this size is left unread, as by a glintod that refuses it.
    return ($head, '') if !$left || $left > $MIB;
    while (length $body < $left) {
        sysread $conn, $body, $left - length $body, length $body or last;
    }
    return ($head, $body);
}

sub served {
    waitpid $server, 0;
    return;
}

# A code that sends BYTES.
sub say_bytes {
    my ($bytes) = @_;
    return sub { print {$_[0]} $bytes; $_[0]->flush };
}
sub ok_json {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        . 'Content-Length: ' . length($_[0]) . "\r\n\r\n$_[0]";
}

# "glinto status" fails with a sentence when the socket says BYTES.
sub fails {
    my ($what, $bytes, $sentence) = @_;
    answer(say_bytes($bytes));
    my ($status, $out, $err) = glinto('status');
    served();
    is("$status|$out", '1|', "$what: exit 1, no output");
    like($err, qr/\Aglinto: [^\n]*$sentence[^\n]*\n\z/, 'one sentence why');
    return;
}

# ---- no way to glintod ----

my ($status, $out, $err) = glinto('status');
is($status, 1, 'no socket');
like($err, qr/\Aglinto: cannot reach [^\n]*: No such file[^\n]*running.*\n\z/,
    'is told so');
IO::Socket::UNIX->new(Local => $socket, Listen => 1)->close;
($status, $out, $err) = glinto('status');
is($status, 1, 'a socket that a kill left');
like($err, qr/cannot reach .*: Connection refused; is it running/, 'is told so');
($status, $out, $err) = glinto('--socket', '/' . 'x' x 120, 'status');
is($status, 1, 'a path that no socket can have');
like($err, qr/cannot reach .*: File name too long/, 'is told so');

SKIP: {
    skip 'only root can become nobody', 2 if $>;
    copy($glinto, $t->path('glinto')) or die "copy: $!";
    chmod 0755, $t->path('glinto'), $t->dir;
    my $open = IO::Socket::UNIX->new(Local => $t->path('root.sock'),
        Listen => 1);
    chmod 0600, $t->path('root.sock');
    $err = $t->path('nobody');
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        open STDERR, '>', $err or POSIX::_exit(9);
        $) = "$NOBODY $NOBODY";
        POSIX::setgid($NOBODY);
        POSIX::setuid($NOBODY);
        exec $t->path('glinto'), '--socket', $t->path('root.sock'), 'status'
            or POSIX::_exit(9);
    }
    waitpid $pid, 0;
    is($? >> 8, 1, 'nobody may not');
    like(slurp($err), qr/cannot reach .*: Permission denied; this takes root/,
        'and is told so');
}

# ---- answers that are none ----

my $answer = ok_json('{"at":1}');
fails('nothing', '', 'hung up');
fails('half a line', 'HTTP/1.1 2', 'hung up');
fails('half a head', "HTTP/1.1 200 OK\r\nContent-Type: app", 'hung up');
fails('a head alone', $answer =~ s/\{.*//sr, 'hung up');
fails('half an answer', substr($answer, 0, -1), 'hung up');
fails('a whole text, but not all of the answer',
    $answer =~ s/Length: \K\d+/9/r, 'hung up');
fails('a head without end', "HTTP/1.1 200 OK\r\nX: " . 'x' x $MIB, 'hung up');
fails('a status that is no number', "HTTP/1.1 2x0 OK\r\n\r\n{}", 'hung up');
fails('two lengths', $answer =~ s/(Content-L.*\n)/$1Content-Length: 3\r\n/r,
    'hung up');
fails('no HTTP', "+PONG\r\n\r\n", 'hung up');
fails('no JSON', ok_json('<html>'), 'hung up');
fails('an error without a sentence', "HTTP/1.1 502 Bad Gateway\r\n\r\n<html>",
    'answered with status 502');
fails('an error cut off', qq(HTTP/1.1 409 Conflict\r\n\r\n{"error":"a s),
    'answered with status 409');
fails('an error', qq(HTTP/1.1 507 x\r\n\r\n{"error":"storage: no room"}),
    'storage: no room');
fails('an answer of more than 64 MiB', ok_json('"' . 'x' x (65 * $MIB) . '"'),
    'longer than 64 MiB');

# ---- answers however they come ----

answer(sub {
    my ($conn, $head, $body) = @_;
    my $got = $head =~ m{\APOST /v1/account/add HTTP/1\.0\r\n} && $body;
    my $bytes = ok_json($got eq '{"name":"a b"}'
        ? '{"account":{"id":"x1"}}' : '{"wrong":1}');
    for my $byte (split //, $bytes) {
        syswrite $conn, $byte;
        select undef, undef, undef, 0; # let the other side run
    }
});
($status, $out, $err) = glinto('account', 'add', 'a b');
served();
is("$status|$out|$err", "0|account a b added, id x1\n|", 'byte by byte');

my $N = 200_000;
answer(say_bytes(ok_json('{"accounts":[' . join(',', map {
    qq({"name":"account number $_","id":"$_","sites":1,"created":1000})
} 1 .. $N) . ']}')));
($status, $out) = glinto('account', 'list');
served();
is($status, 0, 'a list of many MiB');
is($out =~ tr/\n//, $N + 1, 'is printed whole');

answer(say_bytes(ok_json('{"accounts":[]}')));
($status, $out) = glinto('account', 'list', '--json');
served();
is("$status|$out", qq(0|{"accounts":[]}\n), 'as JSON');

answer(say_bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    . qq(e;x=y\r\n{"accounts":[]\r\n1\r\n}\r\n0\r\nX: y\r\n\r\nHTTP/1.1 4)));
($status, $out, $err) = glinto('account', 'list', '--json');
served();
is("$status|$out", qq(0|{"accounts":[]}\n), 'in chunks, and what follows');

# ---- an import: a glintod that is busy, refuses, or ends ----

my @import = ('import', '--site', 'a.example', '--format', 'events');
my $file = $t->path('small');
spew($file, "{}\n");
my $begun = say_bytes(ok_json('{"offset":0,"lines":0,"done":false}'));
my $busy = say_bytes(qq(HTTP/1.1 503 x\r\n\r\n{"error":"too much"}));
answer($begun, $busy, $busy,
    sub {
        my ($conn, $head, $body) = @_;
        my $right = $body eq "{}\n" && $head =~ m{\APOST[ ]/v1/import/chunk
            \?hash=[0-9a-f]{64}&offset=0&site=a\.example&format=events[ ]}x;
        print {$conn} ok_json($right ? '{"offset":3,"lines":1}' : '{}');
    },
    say_bytes(ok_json('{"lines":1,"visits":7}')));
($status, $out, $err) = glinto(@import, $file);
served();
is("$status|$err", '0|', 'a chunk is sent again while glintod is busy');
like($out, qr/: 1 line \(3 bytes\) imported .* has 7 visits now$/, 'and counts');

answer($begun, sub { });
($status, $out, $err) = glinto(@import, $file);
served();
is("$status|$out", '1|', 'a glintod that ends in the middle of an import');
like($err, qr/\Aglinto: glintod at \S+ hung up\n\z/, 'is told');

# More than a socket holds: the command is still writing.
spew($file, ('{"kind":"pageview"' . ' ' x 981 . "}\n") x 3000);
answer($begun, say_bytes(qq(HTTP/1.1 413 x\r\n\r\n{"error":"much too much"})));
($status, $out, $err) = glinto(@import, $file);
served();
is("$status|$out", '1|', 'refused before all was sent');
like($err, qr/\Aglinto: \S+: much too much\n\z/, 'the answer is told all the same');

# ---- a stream ----

answer(sub {
    my ($conn, $head) = @_;
    my $right = $head =~ m{\AGET /v1/live/a\.example%2F HTTP/1\.0\r\n};
    syswrite $conn, "HTTP/1.0 200 OK\r\n\r\n" . ($right ? '{"n":1}' : '{}')
        . "\n" . '{"n":';
    # The first line is there before the second is whole.
    $t->until('the first line', sub {
        slurp($t->path('out-' . ($runs + 1))) =~ /\n/;
    });
    syswrite $conn, qq(2}\n{"n":3);
});
($status, $out, $err) = glinto('live', 'a.example/', '--json');
served();
is("$status|$out", qq(1|{"n":1}\n{"n":2}\n), 'each whole line at once');
like($err, qr/\Aglinto: glintod has ended\n\z/, 'and the end is told');
$t->done;
