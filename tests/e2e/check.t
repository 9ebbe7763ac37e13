# Promise: glinto check data finds nothing wrong with data that was counted,
# and finds each kind of damage: it names the file and the fault and ends
# with 1, --json too.  It changes nothing and needs no stop of glintod.
#
# Method: real events first; then glintod is stopped, one thing at a time is
# broken with a foreign SQLite, checked, and put right again.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use File::Copy qw(copy);
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $store = Glinto::Store->new($t->path('data'));
$agent->site('a.example');
my $from_ms = int(1000 * (time - 3 * 3600));
my $segment = Glinto::Segment->create($t->path('spool'),
    wall_ms => $from_ms);
for my $i (1 .. 300) {
    my %event = (site => 'a.example', visitor => 1 + $i % 30,
        at_ms => $from_ms + $i * 20_000);
    $segment->event(%event, path => '/' . $i % 7);
    $segment->event(%event, path => '/' . $i % 7) if $i % 11 == 0; # refresh
    $segment->event(%event, kind => 2, name => 'Signup') if $i % 5 == 0;
    $segment->event(%event, kind => 3, engagement_ms => 900,
        scroll_depth => 50) if $i % 3 == 0;
}
$segment->counts(['a.example', 'prefetch', 4]);
$segment->close;
my $file = $store->site('a.example');
# Of one commit: an open visit may come between two questions.
$t->soon('visits are closed', sub {
    $store->value($file, 'SELECT count(*) > 0 AND total(open) = 0
        AND NOT EXISTS (SELECT 1 FROM late_visitors) FROM sessions');
}, 40);

sub check {
    my ($status, $out, $err) = $agent->glinto('check', 'data');
    return "$status $out$err";
}

is(check(), "0 2 files checked, 0 faults\n", 'counted data has no fault');
is_deeply($agent->json('check', 'data')->{faults}, [], 'nor as JSON');
my ($misuse) = $agent->glinto('check', 'nonsense');
is($misuse, 2, 'there is only data to check');

# ---- each kind of fault ----

my $meta = $store->meta;
my @faults = (
    [$file, 'DELETE FROM paths WHERE code = (SELECT min(code) FROM paths)',
        qr/\d+ events\.path: codes without a word in paths/],
    [$file, 'UPDATE sessions SET agent = 999999 WHERE id = (SELECT min(id) FROM
        sessions)', qr/1 sessions\.agent: codes without a word in agents/],
    [$file, "INSERT INTO ingest VALUES (x'01', 7, 0)", qr/1 positions/],
    [$file, 'UPDATE sessions SET pageviews = pageviews + 1 WHERE id = (SELECT
        min(id) FROM sessions)', qr/1 sites whose visits do not add up/],
    [$file, 'DELETE FROM sessions WHERE id = (SELECT max(id) FROM sessions)',
        qr/1 sites whose visits do not add up/],
    [$file, 'UPDATE sessions SET id = 1000000 WHERE id = (SELECT max(id) FROM
        sessions)', qr/1 visits whose first event is not there/],
    [$file, 'UPDATE day_rows SET last_id = last_id - 1',
        qr/\d events that no stretch of their day covers/],
    [$file, "UPDATE drops SET n = -1", qr/1 drops that are no number/],
    [$file, "INSERT INTO sealed_pieces VALUES (1, 7, 0, 0, 5, x'00')",
        qr/1 pieces of sealed days that are damaged/],
    # the last day: yesterday is sealed, two hours after its end
    [$file, "INSERT INTO sealed_days SELECT site, day, 1, 2, x'' FROM day_rows
        ORDER BY day DESC LIMIT 1",
        qr/1 sealed days of which pieces are missing/],
    [$file, "INSERT INTO sealed_days VALUES (77, 1, 1, 0, x'')",
        qr/1 sealed days of which there are no rows/],
    [$file, "INSERT INTO drops VALUES (77, 1, 'prefetch', 1)",
        qr/rows of site 77, which is not of this account/],
    [$meta, "INSERT INTO tokens VALUES ('x', 'nobody', '', x'00', 1, 1)",
        qr/1 sites or tokens of an account that is not there/],
    [$meta, "INSERT INTO drops VALUES (1, 'invalid', 'many')",
        qr/1 drops that are no number/],
);

# glintod stopped, its file changed by CODE, checked, put back.
sub broken {
    my ($of, $code, $want) = @_;
    my ($name) = $of =~ m{/data/(.*)};
    $agent->stop;
    copy($of, $t->path('good')) or die $!;
    $code->();
    $agent->start;
    my ($status, $out) = $agent->glinto('check', 'data');
    is($status, 1, "$want: exit status 1");
    like($out, qr/^\Q$name\E: $want/m, 'file and fault');
    my $n = () = $out =~ /^\Q$name\E: /mg;
    like($out, qr/, $n fault@{[$n == 1 ? '' : 's']}\n\z/, "$n in all");
    $agent->stop;
    unlink "$of-wal", "$of-shm";
    copy($t->path('good'), $of) or die $!;
    $agent->start;
}

for my $fault (@faults) {
    my ($of, $sql, $want) = @$fault;
    broken($of, sub {
        my $db = DBI->connect("dbi:SQLite:dbname=$of", '', '',
            {RaiseError => 1});
        $db->do('PRAGMA foreign_keys = OFF');
        $db->do($sql) > 0 or die "nothing broken: $sql\n";
    }, $want);
}

# An index that lost an entry: SQLite's own check.
broken($file, sub {
    my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '', {RaiseError => 1});
    my ($page) = $db->selectrow_array('SELECT rootpage FROM sqlite_schema
        WHERE name = ?', {}, 'sqlite_autoindex_paths_1');
    $db->do('PRAGMA wal_checkpoint(TRUNCATE)');
    $db->disconnect;
    open my $raw, '+<:raw', $file or die $!;
    seek $raw, ($page - 1) * 4096 + 3, 0;
    print $raw "\0\1"; # one cell is left of several
    close $raw or die $!;
}, qr/integrity: /);

is(check(), "0 2 files checked, 0 faults\n", 'put right, no fault is left');
$t->done;
