#!/usr/bin/perl

# Promise: in a browser a person chooses a password, sees the sites that are
# his, changes them, signs out and in; a link shows a site to others, in a
# frame too.  Each of these pages is without a fault to axe-core and
# html-validate.  On the machine itself plain http will do.
# Slow: axe-core takes a second a page.
#
# Check: each page of sign-in and settings in a browser.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Demo;
use Glinto::Shipped;
use Glinto::Test;

my $SITE = 'a.example';
my $t = Glinto::Test->new(limit_s => 150);
my $agent = $t->aggregator;
$agent->site($SITE, '--timezone', 'UTC');
my $nginx = $t->nginx(shipped($t));
Glinto::Demo::visits($t, $agent, $SITE);
my ($welcome) = $agent->log =~ m{(/glinto/welcome/[\w-]{22})};
my $share = $agent->json('share', 'add', $SITE)->{link};
my ($pid, $log) = Glinto::Browser::start($t, 'people',
    'http://127.0.0.1:' . $nginx->port, $welcome, $SITE, $share);
is($t->ended($pid, $t->slow(90)), 0, 'no fault') or diag(slurp($log));
is(-e $t->path('access.log') ? scalar(() = slurp($t->path('access.log'))
    =~ m{/(?:welcome|share|embed)/}g) : 0, 0, 'no log keeps a secret');
$t->done;
