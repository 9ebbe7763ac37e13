# Promise: a site that stops when it never did before is told to be silent; one
# that stops as it did in the last weeks is not, however busy it was until
# then.  A new glintod knows it, too, and an event ends it.
#
# Method: weeks of history come by an import.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Told;
use Glinto::World;
use JSON::PP ();
use POSIX ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'b', 'c']);
my $agent = $world->agent;
my $told = Glinto::Told->new($t, $agent);

my $MINUTE = 60;
my $DAY = 86_400;
my $stop = time - 12 * $MINUTE;

sub import_views { # SITE, times
    my ($site, @times) = @_;
    my $path = $t->path("$site.jsonl");
    open my $out, '>', $path or die "$path: $!\n";
    my $n = 0;
    print {$out} JSON::PP::encode_json({kind => 'pageview',
        visitor => 'v' . $n++ % 7, path => '/' . $n,
        at => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $_)}), "\n"
        for @times;
    close $out;
    my ($status, $said, $why) = $agent->glinto('import', '--site',
        "$site.example", '--format', 'events', $path);
    is($status, 0, "the past of $site") or diag($why);
}

sub busy { # an event each half minute before and after the time of day
    my ($end, $before, $after) = @_;
    return map { $end + 30 * $_ } -2 * $before .. 2 * $after;
}

my @weeks = map { $stop - 7 * $DAY * $_ } 3, 2, 1;
my $old = $stop - 30 * $DAY;
# a goes on at this hour in every week, b stops; c has stopped yesterday.
import_views(a => $old, (map { busy($_, 10, 30) } @weeks), busy($stop, 60, 0));
import_views(b => $old, (map { busy($_, 60, 0) } @weeks), busy($stop, 60, 0));
import_views(c => $old, (map { busy($_ - $DAY, 10, 30) } @weeks),
    busy($stop - $DAY, 60, 0));

sub silent { my $told = $told->live("$_[0].example", 'silent'); $told->{since} }

$t->soon('who always goes on at this hour is silent',
    sub { (silent('a') // 0) == 1000 * $stop });
like($told->page('a.example', 'silent'), qr/^No events received since /,
    'its page says so');
# One is looked up at a time: when c is, b has been.
silent('b');
$t->soon('who has stopped yesterday is',
    sub { (silent('c') // 0) == 1000 * ($stop - $DAY) });
is(silent('b'), undef, 'who always stops at this hour is not');

$agent->stop;
$agent->start;
silent('b');
$t->soon('a new glintod knows it', sub { silent('a') && silent('c') });
is(silent('b'), undef, 'and what is none');

my $segment = $world->segment;
$segment->event(site => 'a.example', visitor => 9);
$t->soon('an event ends it', sub { !silent('a') });

$t->done;
