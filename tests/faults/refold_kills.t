# Promise: glintod killed at any call that writes, while late visitors are made
# again, makes them again in its next life: every visit, mark and live number
# is that of the rows.

# Group: A

# Method: everybody's newest page comes in the first segment, the others in the
# second; then a kill -9, so that all visitors are late and none is folded.
# From a copy of that, glintod starts again and again and is struck on the way.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Inject;
use Glinto::Segment;
use Glinto::Test;
use Glinto::Visits;
use Glinto::World;
use Time::HiRes ();

my $VISITORS = 4000;
my $MINUTE = 60_000;
my @CALLS = qw(pwrite64 fdatasync ftruncate);
my $few = trials(small => 6, faults => 60, nightly => 100_000);
my $began = Time::HiRes::time();
plan skip_all => 'SKIP: this machine lets no process be traced'
    if !Glinto::Inject->allowed;
my $t = Glinto::Test->new(limit_s => 1200);
my $world = Glinto::World->new($t, sites => ['a']);
my ($agent, $store) = ($world->agent, $world->store);
my $inject = Glinto::Inject->new($t);
my $file = $world->file('a');
my $now = int(1000 * Time::HiRes::time()) - $MINUTE;
my ($tried, $struck, @violations) = (0, 0);

sub comes {
    my ($rows, @minutes) = @_;
    my $segment = Glinto::Segment->create($t->dir,
        wall_ms => $now - 60 * $MINUTE);
    for my $minute (@minutes) {
        $segment->event(site => 'a.example', visitor => $_,
            at_ms => $now - $minute * $MINUTE + $_,
            path => '/' . ($_ + ($minute > 20)) % 3) for 1 .. $VISITORS;
    }
    $segment->close;
    $segment->move($t->path('spool'));
    $t->until("$rows rows", sub {
        $world->rows('a') == $rows;
    }, 60);
}

sub all_folded { $t->until('no visitor is late', sub { !$world->late }, 60) }

sub copy {
    my ($from, $to) = @_;
    system('rm', '-rf', $t->path($to)) == 0
        && system('cp', '-a', $t->path($from), $t->path($to)) == 0
        or die "cannot copy $from\n";
}

# Of today; so many rows are read in a thread after a start.
sub numbers { $agent->live('a.example')->{today} }

sub judge {
    my ($what) = @_;
    my $live = numbers();
    my $is = join ' ', @$live{qw(visitors visits pageviews)};
    my $day = int($now / 1000 / 86400 + 0.01) * 86400 * 1000;
    my $must = $store->value($file, "SELECT count(DISTINCT visitor) || ' '
        || (SELECT count(*) FROM sessions WHERE start >= $day) || ' '
        || coalesce(sum(coalesce(mark, 0) != 3), 0)
        FROM events WHERE at >= $day");
    my @bad = (visit_differences($store, $file),
        $is eq $must ? () : "live numbers $is, not $must");
    diag("$what: $_") for @bad;
    push @violations, @bad;
}

# One life that is struck at the K-th CALL, if there is one; then another.
sub strike {
    my ($call, $k) = @_;
    copy('before', 'data');
    $agent->launch(env => $inject->env('thread'));
    my $pid = $agent->pid;
    $inject->attach(\@CALLS, $call, $k, 'signal=KILL');
    $t->until('its end, or nobody is late', sub {
        $inject->ended || !$world->late;
    }, 60);
    kill 'TERM', $pid if !$inject->ended;
    $t->until('the end of strace', sub { $inject->ended });
    $t->ended($pid, 20);
    delete $agent->{pid};
    $tried++;
    $struck += $inject->how->{injected} // 0;
    return $inject->how->{calls};
}

comes($VISITORS, 1);
comes(4 * $VISITORS, 10, 30, 50);
$agent->kill9;
is($world->late, $VISITORS, 'all are late') if int(($now - 50 * $MINUTE)
    / 86_400_000) == int($now / 86_400_000); # else on two days
copy('data', 'before');

my $calls = strike(undef, 0);
my @all = map { my $call = $_; map { [$call, $_] } 1 .. $calls->{$call} // 0 }
    @CALLS;
my $step = @all > $few ? @all / $few : 1;
diag(scalar @all, " calls: ", join ', ',
    map { "$_ " . ($calls->{$_} // 0) } @CALLS);
for (my $at = $step / 2; $at < @all; $at += $step) {
    my ($call, $k) = @{$all[$at]};
    strike($call, $k);
    $agent->start(env => {});
    all_folded();
    judge("$call $k");
    $agent->stop;
}
is(join("\n", @violations), '', "$struck kills: every number is the rows'");
cmp_ok($struck, '>', $few / 2, 'most lives were struck');
diag(sprintf 'N4000 %d %d %.1f -', $tried, scalar @violations,
    Time::HiRes::time() - $began);
$t->done;
