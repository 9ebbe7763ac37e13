# Promise: when more accounts are active than may be connected, events of the
# others wait in the spool until there are enough of them, they show that their
# account is busy, its turn or its time has come, or somebody asks; a stop does
# not wait for them, and neither it nor a kill loses or doubles one.
# Slow: a turn comes after ten seconds.
#
# Method: two connections for twelve accounts, so that ten wait
# (or more: another account may have one, which has no sites).

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use Time::HiRes ();

my $N = 12;
my $OPEN = 2;
my $ENOUGH = 128; # events of one account: gather.h
my $BUSY = 7;     # fresh ones: the same
my $t = Glinto::Test->new;
my $zone = $t->forenoon;
my $world = Glinto::World->new($t, conf => "accounts_open $OPEN\ngather_s 3600",
    sites => [map { ["s$_", "a$_", '--public', '--timezone', $zone] }
        1 .. $N]);
my $agent = $world->agent;
my %sent = map { $_ => 0 } 1 .. $N;
my $visitor = 0;

sub waiting { $agent->json('status')->{store}{waiting} }

# Sites of which something waits.
sub cold { grep { $world->rows("s$_") < $sent{$_} } 1 .. $N }

sub write_events { write_events_of(0, @_) }

# Events that happened so many ms ago.
sub write_events_of {
    my ($ago_ms, $n, @sites) = @_;
    my $segment = $world->segment(
        wall_ms => int(1000 * Time::HiRes::time()) - $ago_ms);
    for my $i (1 .. $n) {
        for my $site (@sites) {
            $segment->event(site => "s$site.example", visitor => ++$visitor,
                path => '/');
            $sent{$site}++;
        }
    }
    $segment->close;
}


# ---- asked for ----

# A backlog: by its events no account is busy.
write_events_of(10_000, 3, 1 .. $N);
$t->soon('two accounts are served at most, the others wait', sub {
    waiting() >= 3 * ($N - $OPEN)
});
cmp_ok(scalar(cold()), '>=', $N - $OPEN, 'their rows are not there');
is($world->segments, 1, 'and their events are in the spool');

my ($asked, $watched, $moved) = cold();
is($world->today("s$asked")->{pageviews}, 3,
    'who asks for numbers gets all of them');
is($world->rows("s$asked"), 3, 'from rows');
# The first page waits 5 ms for them; then it goes out with dashes.
$t->soon('so does a page, or the next one', sub {
    $agent->dashboard('GET', "/glinto/s$watched.example")->{body} =~ />3</
});
write_events(1, $asked);
$t->soon('nothing waits where somebody asked a moment ago',
    sub { $world->rows("s$asked") == 4 });
$world->move("s$moved", 'default');
is($world->rows("s$moved"), 3, 'a site is moved with what waits');

# ---- enough ----

my ($enough, $busy) = cold();
my $waiting = waiting();
write_events_of(10_000, $ENOUGH - 4, $enough);
$t->soon('fewer wait', sub { waiting() == $waiting + $ENOUGH - 4 });
is($world->rows("s$enough"), 0, 'for more');
write_events_of(10_000, 1, $enough);
$t->soon('as soon as there are enough they are applied',
    sub { $world->rows("s$enough") == $sent{$enough} });
cmp_ok(waiting(), '>', 0, 'the others still wait');

# ---- busy ----

# Of a clock that is ahead: fresh, however slowly they are read.
$waiting = waiting();
write_events_of(-20_000, $BUSY - 1, $busy);
$t->soon('some fresh events more wait',
    sub { waiting() == $waiting + $BUSY - 1 });
is($world->rows("s$busy"), 0, 'as few as that say little');
write_events_of(-20_000, 1, $busy);
$t->soon('a busy account is connected, though no place is free',
    sub { $world->rows("s$busy") == $sent{$busy} });
write_events(1, $busy);
$t->soon('and what comes next does not wait',
    sub { $world->rows("s$busy") == $sent{$busy} });

# ---- a kill, a stop ----

$agent->kill9;
$agent->start;
write_events(2, 1 .. $N);
$t->soon('after a kill they wait again', sub { waiting() > 0 });
my $began = Time::HiRes::time();
$agent->stop;
cmp_ok(Time::HiRes::time() - $began, '<', $t->slow(3), 'a stop is quick');
cmp_ok(scalar(cold()), '>', 0, 'it leaves what waits in the spool');
cmp_ok($world->segments, '>', 0, 'which is there');

# ---- a turn ----

$agent->start;
write_events(1, 1 .. $N);
$t->soon('all wait', sub { waiting() > 0 });
$t->soon('with so few each has its turn soon', sub { waiting() == 0 }, 30);
$agent->stop;
write_events(1, 1 .. $N);

# ---- some time ----

$agent->start(conf => "accounts_open $OPEN\ngather_s 1");
$world->empty('after their time they are applied, and the spool is empty');
is(waiting(), 0, 'nothing waits');
is($world->today("s$_")->{pageviews}, $sent{$_}, "s$_.example: each event once")
    for 1 .. $N;
$t->done;
