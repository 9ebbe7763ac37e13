# Promise: the visits of days are made again whatever happens meanwhile: the
# site moves to another account, an import comes in, it is removed; and one
# visitor with 100,000 rows in a day holds up nobody and has the visit that its
# rows make.
# Group: A
# Alone: it measures the writer's turns.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Segment;
use Glinto::Test;
use Glinto::Visits;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::HiRes ();

my $TURN_MS = 100;
my $n = trials(small => 20_000, faults => 300_000,
    nightly => 1_000_000);
my $HEAVY = 100_000;
my $SEGMENT_BYTES = 1_000_000;
my ($MINUTE, $DAY) = (60_000, 86_400_000);
my $began = Time::HiRes::time();
my $violations = 0;
my $t = Glinto::Test->new(limit_s => 300 + $n / 500);
my $world = Glinto::World->new($t, conf => 'paths_per_day 100000000');
my ($agent, $store) = ($world->agent, $world->store);
my $midnight = int(time / 86400) * $DAY;

sub all_folded { $t->until('all is folded', sub { !$world->late }, 120) }
sub number_of {
    my ($site) = @_;
    return $store->value($store->meta,
        "SELECT id FROM sites WHERE domain = '$site'");
}
sub rows_of {
    my ($site) = @_;
    return $store->value($store->site($site),
        'SELECT count(*) FROM events WHERE site = ' . number_of($site));
}
sub good {
    my ($what, $site) = @_;
    my @bad = visit_differences($store, $store->site($site));
    $violations += @bad;
    is(join("\n", @bad), '', "$what: visits and marks are those of the rows");
}

# ---- one visitor with very many rows ----

sub heavy_at {
    my ($i) = @_;
    return $midnight - $DAY + $i * 800;
}

# Events of yesterday, in as many segments as they need.
sub heavy_comes {
    my (@numbers) = @_;
    my ($segment, @all);
    for my $i (@numbers) {
        if (!$segment || $segment->{end} > $SEGMENT_BYTES) {
            $segment = Glinto::Segment->create($t->dir,
                wall_ms => $midnight - $DAY);
            push @all, $segment;
        }
        $segment->event(site => 'heavy.example', visitor => 7,
            at_ms => heavy_at($i), path => '/' . int($i / 2) % 1000);
    }
    $_->close, $_->move($t->path('spool')) for @all;
}
sub heavy_rows {
    my ($rows) = @_;
    $t->until("$rows rows", sub { rows_of('heavy.example') == $rows }, 120);
}
sub longest_turn {
    my ($what) = @_;
    my $ms = $agent->json('status')->{ingest}{longest_turn_ms};
    diag("$what: longest turn $ms ms");
    $violations += $ms > $TURN_MS;
    cmp_ok($ms, '<=', $TURN_MS, "$what: no turn over $TURN_MS ms");
}

$agent->glinto('account', 'add', 'other');
$agent->site('heavy.example');
my $new = $world->segment;
$new->event(site => 'heavy.example', visitor => 8)->close;
heavy_rows(1);
heavy_comes(grep { $_ % 50 } 0 .. $HEAVY - 1);
heavy_rows(1 + $HEAVY * 49 / 50);
$agent->kill9; # so that the turns of these rows are not measured
$agent->start;
all_folded();
longest_turn('one visitor anew');
good('one visitor anew', 'heavy.example');
heavy_comes(grep { !($_ % 50) } 0 .. $HEAVY - 1);
heavy_rows(1 + $HEAVY);
$agent->ahead(30);
all_folded();
longest_turn('with rows between these');
good('with rows between these', 'heavy.example');
my ($visit) = $store->rows($store->site('heavy.example'),
    'SELECT * FROM sessions WHERE visitor = 7');
is("@$visit{qw(pageviews refreshes)}", "$HEAVY " . $HEAVY / 2,
    "one visit of $HEAVY pageviews");

# ---- in the middle of a refold ----

system($t->build . '/tests/bench/fill-spool', $t->path('spool'),
    'big.example', 1, 30) == 0 or die "fill-spool failed\n";
$agent->site('big.example');
system($t->build . '/tests/bench/fill-spool', $t->path('spool'),
    'big.example', $n) == 0 or die "fill-spool failed\n";
$t->until('big rows', sub { rows_of('big.example') >= $n }, 120);
my $sent = rows_of('big.example');
all_folded();

# Another refresh window: today's visits are made again.
sub refolds { $agent->json('status')->{ingest}{refolds} }
my $window = 0;
sub begin_refold {
    my ($delay_s) = @_;
    my $before = refolds();
    $agent->glinto('site', 'set', 'big.example', 'refresh_window',
        $window = $window ? 0 : 600);
    $t->until('it has begun', sub { $world->late || refolds() > $before });
    my $moment = Time::HiRes::time() + $delay_s;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment });
}

# How long one takes, undisturbed: the moments are spread over it.
my $start = Time::HiRes::time();
begin_refold(0);
all_folded();
my $takes = Time::HiRes::time() - $start;
diag(sprintf 'a refold of %d rows: %.2f s', $n, $takes);
good('undisturbed', 'big.example');
my $turn = 0;
for my $part (0.1, 0.3, 0.5, 0.7, 0.9) {
    begin_refold($part * $takes);
    $agent->glinto('site', 'move', 'big.example', '--account',
        ++$turn % 2 ? 'other' : 'default');
    all_folded();
    is(rows_of('big.example'), $sent, "moved after $part of it: all rows");
    good("moved after $part of it", 'big.example');
}

my $lines = $t->path('lines');
for my $part (0.2, 0.6) {
    begin_refold($part * $takes);
    spew($lines, join '', map { JSON::PP::encode_json({
        at => POSIX::strftime('%FT%TZ', gmtime time - 30 * 3600 - $_),
        kind => 'pageview', visitor => "v$part-" . $_ % 100,
        path => '/i' . $_ % 7}) . "\n" } 1 .. 2000);
    $agent->glinto('import', '--site', 'big.example', '--format', 'events',
        $lines);
    all_folded();
    is(rows_of('big.example'), $sent += 2000,
        "an import after $part of it: all rows");
    good("an import after $part of it", 'big.example');
}

begin_refold(0.5 * $takes);
$agent->glinto('site', 'remove', 'big.example', '--yes');
is($store->sum('SELECT count(*) FROM events'), 1 + $HEAVY,
    'removed in the middle of it: no row is left');
all_folded();
good('removed: the others', 'heavy.example');
diag(sprintf 'N100000 %d %d %.1f -', $n, $violations,
    Time::HiRes::time() - $began);
$t->done;
