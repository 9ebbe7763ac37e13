# Promise: what is done by hand to files in use loses nothing and counts
# nothing twice: the spool given to another user and back, a segment put back
# that was let go, an older copy in the place of an account's file.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Fcntl qw(:flock);
use File::Copy qw(copy);
use Glinto::Test;
use Glinto::World;

my $SEGMENTS = 160; # more than glintod holds open
my $NOBODY = 65_534;
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $file = $world->file('a');
my $sent = 0;

sub event { $_[0]->event(site => 'a.example', visitor => ++$sent) }
sub all_there {
    my ($what, $seconds) = @_;
    $t->soon($what, sub { $world->rows == $sent }, $seconds);
}

# A segment that comes and goes: when its own row is forgotten, so is all that
# was to be forgotten before.
sub forget_rows {
    my $one = $world->segment;
    event($one);
    $one->close;
    $t->until('a row to be forgotten', sub {
        my $more = $world->segment;
        event($more);
        $more->close;
        $t->until('its row', sub { $world->rows == $sent });
        return !-e $one->path && !$world->knows($one, 'a');
    });
}

# ---- the spool belongs to another user for a while ----

SKIP: {
    skip 'only root can give files away', 5 if $> != 0;
    my @live = map { $world->segment } 1 .. $SEGMENTS;
    event($_) for @live;
    all_there('segments of many workers are read');
    chown $NOBODY, -1, map { $_->path } @live;
    event($_) for @live;
    $t->soon('that some of them may not be read is told', sub {
        grep { $_->{kind} eq 'unreadable' }
            @{$agent->json('status')->{conditions}};
    });
    is($world->segments, $SEGMENTS, 'each stays');
    like($agent->log,
        qr/\[error\].* waits: its owner is not a worker any more/,
        'with the reason in the log');
    chown $>, -1, map { $_->path } @live;
    $_->close for @live;
    all_there('given back: all events are counted');
    $t->soon('and the segments go', sub { !$world->segments });
}

# ---- a segment that was let go is put back ----

my $segment = $world->segment;
event($segment) for 1 .. 10;
my $path = $segment->path;
link $path, $t->path('kept') or die "link: $!\n";
$segment->close;
$t->soon('a segment is let go', sub {
    $world->rows == $sent && !$world->segments;
});
open my $writer, '+<', $t->path('kept') or die "open: $!\n";
flock $writer, LOCK_EX or die "flock: $!\n";
rename $t->path('kept'), $path or die "rename: $!\n";
forget_rows();
ok($world->knows($segment, 'a'), 'while it is there its position is known');
$agent->kill9;
$agent->start;
close $writer;
$t->soon('it goes again', sub { !$world->segments });
is($world->rows, $sent, 'its events are counted once');

# ---- an older file in the place of the account's ----

$segment = $world->segment;
event($segment) for 1 .. 5;
all_there('half of a segment');
is(($agent->glinto('backup', $t->path('copy')))[0], 0, 'a backup');
event($segment) for 1 .. 5;
all_there('the other half');
my ($name) = $file =~ m{([^/]+)\z};
unlink "$file-wal", "$file-shm";
rename $t->path("copy/acct/$name"), $file or die "rename: $!\n";
my $next = $world->segment;
event($next);
$next->close;
all_there('the older file gets all that the spool still has', 20);
event($segment);
$segment->close;
$t->soon('and what comes then', sub {
    $world->rows == $sent && !$world->segments;
});
is($world->store->integrity, 'ok', 'the files are well');

$t->done;
