#!/usr/bin/perl

# Promise: what visitors send is text on every view: of 40 payloads, each in 15
# fields of a visit, in the filters and the search of an address, none runs in
# Chromium on 4 views, not even with the page's policy switched off; and the
# policy has nothing to complain of.
# Slow: 200 pages are loaded.
#
# Check: each payload on each view in a browser.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $t = Glinto::Test->new(limit_s => 200)->one_day(120);
my $agent = $t->aggregator;
$agent->site('a.example', '--public');
my $nginx = $t->nginx(Glinto::Browser::dashboard());
my $json = JSON::PP->new->utf8;
my $list = $t->root . '/tests/browser/payloads.json';
my @payloads = @{$json->decode(slurp($list))};
is(scalar @payloads, 40, '40 payloads');

my @fields = qw(path title source utm_source utm_medium utm_campaign
    utm_content utm_term browser os city);
my $at = strftime('%Y-%m-%dT12:00:00Z', gmtime time - 86_400);
my @lines;
for my $payload (@payloads) {
    my %of = (visitor => $payload, at => $at, map { $_ => $payload } @fields);
    $of{path} = "/$payload";
    push @lines, {%of, kind => 'pageview',
        referrer => 'https://r.example/' . $payload =~ s/[?#]//gr},
        {%of, kind => 'event', name => $payload,
        props => {$payload => $payload}};
}
spew($t->path('lines'), join '', map { $json->encode($_) . "\n" } @lines);
my ($status, undef, $why) = $agent->glinto('import', '--site', 'a.example',
    '--format', 'events', $t->path('lines'));
is($status, 0, 'in 15 fields') or diag($why);

$agent->shown('/glinto/a.example');
my ($pid, $log) = Glinto::Browser::start($t, 'hostile',
    'http://127.0.0.1:' . $nginx->port, $list);
is($t->ended($pid, $t->slow(120)), 0, 'none runs') or diag(slurp($log));
$t->done;
