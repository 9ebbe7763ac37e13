#!/usr/bin/perl

# Promise: with Tab alone a reader comes to each control of each page, once, in
# the order in which they stand, sees where he is, and comes out of the page
# again; into a menu and out of it, too.  Wide and on a telephone.
# Slow: some 40 pages, each control of which is a key.
#
# Check: each page by its keyboard.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Demo;
use Glinto::Shipped;
use Glinto::Test;

my $SITE = 'a.example';
my $t = Glinto::Test->new(limit_s => 240);
my $agent = $t->aggregator;
$agent->site($_, '--public', '--timezone', 'UTC') for $SITE, 'new.example';
my $nginx = $t->nginx(shipped($t));
Glinto::Demo::visits($t, $agent, $SITE);
Glinto::Demo::define($agent, $SITE);
my ($welcome) = $agent->log =~ m{(/glinto/welcome/[\w-]{22})};
my ($pid, $log) = Glinto::Browser::start($t, 'tab',
    'http://127.0.0.1:' . $nginx->port, $welcome, $SITE);
is($t->ended($pid, $t->slow(160)), 0, 'no fault') or diag(slurp($log));
$t->done;
