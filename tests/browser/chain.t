#!/usr/bin/perl

# Promise: what a person sees after "make run".  Ten pages of the demo site in
# a browser, with Plausible's npm package and with our script, are ten rows and
# one open visit each, and the live numbers say so within half a second of the
# last reply; an open dashboard follows without a reload, fits a phone and
# breaks no policy of its own.  With glintod stopped the site, its tracking and
# the open page go on, and all is caught up with after its start.
#
# Method: conf/run itself; a WebSocket of this program beside the browser, both
# on this machine's clock.
#
# Slow: some thirty pages in a browser, each until its events are sent, and
# glintod away in between.
#
# Check, without sanitizers: two visits of ten pages and an outage take a
# minute.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Store;
use Glinto::Test;
use Glinto::WebSocket;
use Time::HiRes ();

# The demo starts both sides outside the harness: sanitizers cannot be
# preloaded here.
plan skip_all => 'the demo runs the normal build'
    if $ENV{GLINTO_SAN} || $ENV{GLINTO_VALGRIND};

my $LIVE_S = 0.5; # promised from the reply to the live number
my $BROWSER_S = 75;

my $t = Glinto::Test->new(limit_s => 300)->one_day(180);
my $run = $t->path('run');
my $port = $t->port;
my $demo = $t->spawn('demo', $t->root . '/conf/run', $t->build, $run, $port);
# Both sides live in sessions of their own: only the script can end them.
END { kill 'TERM', $demo and $t->ended($demo, 30) if $demo && $t->alive($demo) }
$t->until('start of the demo', sub {
    $t->alive($demo) or die 'the demo ended: ', slurp($t->path('demo.log'));
    return slurp($t->path('demo.log')) =~ /^glinto: ready/m;
}, 30);

my $store = Glinto::Store->new("$run/data");
my $file = $store->site('demo.example');
my $live = Glinto::WebSocket->connect($port, '/glinto/demo.example/live');
is($live->json->{today}{pageviews}, 0, 'nothing was counted before');

sub browse {
    my ($name, @args) = @_;
    return $t->spawn($name, 'node', $t->root . '/tests/browser/chain.mjs',
        "http://127.0.0.1:$port", $t->dir, @args,
        {env => {TMPDIR => $t->dir, HOME => $t->dir}});
}

sub went {
    my ($name, $pid) = @_;
    is($t->ended($pid, $BROWSER_S), 0, "$name went through")
        or diag(slurp($t->path("$name.log")));
}

# Pageviews of each visit that is open.
sub open_visits {
    return [map { $_->{n} } $store->rows($file, 'SELECT (SELECT count(*)
        FROM pageviews AS p WHERE p.visitor = s.visitor) AS n
        FROM sessions AS s WHERE open = 1')];
}

my $visitors = 0;
for my $tracker (qw(npm glinto)) {
    my $all = 10 * ++$visitors;
    my $pid = browse($tracker, 'walk', $tracker);
    my $news = $live->until_json(
        sub { $_[0]{today}{pageviews} == $all }, $BROWSER_S);
    my $at = Time::HiRes::time();
    went($tracker, $pid);

    my ($reply) = slurp($t->path("$tracker.log")) =~ /^reply ([\d.]+)$/m;
    # below zero when the number was faster than the reply
    my $late = $at - ($reply // 0) / 1000;
    cmp_ok($late, '<=', $t->slow($LIVE_S),
        "$tracker: live numbers within half a second of the last reply");
    note(sprintf '%s: live after %.0f ms', $tracker, 1000 * $late);
    is($news->{visitors}, $visitors, "$tracker: visitors right now");
    is_deeply($news->{today}, {visitors => $visitors, visits => $visitors,
        pageviews => $all}, "$tracker: today");
    is($store->value($file, 'SELECT count(*) FROM pageviews'), $all,
        "$tracker: rows of pageviews");
    is_deeply(open_visits(), [(10) x $visitors],
        "$tracker: one open visit with ten pages");
}

my $pid = browse('outage', 'outage');
my $said = sub { slurp($t->path('outage.log')) };
my $agent = slurp("$run/glintod.pid") + 0;
$t->until('open dashboard', sub { $said->() =~ /^stop$/m }, $BROWSER_S);
kill 'TERM', $agent;
$t->until('visit during the outage', sub { $said->() =~ /^start$/m },
    $BROWSER_S);
ok(!kill(0, $agent), 'glintod was away while the browser went on');
my $again = $t->spawn('again', $t->build . '/glintod', '-c',
    "$run/glinto.conf");
went('outage', $pid);
is($store->value($file, 'SELECT count(*) FROM pageviews'), 22,
    'the pages seen meanwhile are counted');
is($store->value($file, 'SELECT count(*) FROM sessions WHERE open = 1'), 2,
    'as part of a visit before');

kill 'TERM', $again;
is($t->ended($again, 30), 0, 'glintod ends cleanly');
kill 'TERM', $demo;
is($t->ended($demo, 30), 0, 'so does the demo');
$t->done;
