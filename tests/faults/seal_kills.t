# Promise: glintod killed at any call that writes, while days are sealed and
# what was sealed before is deleted, seals them in its next life: no answer
# changes, and nothing half written is believed.

# Group: A

# Method: a copy of days of which some are not sealed, some were changed since
# and some were cut short; from it glintod starts again and again and is struck
# on the way.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Inject;
use Glinto::Sealed;
use Glinto::Test;
use Glinto::Visits;
use Glinto::World;
use Time::HiRes ();

my $DAYS = 15;
my @CALLS = qw(pwrite64 fdatasync ftruncate);
my $few = trials(small => 6, faults => 210, nightly => 100_000);
my $began = Time::HiRes::time();
plan skip_all => 'SKIP: this machine lets no process be traced'
    if !Glinto::Inject->allowed;
my $t = Glinto::Test->new(limit_s => 1200);
my $world = Glinto::World->new($t, sites => ['a']);
my ($agent, $store) = ($world->agent, $world->store);
my $inject = Glinto::Inject->new($t);
my $first_s = (int(time / 86400) - 20) * 86400;
my $sealed = Glinto::Sealed->new($world, 'a', first_s => $first_s,
    days => $DAYS);
my ($tried, $struck, @violations) = (0, 0);

sub copy {
    my ($from, $to) = @_;
    system('rm', '-rf', $t->path($to)) == 0
        && system('cp', '-a', $t->path($from), $t->path($to)) == 0
        or die "cannot copy $from\n";
}

# One life that is struck at the K-th CALL, if there is one; then another.
sub strike {
    my ($call, $k) = @_;
    copy('before', 'data');
    $agent->launch(env => $inject->env('thread'));
    my $pid = $agent->pid;
    $inject->attach(\@CALLS, $call, $k, 'signal=KILL');
    $t->until('its end, or all is sealed', sub {
        $inject->ended || $sealed->all;
    }, 60);
    kill 'TERM', $pid if !$inject->ended;
    $t->until('the end of strace', sub { $inject->ended });
    $t->ended($pid, 20);
    delete $agent->{pid};
    $tried++;
    $struck += $inject->how->{injected} // 0;
    return $inject->how->{calls};
}

sub judge {
    my ($what, $answers) = @_;
    my $integrity = $store->integrity;
    my @bad = ($sealed->answers eq $answers ? () : 'other answers',
        $integrity eq 'ok' ? () : $integrity,
        $agent->log =~ /damaged|another set/ ? 'something is damaged' : (),
        visit_differences($store, $world->file('a')));
    diag("$what: $_") for @bad;
    push @violations, @bad;
}

$sealed->import_days;
my $answers = $sealed->answers;
$t->until('all is sealed', sub { $sealed->all }, 30);
$agent->stop;
my $first = $first_s / 86400;
$sealed->change(
    "DELETE FROM sealed_pieces WHERE day < $first + 5",
    "DELETE FROM sealed_days WHERE day < $first + 7",
    "UPDATE sealed_days SET token = 1 WHERE day < $first + 11");
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
    judge("$call $k, at once", $answers);
    $t->until('all is sealed', sub { $sealed->all }, 60);
    $agent->stop;
    $agent->start(env => {});
    judge("$call $k", $answers);
    $agent->stop;
}
is(join("\n", @violations), '', "$struck kills: no answer is another one");
cmp_ok($struck, '>', $few / 2, 'most lives were struck');
diag(sprintf 'S1 %d %d %.1f -', $tried, scalar @violations,
    Time::HiRes::time() - $began);
$t->done;
