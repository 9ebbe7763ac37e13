# Promise: a reader gets pages in the language that his address says, else in
# the one that glinto.conf fixes, else in the first of ours that his browser
# asks for, else in English; links of a page keep a chosen one.  No page in
# another language is ever given out of a file or of nginx's cache, nor while
# glintod is away.  CSV is in English.
#
# Method: nginx with the shipped files; twelve readers ask in turn, so that
# each finds what the others left; then again with glintod stopped.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my %VISITORS = (en => 'Visitors right now', de => 'Besucher gerade jetzt',
    fr => 'Visiteurs en ce moment', es => 'Visitantes ahora mismo',
    it => 'Visitatori in questo momento', nl => 'Bezoekers op dit moment');
# What a browser asks for, and what it gets.
my @READERS = (
    ['de', 'de'], ['de-AT,de;q=0.9,en;q=0.8', 'de'], ['fr-CH, fr;q=0.9', 'fr'],
    ['es', 'es'], ['it-IT', 'it'], ['nl,en', 'nl'], ['en-GB,de', 'en'],
    ['pl,cs;q=0.9,nl;q=0.5', 'nl'], ['pl', 'en'], ['', 'en'],
    ['den,frr,de', 'de'], ['DE-de', 'de'],
);
my $t = Glinto::Test->new(limit_s => 120);
$t->allow(qr/connect\(\) to unix:\S+dashboard\.sock failed/);
my $agent = $t->aggregator(hosts => '');
my $nginx = $t->nginx(shipped($t));
$agent->site('a.example', '--public');
my $at = strftime '%Y-%m-%dT12:00:00Z', gmtime time - 86_400;
my $n = 0;
spew($t->path('events.jsonl'), join '', map { JSON::PP::encode_json({
    kind => 'pageview', visitor => 'v' . $n++, at => $at, path => '/p',
    country => $_}) . "\n" } (qw(DE AT CH EG), ('US') x 1300));
$agent->glinto('import', '--site', 'a.example', '--format', 'events',
    $t->path('events.jsonl'));

sub ask {
    my ($query, $accept) = @_;
    return $nginx->get("/glinto/a.example$query", Host => 'a.example',
        'Accept-Language' => $accept);
}
# The language that a page says it has, when all of it has that.
sub language_of {
    my ($page) = @_;
    my ($lang) = $page->{body} =~ /<html lang="(\w+)">/;
    return "$page->{status}" if !defined $lang;
    my @others = grep { $page->{body} =~ /\Q$VISITORS{$_}\E/ }
        sort keys %VISITORS;
    return "@others" eq $lang ? $lang : "$lang with @others";
}
sub all_readers {
    my ($query) = @_;
    return join ' ', map { language_of(ask($query, $_->[0])) } @READERS;
}
my $want = join ' ', map { $_->[1] } @READERS;

# ---- by the browser ----

for my $language (sort keys %VISITORS) {
    $t->soon("a page in $language", sub {
        my $page = ask('', $language);
        return $page->{body} =~ /id="plot"/
            && -e $t->path("pages/sites/a.example/a.example/"
                . "now.$language.html");
    });
}
is(all_readers(''), $want, "files, round $_") for 1 .. 3;
is(all_readers('?period=7d'), $want, "nginx's cache, round $_") for 1 .. 3;
like(ask('', 'de')->{headers}{vary}, qr/Accept-Language/, 'others are told');
like(ask('?period=7d', 'de')->{headers}{vary}, qr/Accept-Language/,
    'of views, too');
my $questions = $agent->json('status')->{query}{questions};
all_readers('') for 1 .. 5;
is($agent->json('status')->{query}{questions}, $questions, 'no row is asked');
my ($german) = ask('?period=7d', 'de')->{body} =~ /class="number">(1[.,]\d+)/;
is($german, '1.304', 'numbers are German');
like(ask('?detail=countries', 'fr')->{body}, qr/Allemagne/, 'so are countries');
my @names = ask('?detail=countries&sort=name', 'de')->{body}
    =~ m{</span><span>([^<]+)</span></a></th>}g;
is("@names", "Ägypten Deutschland Österreich Schweiz Vereinigte Staaten",
    'in the order of their names');

# Of a visit of which nothing is known but its page.
$agent->site('b.example', '--public');
spew($t->path('bare.jsonl'), JSON::PP::encode_json({kind => 'pageview',
    visitor => 'bare', at => $at, path => '/p'}) . "\n");
$agent->glinto('import', '--site', 'b.example', '--format', 'events',
    $t->path('bare.jsonl'));
my $lists = slurp($t->root . '/aggregator/dashboard/lists.def');
while ($lists =~ /^LIST\((\w+), "(\w+)"/mg) {
    my $open = lc($1) . "=$2";
    my $page = $nginx->get("/glinto/b.example?period=7d&lang=de&$open",
        Host => 'b.example');
    like($page->{body}, qr/id="plot"/, $open);
    unlike($page->{body}, qr/\((?:not set|none|other)\)|Direct \/ None/,
        'has no English');
}

# ---- by the address ----

for my $language (sort keys %VISITORS) {
    my $page = ask("?lang=$language", 'nl');
    is(language_of($page), $language, "$language is chosen");
    my @links = $page->{body} =~ /href="(\?period=[^"]*)"/g;
    is(scalar(grep { !/lang=$language/ } @links), 0,
        @links . ' links keep it');
}
is(language_of(ask('?lang=xx', 'it')), 'it', 'one that there is not');
is(all_readers('?lang=fr&period=7d'), join(' ', ('fr') x @READERS),
    'whatever browsers ask for');
is(all_readers(''), $want, 'and nobody else gets it');

# ---- other pages ----

my $list = $nginx->get('/glinto/', Host => 'a.example',
    'Accept-Language' => 'de');
like($list->{body}, qr/Öffentliche Websites/, 'the list of sites');
my $none = $nginx->get('/glinto/none.example', Host => 'a.example',
    'Accept-Language' => 'es');
like($none->{body}, qr/No existe ese sitio|Este host no muestra/,
    'an error');
# What is wrong with a filter is said as people speak, and back it goes to the
# page in the same language.
for my $bad ('is,visit:foo,x', 'foo,visit:country,x', 'is,event:goal,foo',
    'matches,event:page,[foo', 'is_not,event:goal,foo', 'is,time,foo') {
    my %said;
    for my $language (sort keys %VISITORS) {
        my $page = ask("?lang=$language&f=$bad", 'en');
        my ($text, $back) = $page->{body}
            =~ m{fault-title.*?<p>(.*?)</p>.*?href="([^"]*)"}s;
        $said{$text // 'nothing'} = $page->{status};
        is($back, "?lang=$language", "$language: $bad");
    }
    is(join(' ', keys(%said) + 0, values %said),
        join(' ', 6, (400) x 6), 'in six languages')
        or diag(join "\n", keys %said);
    is(scalar(grep { /&quot;(?:queries|filters)&quot;/ } keys %said), 0,
        'no word of the query');
}
my $sign = $nginx->get('/glinto/sign-in?lang=it', Host => 'a.example');
like($sign->{body}, qr/<h1>Accedi/, 'signing in');
like($sign->{body}, qr{action="/glinto/sign-in\?lang=it"}, 'its form keeps it');
my $csv = ask('/list.csv?detail=countries', 'de');
like($csv->{body}, qr/\A"?Country"?,/, 'CSV is for programs');

# ---- glintod is away ----

kill 'STOP', $agent->pid;
my $stopped = join ' ', map { language_of(ask('', $_->[0])) } @READERS[0 .. 5];
kill 'CONT', $agent->pid;
is($stopped, join(' ', map { $_->[1] } @READERS[0 .. 5]),
    'stopped, pages are in the language of each');

# ---- by glinto.conf ----

my $conf = slurp($t->path('glinto.conf'));
spew($t->path('glinto.conf'), "${conf}language fr\n");
kill 'HUP', $agent->pid;
$t->soon('French is fixed', sub { language_of(ask('?period=day', 'de')) eq 'fr' });
is(all_readers('?period=30d'), join(' ', ('fr') x @READERS), 'for all');
is(language_of(ask('?lang=de', 'en')), 'de', 'but who chooses another');
$t->done;
