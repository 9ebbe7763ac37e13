# Promise: an account whose file fails holds up nobody else and loses nothing:
# its frames wait in the spool and are applied once the file works.  A single
# frame that the database refuses is counted as rejected, alone.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', ['b', 'other']]);
my ($agent, $store) = ($world->agent, $world->store);
my $file = $world->file('a');

sub write_events {
    my ($n, %clock) = @_;
    my $segment = $world->segment(%clock);
    for my $i (1 .. $n) {
        $segment->event(site => "$_.example", visitor => $i, path => "/$i")
            for qw(a b);
    }
    $segment->close;
}

sub database {
    my ($file) = @_;
    return DBI->connect("dbi:SQLite:dbname=$file", '', '',
        {RaiseError => 1, PrintError => 0});
}

# ---- locked by somebody else ----

my $lock = database($file);
$lock->do('BEGIN IMMEDIATE');
write_events(50);
$t->soon('the other account has its rows', sub { $world->rows('b') == 50 }, 20);
is($world->rows('a'), 0, 'the locked one has none');
ok(scalar $world->segments, 'its frames wait in the spool');
write_events(30, wall_ms => 1000 * (time + 86_400)); # not believed
$t->soon('the other one goes on', sub { $world->rows('b') == 80 }, 20);
$lock->do('ROLLBACK');
$lock->disconnect;
$t->soon('unlocked: all rows are there', sub { $world->rows('a') == 80 }, 30);
$world->empty('and the spool is empty');
is($world->rows('a') . ' ' . $world->rows('b'), '80 80', 'exactly once each');
is($agent->json('status')->{ingest}{clock_suspect}, 60,
    'so are times that are not believed');

# ---- killed while it waits ----

$lock = database($file);
$lock->do('BEGIN IMMEDIATE');
write_events(20);
$t->soon('again only the other one', sub { $world->rows('b') == 100 }, 20);
$agent->kill9;
$lock->do('ROLLBACK');
$lock->disconnect;
$agent->start;
$t->soon('after a start: all rows', sub { $world->rows('a') == 100 }, 20);
$world->empty('and an empty spool');
is($world->rows('b'), 100, 'the other one took nothing twice');

# ---- one frame that is refused ----

my $rule = database($file);
$rule->do(q{CREATE TRIGGER poison BEFORE INSERT ON events WHEN NEW.path =
    (SELECT code FROM paths WHERE text = '/7')
    BEGIN SELECT RAISE(ABORT, 'poison'); END});
$rule->disconnect;
write_events(10);
$t->soon('the other frames are rows', sub { $world->rows('a') == 109 });
$world->empty('and the spool is empty after that');
is($store->value($file, 'SELECT n FROM drops WHERE reason = ?', 'rejected'),
    1, 'the refused frame is counted');
is($world->rows('b'), 110, 'the other account has all of them');

# ---- an account's file that fails at TERM ----

$agent->stop;
is($store->integrity, 'ok', 'all files are well');
is($store->value($file, 'SELECT count(*) FROM sessions'),
    $store->value($file, 'SELECT count(DISTINCT visitor) FROM events'),
    'one visit a visitor, through every rollback');

$t->done;
