#!/usr/bin/perl

# Promise: the first view of a site with thirteen months of visits, opened in a
# browser that has nothing of it yet, is 70 KB with all that it loads, and
# moves nothing; while glintod is away it is there, says so, and goes on by
# itself when glintod is back.  How fast it is `make bench-pages` tells.
#
# Check: 30,000 visits are imported; glintod goes and comes while a page
# looks.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Demo;
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 150);
my $agent = $t->aggregator;
my $nginx = $t->nginx(shipped($t));
$agent->site('a.example', '--public');
Glinto::Demo::visits($t, $agent, 'a.example');
my $url = 'http://127.0.0.1:' . $nginx->port . '/glinto/a.example';

$t->soon('the page is made ahead', sub {
    $nginx->get('/glinto/a.example');
    -e $t->path('pages/sites/127.0.0.1/a.example/now.en.html')
        || !$nginx->get('/glinto/a.example', Host => '127.0.0.1');
});
my ($pid, $log) = Glinto::Browser::start($t, 'ahead', $url, 3, 4);
is($t->ended($pid, $t->slow(60)), 0, 'the browser has looked') or diag(slurp($log));
my $seen = JSON::PP::decode_json((split /\n/, slurp($log))[-1]);
note("$seen->{bytes} bytes in $seen->{requests} requests");
cmp_ok($seen->{bytes}, '<=', 70 * 1024, 'bytes of all of it');
is($seen->{moved}, 0, 'nothing moves') or diag(@{$seen->{what}});

# ---- away, and back ----

($pid, $log) = Glinto::Browser::start($t, 'ahead_away', $url);
my $says = sub { my $word = shift;
    $t->soon("the browser is at \"$word\"", sub {
        $t->alive($pid) or die slurp($log);
        return slurp($log) =~ /^$word$/m;
    }, 60) };
$says->('live');
$agent->kill9;
$says->('paused');
$agent->start;
is($t->ended($pid, $t->slow(60)), 0, 'and live again') or diag(slurp($log));
$t->done;
