# Promise: kill -9 at any system call of a worker or of either thread of
# glintod loses nothing that was answered 2xx and doubles nothing.  A few
# calls, every fifth, or each one until a run outlives the last (nightly).

# Group: A

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Inject;
use Glinto::Test;
use Glinto::Victim;

# What others see of a process: between two of these a kill is no different.
my @FILE = qw(openat flock fallocate ftruncate pwrite64 fchmod rename renameat2
    link linkat unlink unlinkat mkdir fsync fdatasync syncfs);
my %CALLS = (
    worker => [@FILE, qw(close connect sendto writev)],
    ingest => [@FILE, qw(pread64 mmap write)],
    main => [@FILE, qw(pread64 mmap connect accept4 writev)],
);
my $OLD = 100; # strikes in one folder
my $few = trials(small => 18, faults => 0, nightly => 0);
my $every = {faults => 5}->{column()} // 1;
my $seed = seed();

plan skip_all => 'SKIP: this machine lets no process be traced'
    if !Glinto::Inject->allowed;
my $t = Glinto::Test->new(limit_s => 120 + {small => 0, faults => 900,
    nightly => 3600}->{column()});
$t->allow(qr/exited on signal 9/);
my $victim = Glinto::Victim->new($t);
my @who = $victim->all;
my ($tried, $struck, @violations) = (0, 0);

# True when it was killed.
sub kill_at {
    my ($who, $call, $k) = @_;
    push @violations, $victim->renew if $victim->age > $OLD;
    my $end = $victim->strike($call, $k, 'signal=KILL');
    $tried++;
    my @bad = map { "$who, $call $k: $_" } @{$end->{bad}};
    diag($_) for @bad; # a long run is read before its end
    push @violations, @bad;
    $struck += $end->{injected};
    return $end->{injected};
}

# Every call, each name until a run outlives it; how many.
sub kill_at_all {
    my ($who) = @_;
    my %last;
    for my $call (@{$CALLS{$who}}) {
        my $k = 0;
        1 while kill_at($who, $call, ++$k);
        $last{$call} = $k - 1 if $k > 1;
    }
    return \%last;
}

# Some of COUNT, at even distances from a random one on.
sub kill_at_some {
    my ($who, $count) = @_;
    my @all = map { my $call = $_; map { [$call, $_] } 1 .. $count->{$call} }
        sort keys %$count;
    my $step = $few ? @all / ($few / @who) : $every;
    for (my $at = rand $step; $at < @all; $at += $step) {
        kill_at($who, @{$all[$at]});
    }
    return $count;
}

my $whole = column() eq 'nightly' && !$few;
for my $who (@who) {
    $victim->turn_to($who);
    $victim->calls(@{$CALLS{$who}});
    my $before = $victim->trials;
    my $count = $whole ? kill_at_all($who)
        : kill_at_some($who, $victim->count);
    my $sum = 0;
    $sum += $_ for values %$count;
    diag("$who: ", $victim->trials - $before, " runs for $sum calls",
        $whole ? ', each name until a run outlived the last of it: ' : ': ',
        join ', ', map { "$_ $count->{$_}" } sort keys %$count);
}
is(join("\n", @violations), '', "$struck kills: no violation");
# A call may come less often than in the run that counted.
cmp_ok($struck, '>=', 0.7 * $tried, "of $tried kills $struck struck");
cmp_ok($victim->sent, '>', 10 * $victim->trials, 'events were answered');
$victim->oracle->report('F2', $victim->trials, scalar @violations, $seed);
$t->done;
