# Promise: what cannot be listed, opened or kept for a moment counts once when
# it is there again: a segment that a listing of the spool did not show, a
# parked one that a listing of its folder did not show, one that cannot be
# opened while its parked copy is applied, a frame in it that ended glintod,
# and a copy whose folder could not be synced and that a power cut brings back.
#
# Method: reappears.c makes calls fail and tells what a disk would have.
#
# Slow: no worker says that there is something; each of its steps is seen by
# listings, a second apart.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Aggregator;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
plan skip_all => 'a sanitizer must come first, and so must the libraries'
    if $t->san || $t->valgrind;
my @libraries = map {
    my $library = $t->path("$_.so");
    system('cc', '-shared', '-fPIC', '-O0', '-o', $library,
        "$FindBin::Bin/$_.c") == 0 or die "no library\n";
    $library;
} qw(reappears poison_match);
my ($plan, $said, $disk) = map { $t->path($_) } qw(plan said disk);
mkdir $disk or die "mkdir: $!\n";
my $agent = Glinto::Aggregator->new($t, env => {
    LD_PRELOAD => join(':', @libraries), GLINTO_FAIL_PLAN => $plan,
    GLINTO_FAIL_SAID => $said, GLINTO_FAIL_DISK => $disk});

# CALL of paths with PART fails from now on; without: none.
sub failing {
    spew("$plan.new", @_ ? "@_\n" : '');
    rename "$plan.new", $plan or die "rename: $!\n";
    unlink $said;
}
sub failed { -e $said && slurp($said) =~ /^$_[0] /m }

failing();
my $world = Glinto::World->new($t, agent => $agent,
    sites => ['a', ['b', 'other']]);
my $store = $world->store;
my $file = $world->file('a');
my ($id) = $file =~ m{([^/]+)\.db$};
my %sent = (a => 0, b => 0);

# Not the half of one, t-...
sub parked { grep { !m{/t-[^/]*$} } $world->parked('a') }
sub events {
    my ($segment, $n, @sites) = @_;
    for my $site (map { ($_) x $n } @sites ? @sites : 'a') {
        $segment->event(site => "$site.example", visitor => ++$sent{$site});
    }
    return $segment;
}
sub all_there { $world->rows('a') == $sent{a} }

# A segment that comes and goes: when its own row is forgotten, so is all that
# was to be forgotten before.
sub forget_rows {
    my $one = events($world->segment, 1);
    $one->close;
    $t->until('a row to be forgotten', sub {
        events($world->segment, 1)->close;
        $t->until('its row', \&all_there);
        return !-e $one->path && !$world->knows($one, 'a');
    });
}

# The head of A's file, in place.
sub write_head {
    my ($bytes) = @_;
    open my $out, '+<:raw', $file or die "open: $!\n";
    print $out $bytes;
    close $out or die "close: $!\n";
}
sub damage {
    $agent->stop;
    my $head = substr slurp($file), 0, 100;
    write_head('x' x 100);
    return $head;
}

# ---- a listing of the spool ends too early ----

my $live = events($world->segment, 10);
$t->soon('a living segment is read', \&all_there);
$agent->kill9;
failing('readdir', '/spool');
$agent->start;
$t->until('a listing that fails', sub { failed('readdir') });
failing();
forget_rows();
ok($world->knows($live, 'a'), 'a segment that was not listed keeps its position');
$agent->kill9;
$agent->start;
$live->close;
$t->soon('it goes in the end', sub { !$world->segments });
is($world->rows('a'), $sent{a}, 'its events are counted once');

# ---- a listing of what is parked ends too early ----

$live = events($world->segment, 10);
$t->soon('half of a segment is counted', \&all_there);
my $head = damage();
$agent->start;
events($live, 5)->close;
$t->soon('it is parked', sub { parked() == 1 && !$world->segments });
failing('readdir', '/parked/');
like(($agent->glinto('backup', $t->path('copy')))[1],
    qr{parked segments: Input/output error},
    'a backup that does not see it says so');
$agent->kill9;
write_head($head);
$agent->launch;
$t->soon('without knowing what is parked glintod does not start',
    sub { !$agent->running });
like($agent->log, qr{what is parked cannot be read: Input/output error},
    'and says so');
$agent->kill9 if $agent->running;
failing();
$agent->start;
$t->soon('it does when it can', sub { all_there() && !parked() });

# ---- a segment cannot be opened while its copy is applied ----

my $lock = $store->held('b.example'); # another account needs it, too
$head = damage();
$agent->start;
my $segment = $world->segment;
events($segment, 10, 'a', 'b');
$segment->event(site => 'a.example', visitor => 1, agent => 'poison-abort');
events($segment, 10, 'a', 'b')->close;
$t->soon('parked for one account', sub { parked() == 1 }, 20);
is($world->segments, 1, 'and waiting for the other');
$agent->kill9;
write_head($head);
failing('openat', $segment->path);
for (1 .. 2) {
    $agent->launch;
    $t->ended($agent->pid, 20);
    delete $agent->{pid};
}
$agent->start;
$t->soon('what is parked is applied', sub { all_there() && !parked() }, 20);
forget_rows();
ok($world->knows($segment, 'a'), 'the segment keeps its position');
failing();
$lock->do('ROLLBACK');
$lock->disconnect;
$t->soon('it can be opened again, and goes', sub { !$world->segments }, 20);
is($world->rows('a') . ' ' . $world->rows('b'), "$sent{a} $sent{b}", 'all is counted once');
is($world->dropped('crash'), 1, 'and so is the frame that ended glintod');

# ---- the folder of a copy cannot be synced, and then the power is cut ----

$head = damage();
failing('fsync', "/parked/$id");
$agent->start;
events($world->segment, 5)->close;
$t->until('a copy that may be on the disk', sub { glob "$disk/*.seg" });
is($world->segments, 1, 'the segment stays');
failing();
write_head($head);
$t->soon('the file is repaired: all is counted', \&all_there, 20);
$t->soon('and the segment goes', sub { !$world->segments });
forget_rows();
$agent->kill9;
mkdir $t->path("data/parked/$id");
rename $_, $t->path("data/parked/$id/") . s{.*/}{}r for glob "$disk/*.seg";
$agent->start;
events($world->segment, 1)->close;
$t->soon('it goes on', sub { !$world->segments && !parked() });
is($world->rows('a'), $sent{a}, 'and nothing is counted twice');
$agent->stop;
is($store->integrity, 'ok', 'the files are well');

$t->done;
