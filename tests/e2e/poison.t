# Promise: a frame that ends glintod costs itself and two restarts, whichever
# way it does it: it is counted as "crash", a copy lies in bad/, everything
# around it is counted once, from the spool or parked.  A kill from outside,
# however often, is held against no frame.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use Glinto::Test;
use Glinto::World;
use POSIX qw(SIGABRT SIGKILL SIGSEGV);

my $t = Glinto::Test->new;
plan skip_all => 'a crash is a report there, and the library comes second'
    if $t->san || $t->valgrind;
my $library = $t->path('match.so');
system('cc', '-shared', '-fPIC', '-O0', '-o', $library,
    "$FindBin::Bin/poison_match.c") == 0 or die "no library\n";
my $world = Glinto::World->new($t, sites => ['a'],
    env => {LD_PRELOAD => $library}, conf => 'park_after_s 1');
my ($agent, $store) = ($world->agent, $world->store);

sub parked_folder { $store->site('a.example') =~
    s{acct/(.*)\.db$}{parked/$1}r }

# 20 events; the one numbered BAD has the agent POISON.  MORE: a frame that
# says nothing.
sub write_events {
    my ($bad, $poison, $more) = @_;
    my $segment = $world->segment;
    for my $i (1 .. 20) {
        $segment->event(site => 'a.example', visitor => $i, path => "/$i",
            agent => 'Mozilla/5.0 (X11; Linux x86_64; '
                . ($i == $bad ? $poison : "rv:$i.0") . ') Firefox/140.0');
    }
    $segment->frame(1, 'no event') if $more;
    $segment->close;
    return $segment;
}

# The signal that ends the running or a new glintod.
sub life {
    my $pid = $agent->pid;
    if (!$pid) {
        eval { $agent->start };
        $pid = $agent->pid;
    }
    my $status = $t->ended($pid, 20);
    delete $agent->{pid};
    return $status & 127;
}

my $all = 0;
for my $case (['poison-abort', SIGABRT, 7], ['poison-segv', SIGSEGV, 20],
    ['poison-segv', SIGSEGV, 1]) {
    my ($poison, $signal, $bad) = @$case;
    my $before = $world->dropped('crash');
    my $segment = write_events($bad, $poison);
    is(life(), $signal, "$poison at $bad ends glintod");
    is(life(), $signal, 'and the next one');
    $agent->start;
    $all += 19;
    $t->soon('the third counts all others', sub { $world->rows('a') == $all });
    $world->empty('and the spool is empty');
    is($world->dropped('crash'), $before + 1, 'one frame is counted as "crash"');
    my $copy = unpack('H*', $segment->id) . "-$bad.frame";
    like(slurp($t->path("spool/bad/$copy")), qr/$poison/, 'a copy is kept');
}

# ---- read again, as after an unlink that was not durable ----

my $held = write_events(5, 'poison-abort');
link $held->path, $t->path('held') or die "link: $!\n";
life() for 1 .. 2;
$agent->start;
$all += 19;
$t->soon('once more', sub { $world->rows('a') == $all && !$world->segments });
$agent->kill9;
is($world->dropped('crash'), 4, 'four frames ended glintod so far');
rename $t->path('held'), $held->path or die "rename: $!\n";
$agent->start;
$world->empty('the same segment again is read and let go');
is($world->dropped('crash') . ' ' . $world->rows('a'), "4 $all", 'nothing is counted twice');

# ---- among parked frames ----

my $lock = DBI->connect('dbi:SQLite:dbname=' . $store->site('a.example'), '',
    '', {RaiseError => 1, PrintError => 0});
$lock->do('BEGIN IMMEDIATE');
# meta.db is past the poisonous frame before it is known as one
my $parked = write_events(9, 'poison-abort', 'more');
$world->empty('frames of a locked file are parked', 20);
is($world->rows('a'), $all, 'and not counted');
$lock->do('ROLLBACK');
$lock->disconnect;
life() for 1 .. 2;
$agent->start;
$all += 19;
$t->soon('the third glintod counts all others', sub { $world->rows('a') == $all });
$t->soon('nothing is parked any more', sub { !-e parked_folder() });
is($world->dropped('crash'), 5, 'one frame more is counted as "crash"');
is($store->value($store->meta,
    q{SELECT sum(n) FROM drops WHERE reason = 'undecodable'}), 1,
    'and one as undecodable');
my $copy = unpack('H*', $parked->id) . '-9.frame';
like(slurp($t->path("spool/bad/$copy")), qr/poison-abort/, 'a copy is kept');

# ---- killed from outside ----

my $open = $world->segment;
for my $i (1 .. 12) {
    $open->event(site => 'a.example', visitor => 1, path => "/open/$i")
        for 1 .. 500;
    $agent->kill9;
    $agent->start;
}
$open->close;
$t->soon('twelve kills lose nothing', sub { $world->rows('a') == $all + 6000 }, 20);
$world->empty('and the spool is empty after that');
is($world->dropped('crash'), 5, 'and blame no frame');

# ---- no memory ----

write_events(4, 'poison-memory');
isnt(life(), 0, 'want of memory ends glintod') for 1 .. 3;
$agent->start(env => {});
like($agent->log, qr/ended by signal \d+: there was no memory/, 'is told');
$t->soon('all are counted with memory', sub { $world->rows('a') == $all + 6020 });
is($world->dropped('crash'), 5, 'no frame is to blame');

$t->done;
