#!/usr/bin/perl

# Promise: who brings the totals of another product sees them on the page, with
# the visits counted here and before the first of these: headline, chart and
# lists; "All time" begins with them; where they cannot answer, the page says
# so.  A site with nothing else is no empty one.  Numbers of many digits stand
# apart.

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
$agent->site($_, '--public') for 'a.example', 'big.example';
my $nginx = $t->nginx(Glinto::Browser::dashboard());
sub day { strftime('%Y-%m-%d', gmtime time - $_[0] * $DAY_S) }
sub import_from { # FORMAT, NAME, SITE
    my ($format, $name, $site) = @_;
    my ($status, undef, $why) = $agent->glinto('import', '--site', $site,
        '--format', $format, $t->path($name));
    is($status, 0, "$name is imported") or diag($why);
}
my $date = day(10);
sub totals_of { # SITE, and what it had
    my ($site, $visitors, $visits, $pageviews) = @_;
    mkdir $t->path($site) or die "cannot make a folder: $!";
    spew($t->path("$site/imported_visitors.csv"), <<"EOT");
"date","visitors","pageviews","bounces","visits","visit_duration"
"$date",$visitors,$pageviews,10,$visits,500
EOT
    spew($t->path("$site/imported_browsers.csv"), <<"EOT");
"date","browser","browser_version","visitors","visits","visit_duration","bounces","pageviews"
"$date","Safari","18",$visitors,$visits,500,10,$pageviews
EOT
    import_from('plausible-csv', $site, $site);
}
totals_of('a.example', 40, 50, 100);
totals_of('big.example', 135_996_730, 251_367_876, 1_278_245_456);

$agent->shown('/glinto/a.example');
my ($pid, $log) = Glinto::Browser::start($t, 'totals',
    'http://127.0.0.1:' . $nginx->port, $date);
$t->soon('the walk has seen totals alone', sub {
    $t->alive($pid) or die slurp($log);
    return slurp($log) =~ /^events$/m;
}, 60);
spew($t->path('events'), join '', map { JSON::PP::encode_json({
    kind => 'pageview', visitor => "v$_", path => '/', browser => 'Firefox',
    at => day(2) . 'T12:00:00Z'}) . "\n" } 1 .. 3);
import_from('events', 'events', 'a.example');
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok (?:\d+)$/m, 'to its end');
$t->done;
