# Promise: an account whose file is damaged, or fails for long, does not hold
# the spool of the others: its frames are parked, unchanged, and counted
# exactly once when the file is well again, through kills and a segment that
# comes back.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use File::Copy qw(copy);
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, conf => 'park_after_s 1',
    sites => ['a', ['b', 'other']]);
my ($agent, $store) = ($world->agent, $world->store);
my $file = $world->file('a');
my ($id) = $file =~ m{([^/]+)\.db$};

sub drops { $store->value($world->file($_[0]), 'SELECT sum(n) FROM drops') // 0 }

# N events for each site and one counts frame that tells of both.
sub write_events {
    my ($n) = @_;
    my $segment = $world->segment;
    for my $i (1 .. $n) {
        $segment->event(site => "$_.example", visitor => $i, path => "/$i")
            for qw(a b);
    }
    $segment->counts(map { ["$_.example", 'shield', 3] } qw(a b));
    $segment->close;
    return $segment;
}

# ---- a damaged file ----

write_events(10);
$t->soon('all is well at first', sub { $world->rows('a') == 10 && !$world->segments });
$agent->stop;
copy($file, $t->path('good.db')) or die "copy: $!\n";
spew($file, 'no database at all' x 1000);
$agent->start;
my $kept = write_events(20);
link $kept->path, $t->path('kept') or die "link: $!\n";
$t->soon('the other account goes on', sub { $world->rows('b') == 30 });
$t->soon('the damaged one lets go of the spool', sub { !$world->segments });
is(scalar($world->parked('a')), 1, 'its frames are parked');
unlike(slurp(($world->parked('a'))[0]), qr/b\.example.*b\.example/s,
    'and not those of the other account');

# ---- the unlink of the segment was not durable ----

$agent->kill9;
rename $t->path('kept'), $kept->path or die "rename: $!\n";
$agent->start;
$t->soon('parked already: let go again', sub { !$world->segments });
is(scalar($world->parked('a')), 1, 'not parked a second time');
is($world->rows('b') . ' ' . drops('b'), '30 6', 'the other account took it once');
write_events(5);
$t->soon('it goes on so', sub { $world->parked('a') == 2 && !$world->segments });
my $status = $agent->json('status');
is($status->{parked}{$id}, 27, 'status tells how much is parked');
is(scalar(grep { $_->{kind} eq 'read_only' } @{$status->{conditions}}), 1,
    'and that the account is read-only');

# ---- well again ----

my ($refused, undef, $why) = $agent->glinto('site', 'remove', 'a.example', '--yes');
is($refused, 1, 'its sites stay where they are meanwhile');
like($why, qr/could not be stored yet/, 'with the reason');
($refused) = $agent->glinto('site', 'move', 'a.example', '--account', 'other');
is($refused, 1, 'nor is one moved');
$agent->kill9;
unlink glob "$file-*";
copy($t->path('good.db'), $file) or die "copy: $!\n";
write_events(1);
$agent->start;
$t->soon('parked and new frames are counted', sub { $world->rows('a') == 36 });
$t->soon('nothing is parked any more', sub { !$world->parked('a') && !$world->segments });
is(drops('a'), 12, 'counts frames too');
is($world->rows('b') . ' ' . drops('b'), '36 12', 'once for the other account');

# ---- failing for long, without a restart ----

my $lock = DBI->connect("dbi:SQLite:dbname=$file", '', '',
    {RaiseError => 1, PrintError => 0});
my $half = $world->segment;
$half->event(site => 'a.example', visitor => $_) for 1 .. 3;
$t->soon('a part of a segment is counted', sub { $world->rows('a') == 39 });
$lock->do('BEGIN IMMEDIATE');
$half->event(site => 'a.example', visitor => $_) for 1 .. 4;
$half->event(site => 'b.example', visitor => $_) for 1 .. 3, 1 .. 4;
$half->close;
$t->soon('a locked file is parked in time',
    sub { $world->parked('a') == 1 && !$world->segments }, 30);
$agent->kill9;
$agent->start;
is($world->rows('a'), 39, 'a kill changes nothing');
$lock->do('ROLLBACK');
$lock->disconnect;
$t->soon('unlocked: all rows are there', sub { $world->rows('a') == 43 }, 30);
$t->soon('nothing is left', sub { !$world->parked('a') && !$world->segments });
write_events(2);
$t->soon('it takes new frames', sub { $world->rows('a') == 45 && $world->rows('b') == 45 });
$agent->stop;
is($world->rows('a') . ' ' . drops('a') . ' ' . $world->rows('b') . ' ' . drops('b'),
    '45 15 45 15', 'exactly once each');
is($store->value($file, 'SELECT count(*) FROM sessions'),
    $store->value($world->file('b'), 'SELECT count(*) FROM sessions'),
    'and the visits are those of the account that never failed');
is($store->integrity, 'ok', 'all files are well');

$t->done;
