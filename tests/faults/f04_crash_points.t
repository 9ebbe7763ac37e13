# Promise: a process that dies at any of the named points, between two steps
# that belong together, loses nothing that was answered 2xx and doubles
# nothing; nor when its successors die at the same point.

# Group: A
#
# Every point of the source (schema/point.h) once and three times in a row,
# under load; nightly 20 times each, after a random number of hits.  A point
# that no process meets is a failure.  POINTS="a b" takes only these.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Points;
use Glinto::Store;
use Glinto::Test;

my $SUCCESSORS = 3;
my $MEET_S = 30; # a point that was not met by then is met by nobody
my $LOG_S = 120; # until the log of one of the databases is long enough

my $column = column();
my $times = trials(small => 1, faults => 1, nightly => 20);
my $seed = seed();
my ($t, $agent, $held, $calls) = (undef, undef, undef, 0);

# Who meets it; MOST: how many hits may pass before a death; CALL: what makes
# glintod go there, where the load alone does not; LATE: it takes some load;
# SMALL: for .ci/run.
sub ask { my ($status) = $agent->glinto(@_) } # which may die meanwhile
sub back_up { ask('backup', $t->path('backup-' . ++$calls)) }
sub move_site { ask('site', 'move', 's0.load.example', '--account',
    'a' . ++$calls % 2) }
# An account is failing while another process holds its file, and replays what
# was parked when that lets go.
sub hold {
    $held //= Glinto::Store->new($t->path('data'))->held('s3.load.example');
}
sub replay {
    my @parked = glob $t->path('data/parked/*/*.seg');
    return hold() if !@parked;
    undef $held if @parked > $SUCCESSORS;
}
# A day that is over, in an account that glintod has not looked at.
sub seal {
    my $path = $t->path('days.jsonl');
    my ($account, $site) = ('days' . ++$calls, "days$calls.example");
    spew($path, qq({"kind": "pageview", "visitor": "v", "path": "/",
        "at": "2026-01-02T03:04:05Z"}\n) =~ s/\n +/ /r);
    ask('account', 'add', $account);
    ask('site', 'add', $site, '--account', $account);
    ask('import', '--site', $site, '--format', 'events', $path);
}
my %points = (
    temp_created => {who => 'worker', most => 3},
    temp_locked => {who => 'worker', most => 3},
    temp_allocated => {who => 'worker', most => 3},
    temp_written => {who => 'worker', most => 3},
    segment_renamed => {who => 'worker', most => 3, small => 1},
    frames_appended => {who => 'worker', most => 300, small => 1},
    reply_sent => {who => 'worker', most => 300},
    segment_sealed => {who => 'worker', most => 3},
    frames_read => {most => 20},
    frame_applied => {most => 500, small => 1},
    before_commit => {most => 50},
    after_commit => {most => 50, small => 1},
    large_round_synced => {most => 5},
    segment_unlinked => {most => 3, small => 1},
    directory_synced => {most => 2, small => 1},
    rows_forgotten => {most => 20},
    checkpoint_begun => {most => 5, late => 1},
    checkpoint_done => {most => 5, late => 1},
    backup_copied => {most => 5, call => \&back_up},
    backup_renamed => {most => 5, call => \&back_up},
    cursors_noted => {most => 1, call => \&move_site},
    rows_copied => {most => 2, call => \&move_site, small => 1},
    verb_committed => {most => 1, call => \&move_site},
    rows_deleted => {most => 2, call => \&move_site},
    file_written_anew => {most => 1, call => \&move_site},
    park_created => {most => 3, call => \&hold},
    park_written => {most => 3, call => \&hold},
    park_synced => {most => 3, call => \&hold},
    park_renamed => {most => 3, call => \&hold},
    parked => {most => 3, call => \&hold},
    parked_applied => {most => 1, call => \&replay},
    parked_unlinked => {most => 1, call => \&replay},
    pieces_sealed => {most => 3, call => \&seal, small => 1},
);
my @names = sort {
    ($points{$a}{late} // 0) <=> ($points{$b}{late} // 0) || $a cmp $b
} grep { $column ne 'small' || $points{$_}{small} } keys %points;
@names = split ' ', $ENV{POINTS} if $ENV{POINTS};
my $accounts = $column eq 'small' ? 4 : 40; # a large round has 33

$t = Glinto::Test->new(variant => 'points',
    limit_s => 120 + 10 * $times * @names);
my $plan = Glinto::Points->new($t);
is_deeply([$plan->names], [sort keys %points], 'the points of the source');
$agent = $t->aggregator(env => $plan->env,
    conf => "paths_per_day 100000000\npark_after_s 1");
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts($accounts, 'load.example');
my $nginx = $oracle->nginx(env => $plan->env, main => 'env GLINTO_POINTS;',
    spool => 'budget=64m segment=64k',
    server => 'location = /g.gif { glinto_pixel; }');
$t->allow(qr/worker process \d+ exited on signal 9/);

# Until it has happened glintod is started again, and asked to go where the
# point is.
sub die_at {
    my ($name, $deaths) = @_;
    my $point = $points{$name};
    my $starts = $point->{who} ? $deaths : 0; # nginx starts its workers
    my $skip = $column eq 'nightly' ? int rand $point->{most} + 1 : 0;
    $plan->set($name, deaths => $deaths, skip => $skip);
    my $met = eval {
        $t->until($name, sub {
            if (!$agent->running) {
                $starts++;
                return eval { $agent->start; 0 };
            }
            $point->{call}->() if $point->{call};
            return !$plan->left && $starts == $deaths;
        }, $point->{late} ? $LOG_S : $MEET_S);
    };
    undef $held;
    return if $met;
    my $left = $plan->left;
    $plan->set('');
    $t->until('glintod', sub { $agent->running || eval { $agent->start } });
    return "$name: $left of $deaths deaths did not happen";
}

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 1000,
    requests => 5_000_000, seconds => 60 + 10 * $times * @names,
    visitors => 500, sites => $accounts, site => 'load.example',
    nonce => 'f4', log => 1, kind => 'visits');
my ($trials, @missed) = (0);
for my $round (1 .. $times) {
    for my $name (@names) {
        push @missed, map { $trials++; die_at($name, $_) } 1, $SUCCESSORS;
    }
}
is(join("\n", @missed), '', "$trials times a point was met");
$load->stop;
my $sum = $load->wait;
# What a worker left before it gave a file its name is removed after 60 s.
my $old = time - 120;
utime $old, $old, glob $t->path('spool/t-*');
$t->until('the end of what was parked',
    sub { !glob $t->path('data/parked/*/*.seg') }, 60);
my @violations = $oracle->judge($load);
is(join("\n", @violations), '', "$trials deaths at points: no violation");
cmp_ok($sum->{ok}, '>', 20 * $trials, 'the load went through');
$oracle->report('F4', $trials, @violations + @missed, $seed);
$t->done;
