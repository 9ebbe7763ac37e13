#!/usr/bin/perl

# Promise: the scripts of GoatCounter, Umami and Matomo count in Chromium with
# nothing changed but the address that they send to: a view each, and of the
# originals also clicks, events, revenue, routes, lists and what is dropped.
#
# Method: "make test-trackers SCRIPTS=DIR" runs the originals of DIR: count.js,
# script.js and matomo.js.  Else stand-ins of tests/trackers/stand-in are run,
# which send a view as the originals do (tests/trackers/PRODUCT.json).

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 150);
my $scripts = $ENV{GLINTO_SCRIPTS} // $t->root . '/tests/trackers/stand-in';
ok(-r "$scripts/$_", "there is $scripts/$_")
    for qw(count.js script.js matomo.js);
my %server = Glinto::Browser::server($t);
$server{server} .= <<"EOS";
    location = /count { glinto_collect goatcounter; }
    location = /api/send { glinto_collect umami; }
    location = /matomo.php { glinto_collect matomo;
        glinto_max_body 64k; }
    location /originals/ { alias $scripts/; }
EOS
my %tags = (
    goatcounter => '<script data-goatcounter="http://goatcounter.example/count"'
        . ' async src="/originals/count.js"></script><a id="click" title="A"'
        . ' data-goatcounter-click="ext-a">',
    umami => '<script defer data-website-id="umami.example" data-host-url='
        . '"http://umami.example" data-tag="B" src="/originals/script.js">'
        . '</script><button id="click" data-umami-event="Up"'
        . ' data-umami-event-plan="pro">',
    matomo => '<script>window._paq = [["setTrackerUrl", "/matomo.php"],'
        . ' ["setSiteId", "matomo.example"], ["trackPageView"]]</script>'
        . '<script async src="/originals/matomo.js"></script>',
);
$server{server} .= "location = /walk/$_ { default_type text/html;
    return 200 '<!doctype html><title>A page</title><body>$tags{$_}'; }\n"
    for sort keys %tags;
my $nginx = $t->nginx(%server);
my ($events) = Glinto::Browser::drive($t, $nginx, 'originals.mjs');
my $original = defined $ENV{GLINTO_SCRIPTS};
my %view = (kind => 1, title => 'A page', utm_campaign => 'may');
my %custom = (%view, kind => 2);
my %quiet = (kind => 2, utm_campaign => 'may');
my @tag = $original ? (props => {tag => 'B'}) : ();
my %wanted = (
    goatcounter => [\%view, {%custom, name => 'ext-a', title => 'A'},
        {%custom, name => 'signup', title => 'Up'},
        {%view, path => '/virtual', title => 'V'}],
    umami => [{%view, @tag}, {%custom, name => 'buy', amount => '5',
        currency => 'USD', props => {tag => 'B', revenue => '5',
        currency => 'USD'}},
        {kind => 1, path => '/other', title => 'O', props => {tag => 'B'}},
        {%custom, name => 'Up', props => {tag => 'B', plan => 'pro'}},
        {kind => 1, path => '/route', title => 'A page', @tag,
            referrer => 'http://umami.example/walk/umami'}],
    matomo => [\%view, {%quiet, name => 'Videos: Play', props =>
        {name => 'Intro', value => '3'}},
        {%quiet, name => 'Site Search', props => {search_query => 'shoes',
            category => 'all', results => '0'}},
        {%quiet, name => 'Goal 3'}, {%quiet, name => 'Order'},
        {%quiet, name => 'Outbound Link: Click',
            props => {url => 'https://o.example/'}},
        {%quiet, name => 'File Download', props => {url => '/a.pdf'}},
        {%view, title => 'Again', props => {dimension1 => 'gold',
            dimension2 => 'x'}},
        (map { {%quiet, name => "Queue: $_", props => {dimension1 => 'gold'}} }
            1, 2),
        (map { {%quiet, name => "By: $_", props => {dimension1 => 'gold'}} }
            'form', 'image')],
);
for my $product (sort keys %wanted) {
    my $site = "$product.example";
    my @got = grep { $_->{site} eq $site } @$events;
    my @want = map { {site => $site, host => $site, path => "/walk/$product",
        %$_} } @{$wanted{$product}};
    splice @want, 1 if !$original;
    ok(!(grep { !length(delete $_->{screen} // '') } @got),
        "$product: each has a screen");
    is_deeply(\@got, \@want, "$product: " . @want . ' events')
        or diag(explain(\@got));
}
$t->done;
