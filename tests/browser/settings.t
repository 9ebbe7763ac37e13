#!/usr/bin/perl

# Promise: an owner sets up a site on its settings pages in a browser: who sees
# it, its day and its hosts, links, people, tokens; who is not counted, what of
# a visit is kept and for how long; goals, funnels, segments, annotations.
# Each is seen on its page, can be taken back there, and stands in the list of
# changes with who did it.  An editor sees no people there, a viewer nothing.
# A click on a number shows its rows.  The pages are
# without a fault to axe-core and html-validate, in dark and on a telephone,
# too.
# Slow: twelve pages by axe-core, a second each.
# Alone: a page's questions have 5 s and give way to whatever else runs.
#
# Check: each form of the settings in a browser.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Shipped;
use Glinto::Test;

my $SITE = 'a.example';
my $t = Glinto::Test->new(limit_s => 200);
my $agent = $t->aggregator;
$agent->site($SITE, '--timezone', 'UTC');
my $nginx = $t->nginx(shipped($t));
$agent->import_lines($SITE, map { {kind => 'pageview', visitor => "v$_",
    path => '/', country => 'DE', at => '2026-11-20T12:00:00Z'} } 1 .. 5);
my ($welcome) = $agent->log =~ m{(/glinto/welcome/[\w-]{22})};
my ($pid, $log) = Glinto::Browser::start($t, 'settings',
    'http://127.0.0.1:' . $nginx->port, $welcome, $SITE);
is($t->ended($pid, $t->slow(130)), 0, 'no fault') or diag(slurp($log));
like(slurp($log), qr/^ok$/m, 'to the end');
$t->done;
