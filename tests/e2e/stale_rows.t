# Promise: the position of a segment that is gone is forgotten, also when that
# could not be told at the start because a file waited that glintod cannot
# read: once it is gone or read the rows go.  Until then they stay: the file
# may be the very segment.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $store = Glinto::Store->new($t->path('data'));
$agent->site('a.example');
my $file = $store->site('a.example');
my $GONE = 'g' x 16;
sub positions {
    my ($in) = @_;
    return $store->value($in, 'SELECT count(*) FROM ingest WHERE seg = '
        . 'CAST(? AS BLOB)', $GONE);
}
sub rows { $store->value($file, 'SELECT count(*) FROM events') }
sub event { # glintod forgets with a file's next commit
    my ($n) = @_;
    my $segment = Glinto::Segment->create($t->path('spool'));
    $segment->event(site => 'a.example', visitor => $n);
    $segment->event(site => 'unknown.example', visitor => $n);
    $segment->close;
    $t->until("row $n", sub { rows() == $n });
}

event(1);
$agent->stop;
for my $in ($file, $store->meta) {
    my $db = DBI->connect("dbi:SQLite:dbname=$in", '', '', {RaiseError => 1});
    $db->do('INSERT INTO ingest (seg, upto) VALUES (CAST(? AS BLOB), 7)',
        undef, $GONE);
    $db->disconnect;
}
my $newer = Glinto::Segment->create($t->path('spool'), major => 9);
$newer->event(site => 'a.example', visitor => 1);
my $path = $newer->path;
$newer->close;
$agent->start;
event(2);
event(3);
is(positions($file) . positions($store->meta), '11',
    'while a file waits, positions stay');
unlink $path;
my $n = 3;
$t->soon('once it is gone they go, in both files', sub {
    event(++$n);
    return !positions($file) && !positions($store->meta);
}, 20);
is($store->integrity, 'ok', 'the files are well');
$t->done;
