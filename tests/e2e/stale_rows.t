# Promise: the position of a segment goes when the segment is gone, and stays
# while it may be read again: in the spool, though this glintod cannot read it,
# or, of segments made before it started, from a copy of the folder, for a
# year.  That holds for an account's file and for meta.db.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my ($agent, $store) = ($world->agent, $world->store);
my @files = ($world->file('a'), $store->meta);
my $DAY_MS = 86_400_000;
my $now_ms = 1000 * time;

sub event { # glintod forgets with a file's next commit
    my ($n) = @_;
    my $segment = $world->segment;
    $segment->event(site => 'a.example', visitor => $n);
    $segment->event(site => 'unknown.example', visitor => $n);
    $segment->close;
    $t->until("row $n", sub { $world->rows == $n });
}
sub change {
    my ($sql, @values) = @_;
    for my $file (@files) {
        my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '', {RaiseError => 1});
        $db->do($sql, undef, @values);
        $db->disconnect;
    }
}
# The letters of @ids that have a row, one set a file.
my %id = map { $_ => $_ x 16 } qw(g o y);
sub known {
    my @sets = map {
        my $file = $_;
        join '', grep { $store->value($file, 'SELECT count(*) FROM ingest
            WHERE seg = CAST(? AS BLOB)', $id{$_}) } sort keys %id;
    } @files;
    return "@sets";
}

event(1);
$agent->stop;
my $newer = $world->segment(major => 9);
$newer->event(site => 'a.example', visitor => 1);
my $path = $newer->path;
$newer->close;
$id{w} = $newer->id;
my %made_ms = (g => 0, o => $now_ms - 370 * $DAY_MS,
    y => $now_ms - 360 * $DAY_MS, w => 0);
change('INSERT INTO ingest (seg, upto, made) VALUES (CAST(? AS BLOB), 7, ?)',
    $id{$_}, $made_ms{$_}) for keys %id;
$agent->start;
my $n = 1;
$t->soon('what is gone is forgotten, but for what was made within a year',
    sub { event(++$n); known() eq 'wy wy' }, 20);
event(++$n);
is(known(), 'wy wy', 'what waits stays, though it cannot be read');
unlink $path;
$t->soon('until that is gone as well', sub { event(++$n); known() eq 'y y' }, 20);
is($store->integrity, 'ok', 'the files are well');
$t->done;
