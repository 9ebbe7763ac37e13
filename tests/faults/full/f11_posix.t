# Promise: glintod under load, with random errors and short reads and writes of
# its system calls and an allocation that fails now and then, loses and doubles
# nothing, however often it ends and is started again; and no frame is set
# aside for an end that was not its fault.

# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes ();

my $seconds = trials(small => 10, faults => 60, nightly => 1200);
my $seed = seed();
my $LIFE_S = 6; # of one glintod, unless it ends before
my $STOP_S = 10;

plan skip_all => 'SKIP: there is no fiu-run'
    if !grep { -x "$_/fiu-run" } split /:/, $ENV{PATH};
my $t = Glinto::Test->new(limit_s => 300 + 2 * $seconds);
plan skip_all => 'a sanitizer has an allocator of its own'
    if $t->san || $t->valgrind;
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');
my $store = Glinto::Store->new($t->path('data'));
my %ends;

# 0.001 to 0.02 of all calls fail.  An allocation fails rarer, since there are
# so many more of them, and not before glintod has read its rules.
sub enable {
    my ($what, $chance) = @_;
    return ('-c', sprintf 'enable_random name=%s,probability=%.8f', $what,
        $chance);
}

sub ended_by {
    my ($status) = @_;
    return 'signal ' . ($status & 127) if $status & 127;
    return 'exit ' . ($status >> 8);
}

sub life {
    my $p = 0.001 * 20 ** rand;
    $agent->launch(wrap => ['fiu-run', '-x', '-f', $t->path('fiu'),
        enable('posix/io/*', $p), enable('posix/mm/*', $p)]);
    my $pid = $agent->pid;
    $t->until('start', sub { $agent->answers || !$agent->running });
    $t->ended($t->spawn('fiu-ctrl', 'fiu-ctrl', '-f', $t->path('fiu'),
        enable('libc/mm/*', $p / 10), $pid)) if $agent->running;
    my $end = Time::HiRes::time() + rand $LIFE_S;
    $t->until('its end',
        sub { !$agent->running || Time::HiRes::time() > $end });
    if ($agent->running) {
        kill rand() < 0.5 ? 'TERM' : 'KILL', $pid;
        eval { $t->ended($pid, $STOP_S) } or kill 'KILL', $pid;
        $t->ended($pid);
        $ends{'told to'}++;
    } else {
        $ends{ended_by($t->ended($pid))}++;
    }
    delete $agent->{pid};
}

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 300,
    requests => 5_000_000, seconds => 60 + 2 * $seconds, visitors => 500,
    sites => 5, site => 'load.example', nonce => 'f11',
    kind => 'visits', log => 1);
$agent->stop;
my $until = Time::HiRes::time() + $seconds;
life() while Time::HiRes::time() < $until;
my $errors = () = $agent->log =~ /\[error\]/g;
$load->stop;
my $sum = $load->wait;
$agent->start(wrap => []);
my @violations = $oracle->judge($load);
my $blamed = $store->value($store->meta,
    q{SELECT coalesce(sum(n), 0) FROM drops WHERE reason = 'crash'});
push @violations, "$blamed frames set aside as the cause of a crash"
    if $blamed;
is(join("\n", @violations), '', 'no violation');
cmp_ok($sum->{ok}, '>', 100 * $seconds, 'the load went through');
cmp_ok($errors, '>', 0, "$errors errors were told");
my $lives = 0;
$lives += $_ for values %ends;
diag("$errors errors told, $lives lives: ",
    join ', ', map { "$_: $ends{$_}" } sort keys %ends);
$oracle->report('F11', $lives, scalar @violations, $seed);
$t->done;
