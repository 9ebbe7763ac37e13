# Promise: a backup made at any moment under load is whole: each file says
# what one commit said, a prefix of the events and none twice.  Restored it
# goes on counting: what still waits in the spool is counted once, positions
# of segments long gone do no harm.  A backup holds no salt and nobody else
# can read it.
#
# Method: every event has a path of its own, so that rows say which events
# they are; backups run while the segment grows.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Find ();
use Glinto::Store;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', ['b', 'other']]);
my ($agent, $store) = ($world->agent, $world->store);
my $segment = $world->segment;
my $sent = 0;

sub send_event {
    $sent++;
    $segment->event(site => $_, visitor => 1 + $sent % 40, path => "/$sent")
        for qw(a.example b.example);
}

# How many events a site's file has, when they are the first so many; else a
# text.
sub prefix {
    my ($of, $domain) = @_;
    my ($row) = $of->rows($of->site($domain), <<'SQL');
SELECT count(*) AS n, count(DISTINCT text) AS words,
    max(CAST(substr(text, 2) AS INTEGER)) AS last
FROM events JOIN paths ON paths.code = events.path WHERE text <> '/old'
SQL
    my ($n, $words, $last) = @$row{qw(n words last)};
    $last //= 0;
    return $n == $words && $n == $last ? $n : "$n rows, $words, last $last";
}

sub files_in {
    my ($dir) = @_;
    my %mode;
    File::Find::find(sub {
        $mode{substr $File::Find::name, length $dir} =
            sprintf '%o', 07777 & (lstat)[2];
    }, $dir);
    return \%mode;
}

# ---- something of a size, so that a copy takes more than one step ----

my $old = $t->path('old.jsonl');
spew($old, join '', map {
    qq({"kind":"pageview","visitor":"v$_","path":"/old","title":")
        . "t$_ " x 20 . qq(","at":"2026-01-0@{[1 + $_ % 9]}T10:00:00Z"}\n)
} 1 .. 20_000);
$agent->glinto('import', '--site', 'a.example', '--format', 'events', $old);

# ---- backups under load ----

send_event();
$t->until('the segment is seen', sub { prefix($store, 'b.example') eq 1 });
my (@backups, $modes);
for my $n (1 .. 4) {
    my $dir = $t->path("backup-$n");
    send_event() for 1 .. 25;
    my $pid = $t->spawn("backup-$n", $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), 'backup', $dir, {log => $t->path('said')});
    send_event() while $t->alive($pid) && $sent < $n * 1_500;
    is($t->ended($pid, 60) >> 8, 0, "backup $n under load");
    $modes = files_in($dir); # before reading makes files of its own
    push @backups, Glinto::Store->new($dir);
}
like(slurp($t->path('said')), qr/^3 files, .* copied to /, 'says what it did');
my $last = 0;
for my $backup (@backups) {
    is($backup->integrity, 'ok', 'its files are whole');
    my ($of_a, $of_b) = map { prefix($backup, "$_.example") } qw(a b);
    like($of_a, qr/^\d+$/, 'one file is a prefix of the events');
    like($of_b, qr/^\d+$/, 'so is the other');
    cmp_ok($of_a, '>=', $last, 'never less than before');
    $last = $of_a;
}
cmp_ok($last, '>', 0, 'events were counted meanwhile');
my ($data) = grep { m{^/acct/} } sort keys %$modes;
is(join(' ', map { "$_=$modes->{$_}" } '', '/acct', '/meta.db', $data),
    "=700 /acct=700 /meta.db=600 $data=600", 'modes 0700 and 0600');
is(scalar(keys %$modes), 5, 'two accounts, meta.db, two folders: no salt');

# ---- refused ----

for my $case (['relative', 2, qr/absolute/],
    [$t->path('backup-4'), 1, qr/not empty/],
    [$t->path('data/inside'), 1, qr/data folder/],
    [$t->path('none/below'), 1, qr/No such file/]) {
    my ($status, undef, $err) = $agent->glinto('backup', $case->[0]);
    is($status, $case->[1], "$case->[0] is refused");
    like($err, $case->[2], 'with the reason');
}
ok(!-e $t->path('data/inside'), 'nothing was left in the data folder');


# ---- restore: killed, an older backup, the segment still there ----

sub restore {
    my ($n) = @_;
    rename $t->path('data'), $t->path("data-before-$n") or die $!;
    system('cp', '-a', $t->path("backup-$n"), $t->path('data')) == 0 or die;
}

$agent->kill9;
restore(2);
send_event() for 1 .. 50;
$agent->start;
$t->soon('restored: what is in the spool is counted once', sub {
    prefix($store, 'a.example') eq $sent
        && prefix($store, 'b.example') eq $sent;
}, 20);
$agent->glinto('backup', $t->path('backup-5'));

# ---- restore: the segment is long gone ----

sub positions {
    return $store->sum("SELECT count(*) FROM ingest WHERE seg = x'"
        . unpack('H*', $_[0]) . q('));
}

$segment->close;
$world->empty('the segment is settled');
$agent->stop;
my ($then, $gone) = ($sent, $segment->id);
restore(5);
is($store->sum('SELECT count(*) FROM ingest'), 2,
    'positions of a segment that is gone');
$segment = $world->segment;
send_event() for 1 .. 100;
$agent->start;
$t->soon('restored: new events are counted once', sub {
    prefix($store, 'a.example') eq $sent
        && prefix($store, 'b.example') eq $sent;
}, 20);
$segment->close;
$world->empty('the segment is settled');
my $since = $world->segment;
$segment = $since;
send_event();
$segment->close;
$world->empty('one more is settled');
$segment = $world->segment;
$t->soon('the positions of a segment made since are forgotten', sub {
    send_event(); # they go with a commit after a sync of the folder
    positions($since->id) == 0;
}, 20);
is(positions($gone), 2, 'the old ones stay: a copy of the folder may be read');
cmp_ok($sent, '>', $then + 100, 'as events went on');
like($agent->glinto('check', 'data'), qr/^3 files checked, 0 faults$/m,
    'check data finds nothing');
$agent->stop;
is($store->integrity, 'ok', 'all files are whole');

$t->done;
