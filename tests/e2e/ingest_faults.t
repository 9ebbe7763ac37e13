# Promise: an account whose file fails holds up nobody else and loses nothing:
# its frames wait in the spool and are applied once the file works.  A single
# frame that the database refuses is counted as rejected, alone.

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
$agent->glinto('account', 'add', 'other');
$agent->site('a.example');
$agent->site('b.example', '--account', 'other');
my %file = map { $_ => $store->site("$_.example") } qw(a b);

sub rows { $store->value($file{$_[0]}, 'SELECT count(*) FROM events') }
sub write_events {
    my ($n, %clock) = @_;
    my $segment = Glinto::Segment->create($t->path('spool'), %clock);
    for my $i (1 .. $n) {
        $segment->event(site => "$_.example", visitor => $i, path => "/$i")
            for qw(a b);
    }
    $segment->close;
}
sub no_segments { my @left = glob $t->path('spool/*.seg'); return !@left }

sub database {
    my ($file) = @_;
    return DBI->connect("dbi:SQLite:dbname=$file", '', '',
        {RaiseError => 1, PrintError => 0});
}

# ---- locked by somebody else ----

my $lock = database($file{a});
$lock->do('BEGIN IMMEDIATE');
write_events(50);
$t->soon('the other account has its rows', sub { rows('b') == 50 }, 20);
is(rows('a'), 0, 'the locked one has none');
ok(!no_segments(), 'its frames wait in the spool');
write_events(30, wall_ms => 1000 * (time + 86_400)); # not believed
$t->soon('the other one goes on', sub { rows('b') == 80 }, 20);
$lock->do('ROLLBACK');
$lock->disconnect;
$t->soon('unlocked: all rows are there', sub { rows('a') == 80 }, 30);
$t->soon('and the spool is empty', \&no_segments);
is(rows('a') . ' ' . rows('b'), '80 80', 'exactly once each');
is($agent->json('status')->{ingest}{clock_suspect}, 60,
    'so are times that are not believed');

# ---- killed while it waits ----

$lock = database($file{a});
$lock->do('BEGIN IMMEDIATE');
write_events(20);
$t->soon('again only the other one', sub { rows('b') == 100 }, 20);
$agent->kill9;
$lock->do('ROLLBACK');
$lock->disconnect;
$agent->start;
$t->soon('after a start: all rows', sub { rows('a') == 100 }, 20);
$t->soon('and an empty spool', \&no_segments);
is(rows('b'), 100, 'the other one took nothing twice');

# ---- one frame that is refused ----

my $rule = database($file{a});
$rule->do(q{CREATE TRIGGER poison BEFORE INSERT ON events WHEN NEW.path =
    (SELECT code FROM paths WHERE text = '/7')
    BEGIN SELECT RAISE(ABORT, 'poison'); END});
$rule->disconnect;
write_events(10);
$t->soon('the other frames are rows', sub { rows('a') == 109 });
$t->soon('and the spool is empty after that', \&no_segments);
is($store->value($file{a}, 'SELECT n FROM drops WHERE reason = ?', 'rejected'),
    1, 'the refused frame is counted');
is(rows('b'), 110, 'the other account has all of them');

# ---- an account's file that fails at TERM ----

$agent->stop;
is($store->integrity, 'ok', 'all files are well');
is($store->value($file{a}, 'SELECT count(*) FROM sessions'),
    $store->value($file{a}, 'SELECT count(DISTINCT visitor) FROM events'),
    'one visit a visitor, through every rollback');

$t->done;
