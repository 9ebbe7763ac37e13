#!/usr/bin/perl

# Promise: the page of a site has its numbers beside those before, a chart, the
# lists of sources, pages, places and devices; every click is an address, works
# without a script, and with one needs no new page; back and forward work; each
# shortcut does what its list says; what visitors sent is shown as text,
# whatever it is; a site without a visit says what to do, and shows the first
# one the moment it comes; the page moves nothing while it loads, fits a phone,
# and is printed dark on white.

# Alone: its questions have 5 s and give way to whatever else runs; with
# sanitizers beside unit tests that was too little once.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $DAY_S = 86_400;
my $HOSTILE = q{"><img src=x onerror=alert(1)>'&<script>alert(2)</script>}
    . '{{site}}';
my $t = Glinto::Test->new(limit_s => 150)->one_day(120);
my $agent = $t->aggregator;
$agent->site($_, '--public') for 'a.example', 'new.example';
my $nginx = $t->nginx(
    http => 'map $http_upgrade $kind { "" ""; default upgrade; }',
    server => <<'EOT');
        location = /api/event { glinto_collect; }
        location /glinto/ {
            proxy_pass http://unix:%%DIR%%/dashboard.sock:;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Connection $kind;
            proxy_set_header Upgrade $http_upgrade;
        }
EOT

# Noon, N days ago.
sub noon { strftime('%Y-%m-%dT12:00:00Z', gmtime time - $_[0] * $DAY_S) }
my @lines;
sub pageview {
    my ($days, $visitor, %more) = @_;
    push @lines, JSON::PP::encode_json({kind => 'pageview',
        visitor => $visitor, at => noon($days), path => '/', %more});
}
# Last 28 days: 6 visitors; before: 4.
my %german = (country => 'DE', region => 'DE-BE', city => 'Berlin',
    browser => 'Firefox', os => 'Linux', device => 'Desktop',
    language => 'de-AT');
my %french = (country => 'FR', browser => 'Chrome', os => 'Android',
    device => 'Mobile');
pageview(1, "g$_", %german, referrer => 'https://www.google.com/') for 1 .. 3;
pageview(1, 'g1', %german, path => '/about');
pageview(2, "f$_", %french) for 1 .. 2;
pageview(3, 'x', path => "/$HOSTILE", utm_campaign => $HOSTILE,
    utm_source => $HOSTILE, city => $HOSTILE, source => $HOSTILE);
pageview(40, "old$_", %german) for 1 .. 4;
pageview(400, 'older', %french, path => sprintf '/p%02d', $_) for 1 .. 60;
pageview(400, 'older', %french, path => $_) for '/=1+1', '/@x';
pageview(400, "sum $_", %french, source => $_) for '=1+1', "\x{ff1d}2", '-3';
spew($t->path('events.jsonl'), join '', map { "$_\n" } @lines);
my ($status, undef, $why) = $agent->glinto('import', '--site', 'a.example',
    '--format', 'events', $t->path('events.jsonl'));
is($status, 0, 'visits of the past') or diag($why);

$agent->shown('/glinto/a.example');
my ($pid, $log) = Glinto::Browser::start($t, 'dashboard',
    'http://127.0.0.1:' . $nginx->port);
my $asked = $t->soon('the walk gets as far as a site without visits', sub {
    $t->alive($pid) or die slurp($log);
    return slurp($log) =~ /^visit$/m;
}, 60);
$t->until('the first visit', sub {
    my $reply = $nginx->post('/api/event', JSON::PP::encode_json({
        n => 'pageview', d => 'new.example', u => 'http://new.example/'}));
    return $reply->{status} == 202 && !$reply->{headers}{'x-plausible-dropped'};
});
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok (?:\d+)$/m, 'to its end');
$t->done;
