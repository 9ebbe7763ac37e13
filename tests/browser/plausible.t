#!/usr/bin/perl

# Promise: Plausible's own tracker, the npm package untouched, needs nothing
# but another endpoint: page views, routes, events, properties, revenue, form
# submissions and engagement arrive as they would there.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Browser;

my $t = Glinto::Test->new(limit_s => 150);
my $nginx = $t->nginx(Glinto::Browser::server($t));
my ($events, $engagement)
    = Glinto::Browser::drive($t, $nginx, 'plausible.mjs');

my %page = (site => 'npm.example', host => '127.0.0.1', kind => 1,
    props => {theme => 'dark'});
my %last = (%page, path => '/walk/10', source => 'test');

is_deeply($events, [
    (map { {%page, path => "/walk/$_", source => 'test'} } 1 .. 10),
    {%last, kind => 2, name => 'Signup', passive => 1, amount => '12.5',
        currency => 'EUR',
        props => {theme => 'dark', plan => 'Basic', seats => '3'}},
    {%last, kind => 2, name => '404',
        props => {theme => 'dark', path => '/walk/10'}},
    {%last, kind => 2, name => 'Form: Submission',
        props => {theme => 'dark', path => '/walk/10'}},
    {%page, path => '/walk/pushed'},
    {%page, path => '/hash/#/one'},
    {%page, path => '/hash/#/two'},
], 'every page view and event, in order') or diag(explain($events));

my %left = map { $_->{path} => $_ } @$engagement;
for my $path ((map { "/walk/$_" } 1 .. 9), '/hash/#/one') {
    ok($left{$path}, "$path tells how it was read");
}
is($left{'/walk/1'}{scroll_depth}, 101, 'to its end');

$t->done;
