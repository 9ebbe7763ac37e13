# Promise: memory that runs out in glintod at any one allocation, or from any
# one on, at its start or under load, loses and doubles nothing and is held
# against no event.  It may end glintod where GLib gives up; it never ends by a
# use of what is not there.

# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Memory;
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use POSIX qw(SIGABRT SIGSEGV SIGTRAP);
use Time::HiRes ();

my $ALLOCATIONS = 2000; # under load, until the one that fails; at most
my $OF_A_START = 60_000; # about as many as a start has
my $SHORTAGE_S = 0.3;
# How GLib gives up; it also needs memory to say so, and without any it calls
# itself until the stack is over.
my @GIVES_UP = (SIGABRT, SIGTRAP);
my @WITHOUT_ANY = (@GIVES_UP, SIGSEGV);
my $FAIL_MAX = 30; # of those that fail in a row, when not all

my $trials = trials(small => 10, faults => 60, nightly => 600);
my $seed = seed();
my $t = Glinto::Test->new(limit_s => 120 + 4 * $trials);
plan skip_all => 'a sanitizer has an allocator of its own'
    if $t->san || $t->valgrind;
my $memory = Glinto::Memory->new($t);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000',
    env => $memory->env);
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');
my $store = Glinto::Store->new($t->path('data'));
my ($ends, $met, @violations) = (0, 0);

# What became of glintod: 1 when it lives.
sub lives {
    my ($when, @allowed) = @_;
    return 1 if $agent->running;
    my $status = $t->ended($agent->pid);
    my $signal = $status & 127;
    $ends++;
    push @violations, "$when: ended by signal $signal"
        if $signal && !grep { $_ == $signal } @allowed;
    push @violations, "$when: ended with 0" if $status == 0;
    return 0;
}

sub shortage {
    my ($how) = @_;
    my $n = 1 + int rand $ALLOCATIONS;
    $memory->runs_out($how, $n);
    my $end = Time::HiRes::time() + $SHORTAGE_S;
    $t->until('the end of a shortage', sub {
        return 1 if !$agent->running || Time::HiRes::time() >= $end;
        # Whoever asks for something has his allocations, too.
        eval { $agent->dashboard('GET', '/glinto/s0.load.example') };
        return $how ne 'on' && $memory->failed >= $how;
    });
    $met += $memory->is_back > 0;
    return lives("$how $n", $how eq 'on' ? @WITHOUT_ANY : @GIVES_UP);
}

# A start that goes on, or that gives up and says why.
sub start_short {
    my ($how) = @_;
    my $n = 1 + int rand $OF_A_START;
    $memory->runs_out($how, $n);
    eval { $agent->start };
    $memory->is_back;
    return lives("start, $how $n", $how eq 'on' ? @WITHOUT_ANY : @GIVES_UP);
}

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 500,
    requests => 5_000_000, seconds => 60 + 4 * $trials, visitors => 500,
    sites => 5, site => 'load.example', nonce => 'f10', log => 1);
# Visits go on before each shortage, however fast the last one ended glintod;
# it may still be about to end.
sub more {
    my $before = keys %{$oracle->paths('f10')};
    $t->until('more load', sub { !$agent->running
        || keys %{$oracle->paths('f10')} > $before + 20 });
}

for my $n (1 .. $trials) {
    more();
    my $how = (1, 1 + int rand $FAIL_MAX, 'on')[$n % 3];
    next if shortage($how);
    # Every other time memory is short at the next start, too.
    $agent->start if $n % 2 || !start_short($how);
}
# The last one may be about to end as well.
$t->until('glintod answers, or has ended',
    sub { !$agent->running || $agent->answers });
$agent->start if !$agent->running;
$load->stop;
my $sum = $load->wait;
push @violations, $oracle->judge($load);
is(join("\n", @violations), '', "$trials shortages: no violation");
is($store->value($store->meta, q{SELECT sum(n) FROM drops
    WHERE reason = 'crash'}) // 0, 0, 'no event is blamed');
cmp_ok($sum->{ok}, '>', 20 * $trials, 'the load went through');
cmp_ok($met, '>', $trials / 2, "$met shortages were met, $ends ended glintod");
$oracle->report('F10', $trials, scalar @violations, $seed);
$t->done;
