#!/usr/bin/perl

# Promise: Plausible's older npm package, plausible-tracker, untouched, needs
# nothing but another apiHost: views, routes, events with properties arrive.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 150);
my %server = Glinto::Browser::server($t);
my $root = $t->root;
$server{server} .= <<"EOS";
        location /plausible-tracker/ {
            root $root/node_modules;
            try_files \$uri \$uri.js =404;
        }
        location /older/ {
            root $root/tests/browser/pages;
            try_files /older.html =404;
        }
EOS
my $nginx = $t->nginx(%server);
my ($events) = Glinto::Browser::drive($t, $nginx, 'older.mjs');

my %page = (site => 'npm.example', host => '127.0.0.1', kind => 1);
my %first = (%page, path => '/older/1', utm_source => 'news');
is_deeply($events, [
    \%first,
    {%page, path => '/older/2'},
    \%first,
    {%first, kind => 2, name => 'Signup', props => {plan => 'Basic',
        seats => '3'}},
    {%page, host => 'o.example', path => '/x'},
    {%page, path => '/older/hash#/one'},
    ({%page, path => '/older/hash#/two'}) x 2,
], 'every view and event, in order') or diag(explain($events));
$t->done;
