# Promise: what make bench judges by is what it says: the yardstick of applied
# events is the same rows, each once, in a table that SQLite has alone; no time
# is told of a process that is gone; and what differs from itself by more than
# 3 % means that nothing can be judged.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Bench qw(bare is_noisy);
use Glinto::Measure qw(cpu_ns faults);
use Glinto::Test;
use Glinto::World;

my $ROWS = 70_000; # more than a commit

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['demo']);
my ($agent, $store) = ($world->agent, $world->store);
system($t->build . '/tests/bench/fill-spool', $t->path('spool'),
    'demo.example', $ROWS) == 0 or die "fill-spool failed\n";
$t->soon('all are rows', sub { $world->rows == $ROWS }, 60);
cmp_ok(cpu_ns($agent->pid), '>', 0, 'glintod took time');
cmp_ok(bare($t, $ROWS), '>', 0, 'and so does SQLite alone');
my @all = map {
    join ' ', map { join ',', map { $_ // '-' } @$_{sort keys %$_} }
        $store->rows($_, 'SELECT * FROM events WHERE id % 97 = 0 ORDER BY id')
} $world->file('demo'), $t->path('bare.db');
ok($all[0] eq $all[1] && length $all[0] > 10_000, 'with the same rows');
is($store->value($t->path('bare.db'), 'SELECT count(*) FROM events'), $ROWS,
    'each once');
ok(!eval { bare($t, $ROWS + 1) }, 'other rows are no yardstick');

my $gone = $agent->pid;
$agent->stop;
is(eval { cpu_ns($gone) } // $@, "process $gone is gone\n", 'no time of it');
is(eval { faults($gone) } // $@, "process $gone is gone\n", 'nor faults');
is(join(' ', map { is_noisy(0.9, $_, 1.2) ? 'noisy' : 'quiet' }
    0.96, 0.971, 1.029, 1.04), 'noisy quiet quiet noisy', '3 % off itself');
$t->done;
