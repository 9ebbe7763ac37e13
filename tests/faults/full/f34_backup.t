# Promise: a backup made at any moment of a load is whole and says of each
# account what one commit said: all events up to one and none twice.  Restored,
# glintod goes on with it: what the spool still holds is counted once, and
# nothing that comes later is doubled.

# Group: C

# Method: backups every 5 s while events come; then one of them, at random,
# takes the place of the data folder and glintod goes on, and so does the load.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use File::Path ();
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Time::HiRes ();

my $SITES = 4; # each of an account of its own
my $BACKUPS = 2;
my $EVERY_S = 5;
my $trials = trials(small => 1, faults => 3, nightly => 20);
my $seed = seed();

my $t = Glinto::Test->new(limit_s => 60 + 40 * $trials);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts($SITES, 'load.example');
my $nginx = $oracle->nginx(workers => 2, spool => 'budget=64m segment=256k',
    server => 'location = /g.gif { glinto_pixel; }');
my ($data, $old) = map { $t->path($_) } 'data', 'data-before';
my @violations;

sub wait_until {
    my ($moment) = @_;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment }, 10);
}

# Paths of all accounts' events, each account's in order of its commits.
sub events {
    my ($dir) = @_;
    my $store = Glinto::Store->new($dir);
    return map { my $file = $_; substr($file, length $dir) => [
        map { $_->{path} } $store->rows($file, 'SELECT p.text AS path
            FROM events e JOIN paths p ON p.code = e.path ORDER BY e.id')]
    } $store->accounts;
}

# Each account of FEWER has the first events of that of MORE.
sub check_first {
    my ($what, $fewer, $more) = @_;
    for my $file (sort keys %$fewer) {
        my ($then, $now) = ($fewer->{$file}, $more->{$file} // []);
        my $n = @$then;
        push @violations, "$what: $file: not the first $n of " . @$now
            if $n > @$now || "@$then" ne "@$now[0 .. $n - 1]";
    }
}

sub check_whole {
    my ($what, $dir) = @_;
    my $integrity = Glinto::Store->new($dir)->integrity;
    push @violations, "$what: I: $integrity" if $integrity ne 'ok';
}

# DIR as the data folder; the spool stays as it is.
sub restore {
    my ($dir) = @_;
    $agent->kill9;
    rename $data, $old or die "$data: $!\n";
    system('cp', '-a', $dir, $data) == 0 or die "cp: $!\n";
    $agent->start;
}

# What the old folder did not have was still in the spool, or came later: it
# is there, and what the backup had is, and nothing is twice.
sub check_restored {
    my ($what, $load, $backup, $before) = @_;
    push @violations, "$what: V: the spool is not empty"
        if !$oracle->empty_spool;
    my (%rows, %counted);
    my %now = events($data);
    $rows{$_}++ for map { @$_ } values %now;
    $counted{$_}++ for map { @$_ } values %$before;
    my @twice = grep { $rows{$_} > 1 } sort keys %rows;
    push @violations, "$what: D: " . @twice . " twice, $twice[0] first"
        if @twice;
    my $ends = $load->outcomes;
    my @lost = grep { !$rows{$_} && !$counted{$_} }
        map { '/n/' . $load->nonce . "-$_" }
        grep { $ends->[$_] eq '2' } 0 .. $#$ends;
    push @violations, "$what: L: " . @lost . " lost, $lost[0] first" if @lost;
    check_first("$what: restored", $backup, \%now);
    check_whole($what, $data);
}

sub trial {
    my ($n) = @_;
    my $load = Glinto::Load->start($t, port => $nginx->port, rate => 800,
        requests => 5_000_000, seconds => 60, visitors => 300,
        sites => $SITES, site => 'load.example', nonce => "f34.$n", log => 1);
    my $moment = Time::HiRes::time() + 2 * rand;
    my @dirs;
    for (1 .. $BACKUPS) {
        wait_until($moment);
        push @dirs, $t->path("backup-$n-$_");
        $agent->glinto('backup', $dirs[-1]);
        $moment += $EVERY_S;
    }
    wait_until(Time::HiRes::time() + rand);
    my $dir = $dirs[rand @dirs];
    restore($dir);
    my $restored = Time::HiRes::time();
    my %before = events($old);
    my %backups = map { $_ => {events($_)} } @dirs;
    for my $each (@dirs) {
        check_whole($each, $each);
        check_first($each, $backups{$each}, \%before);
    }
    cmp_ok(scalar(map { @$_ } values %{$backups{$dirs[-1]}}), '>', 800,
        "$n: the last backup has events");
    wait_until($restored + 1);
    $load->stop;
    $load->wait;
    check_restored($n, $load, $backups{$dir}, \%before);
    File::Path::remove_tree($old, @dirs);
}

trial($_) for 1 .. $trials;
is(join("\n", @violations), '', "$trials times restored: no violation");
$oracle->report('F34', $trials, scalar @violations, $seed);
$t->done;
