# Promise: events that wait in a folder of segments count once, also when the
# folder is copied, glintod reads the copy, restarts and goes on there, and
# then reads the first one; or the first one, and then the copy.  Positions of
# segments made since are forgotten as ever.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Segment;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my ($agent, $store) = ($world->agent, $world->store);
my $file = $world->file('a');

sub known { # databases that have a position in the segment ID
    my ($id) = @_;
    return grep { $store->value($_, 'SELECT count(*) FROM ingest
        WHERE seg = CAST(? AS BLOB)', $id) } $file, $store->meta;
}
sub segment {
    my ($folder, $n) = @_;
    my $segment = Glinto::Segment->create($t->path($folder));
    for (1 .. $n) {
        $segment->event(site => 'a.example', visitor => $_);
        $segment->event(site => 'unknown.example', visitor => $_);
    }
    $segment->close;
    return $segment->id;
}
sub empty {
    my ($folder) = @_;
    $t->soon("$folder is empty", sub { !(() = glob $t->path("$folder/*.seg")) });
}

$agent->stop;
my $copied = segment('spool', 10);
system('cp', '-a', $t->path('spool'), $t->path('copy')) == 0 or die "cp\n";
my $held = $store->held('a.example');
$agent->start(spool => 'copy');
$t->soon('a part of the copy is applied', sub { $world->dropped('unknown_site') == 10 });
$agent->kill9;
$agent->start;
$held->do('ROLLBACK');
empty('copy');
is($world->rows, 10, 'and the rest by the next glintod');

my $later = segment('copy', 1);
my $n = 11;
$t->soon('the position of a later segment goes, in both files', sub {
    my $to = ++$n;
    segment('copy', 1);
    $t->until("row $to", sub { $world->rows == $to });
    return !known($later);
}, 20);
is(scalar known($copied), 2, 'those of what was copied stay');

$agent->stop;
$agent->start(spool => 'spool');
empty('spool');
is($world->rows, $n, 'every event of the first folder is counted once');
is($world->dropped('unknown_site'), $n, 'also those of no account');

$agent->stop;
segment('spool', 5);
system('cp', '-a', $t->path('spool'), $t->path('later')) == 0 or die "cp\n";
for my $folder ('spool', 'later') {
    $agent->start(spool => $folder);
    empty($folder);
    $agent->stop;
}
is($world->rows, $n + 5, 'the other way round as well');
is($world->dropped('unknown_site'), $n + 5, 'also those of no account');
is($store->integrity, 'ok', 'the files are well');

$t->done;
