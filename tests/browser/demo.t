#!/usr/bin/perl

# Promise: the demo's buttons say that an event was sent when nginx took it,
# and that it could not be when it was refused, when no answer came, and when
# this browser is not counted.
#
# Check: a browser, and the demo alone.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(Glinto::Browser::server($t));
my ($events) = Glinto::Browser::drive($t, $nginx, 'demo.mjs');
is_deeply([sort map { "$_->{path} $_->{name}" } grep { $_->{name} } @$events],
    ['/ Order', '/about.html Newsletter', '/pricing.html Order'],
    'and those that were are there, once each');
$t->done;
