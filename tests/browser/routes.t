#!/usr/bin/perl

# Promise: who walks through a single-page site is counted as it happens: of
# 200 pushState navigations at a stretch, over HTTP/1.1 and over HTTP/2, with
# one worker and with two, at a person's pace and at a fast router's, no event
# is late, and the live numbers are those of the database.
#
# Our tracker sends the engagement of the page that is left and the next page
# view in one millisecond; which of them a worker sees first is chance.  A
# router that goes on at once puts two page views into one millisecond.
#
# Slow: 800 navigations in four browsers.
# Check: that many.
# Alone: what two workers say in one millisecond must not wait for a neighbour.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;

my $ROUTES = 200; # in each walk
# Milliseconds between them: of a router that goes on by itself, and of people,
# since of two workers one may be a little behind the other.
my @AT_ONCE = (0, 5, 2, 7, 4, 1, 6, 3, 0, 0, 30, 12);
my @IN_TURN = (8, 45, 12, 30, 20);
my $LIMIT_S = 60;
my $t = Glinto::Test->new(limit_s => 300)->one_day(180);
my $root = $t->root;
my $tls = $t->port;
my $world = Glinto::World->new($t, sites => ['demo']);
my ($agent, $store) = ($world->agent, $world->store);
my $file = $world->file('demo');
my $views = 0;

my ($key, $certificate) = map { $t->path("tls.$_") } qw(key crt);
my $openssl = $t->spawn('openssl', 'openssl', 'req', '-x509', '-newkey',
    'rsa:2048', '-nodes', '-days', 2, '-subj', '/CN=127.0.0.1', '-keyout',
    $key, '-out', $certificate);
is($t->ended($openssl, 30), 0, 'a certificate');

my %site = (http => <<'HTTP', server => <<"SERVER");
    include /etc/nginx/mime.types;
    log_format routes '$server_protocol $status';
HTTP
    listen 127.0.0.1:$tls ssl http2;
    ssl_certificate $certificate;
    ssl_certificate_key $key;
    root $root/conf/demo;
    location /js/ { glinto_script; }
    location = /status { glinto_status; }
    location = /api/event {
        glinto_collect;
        access_log %%DIR%%/events.log routes;
    }
SERVER
my $nginx = $t->nginx(%site, workers => 1);
sub status { $nginx->get('/status')->{body} }
# glintod lists a site soon after it is added: until then it is no site.
$t->until('the worker knows the site', sub { status() =~ /"known": 1\b/ });

sub value { $store->value($file, @_) }
sub late { $agent->json('status')->{ingest}{late} }
# How many events were taken, by PROTOCOL or by any.
sub taken {
    my ($protocol) = @_;
    my $any = $protocol // 'HTTP/...';
    return scalar(() = slurp($t->path('events.log')) =~ /^$any 202$/mg);
}

# $ROUTES navigations of one visitor, and what became of them.
sub walk {
    my ($protocol, $url, $workers, @pauses) = @_;
    my $name = "$protocol, workers: $workers";
    my $log = $t->path("walk.log");
    my $late = late();
    my $taken = taken($protocol);
    my $pid = $t->spawn(node => 'node', "$root/tests/browser/routes.mjs",
        $url, $ROUTES, @pauses, {log => $log,
            env => {TMPDIR => $t->dir, HOME => $t->dir}});
    is($t->ended($pid, $t->slow($LIMIT_S)), 0, "$name: went through")
        or diag(slurp($log));
    $views += $ROUTES + 1;
    my @are;
    my $all = eval { $t->until("$name: all rows", sub {
        @are = ($world->rows, taken(), value('SELECT count(*) FROM pageviews'));
        return $are[0] == $are[1] && $are[2] == $views;
    }, 30) };
    die "$@$are[0] rows of $are[1] events, $are[2] page views of $views\n",
        status() if !$all;
    cmp_ok(taken($protocol) - $taken, '>', 1.6 * $ROUTES,
        "$name: page views, and engagement of most, by this protocol");
    is(late() - $late, 0, "$name: none was late");
    is(value('SELECT count(*) FROM events WHERE mark = 2'), 0,
        "$name: no engagement without a visit");
    is_deeply($world->today('demo'),
        {visitors => 1, visits => 1, pageviews => $views},
        "$name: the live numbers are the database's");
}

my $plain = 'http://127.0.0.1:' . $nginx->port;
my $over_tls = "https://127.0.0.1:$tls";

walk('HTTP/1.1', $plain, 1, @AT_ONCE);
walk('HTTP/2.0', $over_tls, 1, @AT_ONCE);
$nginx->reload(%site, workers => 2);
walk('HTTP/1.1', $plain, 2, @IN_TURN);
walk('HTTP/2.0', $over_tls, 2, @AT_ONCE);
is(value('SELECT count(*) FROM sessions'), 1, 'one visit in all');
is($world->late, 0, 'no day is to be made again');
$t->done;
