# Promise: after a power cut no event is there twice, all that was committed
# is there, every database is whole, and what is missing was answered less
# than 2 s before (the sync interval of glintod and 1 s); with glintod down,
# less than 2 s before it went down.

# Group: A

# Method: spool and data lie on ext4 in files of their own, which are shut
# down under load as a cut would: what was not synced is gone after the next
# mount.  By turns glintod is up (one of its accounts locked, so that only the
# sync of the spool keeps its events), down, or in the middle of its
# checkpoints.  Each cut is of new file systems.  Some have so many accounts
# that a round's commits are made durable by one sync of the whole disk.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use DBI;
use Glinto::Aggregator;
use Glinto::Faults;
use Glinto::Load;
use Glinto::Mounts;
use Glinto::Oracle;
use Glinto::Test;
use List::Util qw(min);
use Time::HiRes ();

private_mounts();
my $FEW = 5;
my $MANY = 34; # more than 32: see FULL_ACCOUNTS
my $RATE = 800;
my $YOUNG_S = 2;
my %DIR = (data => 0700, spool => 01770);
my $SHUTDOWN = 0x8004587d; # EXT4_IOC_SHUTDOWN, linux/fs: _IOR('X', 125, u32)
my $NO_LOG_FLUSH = 2;

my $trials = trials(small => 3, faults => 25, nightly => 300);
my $seed = seed();

my $t = Glinto::Test->new(limit_s => 120 + 20 * $trials);

# Many accounts have many logs.
sub new_disks {
    my ($sites) = @_;
    my %size = (spool => '64M', data => $sites == $FEW ? '64M' : '256M');
    for my $dir (sort keys %DIR) {
        my $image = $t->path("$dir.ext4");
        unlink $image;
        system('truncate', '-s', $size{$dir}, $image) == 0
            && system('mkfs.ext4', '-q', '-F', $image) == 0
            or die "cannot make $image\n";
    }
}
sub mount_disks {
    mount_image($t->path("$_.ext4"), $t->path($_), $DIR{$_})
        for sort keys %DIR;
}
sub unmount_disks { unmount($t->path($_)) for sort keys %DIR }

new_disks($FEW);
eval { mount_disks(); 1 } or plan skip_all => 'no loop devices here';
unmount_disks();

# The two at the same moment, as near as can be.
sub cut {
    my @disks = map {
        open my $disk, '<', $t->path($_) or die "$_: $!\n";
        $disk;
    } sort keys %DIR;
    for my $disk (@disks) {
        ioctl($disk, $SHUTDOWN, pack 'L', $NO_LOG_FLUSH) or die "cut: $!\n";
    }
}

my $store = Glinto::Store->new($t->path('data'));
my ($agent, $nginx, $oracle, @violations, %lost, %kept);

sub boot {
    my ($sites) = @_;
    new_disks($sites);
    mount_disks();
    $agent //= Glinto::Aggregator->new($t, conf => 'paths_per_day 100000000');
    $agent->start;
    $oracle //= Glinto::Oracle->new($t, $agent);
    $oracle->accounts($sites, 'load.example');
    return $nginx->start if $nginx;
    $nginx = $oracle->nginx(workers => 2, spool => 'budget=32m segment=64k',
        server => 'location = /g.gif { glinto_pixel; }');
}

# The clock of the load's log.
sub now_s { Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) }

sub let_run {
    my ($seconds) = @_;
    my $moment = now_s() + $seconds;
    $t->until('the moment', sub { now_s() >= $moment });
}

# A database begins to be written: the log goes into it.
sub checkpoint_begins {
    my @files = ($store->meta, $store->accounts);
    my $file = $files[rand @files];
    my $before = (Time::HiRes::stat($file))[9];
    kill 'TERM', $agent->pid;
    my $deadline_s = now_s() + 5;
    while ((Time::HiRes::stat($file))[9] == $before && $agent->running) {
        die "no checkpoint\n" if now_s() > $deadline_s;
    }
}

# What happens before the cut: since when nothing is synced, or undef.
my %before = (
    up => sub {
        let_run(1 + rand 3);
        return undef;
    },
    down => sub {
        let_run(0.5 + rand 1);
        $agent->kill9;
        my $down_s = now_s();
        let_run(rand 1.5);
        return $down_s;
    },
    checkpoint => sub {
        let_run(2 + rand 1);
        my $stopping_s = now_s();
        checkpoint_begins();
        return $stopping_s;
    },
);

# Another program holds the first account's file: it cannot commit.
sub lock_account {
    my $file = $store->site('s0.load.example');
    my $lock = DBI->connect("dbi:SQLite:dbname=$file", '', '',
        {RaiseError => 1, PrintError => 0});
    $lock->do('PRAGMA busy_timeout = 5000');
    $lock->do('BEGIN IMMEDIATE');
    return $lock;
}

sub trial {
    my ($n, $what, $sites) = @_;
    boot($sites);
    my $lock = $what eq 'up' ? lock_account() : undef;
    my $load = Glinto::Load->start($t, port => $nginx->port, rate => $RATE,
        requests => 5_000_000, seconds => 60, visitors => 200,
        sites => $sites, site => 'load.example', nonce => "f7.$n", log => 1);
    my $synced_s = $before{$what}->();
    # Of many accounts a commit is seen before the disk has it.
    my $committed = $sites == $FEW ? $oracle->paths("f7.$n") : {};
    $synced_s //= now_s();
    cut();
    $load->stop;
    $load->wait;
    $lock->disconnect if $lock;
    $nginx->kill9;
    $agent->kill9 if $agent->pid;
    unmount_disks();

    mount_disks();
    $agent->start;
    push @violations, "$n: $what: the spool is not empty"
        if !$oracle->empty_spool;
    compare($n, $what, $load, $committed, $synced_s);
}

# SYNCED_S: until then glintod synced, once a second.
sub compare {
    my ($n, $what, $load, $committed, $synced_s) = @_;
    my $rows = $oracle->paths($load->nonce);
    my @missing; # when each was answered
    my $say = sub { push @violations, "$n: $what: @_" };
    $load->each(sub {
        my ($i, $end, $answered_us) = @_[0, 1, 5];
        my $there = $rows->{'/n/' . $load->nonce . "-$i"} // 0;
        $say->("D: attempt $i is there $there times") if $there > 1;
        $say->("F: attempt $i, answered 503, is there")
            if $end eq '5' && $there;
        push @missing, $answered_us / 1e6 if $end eq '2' && !$there;
    });
    my @gone = grep { !$rows->{$_} } sort keys %$committed;
    $say->(@gone . " committed events are gone, $gone[0] first") if @gone;
    my @older = grep { $_ < $synced_s - $YOUNG_S } @missing;
    $say->(sprintf '%d are missing, answered %.3f s before and later',
        scalar @older, $synced_s - min(@older)) if @older;
    my $integrity = $store->integrity;
    $say->("I: $integrity") if $integrity ne 'ok';
    $lost{$what} += @missing;
    $kept{$what} += keys %$committed;
}

for my $n (1 .. $trials) {
    trial($n, (qw(up down checkpoint))[$n % 3], $n % 15 < 3 ? $MANY : $FEW);
    next if $n == $trials; # the last one's visits are looked at
    $agent->stop;
    unmount_disks();
}
is(join("\n", @violations), '', "$trials power cuts: no violation");
cmp_ok($kept{$_}, '>', 0, "$_: $kept{$_} committed, $lost{$_} lost")
    for sort keys %kept;
$oracle->report('F7', $trials, scalar @violations, $seed);
$t->allow(qr/\(5: Input\/output error\)/);
$t->done;
