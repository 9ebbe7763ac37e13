#!/usr/bin/perl

# Promise: in each language a page has no English words of ours, is no wider
# than a telephone of 360 pixels, and is without a fault to axe-core and
# html-validate.
#
# Check: axe-core takes a second a view.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use POSIX qw(strftime);

my $t = Glinto::Test->new(limit_s => 200);
my $agent = $t->aggregator;
$agent->site($_, '--public') for 'a.example', 'new.example';
my $nginx = $t->nginx(server => <<'EOT');
        location /glinto/ {
            proxy_pass http://unix:%%DIR%%/dashboard.sock:;
            proxy_set_header Host $http_host;
        }
EOT
my $file = $t->path('events.jsonl');
my $made = 'conf/demo/visits ' . time() . ' demo.example';
system($t->root . "/$made >$file") == 0 or die;
my ($status, undef, $why) = $agent->glinto('import', '--site', 'a.example',
    '--format', 'events', $file);
is($status, 0, 'visits of the past') or diag($why);
for (['goal', '--event', 'Order', '--currency', 'EUR'],
    ['goal', '--page', '/pricing.html'],
    ['funnel', '--name', 'Order', '--steps',
        '[{"page": "/"}, {"page": "/pricing.html"}, "Order"]'],
    ['segment', '--name', 'Austria', '--filters',
        '[["is", "visit:country", ["AT"]]]'],
    ['annotation', '--text', 'A letter',
        '--date', strftime('%Y-%m-%d', gmtime time - 5 * 86_400)]) {
    my ($noun, @how) = @$_;
    is(($agent->glinto($noun, 'add', 'a.example', @how))[0], 0, "a $noun");
}
my $log = $t->path('languages.log');
my $pid = $t->spawn(languages => 'node', $t->root . '/tests/browser/languages.mjs',
    'http://127.0.0.1:' . $nginx->port,
    {log => $log, env => {TMPDIR => $t->dir, HOME => $t->dir}});
is($t->ended($pid, $t->slow(120)), 0, 'no fault') or diag(slurp($log));
$t->done;
