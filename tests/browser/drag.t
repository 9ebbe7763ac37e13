#!/usr/bin/perl

# Promise: who drags over the chart sees all numbers and lists of these days
# while the pointer moves, and the page is of them once it is let go; hours of
# a day, too.  Back is back; Esc gives up.  What is shown is what a page of the
# same address shows.  Annotations stand on the chart where they happened,
# segments are filters with a name, and of several filters one may be enough.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $DAY_S = 86_400;
my $t = Glinto::Test->new(limit_s => 120)->one_day(120);
my $agent = $t->aggregator;
$agent->site('a.example', '--public');
my $nginx = $t->nginx(Glinto::Browser::dashboard());

# N visitors of the page /dayN on each of the last days, from noon on one an
# hour.
my $midnight = int(time / $DAY_S) * $DAY_S;
my @lines;
for my $day (1 .. 9) {
    push @lines, JSON::PP::encode_json({kind => 'pageview',
        visitor => "v$day-$_", path => "/day$day", country => 'DE',
        at => strftime('%Y-%m-%dT%H:%M:%SZ',
            gmtime $midnight - $day * $DAY_S + (11 + $_) * 3600)})
        for 1 .. $day;
}
spew($t->path('lines'), join '', map { "$_\n" } @lines);
my ($status, undef, $why) = $agent->glinto('import', '--site', 'a.example',
    '--format', 'events', $t->path('lines'));
is($status, 0, 'visits of the past') or diag($why);
for (['annotation', '--date',
        strftime('%Y-%m-%d', gmtime $midnight - 3 * $DAY_S), '--text',
        'A letter went out'],
    ['annotation', '--date', '2020-01-01', '--text', 'Long ago'],
    ['segment', '--name', 'Third day', '--filters',
        '[["is", "event:page", ["/day3"]]]']) {
    my ($noun, @how) = @$_;
    is(($agent->glinto($noun, 'add', 'a.example', @how))[0], 0, "a $noun");
}

$agent->shown('/glinto/a.example');
my ($pid, $log) = Glinto::Browser::start($t, 'drag',
    'http://127.0.0.1:' . $nginx->port);
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok (?:\d+)$/m, 'to its end');
$t->done;
