# Promise: the position of a segment that is gone is forgotten, also when that
# could not be told at the start because a file waited that glintod cannot
# read: once it is gone or read the rows go.  Until then they stay: the file
# may be the very segment.

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
my $file = $world->file('a');
my $GONE = 'g' x 16;
sub positions {
    my ($in) = @_;
    return $store->value($in, 'SELECT count(*) FROM ingest WHERE seg = '
        . 'CAST(? AS BLOB)', $GONE);
}
sub event { # glintod forgets with a file's next commit
    my ($n) = @_;
    my $segment = $world->segment;
    $segment->event(site => 'a.example', visitor => $n);
    $segment->event(site => 'unknown.example', visitor => $n);
    $segment->close;
    $t->until("row $n", sub { $world->rows == $n });
}

event(1);
$agent->stop;
for my $in ($file, $store->meta) {
    my $db = DBI->connect("dbi:SQLite:dbname=$in", '', '', {RaiseError => 1});
    $db->do('INSERT INTO ingest (seg, upto) VALUES (CAST(? AS BLOB), 7)',
        undef, $GONE);
    $db->disconnect;
}
my $newer = $world->segment(major => 9);
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
