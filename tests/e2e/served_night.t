# Promise: a page served just before midnight UTC, and what its visitor does
# just after it under another id, are still known to be of one visitor: that he
# runs the script, or that his browser has fetched a style and no script told.
# Each page and each event counts on its own UTC day, whatever the zone of the
# site is, and in whatever order the frames come.
#
# Method: frames of two sites, of one the morning first; each visitor of a
# night is one case.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use POSIX ();

my $t = Glinto::Test->new;
# where a day begins at 18:15 UTC
my $world = Glinto::World->new($t, sites => [
    map { [$_, undef, '--timezone', 'Asia/Kathmandu'] } qw(a b)]);
my $midnight = 86400 * (int(time / 86400) - 1);
my $kathmandu = -5 * 3600 - 45 * 60;
my $visitor = 1000;

# The frames of one visitor: what, seconds from midnight, and more.
sub frames {
    my ($site, @frames) = @_;
    my $before = ++$visitor;
    my $after = ++$visitor;
    return map {
        my ($what, $at_s, %more) = @$_;
        my %id = $at_s < 0 ? (visitor => $before)
            : (visitor => $after, visitor_before => $before);
        +{what => $what, site => "$site.example",
            at_ms => 1000 * ($midnight + $at_s), %id, %more};
    } @frames;
}

sub night {
    my ($site) = @_;
    my @page = (fetched => 1);
    return (
        frames($site, ['served', -10, @page], ['event', 5]), # runs the script
        frames($site, ['served', -10, @page], ['asset', 5]), # blocks it
        frames($site, ['served', -9], ['served', 5]),        # who knows
        frames($site, ['served', 4, @page], ['event', 6]),   # of the morning
        # about midnight of the site
        frames($site, ['served', $kathmandu - 5, @page],
            ['event', $kathmandu + 5]));
}

sub put {
    my (@frames) = @_;
    my $segment = $world->segment(wall_ms => 1000 * ($midnight - 86_000));
    for my $frame (sort { $a->{at_ms} <=> $b->{at_ms} } @frames) {
        my %frame = %$frame;
        my $what = delete $frame{what};
        if ($what eq 'asset') {
            $segment->served(%frame, fetched => 2);
        } else {
            $segment->$what(%frame);
        }
    }
    $segment->close;
}

sub told {
    my ($site) = @_;
    my $told = $world->agent->json('site', 'served', "$site.example");
    return {map { my $day = $_; $day->{day} => {map {
        my $of = $_;
        map { +"$of $_" => $day->{$of}{$_} } grep { $day->{$of}{$_} }
            keys %{$day->{$of}}
    } qw(visitors views)} } @{$told->{by_day}}};
}

my ($before, $after) = map { POSIX::strftime('%Y-%m-%d', gmtime $_) }
    $midnight - 1, $midnight;
my $wanted = {
    $before => {'visitors served' => 4, 'visitors script' => 2,
        'visitors blocks_script' => 1, 'visitors unexplained' => 1,
        'views served' => 4, 'views script' => 2, 'views blocks_script' => 1,
        'views unexplained' => 1, 'views told' => 1},
    $after => {'visitors served' => 2, 'visitors script' => 1,
        'visitors unexplained' => 1, 'visitors script_alone' => 1,
        'views served' => 2, 'views script' => 1, 'views unexplained' => 1,
        'views told' => 2},
};

put(night('a'));
my @night = night('b');
my $morning = 1000 * $midnight;
put(grep { $_->{at_ms} >= $morning } @night);
$t->until('the morning', sub { (told('b')->{$after}{'views told'} // 0) == 2 });
put(grep { $_->{at_ms} < $morning } @night);
for my $site (qw(a b)) {
    my $is = {};
    $t->until("all of $site", sub {
        $is = told($site);
        ($is->{$before}{'views told'} // 0) == 1
            && ($is->{$after}{'views told'} // 0) == 2
            && ($is->{$before}{'views served'} // 0) == 4;
    });
    is_deeply($is, $wanted, $site eq 'a' ? 'the two days'
        : 'the same when the morning comes first');
}
is($world->agent->live('a.example')->{today}{pageviews}, 0,
    'pages served are no pageviews');
$t->done;
