#!/usr/bin/perl

# Promise: of pages that nginx serves (glinto on) the report says exactly who
# blocks scripts: 100 visitors of Chromium whose script is blocked, and none of
# those whose script tells.  100 clients with all headers of a browser that
# fetch HTML and nothing else are no people who block.
#
# Check: 120 contexts of Chromium.
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;

my ($BLOCKED, $OPEN, $HTML) = (100, 20, 100);
my $t = Glinto::Test->new(limit_s => 240)->one_day(120);
my $agent = $t->aggregator;
$agent->site('a.example', '--timezone', 'UTC');
my $nginx = $t->nginx(http => 'include /etc/nginx/mime.types;',
    server => <<'EOS');
    glinto on;
    glinto_site a.example;
    root %%DIR%%/www;
    location = /api/event { glinto_collect; }
    location /js/ { glinto_script; }
EOS
mkdir $t->path('www');
Glinto::Test::spew($t->path('www/index.html'), <<'EOH');
<!doctype html><title>A page</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script defer data-domain="a.example" src="/js/glinto.local.js"></script>
EOH
Glinto::Test::spew($t->path('www/style.css'), 'p { color: red; }');

sub served { $agent->json('site', 'served', 'a.example') }

my $url = 'http://127.0.0.1:' . $nginx->port . '/';
my ($pid, $log) = Glinto::Browser::start($t, 'served', $url, $BLOCKED, $OPEN);
is($t->ended($pid, 200), 0, 'Chromium went through it')
    or diag(Glinto::Test::slurp($log));

my %browser = ('Accept-Language' => 'en-US,en;q=0.9',
    'Accept-Encoding' => 'gzip, deflate, br, zstd', Accept => 'text/html',
    'Upgrade-Insecure-Requests' => 1, 'Sec-Fetch-Site' => 'none',
    'Sec-Fetch-Mode' => 'navigate', 'Sec-Fetch-User' => '?1',
    'Sec-Fetch-Dest' => 'document', 'Sec-CH-UA' => '"Chromium";v="120"',
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 '
    . '(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36');
$nginx->get('/', %browser, 'X-Forwarded-For' => "10.0.3.$_") for 1 .. $HTML;

my $all = $BLOCKED + $OPEN + $HTML;
my $told;
$t->until('all pages', sub {
    $told = served();
    $told->{visitors}{served} == $all && $told->{views}{told} == $OPEN;
}, 20);
is_deeply($told->{visitors}, {served => $all, script => $OPEN,
    blocks_script => $BLOCKED, unexplained => $HTML, script_alone => 0},
    'who blocks scripts, exactly');
is_deeply($told->{views}, {served => $all, script => $OPEN,
    blocks_script => $BLOCKED, unexplained => $HTML, told => $OPEN},
    'and the views');
is(@{$told->{bots}}, 0, 'no bot among them');
$t->done;
