package Glinto::Browser;

# Browser tests: a nginx that serves the pages, and a script of node that walks
# through them.
#
# server(TEST)    parameters for $t->nginx: the demo site at "/", the pages of
#                 tests/browser/pages at "/pages/", the page of Plausible's npm
#                 tracker at "/walk/..." and "/hash/", the package at "/npm/",
#                 the event API and the script where a site has them
# dashboard()     parameters for $t->nginx: nothing but glintod's pages
# start(TEST, NAME, ARGUMENTS...)
#                 run tests/browser/NAME.mjs: its pid, the path of what it says
# drive(TEST, NGINX, SCRIPT)
#                 run tests/browser/SCRIPT with the address of NGINX; it must
#                 end with 0.  Returns two lists: the events that are in the
#                 spool now without engagement, and engagement (as
#                 Glinto::Hits)

use strict;
use warnings;
use Glinto::Hits;
use Glinto::Test;

my $KIND_ENGAGEMENT = 3;
my $LIMIT_S = 120;

sub server {
    my ($t) = @_;
    my $root = $t->root;
    my $npm = "$root/node_modules/\@plausible-analytics/tracker";
    return (http => <<"EOT", server => <<"EOT2");
    include /etc/nginx/mime.types;
EOT
        root $root/conf/demo;
        location = /api/event { glinto_collect; }
        location /js/ { glinto_script; }
        location /pages/ { root $root/tests/browser; }
        location /npm/ { alias $npm/; }
        location ~ ^/(?:walk|hash)/ {
            root $root/tests/browser/pages;
            try_files /npm.html =404;
        }
EOT2
}

sub dashboard {
    return (server => <<'EOT');
        location /glinto/ {
            proxy_pass http://unix:%%DIR%%/dashboard.sock:;
            proxy_set_header Host $http_host;
        }
EOT
}

sub start {
    my ($t, $name, @args) = @_;
    my $log = $t->path("$name.log");
    my $pid = $t->spawn($name => 'node', $t->root . "/tests/browser/$name.mjs",
        @args, {log => $log, env => {TMPDIR => $t->dir, HOME => $t->dir}});
    return ($pid, $log);
}

sub drive {
    my ($t, $nginx, $script) = @_;
    my ($pid, $log) = start($t, $script =~ s/\.mjs$//r,
        'http://127.0.0.1:' . $nginx->port);
    is($t->ended($pid, $t->slow($LIMIT_S)), 0, "$script went through")
        or diag(slurp($log));
    my @all = @{Glinto::Hits->new($t, $nginx)->take};
    return ([grep { $_->{kind} != $KIND_ENGAGEMENT } @all],
        [grep { $_->{kind} == $KIND_ENGAGEMENT } @all]);
}

1;
