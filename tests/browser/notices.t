#!/usr/bin/perl

# Promise: what there is to know beside the numbers is in a dashboard's HTML,
# comes to an open one without a reload and goes again; after a reload of nginx
# an open dashboard is back within 30 s by itself; what its account's damaged
# file does not tell is a dash there.
#
# Check: each notice comes and goes in a browser.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Segment;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 150);
my $agent = $t->aggregator;
$agent->site('a.example', '--public');
my $nginx = $t->nginx(main => 'worker_shutdown_timeout 1s;',
    http => 'map $http_upgrade $kind { "" ""; default upgrade; }',
    server => <<'EOT');
        location /glinto/ {
            proxy_pass http://unix:%%DIR%%/dashboard.sock:;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Connection $kind;
            proxy_set_header Upgrade $http_upgrade;
        }
EOT

my ($pid, $log) = Glinto::Browser::start($t, 'notices',
    'http://127.0.0.1:' . $nginx->port);
sub asked {
    my ($act) = @_;
    return $t->soon("the page gets as far as '$act'", sub {
        $t->alive($pid) or die slurp($log);
        return slurp($log) =~ /^$act$/m;
    }, 30);
}

asked('hold');
my $newer = Glinto::Segment->create($t->path('spool'), major => 9);
$newer->event(site => 'a.example', visitor => 1);
my $path = $newer->path;
$newer->close;
asked('release');
unlink $path;
asked('reload');
$nginx->reload;
asked('damage');
$agent->stop;
my ($file) = glob $t->path('data/acct/*.db');
spew($file, 'no database any more' x 5);
unlink "$file-wal", "$file-shm";
$agent->start;
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
$t->done;
