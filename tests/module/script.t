#!/usr/bin/perl

# Promise: the tracker is served under its own name and under the names that
# Plausible's scripts have, as long as it does what they say; it may be cached
# for a day and is then only asked for by its tag, loads from any origin, and
# weighs less than 800 bytes as it is sent; what each weighs stands in
# conf/TRACKER.md.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;

my $GZIPPED_MAX = 800;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(
    server => 'location /js/ { glinto_script; }
               location = /js/plausible.outbound.js { glinto_script; }
               location = /js/own.outbound.js { glinto_script; }
               location = /renamed.mjs { glinto_script; }');

my $got = $nginx->get('/js/glinto.js');
is($got->{status}, 200, 'glinto.js');
my %want = (
    'content-type' => 'application/javascript',
    'x-content-type-options' => 'nosniff',
    'cross-origin-resource-policy' => 'cross-origin',
    'access-control-allow-origin' => '*',
    'cache-control' => 'public, max-age=86400, must-revalidate',
    'content-length' => length $got->{body},
);
is($got->{headers}{$_}, $want{$_}, $_) for sort keys %want;

like($got->{body}, qr{/api/event}, 'it is the tracker');

my $tag = $got->{headers}{etag};
like($tag, qr/^"[0-9a-f]{8}-[0-9]+"$/, 'a tag');
my $again = $nginx->get('/js/glinto.js', 'If-None-Match' => $tag);
is($again->{status}, 304, 'the same tag: not modified');
is($again->{body}, '', 'without a body');
is($again->{headers}{etag}, $tag, 'the tag again');
is($nginx->get('/js/glinto.js', 'If-None-Match' => '"old"')->{status}, 200,
    'another tag: the script');

my $plain = $nginx->get('/js/script.js');
like($plain->{body}, qr/^.+\Q$got->{body}\E$/s,
    'under another name it is called otherwise');
for my $name (qw(plausible analytics plausible.revenue.pageleave
    script.compat))
{
    my $other = $nginx->get("/js/$name.js");
    is($other->{status}, 200, $name);
    is($other->{body}, $plain->{body}, "$name is the same script");
}
is($nginx->get('/js/glinto.revenue.js')->{body}, $got->{body},
    'and ours the same as without');
for my $name (qw(other.js scripts.js glinto.css glinto glintojs script.jsx),
    '', 'script.hash')
{
    is($nginx->get("/js/$name")->{status}, 404, "no script: \"$name\"");
}
is($nginx->get('/renamed.mjs')->{status}, 200, 'any name in a location of it');

# Extensions that the plain script has not come before it, each once, and the
# order in the name means nothing.
my @more = qw(before-send exclusions file-downloads form-submissions hash local
    manual not-found outbound-links pageview-props tagged-events);
my %length;
for my $name (@more) {
    my $other = $nginx->get("/js/script.$name.js");
    is($other->{status}, 200, "script.$name.js");
    like($other->{body}, qr/^.+\Q$got->{body}\E$/s, 'and then the plain one');
    isnt($other->{headers}{etag}, $tag, 'has a tag of its own');
    $length{$name} = length($other->{body}) - length $plain->{body};
}
my %whole = map { $_ => $nginx->get("/js/$_.js") }
    'plausible.' . join('.', @more), 'script.' . join('.', reverse(@more),
    'exclusions', 'compat');
my ($first, $second) = values %whole;
is($first->{body}, $second->{body}, 'all of them, in any order');
my $sum = length $plain->{body};
$sum += $_ for values %length;
is(length $first->{body}, $sum, 'each once');

# The script of a site.
my $of_site = $nginx->get('/js/pa-aB3_x-9.js');
is($of_site->{status}, 200, 'the script of a site');
like($of_site->{body}, qr/transformRequest.*\Q$got->{body}\E$/s,
    'hears what the page says');
is($nginx->get("/js/$_")->{status}, 404, "no script: $_")
    for 'pa-.js', 'pa-a.b.js', 'pa-a', 'pa.js', 'pa-%C3%A9.js';

# A name promises what it does.
my @not = ('y' x 40,
    qw(outbound.tagged-events name init hash.outbound tagged-event glinto
    file-downloads-x nonsense HASH hashes
    hash..manual hash. %0Ahash %1b[31m x));
for my $not (@not) {
    my $reply = $nginx->get("/js/script.$not.js",
        'X-Forwarded-For' => '198.51.100.77');
    is($reply->{status}, 404, "no script: $not");
    is($reply->{headers}{'access-control-allow-origin'}, '*',
        "$not: readable");
}
is($nginx->get('/js/plausible.outbound.js')->{status}, 404,
    'not in a location of its own either');
is($nginx->get('/js/own.outbound.js')->{status}, 200,
    'what has none of the names promises nothing');
my @lines = grep { /glinto: a script/ } split /\n/, $nginx->log;
is(scalar @lines, 1, 'one line in the log');
like($lines[0], qr/\[error\] [^,]*: glinto: a script with "outbound" in /,
    'which says what the tracker does not have, and no address');

my $c = Glinto::Http->connect($nginx->port);
my $head = $c->request('HEAD', '/js/glinto.js', {Host => 'x'});
is($head->{status}, 200, 'HEAD');
is($head->{headers}{'content-length'}, length $got->{body},
    'HEAD tells the length');
is($c->request('POST', '/js/glinto.js', {Host => 'x'}, 'body')->{status}, 405,
    'POST is refused');
is($c->request('GET', '/js/glinto.js', {Host => 'x'}, 'body')->{status}, 200,
    'GET with a body');

# What each weighs as our files have nginx send it.
$nginx->stop;
my $shipped = $t->nginx(shipped($t));
my ($table) = slurp($t->root . '/conf/TRACKER.md')
    =~ /^\| script \| bytes \|\n(.*?)\n\n/ms;
my %told = $table =~ /^\| `?([\w -]+)`? \| (\d+) \|$/mg;
my %path = ((map { $_ => "script.$_" } @more), glinto => 'glinto',
    script => 'script', 'pa-ID' => 'pa-ID',
    'all of these' => 'script.' . join '.', @more);
my %size = map {
    my $reply = $shipped->get("/js/$path{$_}.js",
        'Accept-Encoding' => 'gzip', Host => 'a.example');
    is($reply->{headers}{'content-encoding'}, 'gzip', "$_ is sent packed");
    $_ => $reply->{length}
} sort keys %path;
is_deeply(\%told, \%size, 'conf/TRACKER.md says what each weighs')
    or diag(map { "| `$_` | $size{$_} |\n" } sort keys %size);
cmp_ok($size{glinto}, '<', $GZIPPED_MAX, 'the plain one');

$t->done;
