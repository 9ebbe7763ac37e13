# Promise: a site of many rows can be moved, imported into, and removed, while
# others are counted: their newest row is never more than 250 ms late, no log
# grows beyond 64 MiB, the site itself goes on being counted, and a kill -9 at
# any moment changes no number.
#
# Method: the rows are of the day before, since a site's first event in another
# account reads those of today.  Events of another account and of the site
# itself come all the time; after each the file is asked when it is there.
# Alone: it times rows.
# Check: 300,000 rows are moved, imported and removed.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;
use POSIX ();
use Time::HiRes ();

my $t = Glinto::Test->new(limit_s => 300);
my $ROWS = $ENV{GLINTO_ROWS} // ($t->san ? 30_000 : 300_000);
my $LATE_S = $t->slow(0.25); # or three times what it is without a verb
my $agent = $t->aggregator;
my $store = Glinto::Store->new($t->path('data'));
$agent->glinto('account', 'add', $_) for 'third', 'other';
$agent->site('big.example');
$agent->site('steady.example', '--account', 'third');
my $steady_file = $store->site('steady.example');
my $first_file = $store->site('big.example');
system($t->build . '/tests/bench/fill-spool', $t->path('spool'),
    'big.example', $ROWS, 30) == 0 or die "fill-spool failed\n";
my $big = $store->value($store->meta, q(SELECT id FROM sites WHERE
    domain = 'big.example'));
sub rows { $store->sum("SELECT count(*) FROM events WHERE site = $big") }
$t->soon('all rows are there', sub { rows() == $ROWS }, 120);
$t->soon('and their visits are over', sub {
    !$store->sum('SELECT count(*) FROM sessions WHERE open = 1');
}, 30);
my %log_before = map { $_ => -s } glob $t->path('data/acct/*-wal');

my $sent_big = $ROWS;
my ($worst, $log) = (0, 0);

# While $BUSY->() is true an event of each site comes every 20 ms.
sub count_while {
    my ($busy) = @_;
    my $steady = Glinto::Segment->create($t->path('spool'));
    my $own = Glinto::Segment->create($t->path('spool'));
    my ($sent, %at) = (0);
    my $seen = my $before = $store->value($steady_file,
        'SELECT count(*) FROM events');
    my ($next, $n) = (0, 0);
    while ((my $on = $busy->()) || $seen < $before + $sent) {
        my $now = Time::HiRes::time();
        if ($on && $now >= $next) {
            $steady->event(site => 'steady.example', visitor => 5);
            $own->event(site => 'big.example', visitor => 1 + $n % 50,
                path => '/own');
            $at{++$sent} = Time::HiRes::time();
            ($next, $sent_big) = ($now + 0.02, $sent_big + 1);
        }
        my $rows = $store->value($steady_file, 'SELECT count(*) FROM events');
        $now = Time::HiRes::time();
        for (; $seen < $rows; $seen++) {
            my $late = $now - $at{$seen + 1 - $before};
            $worst = $late if $late > $worst;
        }
        for my $file (glob $t->path('data/acct/*-wal')) {
            my $bytes = -s $file // 0;
            $log = $bytes
                if $bytes > $log && $bytes > ($log_before{$file} // 0);
        }
        last if ++$n > 200_000;
    }
    $_->close for $steady, $own;
}

sub glinto_while {
    my (@verb) = @_;
    my $start = Time::HiRes::time();
    my $pid = $t->spawn('verb', $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), @verb);
    count_while(sub { $t->alive($pid) });
    diag(sprintf "%s of %d rows: %.1f s, others at most %.0f ms late, log %.1f"
        . ' MiB, longest turn %d ms', "@verb[0, 1]", $ROWS,
        Time::HiRes::time() - $start, $worst * 1000, $log / 2**20,
        $agent->json('status')->{ingest}{longest_turn_ms});
}

sub whole {
    my ($when) = @_;
    $t->soon("$when: every event is a row, once",
        sub { rows() == $sent_big }, 10);
    is($store->value($store->site('big.example'), "SELECT count(*) FROM
        events WHERE site = $big"), $sent_big, "$when: in one file");
    is($store->integrity, 'ok', "$when: the files are whole");
}

# The first events of a site have it read its rows.
sub warm {
    my $until = Time::HiRes::time() + 1;
    $worst = 0;
    count_while(sub { Time::HiRes::time() < $until });
}
warm();
warm();
my $most = 3 * $worst > $LATE_S ? 3 * $worst : $LATE_S;
diag(sprintf 'without a verb: at most %.0f ms late', $worst * 1000);
$worst = 0;

glinto_while('site', 'move', 'big.example', '--account', 'other');
cmp_ok($worst, '<', $most, 'moved: others in time');
cmp_ok($log, '<', 64 * 2**20, 'moved: no log beyond 64 MiB');
isnt($store->site('big.example'), $first_file, 'it is elsewhere');
whole('moved');
like($agent->glinto('check', 'data'), qr/ 0 faults$/m,
    'visits and words add up');

for my $trial (1 .. 3) {
    my $pid = $t->spawn('verb', $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), 'site', 'move', 'big.example', '--account',
        'default');
    my $moment = Time::HiRes::time() + $trial * 0.3;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment });
    $agent->kill9;
    $t->ended($pid);
    $agent->start;
    $agent->glinto('site', 'move', 'big.example', '--account',
        $trial % 2 ? 'default' : 'other');
    whole("killed after 0." . 3 * $trial . ' s, said again');
}

# An import's end makes the visits of its days.
my $lines = $t->path('lines');
open my $out, '>', $lines or die "$lines: $!\n";
printf $out '{"kind":"pageview","visitor":"v%d","at":"%s","path":"/%d"}'
    . "\n", $_ / 7, POSIX::strftime('%FT%TZ', gmtime time - 86400 - $_ % 7200),
    $_ % 50 for 1 .. $ROWS;
close $out or die "$lines: $!\n";
warm();
$worst = $log = 0;
$sent_big += $ROWS;
glinto_while('import', '--site', 'big.example', '--format', 'events', $lines);
cmp_ok($worst, '<', $most, 'imported: others in time');
cmp_ok($log, '<', 64 * 2**20, 'imported: no log beyond 64 MiB');
whole('imported');

$worst = $log = 0;
glinto_while('site', 'remove', 'big.example', '--yes');
cmp_ok($worst, '<', $most, 'removed: others in time');
is(rows(), 0, 'and no row is left');
is($store->sum('SELECT count(*) FROM paths'), 1, 'nor a word');
$agent->stop;
$t->done;
