#!/usr/bin/perl

# Promise: the scripts of GoatCounter, Umami and Matomo count a view here, in
# Chromium, with nothing changed but the address that they send to.
#
# Method: "make test-trackers SCRIPTS=DIR" runs the originals of DIR: count.js,
# script.js and matomo.js.  Else stand-ins of tests/trackers/stand-in are run,
# which send what the originals do (tests/trackers/PRODUCT.json).

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
    location = /matomo.php { glinto_collect matomo; }
    location /originals/ { alias $scripts/; }
EOS
my %tags = (
    goatcounter => '<script data-goatcounter="http://goatcounter.example/count"'
        . ' async src="/originals/count.js"></script>',
    umami => '<script defer data-website-id="umami.example" data-host-url='
        . '"http://umami.example" src="/originals/script.js"></script>',
    matomo => '<script>window._paq = [["setTrackerUrl", "/matomo.php"],'
        . ' ["setSiteId", "matomo.example"], ["trackPageView"]]</script>'
        . '<script async src="/originals/matomo.js"></script>',
);
$server{server} .= "location = /walk/$_ { default_type text/html;
    return 200 '<!doctype html><title>A page</title>$tags{$_}'; }\n"
    for sort keys %tags;
my $nginx = $t->nginx(%server);
my ($events) = Glinto::Browser::drive($t, $nginx, 'originals.mjs');
is_deeply([map { "$_->{site} $_->{kind} $_->{path}" } @$events],
    [map { "$_.example 1 /walk/$_" } qw(goatcounter umami matomo)],
    'a view of each') or diag(explain($events));
$t->done;
