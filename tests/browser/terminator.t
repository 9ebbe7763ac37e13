#!/usr/bin/perl

# Promise: a dashboard is live behind whatever ends TLS before nginx, as long
# as it passes Host and Upgrade on, on the port of https and on another, and
# whichever port its Host names; where the operator says that all is https, the
# page of plain http is not.
#
# Method: a server of nginx with TLS passes all to one with the shipped files.
#
# Check: two nginx, three ways to each, in a browser.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;

my $LIMIT_S = 60;
my $t = Glinto::Test->new(limit_s => 150);
my $agent = $t->aggregator;
$agent->site('a.example', '--public');
my ($tls, $named) = ($t->port, $t->port);
my ($key, $certificate) = map { $t->path("tls.$_") } qw(key crt);
my $openssl = $t->spawn('openssl', 'openssl', 'req', '-x509', '-newkey',
    'rsa:2048', '-nodes', '-days', 2, '-subj', '/CN=a.example', '-keyout',
    $key, '-out', $certificate);
is($t->ended($openssl, 30), 0, 'a certificate');

# HOST: what the terminator says that it was asked for.
sub terminator {
    my ($port, $host) = @_;
    return <<"EOS";
    server {
        listen 127.0.0.1:$port ssl;
        ssl_certificate $certificate;
        ssl_certificate_key $key;
        location / {
            proxy_pass http://127.0.0.1:%%PORT%%;
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header Upgrade \$http_upgrade;
            proxy_set_header Connection \$front_connection;
            proxy_set_header X-Forwarded-Proto https;
        }
    }
EOS
}
my $nginx = $t->nginx(shipped($t), http =>
    'map $http_upgrade $front_connection { "" ""; default upgrade; }'
    . terminator($tls, '$http_host') . terminator($named, 'a.example:443'));

# Chromium at URL, which PORT answers, sees STATE.
sub looks {
    my ($state, $url, $port) = @_;
    my $log = $t->path('terminator.log');
    my $pid = $t->spawn(terminator => 'node', $t->root
        . '/tests/browser/terminator.mjs', $url, $port, $state,
        {log => $log, env => {TMPDIR => $t->dir, HOME => $t->dir}});
    is($t->ended($pid, $t->slow($LIMIT_S)), 0, "$url: $state")
        or diag(slurp($log));
}
my $page = 'glinto/a.example';
looks('live', "https://a.example/$page", $tls);
looks('live', "https://a.example:$tls/$page", $tls);
looks('live', "https://a.example/$page", $named);
looks('live', "http://a.example/$page", $nginx->port);

my $conf = $t->path('conf/dashboard.conf');
spew($conf, slurp($conf) =~ s/^#(proxy_set_header X-Forwarded-Proto)/$1/mr);
$nginx->reload;
looks('live', "https://a.example/$page", $tls);
looks('paused', "http://a.example/$page", $nginx->port);
$t->done;
