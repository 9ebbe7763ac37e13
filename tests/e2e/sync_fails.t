# Promise: a sync that fails loses nothing and counts nothing twice, in a round
# of more than 32 accounts (one syncfs for all) and in one of a single account:
# no segment goes before its events are on the disk, what a failed sync left in
# a log is written again on a handle that never failed, and a second failure
# parks the account's events.
#
# Method: sync_fails.c makes syncs fail and tells in which order things happen.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;

my $ACCOUNTS = 40;
my $t = Glinto::Test->new;
plan skip_all => 'a sanitizer must come first, and so must the library'
    if $t->san || $t->valgrind;
my $library = $t->path('sync.so');
system('cc', '-shared', '-fPIC', '-O0', '-o', $library,
    "$FindBin::Bin/sync_fails.c") == 0 or die "no library\n";
my ($plan, $trace) = map { $t->path($_) } qw(plan trace);
spew($plan, '');
my $world = Glinto::World->new($t, env => {LD_PRELOAD => $library,
        GLINTO_SYNC_PLAN => $plan, GLINTO_SYNC_TRACE => $trace},
    sites => [map { ["s$_", "a$_"] } 1 .. $ACCOUNTS]);
my ($agent, $store) = ($world->agent, $world->store);
my @file = map { $world->file("s$_") } 1 .. $ACCOUNTS;

sub trace { return map { [split] } split /\n/, slurp($trace) }

# An event for each of the first N accounts.
sub write_events {
    my ($n) = @_;
    my $segment = $world->segment;
    $segment->event(site => "s$_.example", visitor => $_) for 1 .. $n;
    $segment->close;
    return $segment;
}
sub rows { $store->value($_[0], 'SELECT count(*) FROM events') }
sub all_have {
    my ($n, @files) = @_;
    return !grep { rows($_) != $n } @files;
}

# After the first failure of CALL, and before the segment goes, each of these
# logs is written and then synced, both with success.
sub written_again {
    my ($call, @logs) = @_;
    my %state = map { $_ => 0 } @logs;
    my $failed;
    for my $line (trace()) {
        my ($what, $path, undef, $result) = @$line;
        $failed = 1 if $what eq $call && $result;
        next if !$failed;
        last if $what eq 'unlink';
        next if !exists $state{$path};
        $state{$path} = 1 if $what eq 'pwrite' && !$result;
        $state{$path} = 2
            if $what eq 'fdatasync' && !$result && $state{$path};
    }
    return scalar grep { $_ == 2 } values %state;
}

# No handle is synced again after it failed once.
sub asked_again {
    my (%failed, @again);
    for my $line (trace()) {
        my ($what, $path, $fd, $result) = @$line;
        delete $failed{$fd} if $what eq 'close';
        next if $what ne 'fdatasync';
        push @again, $path if $failed{$fd};
        $failed{$fd} = 1 if $result;
    }
    return scalar @again;
}

# ---- more than 32 accounts: one syncfs, which fails ----

write_events($ACCOUNTS);
$t->soon('a large round', sub { all_have(1, @file) && !$world->segments });
my @synced = grep { $_->[0] eq 'syncfs' } trace();
ok(scalar(@synced), 'ends with a syncfs');
unlink $trace;
spew($plan, "syncfs data\n");
write_events($ACCOUNTS);
$t->soon('a large round whose syncfs fails', sub {
    all_have(2, @file) && !$world->segments;
}, 30);
my @late = grep { $_->[0] eq 'syncfs' && $_->[3] } trace();
ok(scalar(@late), 'it did fail');
cmp_ok(written_again('syncfs', map { "$_-wal" } @file), '>=', $ACCOUNTS - 32,
    'logs of the round were written again before the segment went');
is(asked_again(), 0, 'on handles that never failed');
unlink $trace;
write_events($ACCOUNTS);
$t->until('a failure', sub { grep { $_->[0] eq 'syncfs' } trace() });
$agent->kill9;
spew($plan, '');
$agent->start;
$t->soon('killed after a failure: once all the same', sub {
    all_have(3, @file) && !$world->segments;
}, 30);

# ---- one account: its log cannot be synced, twice ----

my ($bad) = $file[0] =~ m{([^/]+)\.db$};
unlink $trace;
spew($plan, "fdatasync $bad.db-wal\n");
write_events(2);
$t->soon('the other account has its row', sub { rows($file[1]) == 4 });
$t->soon('after a second failure the events are parked', sub {
    !$world->segments && glob $t->path("data/parked/$bad/*.seg");
}, 20);
is(asked_again(), 0, 'no handle was synced again after it failed');
$agent->kill9;
$agent->start;
spew($plan, '');
$t->soon('the disk works again: the row is there',
    sub { rows($file[0]) == 4 }, 20);
$t->soon('and nothing is parked',
    sub { !-e $t->path("data/parked/$bad") && !$world->segments });
write_events(2);
$t->soon('it goes on', sub { all_have(5, @file[0, 1]) && !$world->segments });

# ---- a failure that passes ----

unlink $trace;
spew($plan, "fdatasync $bad.db-wal\n");
write_events(1);
$t->until('a failure', sub { grep { $_->[0] eq 'fdatasync' && $_->[3] }
    trace() });
spew($plan, '');
$t->soon('tried again', sub { rows($file[0]) == 6 && !$world->segments }, 20);
is(written_again('fdatasync', "$file[0]-wal"), 1,
    'its log was written again before the segment went');
$agent->stop;
is(rows($_), 3, 'exactly once') for $file[-1];
is($store->integrity, 'ok', 'all files are whole');

$t->done;
