# Promise: glintod killed at any call that writes, while rows of sealed days
# are let go, lets them go in its next life: no answer changes, each receipt is
# equal, and as many rows were stored as before.

# Group: A

# Method: a copy of sealed days whose rows are due; from it glintod starts
# again and again and is struck on the way.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Inject;
use Glinto::Sealed;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
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
my $json = JSON::PP->new->canonical->utf8;
my $until = int(time / 86400) - 7; # the first day that is kept

sub done {
    return $store->value($world->file('a'), "SELECT (SELECT count(*) FROM
        let_go WHERE done) = (SELECT count(DISTINCT day) FROM day_rows
        WHERE day < $until) AND NOT EXISTS (SELECT 1 FROM events
        WHERE at < $until * 86400000)");
}

# Whether all is equal, from what, and how many were stored of each kind.
sub receipt {
    my @range = map { POSIX::strftime('%F', gmtime $first_s + 86400 * $_) }
        0, $DAYS;
    my $reply = $agent->admin('POST', '/v1/receipt', $json->encode({query =>
        {site_id => 'a.example', date_range => \@range, metrics =>
        [qw(visitors visits pageviews events)], dimensions =>
        ['event:page', 'visit:source']}}));
    my $receipt = $json->decode($reply->{body})->{meta}{receipt};
    return $json->encode([@$receipt{qw(equal numbers stored_as)}]);
}

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
    $t->until('its end, or all is let go', sub {
        # a file whose log is to be recovered cannot be read
        $inject->ended || eval { done() };
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
    my ($what, $answers, $stored) = @_;
    my $integrity = $store->integrity;
    my $receipt = receipt();
    my @bad = ($sealed->answers eq $answers ? () : 'other answers',
        $receipt eq $stored ? () : "a receipt: $receipt",
        $integrity eq 'ok' ? () : $integrity,
        $agent->log =~ /damaged|another set/ ? 'something is damaged' : ());
    diag("$what: $_") for @bad;
    push @violations, @bad;
}

$sealed->import_days;
my $answers = $sealed->answers;
my $stored = receipt();
like($stored, qr/^\[true/, 'a receipt of rows is equal');
$t->until('all is sealed', sub { $sealed->all }, 30);
$agent->glinto('site', 'set', 'a.example', 'keep_rows', 7);
$agent->stop;
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
    judge("$call $k, at once", $answers, $stored);
    $t->until('all is let go', \&done, 60);
    judge("$call $k", $answers, $stored);
    $agent->stop;
}
is(join("\n", @violations), '', "$struck kills: no answer is another one");
cmp_ok($struck, '>', $few / 2, 'most lives were struck');
diag(sprintf 'S2 %d %d %.1f -', $tried, scalar @violations,
    Time::HiRes::time() - $began);
$t->done;
