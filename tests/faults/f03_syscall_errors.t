# Promise: an error at any system call of a worker or of either thread of
# glintod crashes nobody, loses nothing that was answered 2xx, doubles
# nothing, and the drop counter stays exact.  glintod may refuse to start, in a
# sentence.  A few calls, every tenth, or each one with each of six errors.

# Group: B

# One error strikes a run, and the run goes on.  Lanes run side by side, since
# most of a run is waiting for the next try: one for each victim, or (nightly)
# for each error.  A lane is this file with arguments: VICTIM,... ERROR,...

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Inject;
use Glinto::Test;
use Glinto::Victim;
use Time::HiRes ();

my @ERRORS = qw(EIO ENOSPC EMFILE EINTR EAGAIN ENOMEM);
my @FILE = qw(openat newfstatat fstat getdents64 lseek flock fallocate
    ftruncate pwrite64 fchmod rename renameat2 link linkat unlink unlinkat
    mkdir fsync fdatasync syncfs fcntl close socket connect);
# What is nginx's own (its event loop, its replies) is not ours to judge.
my %CALLS = (
    worker => [@FILE, qw(sendto getrandom)],
    ingest => [@FILE, qw(pread64 mmap write)],
    main => [@FILE, qw(pread64 mmap write bind listen accept4 recvmsg writev)],
);
# An allocator of a sanitizer ends the process when it gets no page.
if ($ENV{GLINTO_SAN}) {
    @$_ = grep { $_ ne 'mmap' } @$_ for values %CALLS;
}
my $OLD = 200; # strikes in one folder
my $few = trials(small => 12, faults => 0, nightly => 0);
my $every = {faults => 10}->{column()} // 1;
my $LIMIT_S = {small => 120, faults => 900, nightly => 5400}->{column()};
my $seed = seed();
my ($victims, $errors) = map { [split /,/] } @ARGV;

plan skip_all => 'SKIP: this machine lets no process be traced'
    if !Glinto::Inject->allowed;
my $t = Glinto::Test->new(limit_s => $LIMIT_S);
if ($victims) {
    lane();
} else {
    all_lanes();
}
$t->done;

# ---- the whole ----

sub all_lanes {
    my $began = Time::HiRes::time();
    my @all = Glinto::Victim::all();
    my $whole = column() eq 'nightly' && !$few;
    my @lanes = $whole ? map { [join(',', @all), $_] } @ERRORS
        : map { [$_, join ',', @ERRORS] } @all;
    for my $lane (@lanes) {
        my $log = $t->path("lane-$lane->[0]-$lane->[1].txt");
        push @$lane, $log, $t->spawn('lane', $^X, $0, @$lane,
            {log => $log, env => {SEED => $seed}});
    }
    my ($trials, $violations) = (0, 0);
    for my $lane (@lanes) {
        my ($who, $which, $log, $pid) = @$lane;
        is($t->ended($pid, $LIMIT_S), 0, "$who: $which");
        my $said = slurp($log);
        diag($said =~ s/^(?:ok |1\.\.).*\n//mgr);
        my ($n, $bad) = $said =~ /^# lane (\d+) (\d+) /m;
        $trials += $n // 0;
        $violations += $bad // 1;
    }
    diag(sprintf 'F3 %d %d %.1f %s', $trials, $violations,
        Time::HiRes::time() - $began, $seed);
}

# ---- one lane ----

sub lane {
    $t->allow(qr/./); # nginx tells of each error
    my $victim = Glinto::Victim->new($t);
    my %did = (tried => 0, struck => 0, refused => 0);
    my @violations;
    for my $who (@$victims) {
        $victim->turn_to($who);
        $victim->calls(@{$CALLS{$who}});
        my $count = $victim->count;
        my @all = map { my $call = $_; map { [$call, $_] }
            1 .. $count->{$call} } sort keys %$count;
        my $step = $few ? @all * @$victims / $few * 3 : $every;
        for (my $at = rand $step; $at < @all; $at += $step) {
            my ($call, $k) = @{$all[$at]};
            push @violations, $victim->renew if $victim->age > $OLD;
            my $error = $errors->[$victim->trials % @$errors];
            my $end = $victim->strike($call, $k, "error=$error");
            $did{tried}++;
            $did{struck} += $end->{injected};
            $did{refused} += $end->{refused};
            my @bad = map { "$who, $error, $call $k: $_\n"
                . ($end->{line} // '') } @{$end->{bad}}, $end->{crash} // ();
            diag($_) for @bad;
            push @violations, @bad;
        }
        diag("$who: ", scalar @all, ' calls: ',
            join ', ', map { "$_ $count->{$_}" } sort keys %$count);
    }
    is(join("\n", @violations), '', "$did{struck} errors: no violation");
    diag("$did{struck} errors struck, glintod refused to start "
        . "$did{refused} times");
    # A call may come less often than in the run that counted; and of a few
    # errors each may leave the worker without a segment, which answers 503.
    cmp_ok($did{struck}, '>', $did{tried} / 3, "$did{tried} errors");
    cmp_ok($victim->sent, '>', ($few ? 10 : 30) * $victim->trials,
        'events were answered');
    $victim->finish;
    $victim->oracle->report('lane', $victim->trials, scalar @violations,
        $seed);
}
