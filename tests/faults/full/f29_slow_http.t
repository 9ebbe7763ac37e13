# Promise: 1,000 clients that send headers or a body, or read an answer, drop
# by drop, hold up nobody: pages, events and dashboards of others are answered
# within 100 ms (99 of 100), and the slow ones are cut off within 15 s, by
# nginx with the files we ship and by glintod on its own socket.  (nginx has no
# deadline for a whole body or answer: a drop every 4 s keeps one open.)

# Group: C
# Alone: it times replies.

# Method: slowhttptest towards nginx, clients of our own (it knows no Unix
# sockets) towards the dashboard's socket.  gl-load asks for a file, an event
# and a dashboard meanwhile, and before, when nothing is slow.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Http;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Shipped;
use Glinto::Test;
use IO::Poll qw(POLLHUP POLLERR);
use Time::HiRes ();

my $SLOW = 1000;
my $DRIP_S = 12; # between two drops
my $OTHERS = 30; # connections of gl-load
my $P99_MS = 100;
my $CUT_S = 15;
my $CONNECT_S = 3; # slowhttptest: 500 connections a second

my $mode_s = trials(small => 20, faults => 20, nightly => 180);
my $t = Glinto::Test->new(limit_s => 120 + 8 * $mode_s);
plan skip_all => 'no slowhttptest' if !grep { -x "$_/slowhttptest" }
    split /:/, $ENV{PATH};

my %shipped = shipped($t);
spew($t->path('page.html'), 'x' x 4096);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $nginx = $t->nginx(workers => 2, log_level => 'error',
    glinto => $shipped{glinto}, server => <<'EOS');
    # the two lines of conf/README.md
    client_header_timeout 10s;
    keepalive_timeout 10s;
    include %%DIR%%/conf/locations.conf;
    location = /page.html { root %%DIR%%; }
EOS
my $oracle = Glinto::Oracle->new($t, $agent, $nginx);
$oracle->accounts(1, 'a.example');
my @violations;

# Requests of others, for SECONDS; violations beyond LIMIT_MS.
my %asked = (
    file => {path => '/page.html', rate => 100},
    event => {kind => 'pixel', site => 's0.a.example', rate => 100},
    dashboard => {path => '/glinto/s0.a.example', site => 's0.a.example',
        rate => 20},
);

sub others {
    my ($seconds) = @_;
    return map {
        ($_ => Glinto::Load->start($t, port => $nginx->port,
            seconds => $seconds, requests => 10_000_000,
            connections => 8, %{$asked{$_}}))
    } sort keys %asked;
}

sub judge {
    my ($what, %load) = @_;
    for my $kind (sort keys %load) {
        my $sum = $load{$kind}->wait;
        my $ms = $sum->{p99_us} / 1000;
        diag(sprintf '%s: %s p99 %.1f ms of %d', $what, $kind, $ms, $sum->{ok});
        push @violations, "$what: $kind p99 $ms ms" if $ms > $P99_MS;
        push @violations, "$what: $kind $sum->{ok} of $sum->{attempts} answered"
            if $sum->{ok} < 0.99 * $sum->{attempts};
    }
}

judge('nothing slow', others(5));

# ---- nginx ----

# Connections that nginx has open: a client that reads slowly hears late of
# their end.
sub established {
    my $port = sprintf '%04X', $nginx->port;
    return scalar(() = slurp('/proc/net/tcp') =~ /^ *\d+: \w+:$port \S+ 01 /mg);
}

# How long MODE's connections were open, in s.
sub open_for {
    my ($mode, @options) = @_;
    my ($began, $last, $most) = (Time::HiRes::time(), 0, 0);
    my $pid = $t->spawn("slow-$mode", 'slowhttptest', $mode, '-c', $SLOW,
        '-r', 500, '-l', $mode_s, '-i', $DRIP_S, '-n', $DRIP_S,
        '-p', 5, @options);
    my %load = others($mode_s);
    $t->until("the end of $mode", sub {
        my $open = established();
        $most = $open if $open > $most;
        $last = Time::HiRes::time() - $began if $open > $OTHERS;
        return !$t->alive($pid);
    }, $mode_s + 30);
    judge("nginx $mode", %load);
    cmp_ok($most, '>=', 0.9 * $SLOW, "$mode: there were slow clients");
    return $last;
}

my $origin = 'http://127.0.0.1:' . $nginx->port;
my %mode = (
    '-H' => ['-u', "$origin/page.html"],
    '-B' => ['-u', "$origin/api/event", '-s', 4096, '-f', 'text/plain'],
    '-X' => ['-u', "$origin/glinto/s0.a.example"],
);
for my $mode (sort keys %mode) {
    my $open_s = open_for($mode, @{$mode{$mode}});
    diag(sprintf 'nginx %s: open for %.1f s', $mode, $open_s);
    push @violations, "nginx $mode: open for $open_s s"
        if $open_s > $CUT_S + $CONNECT_S;
}

# ---- the dashboard's socket ----

my $get = "GET /glinto/s0.a.example HTTP/1.1\r\nHost: localhost\r\n";
my %begin = (
    headers => "${get}X: ",
    body => "POST /glinto/s0.a.example HTTP/1.1\r\nHost: localhost\r\n"
        . "Content-Length: 4096\r\n\r\n",
    read => "$get\r\n",
);

# A byte more of each; how long those lasted that have been closed.
sub drip {
    my ($mode, $poll, $slow) = @_;
    my @lasted;
    $poll->poll(0);
    for my $c (values %$slow) {
        if ($poll->events($c->{http}->socket) & (POLLHUP | POLLERR)) {
            push @lasted, Time::HiRes::time() - $c->{began};
            $poll->remove($c->{http}->socket);
            delete $slow->{$c->{id}};
        } elsif ($mode eq 'read') {
            sysread $c->{http}->socket, my $byte, 1;
        } else {
            eval { $c->{http}->send('x') };
        }
    }
    return @lasted;
}

sub dashboard {
    my ($mode) = @_;
    my ($poll, %slow, @lasted) = (IO::Poll->new);
    my %load = others($mode_s);
    for my $id (1 .. $SLOW) {
        my $http = Glinto::Http->connect($t->path('dashboard.sock'));
        $slow{$id} = {id => $id, http => $http, began => Time::HiRes::time()};
        eval { $http->send($begin{$mode}) };
        $poll->mask($http->socket => POLLHUP | POLLERR);
    }
    my ($began, $rounds) = (Time::HiRes::time(), 0);
    eval {
        $t->until("the end of all ($mode)", sub {
            if (Time::HiRes::time() - $began >= $rounds) {
                $rounds++;
                push @lasted, drip($mode, $poll, \%slow);
            }
            return !%slow;
        }, $CUT_S + $CONNECT_S);
    } or push @violations, "dashboard $mode: " . keys(%slow) . ' still open';
    my ($longest) = sort { $b <=> $a } @lasted, 0;
    diag(sprintf 'dashboard %s: the longest lasted %.1f s', $mode, $longest);
    push @violations, "dashboard $mode: open for $longest s"
        if $longest > $CUT_S;
    judge("dashboard $mode", %load);
}

dashboard($_) for sort keys %begin;

push @violations, $oracle->fresh('s0.a.example');
is(join("\n", @violations), '', 'no violation');
$oracle->report('F29', 6 * $SLOW, scalar @violations, '-');
$t->done;
