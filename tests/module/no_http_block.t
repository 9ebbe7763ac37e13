#!/usr/bin/perl

# Promise: a nginx that loads the module and has no http block, or none of its
# directives, or helper processes beside the workers, starts, reloads and stops
# as without it.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Nginx;
use Glinto::Test;

my $t = Glinto::Test->new;
# One process without any timer may sleep over a signal for ever.
plan(skip_all => 'needs a master process') if $t->valgrind;
my $top = "load_module %%MODULE%%;\ndaemon off;\npid %%DIR%%/nginx.pid;\n"
    . "error_log %%DIR%%/error.log info;\nevents {}\n";

my ($status) = Glinto::Nginx->new($t)->test("load_module %%MODULE%%;\n"
    . "pid %%DIR%%/nginx.pid;\nevents {}\n");
is($status, 0, 'nginx -t without an http block');

# Cache manager and loader run init_process too, as nobody's worker.
my %conf = ('no http block' => '',
    'an empty http block' => "http {}\n",
    'a cache' => <<'EOS');
http {
    proxy_cache_path %%DIR%%/cache/c keys_zone=one:1m;
    glinto_spool %%DIR%%/spool;
    access_log off;
    server { listen unix:%%DIR%%/http.sock; location / { glinto_pixel; } }
}
EOS
for my $name (sort keys %conf) {
    my $nginx = $t->nginx(conf => $top . $conf{$name});
    ok($nginx->running, "$name: runs");
    my @old = $nginx->workers;
    $nginx->reload;
    ok($nginx->running, "$name: reloads");
    $nginx->gone(@old);
    $nginx->stop;
    ok(!$nginx->running, "$name: stops");
    unlike($nginx->log, qr/exited with (?:fatal )?code [^0]|exited on signal/,
        "$name: all processes ended well");
}
is_deeply([glob $t->path('spool/*')], [], 'helpers leave nothing in the spool');

$t->done;
