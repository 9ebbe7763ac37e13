#!/usr/bin/perl

# Promise: our tracker in a real browser sends what its head promises, on the
# demo site and beside it, and nothing more: not on localhost unless asked, not
# from visitors who opted out, not from a browser driven by a program.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Browser;

my $t = Glinto::Test->new(limit_s => 150);
my $nginx = $t->nginx(Glinto::Browser::server($t));
my ($events, $engagement)
    = Glinto::Browser::drive($t, $nginx, 'glinto.mjs');

my %page = (site => 'a.example', kind => 1, host => '127.0.0.1');
my %demo = (%page, site => 'demo.example');
my @shown = map { my %e = %$_; delete $e{referrer}; \%e } @$events;

is_deeply(\@shown, [
    {%demo, path => '/', utm_source => 'letter'},
    {%demo, path => '/pricing.html'},
    {%demo, kind => 2, name => 'Order', path => '/pricing.html',
        props => {bread => 'Weekend basket'}, amount => '18.00',
        currency => 'EUR'},
    {%demo, path => '/about.html'},
    {%demo, path => '/spa/one'},
    {%demo, path => '/spa/two'},
    {%demo, path => '/spa/three'},
    {%demo, path => '/spa/two'},
    {%demo, path => '/spa/two'},
    {%page, path => '/pages/queue.html'},
    {%page, path => '/pages/queue.html', kind => 2, name => 'Early',
        props => {a => 'b', n => '5'}},
    {%page, path => '/pages/queue.html', kind => 2, name => 'Paid',
        amount => '3.10', currency => 'EUR'},
    {%page, host => 'other.example', path => '/own', kind => 2,
        name => 'Callback', passive => 1},
    {%page, path => '/pages/hash.html'},
    {%page, path => '/pages/hash.html#/linked'},
    {%page, path => '/pages/hash.html#/pushed'},
    {%page, host => 'a.example', path => '/manual'},
    {%page, path => '/pages/manual.html', kind => 2, name => 'Legacy',
        props => {a => '1'}},
    {%demo, path => '/pricing.html'},
], 'every page view and event, in order, and no other')
    or diag(explain(\@shown));

ok(!exists $events->[0]{referrer}, 'the first page has no referrer');
is($events->[1]{referrer}, 'http://127.0.0.1:' . $nginx->port . '/',
    'the second has the first, without its query');

# A page that was left, by a link or by a route, tells how it was read.
my %left = map { $_->{path} => $_ } @$engagement;
for my $path ('/', '/spa/one', '/pages/hash.html#/linked', '/manual') {
    my $e = $left{$path} // {};
    ok($e->{engagement_ms}, "$path was looked at");
    cmp_ok($e->{scroll_depth} // 0, '>', 1, "$path was read to somewhere");
}

$t->done;
