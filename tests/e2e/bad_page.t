# Promise: a page of the spool that the disk does not give is told while it
# fails, in the log, on the dashboard, by glinto status and the health check,
# and holds no other segment; when the disk gives it again, everything in it is
# counted once and nothing is told any more.
#
# What becomes of a page that fails for good: tests/unit/spool_pages.c.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Segment;
use Glinto::Test;
use Glinto::Told;
use Glinto::World;

my $EVENTS = 200; # 60 KiB: pages before and behind the bad one

my $t = Glinto::Test->new;
plan skip_all => 'a sanitizer must come first, and so must the library'
    if $t->san || $t->valgrind;
my $library = $t->path('bad_page.so');
system('cc', '-shared', '-fPIC', '-O0', '-o', $library,
    "$FindBin::Bin/bad_page.c") == 0 or die "no library\n";
my $bad = $t->path('bad_page');
my $world = Glinto::World->new($t, sites => ['a'],
    env => {LD_PRELOAD => $library, GLINTO_BAD_PAGE => $bad});
my $agent = $world->agent;
my $told = Glinto::Told->new($t, $agent);

sub lines { my $n = () = $agent->log =~ /$_[0]/g; return $n }

is($told->health, 200, 'well at first');

mkdir $t->path('away');
my $segment = Glinto::Segment->create($t->path('away'));
$segment->event(site => 'a.example', visitor => $_, path => '/' . 'x' x 200)
    for 1 .. $EVENTS;
$segment->close;
my ($name) = $segment->path =~ m{([^/]+)\z};
spew($bad, $name);
rename $segment->path, $t->path("spool/$name") or die "rename: $!\n";
$told->soon('read_error',
    qr/^Since \d\d:\d\d the disk does not give all of 1 file of events: /);
cmp_ok($world->rows, '>', 0, 'what lies before the page is counted');
cmp_ok($world->rows, '<', $EVENTS, 'the rest is not');
is($told->health, 503, 'the health check fails');
like($told->status('read_error')->{advice}, qr{/spool, dmesg },
    'with advice');
like(join('', $agent->glinto('site', 'remove', 'a.example', '--yes')),
    qr/events that wait in the spool are being counted/,
    'no route changes over it');

my $before = $world->rows;
my $other = $world->segment;
$other->event(site => 'a.example', visitor => 1000);
$other->close;
$t->soon('another segment is counted', sub { $world->rows == $before + 1 });
$t->soon('and goes', sub { $world->segments == 1 });
is(lines(qr/page 2 cannot be read: Input/), 1, 'one line in the log');

unlink $bad or die "$bad: $!\n";
$t->soon('all is counted', sub { $world->rows == $EVENTS + 1 }, 70);
$t->soon('the segment goes', sub { !$world->segments });
is(lines(qr/can be read again/), 1, 'the log says that it is over');
$t->soon('the health check, too', sub { $told->health == 200 });
$t->soon('and the page, within its second',
    sub { !defined $told->page('a.example', 'read_error') });
is($agent->json('status')->{frames_lost}, 0, 'nothing is lost');
$agent->stop;
$t->done;
