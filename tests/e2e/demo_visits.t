# Promise: the demo has thirteen months of made visits of three sites when it
# is ready: made by the same import as anybody's, in 5 s at most; every report
# of the bakery has something to show; and a visit of its pages comes on top.
#
# Method: conf/run itself, as "make run" calls it; the pages asked without a
# script.
#
# Alone: it times the import.
# Check, without sanitizers: 30,000 visits are imported.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use JSON::PP ();

# The demo starts both sides outside the harness: sanitizers cannot be
# preloaded here.
plan skip_all => 'the demo runs the normal build'
    if $ENV{GLINTO_SAN} || $ENV{GLINTO_VALGRIND};

my $IMPORT_S = 5;
my $t = Glinto::Test->new(limit_s => 120);
my $run = $t->path('run');
my $port = $t->port;
my $demo;
sub start {
    return $demo = $t->spawn($_[0], $t->root . '/conf/run', $t->build, $run,
        $port, $t->root . '/conf/demo/visits');
}
END { kill 'TERM', $demo and $t->ended($demo, 30) if $demo && $t->alive($demo) }
start('early');
$t->until('visits are made', sub {
    slurp($t->path('early.log')) =~ /adding thirteen months/ }, 45);
kill 'TERM', $demo;
$t->ended($demo, 30);
start('demo');
my $said = sub { slurp($t->path('demo.log')) };
$t->until('start of the demo', sub {
    $t->alive($demo) or die 'the demo ended: ', $said->();
    return $said->() =~ /^glinto: ready/m;
}, 45);
my ($took_s) = $said->() =~ /^glinto: visits are there, after (\d+) s$/m;
cmp_ok($took_s, '<=', $t->slow($IMPORT_S), 'the visits are there soon');

# With its report, which the first view of a site may come without.
sub page {
    my ($path) = @_;
    return $t->until("all of $path", sub {
        my $page = http_get($port, "/glinto/$path")->{body};
        return $page !~ /id="coming"|id="visitors">\D/ && $page =~ s/\s+/ /gr;
    });
}
sub figure { ($_[0] =~ /data-metric="visitors".*?class="number">([\d,]+)</)[0] }
for my $site (qw(demo garden school)) {
    my $all = page("$site.example?period=all");
    cmp_ok(figure($all) =~ tr/,//dr, '>', 1000, "$site: visitors");
    my %days = map { $_ => 1 } $all =~ /data-from="(\d{4}-\d\d)/g;
    cmp_ok(scalar keys %days, '>=', 13, "$site: thirteen months");
}

# Rows of CARD with this tab.
sub rows {
    my ($card, $tab) = @_;
    my ($html) = page("demo.example?period=91d&$card=$tab")
        =~ m{id="$card" (.*?)</section>};
    return scalar(() = ($html // '') =~ m{<tr><th scope="row"}g);
}
my %tabs = (sources => [qw(channels sources referrers campaigns utm_sources
    mediums)], pages => [qw(pages entries exits hostnames)],
    places => [qw(map countries regions cities)],
    devices => [qw(browsers browser_versions systems system_versions devices
    screens languages)], behaviour => [qw(goals events properties journeys)]);
for my $card (sort keys %tabs) {
    cmp_ok(rows($card, $_), '>', 0, "$card: $_") for @{$tabs{$card}};
}
like(page('demo.example?period=91d&behaviour=funnels'),
    qr/<ol class="funnel">.*From home to order|<ol class="funnel">/, 'a funnel');
like(page('demo.example?period=91d&behaviour=retention'), qr/class="level-/,
    'who came again');
like(page('demo.example/summary'), qr/<li data-kind=/, 'a week in words');
like(page('demo.example?period=91d'), qr/class="note-mark"/, 'annotations');

# ---- and a visit of now ----

my %browser = ('User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) '
    . 'Gecko/20100101 Firefox/128.0', 'Accept-Language' => 'en',
    'Accept-Encoding' => 'gzip', 'X-Forwarded-For' => '10.9.8.7');
is(http_get($port, '/', %browser, 'Sec-Fetch-Dest' => 'document')->{status},
    200, 'a page');
is(http_post($port, '/api/event', JSON::PP::encode_json({n => 'pageview',
    d => 'demo.example', u => "http://127.0.0.1:$port/new"}), %browser)
    ->{status}, 202, 'its event');
$t->until('it is there', sub {
    page('demo.example?period=day&f=is,event:page,/new') =~ m{id="plot"}
        && (figure(page('demo.example?period=day&f=is,event:page,/new')) // 0) eq '1';
});
$t->until('nginx told of it, too', sub {
    page('demo.example?period=day&behaviour=served') =~ /Unexplained clients.*?>1</s
        || page('demo.example?period=day&behaviour=served') =~ /Run the script.*?>1</s;
});
kill 'TERM', $demo;
is($t->ended($demo, 30), 0, 'it ends');
$t->done;
