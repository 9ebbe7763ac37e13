# Promise: damage among frames that an earlier life of glintod has committed,
# such as pages that a power cut took, is told as an upper bound and not as a
# loss; what lies behind them is counted as lost exactly; and an exact number
# stays exact when a later life finds the same damage.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Told;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $told = Glinto::Told->new($t, $agent);

sub lost { $agent->json('status')->{frames_lost} }

# N more frames of SITE; their places.
sub write_frames {
    my ($segment, $n, $site) = @_;
    return map { $segment->event(site => $site // 'a.example', visitor => $_,
        path => '/' . 'x' x 200)->last } 1 .. $n;
}

# Zeros over FRAMES.
sub wipe {
    my ($segment, @frames) = @_;
    open my $out, '+<:raw', $segment->path or die "open: $!\n";
    for my $frame (@frames) {
        sysseek $out, $frame->{offset}, 0 or die "seek: $!\n";
        syswrite $out, "\0" x length $frame->{bytes} or die "write: $!\n";
    }
    close $out or die "close: $!\n";
}

# ---- all of it committed ----

my $segment = $world->segment;
my @frames = write_frames($segment, 100);
$t->soon('committed', sub { $world->rows('a') == 100 });
$agent->kill9;
wipe($segment, @frames[16 .. 47]);
$segment->close;
$agent->start;
$told->soon('lost', qr/^At most 32 events were lost to damage on the disk, /);
is($told->status('lost')->{at_most}, 32, 'so for programs');
is($told->status('lost')->{count}, undef, 'none is certain');
is(lost(), 0, 'nor among the lost frames');
$t->soon('the segment goes', sub { !$world->segments });
is($world->rows('a'), 100, 'everything is counted once');

# ---- a part of it ----

$segment = $world->segment;
@frames = write_frames($segment, 50);
$t->soon('50 more are committed', sub { $world->rows('a') == 150 });
$agent->kill9;
push @frames, write_frames($segment, 50);
wipe($segment, @frames[40 .. 59]); # 10 committed, 10 not
$segment->close;
$agent->start;
$told->soon('lost', qr/^10 to 52 events were lost to damage on the disk, /);
is(lost(), 10, 'those behind what was committed, exactly');
$t->soon('the segment goes', sub { !$world->segments });
is($world->rows('a'), 190, 'the others are counted once');

# ---- found by two lives ----

$world->site('b', 'other');
my $other = $world->file('b');
$agent->stop;
rename $other, "$other.away" or die "rename: $!\n";
mkdir $other;
$segment = $world->segment;
write_frames($segment, 1, 'b.example');
@frames = write_frames($segment, 20);
wipe($segment, @frames[5 .. 9]);
$segment->close;
$agent->start;
$t->soon('what is whole is committed', sub { $world->rows('a') == 205 });
$t->soon('five are lost', sub { lost() == 15 });
$agent->kill9;
is($world->segments, 1, 'the other account has not its frame yet');
$agent->start;
$t->soon('a new life asks it again', sub { $told->status('storage') });
rmdir $other or die "rmdir: $!\n";
rename "$other.away", $other or die "rename: $!\n";
$t->soon('the other account works', sub { $world->rows('b') == 1 }, 70);
$t->soon('the segment goes', sub { !$world->segments });
is(lost(), 15, 'five are lost');
$told->soon('lost', qr/^15 to 57 events were lost /);
$agent->stop;
$t->done;
