# Promise: a crowd of watchers, a fifth of it rude and a fifth restless, costs
# the others nothing: at most 16 KiB of memory a watcher and 200 MiB in all;
# who takes nothing is closed within 30 s; the others see 99 of 100 changes
# within a second and every last value; and at least 90 % of what is ingested
# without a crowd is ingested with it.
# Group: C
# Alone: it times pushes and rows.
#
# Method: gl_watch.c on the dashboard socket, events of ten sites through nginx
# at one rate, alone and with the crowd.  The crowd and what it watches share
# the machine's processors.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Glinto::World;

my $crowd = trials(small => 200, faults => 1000, nightly => 10_000);
my $seconds = column() eq 'nightly' ? 300 : 60;
my $ALONE_S = 10;
my $SITES = 10;
my $RATE = 300; # events a second
my $seed = seed();
my %MOST = (rss_mib => 200, watcher_kib => 16, push_ms => 1000);
my $INGEST = 0.9;

my $t = Glinto::Test->new(limit_s => 4 * $seconds + 240);
my $world = Glinto::World->new($t, conf => join "\n",
    'paths_per_day 100000000', 'watchers_max ' . ($crowd + 500),
    "watchers_per_site $crowd");
my $agent = $world->agent;
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts($SITES, 'load.example');
my $nginx = $oracle->nginx(workers => 1,
    server => 'location = /g.gif { glinto_pixel; }');
my (@violations, @loads);

sub memory_kib {
    return (slurp('/proc/' . $agent->pid . '/status') =~ /^VmRSS:\s+(\d+)/m)[0];
}

# Events for SECONDS; the part of them that is a row when the last is sent.
sub ingest {
    my ($nonce, $for_s) = @_;
    my $before = $world->rows;
    my $load = Glinto::Load->start($t, port => $nginx->port, rate => $RATE,
        requests => $RATE * $for_s, seconds => 2 * $for_s, sites => $SITES,
        site => 'load.example', connections => 16, kind => 'visits',
        visitors => 2000, nonce => $nonce, log => 1);
    push @loads, $load;
    my $most = 0;
    $t->until('the end of the load', sub {
        my $kib = memory_kib();
        $most = $kib if $kib > $most;
        return !$load->running;
    }, 2 * $for_s + 20);
    my $part = ($world->rows - $before) / $load->wait->{ok};
    ok($oracle->empty_spool(60), "$nonce: all is read");
    return ($part, $most);
}

my ($alone) = ingest('alone', $ALONE_S);
my $empty_kib = memory_kib();
my $out = $t->path('watch.txt');
my $pid = $t->spawn('gl-watch', $t->build . '/tests/faults/gl-watch',
    $t->path('dashboard.sock'), $crowd, $SITES, $seed, {log => $out});
$t->until('the crowd', sub { slurp($out) =~ /^ready$/m }, 60);
my ($with, $most_kib) = ingest('crowd', $seconds);
kill 'TERM', $pid;
is($t->ended($pid, 60), 0, 'gl-watch ran to its end');

my %told = slurp($out) =~ /^(refused|lost|late|closed) (\d+)$/mg;
my ($pushes, $p50, $p99) = slurp($out) =~ /^pushes (\d+) p50 (\d+) p99 (\d+)/m;
my $each = ($most_kib - $empty_kib) / $crowd;
diag(sprintf '%d watchers, %d s: %.1f MiB, %.1f KiB a watcher, %d pushes, '
    . 'p50 %d ms, p99 %d ms, %d slow ones closed, ingested %.3f alone, %.3f',
    $crowd, $seconds, $most_kib / 1024, $each, $pushes, $p50, $p99,
    $told{closed}, $alone, $with);
cmp_ok($told{closed}, '>', $crowd / 10, 'slow ones were closed');

push @violations, sprintf '%d %s', $told{$_}, $_
    for grep { $told{$_} } qw(refused lost late);
push @violations, "memory: $most_kib KiB" if $most_kib > 1024 * $MOST{rss_mib};
push @violations, "memory: $each KiB a watcher" if $each > $MOST{watcher_kib};
push @violations, "pushes: p99 $p99 ms" if $p99 > $MOST{push_ms};
push @violations, "ingested: $with, not $alone" if $with < $INGEST * $alone;
for my $site (0 .. $SITES - 1) {
    my ($least, $most) = slurp($out) =~ /^site $site (-?\d+) (-?\d+)$/m;
    my $views = $agent->live("s$site.load.example")->{today}{pageviews};
    push @violations, "site $site: $views pageviews, seen $least to $most"
        if $least != $views || $most != $views;
}
push @violations, $oracle->judge(@loads);
is(join("\n", @violations), '', "$crowd watchers: no violation");
$oracle->report('F27', $crowd, scalar @violations, $seed);
$t->done;
