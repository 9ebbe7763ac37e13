#!/usr/bin/perl

# Promise: who brings the totals of another product sees them on the page, with
# the visits counted here and before the first of these: headline, chart and
# lists; "All time" begins with them; where they cannot answer, the page says
# so.  A site with nothing else is no empty one.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $DAY_S = 86_400;
my $t = Glinto::Test->new(limit_s => 120);
my $agent = $t->aggregator;
$agent->site('a.example', '--public');
my $nginx = $t->nginx(Glinto::Browser::dashboard());
sub day { strftime('%Y-%m-%d', gmtime time - $_[0] * $DAY_S) }
sub import_from { # FORMAT, NAME
    my ($status, undef, $why) = $agent->glinto('import', '--site',
        'a.example', '--format', $_[0], $t->path($_[1]));
    is($status, 0, "$_[1] is imported") or diag($why);
}
mkdir $t->path('tables') or die "cannot make a folder: $!";
my $date = day(10);
spew($t->path('tables/imported_visitors.csv'), <<"EOT");
"date","visitors","pageviews","bounces","visits","visit_duration"
"$date",40,100,10,50,500
EOT
spew($t->path('tables/imported_browsers.csv'), <<"EOT");
"date","browser","browser_version","visitors","visits","visit_duration","bounces","pageviews"
"$date","Safari","18",40,50,500,10,100
EOT
import_from('plausible-csv', 'tables');

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
import_from('events', 'events');
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok (?:\d+)$/m, 'to its end');
$t->done;
