# Promise: who follows conf/OPERATORS.md to the letter loses nothing that could
# be kept: a damaged file repaired by what can still be read keeps the commits
# of its log, and a restore, of one file or of everything, counts what waits in
# the spool and what was set aside.  The unit's glintod may write where
# glinto.conf says.
#
# Method: the page's own blocks of commands, with the paths of the test.  The
# test stops and starts glintod where the page says so.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use DBD::SQLite::Constants qw(SQLITE_OPEN_READONLY);
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $store = Glinto::Store->new($t->path('data'));
$agent->site('a.example');
my $file = $store->site('a.example');
my ($id) = $file =~ m{([^/]+)\.db$};
my @blocks = slurp($t->root . '/conf/OPERATORS.md') =~ /^```\n(.*?)^```$/msg;
my $sent = 0;

# The one block of the page that has WORDS.
sub block {
    my ($words) = @_;
    my @found = grep { /\Q$words\E/ } @blocks;
    die "blocks with \"$words\": " . @found . "\n" if @found != 1;
    return $found[0];
}

sub run_here {
    my ($commands) = @_;
    my %here = ('/var/lib/glinto' => $t->dir, 'ID.db' => "$id.db",
        '/var/backups/glinto/2026-11-23' => $t->path('backup'));
    my $old = join '|', map { quotemeta } keys %here;
    $commands =~ s/($old)/$here{$1}/g;
    spew($t->path('commands'), "set -e\nchown() { :; }\n$commands");
    my $said = qx(bash @{[$t->path('commands')]} 2>&1);
    is($? >> 8, 0, 'the commands do it') or diag($commands, $said);
}

# BLOCK, or with OTHER in the place of its cp.
sub follow {
    my ($block, $other) = @_;
    my ($before, $after) = $block =~ /\Asystemctl\ stop\ glintod\n(.*)
        ^systemctl\ start\ glintod\n(.*)/msx or die "cannot follow\n$block";
    $before =~ s/^cp .*\n/$other/m if $other;
    $agent->stop;
    run_here($before);
    $agent->start;
    like($after, qr/^glinto status --wait .*^glinto check data$/ms,
        'then it is looked at');
}

sub send_events {
    my ($n, $path) = @_;
    my $segment = Glinto::Segment->create($t->path('spool'));
    for (1 .. $n) {
        $sent++;
        $segment->event(site => 'a.example', visitor => 1 + $sent % 40,
            path => $path // "/$sent");
    }
    return $segment;
}
sub rows { eval { $store->value($file, 'SELECT count(*) FROM events') } // 0 }
sub all_counted {
    my ($what) = @_;
    $t->soon("$what: all is counted", sub { rows() == $sent }, 20);
    like($agent->glinto('check', 'data'), qr/ 0 faults$/m, 'check finds nothing');
}
sub scribble {
    my ($at, $bytes) = @_;
    open my $out, '+<:raw', $file or die "$file: $!\n";
    seek $out, $at, 0;
    print $out $bytes;
    close $out or die "$file: $!\n";
}
sub read_only {
    $t->soon('damaged: the account is read-only', sub {
        grep { $_->{kind} eq 'read_only' } @{$agent->json('status')->{conditions}};
    });
}

# A reader of the account's file in the middle of what it reads.
sub held {
    my $reader = DBI->connect("dbi:SQLite:dbname=$file", '', '',
        {RaiseError => 1,
            sqlite_open_flags => SQLITE_OPEN_READONLY});
    $reader->begin_work;
    $reader->selectrow_array('SELECT count(*) FROM drops');
    return $reader;
}

# ---- the unit ----

my $unit = slurp($t->root . '/conf/glintod.service');
my ($folders) = $unit =~ /^ReadWritePaths=(.*)/m;
my $written = join '|', map { quotemeta s/^-//r } split ' ', $folders;
my @elsewhere = grep { !m{^(?:$written)/|^/(?:usr/share|etc/glinto)/} }
    slurp($t->root . '/conf/glinto.conf') =~ m{^\w+ (/.*)}mg;
is("@elsewhere", '', 'the unit lets glintod write to its folders');
like($unit, qr/^MemoryMax=1G$/m, 'its memory has a limit');
# Beside those that are always there: a backup or check, a file written anew,
# late visitors, two sites' objects, a day sealed, a site's silence.
my ($tasks) = $unit =~ /^TasksMax=(\d+)$/m;
my @threads = glob '/proc/' . $agent->pid . '/task/*';
cmp_ok(@threads + 7, '<=', $tasks, 'all its threads are within TasksMax');

# ---- no backup: what can still be read, with the log ----

send_events(600)->close;
all_counted('at first');
$agent->stop; # a clean end leaves no log
my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '', {RaiseError => 1});
my $pages = $db->selectcol_arrayref(
    q(SELECT pageno FROM dbstat WHERE name LIKE 'sqlite_autoindex_paths%'));
$db->disconnect;
$agent->start;
send_events(50, '/zz')->close; # the last page of the index
$t->soon('these are in the log only', sub { rows() == $sent }, 20);
my $reader = held(); # so that no checkpoint cuts the log
$agent->kill9;
scribble(($_ - 1) * 4096, 'x' x 4096) for @$pages;
$agent->start;
my $open = send_events(5, '/1');
read_only();
cmp_ok(-s "$file-wal", '>', 0, 'there is a log');
$reader->disconnect;
follow(block('ID.db-wal'), block('sqlite3 -readonly'));
all_counted('repaired by the dump');
$open->close;

# ---- one file of a backup ----

$t->soon('the segment is settled', sub { !(() = glob $t->path('spool/*.seg')) });
$agent->glinto('backup', $t->path('backup'));
sub damage {
    $agent->stop;
    scribble(0, 'x' x 100);
    $agent->start;
    send_events(30)->close;
    read_only();
    $t->soon('what came is set aside',
        sub { () = glob $t->path("data/parked/$id/*.seg") });
    return send_events(20);
}
$open = damage();
follow(block('ID.db-wal'));
all_counted('repaired by the backup');
$open->close;

# ---- everything ----

$t->soon('the segment is settled', sub { !(() = glob $t->path('spool/*.seg')) });
system('rm', '-rf', $t->path('backup')) == 0 or die;
$agent->glinto('backup', $t->path('backup'));
$open = damage();
follow(block('data.old'));
all_counted('all restored');
$agent->stop;
is($store->integrity, 'ok', 'the files are whole');

$t->done;
