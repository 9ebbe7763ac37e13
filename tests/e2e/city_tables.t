# Promise: the tables of the log are made again by the line that made them:
# what an older version had not is there then, and all else is as it was, also
# while machines write and after the night's job.
#
# Check: it starts PostgreSQL and a glintod.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 120);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $edge = Glinto::Cities->edge($t, 'e1', $fra);
my $city = Glinto::Cities->city($t, 'home', $fra, sites => ['a'],
    conf => 'log postgresql ' . $fra->conninfo . "\n");
my $rows = 0;
sub come {
    my ($what) = @_;
    my $segment = $edge->segment;
    $segment->event(site => 'a.example', visitor => ++$rows) for 1 .. 5;
    $segment->close;
    $t->soon($what, sub { $city->world->rows == $rows });
}
sub there {
    return join ', ', map { "$_: " . $fra->sql("SELECT count(*) FROM $_") }
        qw(chunk pack change sent);
}

come('events are counted');
$edge->command('night');
come('after the night, too');
# as a version without these had them
$fra->sql('ALTER TABLE night DROP COLUMN erased, DROP COLUMN kept');
$fra->sql('DROP TABLE kept, lost');
come('events go on without them');
my ($there, $slot) = (there(), $fra->sql('SELECT slot, packed FROM night'));
$fra->tables;
is(there(), $there, 'nothing is lost');
is($fra->sql('SELECT slot, packed FROM night'), $slot, 'or begun anew');
is($fra->sql('SELECT erased FROM night'), 0, 'what was missing is there');
is($fra->sql(q{SELECT count(*) FROM pg_partition_tree('chunk') WHERE isleaf}),
    1, 'no partition is made twice');
come('events go on');
like($city->command('night'), qr/^\d+ chunks/, 'and so does the night');
come('and on');
$t->done;
