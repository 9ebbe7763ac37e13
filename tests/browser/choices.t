#!/usr/bin/perl

# Promise: what the page of a site offers is there, without a script, and shows
# the visits it is of: any dates, each comparison, each interval, each list
# with its tabs, the referrers of a source, the map, every dimension and
# operator of a filter, and / or; bots by reason, and who came again.
# Slow: some 90 pages in a browser, one after the other.
#
# Check: some 90 pages in a browser.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use POSIX qw(strftime);

my $DAY_S = 86_400;
my $t = Glinto::Test->new(limit_s => 200)->one_day(120);
my $agent = $t->aggregator;
$agent->site('a.example', '--public', '--timezone', 'UTC');
my $nginx = $t->nginx(Glinto::Browser::dashboard());
my $today = int(time / $DAY_S) * $DAY_S;
my @lines;
sub visit {
    my ($days, $visitor, %more) = @_;
    push @lines, {visitor => $visitor, kind => 'pageview', path => '/',
        at => strftime('%Y-%m-%dT12:00:00Z', gmtime $today - $days * $DAY_S),
        browser => 'Firefox', os => 'Linux', device => 'Desktop',
        language => 'de-AT', %more};
}
my %berlin = (country => 'DE', region => 'DE-BE', city => 'Berlin');
# The last seven days; those before; a year ago, one of them on the first day,
# which is no more of it when weekdays are the same; and a day that is compared
# with by hand.
visit(3, $_, %berlin, referrer => 'https://www.google.com/search')
    for 'g1', 'g2';
visit(3, 'g1', %berlin, path => '/end');
visit(3, 'f', country => 'FR', utm_source => 'letter', utm_medium => 'email',
    utm_campaign => 'spring', utm_content => 'top', utm_term => 'bread');
visit(10, 'g1', %berlin);
visit(365 + 3, $_) for 'y1', 'y2';
visit(365 + 7, 'y3');
visit(20, "c$_") for 1 .. 5;
$agent->import_lines('a.example', @lines);
$t->until('a bot is told of', sub {
    $nginx->post('/api/event',
        '{"n":"pageview","d":"a.example","u":"http://a.example/"}',
        'User-Agent' => 'Googlebot/2.1 (+http://www.google.com/bot.html)');
    $agent->dashboard('GET', '/glinto/a.example?period=day&behaviour=uncounted',
        undef, {Host => 'a.example'})->{body} =~ /id="behaviour".*\bbot/si;
});
my ($pid, $log) = Glinto::Browser::start($t, 'choices', 'http://127.0.0.1:'
    . $nginx->port, strftime('%F', gmtime $today - 3 * $DAY_S));
is($t->ended($pid, $t->slow(130)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok (?:\d+)$/m, 'to its end');
$t->done;
