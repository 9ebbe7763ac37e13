# Promise: how long a page was looked at, how far it was scrolled, how often a
# visit ended there: told as counted by hand, of pages alone; engagement of a
# page that was not viewed in its visit counts for nothing.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;

# visitor, minute, what, path, seconds, depth
my @LINES = (
    ['ann', 0, 'view', '/'],
    ['ann', 1, 'engaged', '/', 10, 40],
    ['ann', 2, 'engaged', '/', 5, 20],
    ['ann', 2, 'engaged', '/other', 99, 99], # not viewed
    ['ann', 3, 'view', '/a'],
    ['ann', 4, 'engaged', '/', 6, 50],       # of the first tab
    ['ann', 4, 'engaged', '/a', 3, undef],
    ['bob', 0, 'view', '/'],
    ['bob', 1, 'engaged', '/', 8, 81],
    ['cem', 0, 'view', '/a'],
    ['cem', 5, 'view', '/'],
    ['dan', 0, 'engaged', '/a', 50, 100],    # without a visit
);
my @events = map {
    my ($who, $minute, $what, $path, $s, $depth) = @$_;
    +{visitor => $who, path => $path,
        at => sprintf('2026-05-04T10:%02d:%02dZ', $minute, $s ? 30 : 0),
        $what eq 'view' ? (kind => 'pageview') : (kind => 'engagement',
        engagement_ms => 1000 * $s, defined $depth ? (scroll_depth => $depth)
            : ())} } @LINES;
is(($agent->import_lines('a.example', @events))[0], 0, 'imported');

sub answer {
    my ($metrics, %more) = @_;
    my ($status, $answer) = $agent->query({site_id => 'a.example',
        metrics => $metrics, date_range => ['2026-05-04', '2026-05-04'],
        %more});
    return "$status $answer->{error}" if $answer->{error};
    return join ', ', map { join ' ', @{$_->{dimensions}},
        map { $_ // 'null' } @{$_->{metrics}} } @{$answer->{results}};
}
my $page = ['event:page'];
# ann 21 s and 50 %, bob 8 s and 81 %; 66 = 65.5
is(answer(['time_on_page', 'scroll_depth'], dimensions => $page,
    order_by => [['event:page', 'asc']]), '/ 15 66, /a 3 null', 'by page');
is(answer(['scroll_depth'], filters => [['is', 'event:page', ['/']]]), '66',
    'of one page');
is(answer(['time_on_page', 'visitors'], filters => [['is', 'event:page',
    ['/none']]]), 'null 0', 'of none');
is(answer(['exit_rate', 'visits'], dimensions => ['visit:exit_page']),
    '/ 66.67 2, /a 50 1', 'where visits ended');
is(answer(['events'], dimensions => $page, order_by => [['event:page', 'asc']]),
    '/ 3, /a 2', 'engagement is no event');
for (['time_on_page'], ['scroll_depth', dimensions => ['visit:source']],
    ['exit_rate'], ['exit_rate', dimensions => $page], ['exit_rate',
    dimensions => ['visit:exit_page'], filters => [['is', 'event:page', ['/']]]]) {
    my ($metric, @more) = @$_;
    like(answer([$metric], @more), qr/^400 "metrics": "$metric" goes with /,
        "$metric, not with " . $json->encode({@more}));
}
$t->done;
