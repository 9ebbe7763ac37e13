# Promise: the page of a site shows who came again in which week, as the API
# says it, with any filter; where nobody can be known again, or the time is too
# long for it, the page says so, and the rest of it is there.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use POSIX qw(strftime);

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'localhost');
$agent->site($_, '--public', '--timezone', 'UTC') for 'a.example', 'b.example';
my @lines;
sub visit {
    my ($date, $visitor, %more) = @_;
    push @lines, {kind => 'pageview', visitor => $visitor, path => '/',
        at => "${date}T12:00:00Z", country => 'DE', %more};
}
# Weeks of Monday, 2 and 9 and 16 March.
visit('2026-03-03', "v$_") for 1 .. 8;
visit('2026-03-10', "v$_") for 1 .. 2;
visit('2026-03-18', 'v1');
visit('2026-03-11', "w$_", country => 'FR') for 1 .. 3;
$agent->import_lines('a.example', @lines);

sub page {
    my ($query, $site) = @_;
    my $reply = $agent->shown('/glinto/' . ($site // 'a.example')
        . "?behaviour=retention&$query");
    my ($card) = $reply->{body} =~ m{(<section[^>]*\ id="behaviour".*?
        </section>)}xs;
    return ($reply->{status}, ($card // '') =~ s/<[^>]*>/ /gr =~ s/\s+/ /gr,
        $card, $reply->{body});
}
my ($status, $text, $card, $whole) = page('period=custom&from=2026-03-02&to=2026-03-22');
is($status, 200, 'the page');
like($text, $_, "it says $_") for
    qr/Visitors Weeks later: 0 Weeks later: 1 Weeks later: 2 /,
    qr/ 2 Mar 2026 8 100% 25% 13% /, qr/ 9 Mar 2026 3 100% 0% /;
unlike($text, qr/are not in it/, 'all are known');
like($card, qr/<td class="level-2" title="2">25%/, 'more is stronger');
unlike($card, qr/16 Mar/, 'a week in which nobody was new is none');
(undef, $text) = page('period=custom&from=2026-03-02&to=2026-03-22'
    . '&f=is,visit:country,FR');
like($text, qr/ 9 Mar 2026 3 100% /, 'with a filter');
unlike($text, qr/ 2 Mar 2026/, 'no other');
($status, $text, undef, $whole) = page('period=custom&from=2020-01-01'
    . '&to=2026-03-22');
is($status, 200, 'six years');
like($text, qr/at most: choose a shorter time/, 'are too many, it says');
like($whole, qr/id="plot"/, 'and the rest is there');
(undef, $text) = page('period=custom&from=2025-01-01&to=2025-02-01');
like($text, qr/Nobody of this time/, 'of nobody it says why');
$agent->import_lines('b.example', map { {kind => 'pageview', path => '/',
    visitor => "v$_", at => strftime('%Y-%m-%dT12:00:00Z', gmtime(time
    - 60 * 86400))} } 1 .. 8);
like((page('period=all', 'b.example'))[1], qr/ 20\d\d 8 100%/, 'all time');
$t->done;
