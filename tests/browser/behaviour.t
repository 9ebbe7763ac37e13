#!/usr/bin/perl

# Promise: the page of a site shows what visitors did: goals with conversions,
# their rate and what they brought; custom events that nobody has defined;
# properties, each by its values; funnels with how many went how far; journeys
# page by page.  Each row is a filter.  With a goal as filter the headline is
# of conversions, with a page, how long and how far it is read.  Versions,
# screens, languages and all five keys of campaigns are a click away; who
# filters by a source, a country or a browser sees what is below it.  Without
# a script, too.
#
# Slow: each list and filter in a browser.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $DAY_S = 86_400;
my $t = Glinto::Test->new(limit_s => 150)->one_day(120);
my $agent = $t->aggregator;
$agent->site($_, '--public') for 'a.example', 'bare.example';
my $nginx = $t->nginx(Glinto::Browser::dashboard());

# Noon of yesterday, and so many seconds.
my $noon = (int(time / $DAY_S) - 1) * $DAY_S + 12 * 3600;
my %lines;
sub line {
    my ($site, $visitor, $after_s, %more) = @_;
    push @{$lines{$site}}, JSON::PP::encode_json({visitor => "v$visitor",
        at => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $noon + $after_s),
        kind => 'pageview', path => '/', browser => 'Firefox',
        browser_version => '10' . $visitor % 2, os => 'Linux',
        device => 'Desktop', screen => '1920x1080', language => 'de-AT', country => 'DE',
        region => 'DE-BE', city => 'Berlin', %more});
}
# Ten come, six look at prices, three sign up, two of them buy.
line('a.example', $_, 0, utm_source => 'letter', utm_medium => 'email',
    utm_campaign => 'spring') for 1 .. 10;
line('a.example', $_, 60, path => '/pricing') for 1 .. 6;
line('a.example', 1, 90, kind => 'engagement', path => '/pricing',
    engagement_ms => 30_000, scroll_depth => 80);
line('a.example', $_, 120, kind => 'event', path => '/pricing',
    name => 'Signup', props => {plan => $_ < 3 ? 'pro' : 'free'})
    for 1, 1, 2, 3;
line('a.example', $_, 180, kind => 'event', path => '/pricing',
    name => 'Order', props => {size => 'L'},
    revenue => {amount => $_ == 1 ? '10.00' : '5.50', currency => 'EUR'})
    for 1, 2;
line('bare.example', 1, 0);
line('bare.example', 1, 60, kind => 'event', name => 'Ring');
for my $site (sort keys %lines) {
    spew($t->path('lines'), join '', map { "$_\n" } @{$lines{$site}});
    my ($status, undef, $why) = $agent->glinto('import', '--site', $site,
        '--format', 'events', $t->path('lines'));
    is($status, 0, "visits of $site") or diag($why);
}
for (['goal', '--event', 'Signup'],
    ['goal', '--event', 'Order', '--currency', 'EUR'],
    ['goal', '--page', '/pricing'],
    ['funnel', '--name', 'Sale', '--steps',
        '[{"page": "/"}, {"page": "/pricing"}, "Signup"]']) {
    my ($noun, @how) = @$_;
    is(($agent->glinto($noun, 'add', 'a.example', @how))[0], 0, "a $noun");
}

$agent->shown("/glinto/$_.example") for 'a', 'bare';
my ($pid, $log) = Glinto::Browser::start($t, 'behaviour',
    'http://127.0.0.1:' . $nginx->port);
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok (?:\d+)$/m, 'to its end');
$t->done;
