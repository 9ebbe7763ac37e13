# Promise: a city that is cut from its server says on its pages, in live
# numbers and in status since when events of other machines may be missing;
# when it is back it says so no more.  One from nothing says so from its first
# page on, until it has all.
#
# Slow: it waits until a city is 15 s behind.
# Check: it starts PostgreSQL.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 240);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $mad = Glinto::Cities->city($t, 'mad', $fra, sites => ['a']);
my $edge = Glinto::Cities->edge($t, 'e1', $fra);
$edge->segment->event(site => 'a.example', visitor => 5)->close;
$t->soon('an event', sub { $mad->world->rows == 1 }, 30);

my $agent = $mad->world->agent;
my $said = qr/Events since \d\d?:\d\d.* from another machine are not here yet/;
sub page { $agent->dashboard('GET', '/glinto/a.example', undef,
    {'Accept-Language' => 'en'})->{body} }
sub edges { ($agent->json('status')->{follow} // {})->{edges} // {} }

$t->soon('nothing is old', sub { !grep { $_ eq 'behind' } $mad->world->told }, 30);
$t->soon('status says how old', sub { (edges()->{e1}{behind_s} // 99) < 15 }, 30);
unlike(page(), $said, 'the page says nothing');

$fra->stop;
$t->soon('status says so', sub { grep { $_ eq 'behind' } $mad->world->told }, 40);
cmp_ok(edges()->{e1}{behind_s}, '>', 14, 'with seconds');
$t->soon('the page says so', sub { page() =~ $said });
like($agent->dashboard('GET', '/glinto/a.example', undef,
    {'Accept-Language' => 'de'})->{body},
    qr/Ereignisse einer anderen Maschine seit/, 'in the reader\'s language');
ok((grep { $_->{kind} eq 'behind' } @{$agent->live('a.example')->{conditions}}),
    'live numbers say so');

$fra->start;
$t->soon('back', sub { !grep { $_ eq 'behind' } $mad->world->told }, 40);
$t->soon('the page says nothing', sub { page() !~ $said });

# ---- from nothing: the first change cannot be made ----

$fra->stop;
my $par = Glinto::Cities->city($t, 'par', $fra);
my $lock = DBI->connect('dbi:SQLite:dbname=' . $par->world->store->meta, '',
    '', {RaiseError => 1, PrintError => 0});
$lock->do('BEGIN IMMEDIATE');
$fra->start;
$t->soon('it has not all', sub {
    grep { $_ eq 'behind' } $par->world->told }, 40);
$lock->do('ROLLBACK');
$lock->disconnect;
$t->soon('it has all', sub { $par->world->rows == 1
    && !grep { $_ eq 'behind' } $par->world->told }, 40);
$t->done;
