package Glinto::Older;

# Files as an older glintod left them: each migration taken back, step by step.
#
#   my @steps = Glinto::Older->steps($t, 'account');    # (2, 3, ... 15)
#   Glinto::Older->back($t, 'account', $file, 15);      # of version 14 then
#
# steps(TEST, KIND)     numbers of the migrations of "account" or "meta"
# back(TEST, KIND, FILE, N)
#                       take step N back in a file that nobody has open
# What a step makes is dropped and a column that it adds, too; where it
# changes what is there, %BACK says how it was.

use strict;
use warnings;
use DBI;
use Glinto::Test qw(slurp);

my %BACK = (
    'account-3' => [
        'DROP VIEW event_props',
        q{UPDATE events SET props = (SELECT json_group_object(k.text, v.text)
            FROM json_each(events.props) AS p
            JOIN prop_keys AS k ON k.code = CAST(p.key AS INTEGER)
            JOIN prop_values AS v ON v.code = p.value)
            WHERE props IS NOT NULL},
        'DROP TABLE prop_keys', 'DROP TABLE prop_values'],
    # stretches without gaps
    'account-5' => [
        'DELETE FROM day_rows',
        'ALTER TABLE day_rows DROP COLUMN gaps',
        q{INSERT INTO day_rows (site, day, first_id, last_id)
            SELECT site, day, min(id), max(id) FROM (
                SELECT site, at / 86400000 AS day, id, id - row_number()
                    OVER (PARTITION BY site, at / 86400000 ORDER BY id) AS run
                FROM events) GROUP BY site, day, run}],
    'account-13' => [
        q{CREATE TABLE bots_before (
            site INTEGER NOT NULL, day INTEGER NOT NULL,
            reason TEXT NOT NULL, family TEXT NOT NULL, n INTEGER NOT NULL,
            PRIMARY KEY (site, day, reason, family)) WITHOUT ROWID},
        q{INSERT INTO bots_before SELECT site, day, reason, family, sum(n)
            FROM bots GROUP BY site, day, reason, family},
        'DROP TABLE bots', 'ALTER TABLE bots_before RENAME TO bots'],
    'account-16' => [
        q{CREATE TABLE served_before (site INTEGER NOT NULL,
            day INTEGER NOT NULL, family TEXT NOT NULL, reason TEXT NOT NULL,
            path TEXT NOT NULL, operator TEXT NOT NULL, kind TEXT NOT NULL,
            views INTEGER NOT NULL, refused INTEGER NOT NULL,
            missing INTEGER NOT NULL, failed INTEGER NOT NULL,
            PRIMARY KEY (site, day, family, reason, path)) WITHOUT ROWID},
        q{INSERT INTO served_before SELECT site, day, family, reason, path,
            min(operator), min(kind), sum(views), sum(refused), sum(missing),
            sum(failed) FROM served_bots
            GROUP BY site, day, family, reason, path},
        'DROP TABLE served_bots',
        'ALTER TABLE served_before RENAME TO served_bots'],
    'meta-4' => [
        'ALTER TABLE ingest DROP COLUMN made',
        q{CREATE TABLE spools (dev INTEGER NOT NULL, ino INTEGER NOT NULL,
            PRIMARY KEY (dev, ino)) WITHOUT ROWID}],
);

sub _files {
    my ($t, $kind) = @_;
    return map { m{/0*(\d+)-\Q$kind\E-} ? ($1 => $_) : () }
        glob $t->root . '/schema/migrations/*.sql';
}

sub steps {
    my ($class, $t, $kind) = @_;
    my %files = _files($t, $kind);
    return sort { $a <=> $b } keys %files;
}

# What takes back statements that only add.
sub _undo {
    my ($text, $step) = @_;
    my @undo;
    for (split /;\s*(?:--.*)?\n/, $text =~ s/^\s*--.*\n//mgr) {
        unshift @undo, /^\s*CREATE (?:UNIQUE )?(TABLE|VIEW|INDEX) (\w+)/
            ? "DROP $1 $2"
            : /^\s*ALTER TABLE (\w+) ADD COLUMN (\w+)/
            ? "ALTER TABLE $1 DROP COLUMN $2"
            : /^\s*(?:INSERT|UPDATE|PRAGMA|\z)/ ? ()
            : die "Glinto::Older: how is this taken back, in $step? $_\n";
    }
    return @undo;
}

# A column is dropped from a table's text, too, where comments are in the way.
sub _uncomment {
    my ($db) = @_;
    $db->do('PRAGMA writable_schema = ON');
    my $texts = $db->selectall_arrayref(
        q{SELECT rowid, sql FROM sqlite_schema WHERE sql LIKE '%--%'});
    $db->do('UPDATE sqlite_schema SET sql = ? WHERE rowid = ?', {},
        $_->[1] =~ s/--.*//gr, $_->[0]) for @$texts;
    $db->do('PRAGMA writable_schema = RESET');
}

sub back {
    my ($class, $t, $kind, $file, $n) = @_;
    my %files = _files($t, $kind);
    my $step = "$kind-$n";
    my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '',
        {RaiseError => 1, PrintError => 0});
    my $is = ($db->selectrow_array('PRAGMA user_version'))[0];
    $is == $n or die "$file has version $is, not $n\n";
    $db->do('PRAGMA journal_mode = WAL');
    $db->do('PRAGMA synchronous = OFF');
    _uncomment($db);
    $db->begin_work;
    $db->do($_) for @{$BACK{$step} // [_undo(slurp($files{$n}), $step)]};
    $db->do('PRAGMA user_version = ' . ($n - 1));
    $db->commit;
    $db->disconnect;
}

1;
