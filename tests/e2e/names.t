# Promise: a site is one name at every door, whatever it is called: `d` and
# `u` of JSON, form and pixel, the lists of hosts, referrers, lines of an
# import, the command, addresses of pages.  An event for several names of it
# is one row.  People read its letters, programs its ASCII.  What names no
# host is refused with a sentence.  Sites named by a glintod of before get
# their one name at the start, and waiting events of a worker of before come
# to them.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new->one_day;
my $agent = $t->aggregator;
my $store = Glinto::Store->new($t->path('data'));
my $ASCII = 'xn--bcher-kva.example';
my ($SHOWN, $LOUD) = map { "$_.example" } "b\xc3\xbccher", "B\xc3\x9cCHER";
my $n = 0;

# ---- the command ----

is($agent->site($SHOWN, '--public'),
    "site $SHOWN added, public, timezone UTC; counted from the next second "
    . "on\n", 'a site is added in its letters');
like($agent->glinto('site', 'list'), qr/^\Q$SHOWN\E /m, 'and listed so');
is($agent->json('site', 'list')->{sites}[0]{domain}, $ASCII,
    'programs get ASCII');
for my $name ($ASCII, $SHOWN, $LOUD, "www.$ASCII.", uc $ASCII)
{
    my ($status, $out, $err) = $agent->glinto('site', 'add', $name);
    is($err, "glinto: there is a site \"$ASCII\" already\n", "$name is it");
    is(($agent->glinto('site', 'set', $name, 'optout', 'no'))[0], 0,
        'it may be set by that name');
}
$agent->site('F.test.');
for (
    ['f.test:8080', 'has a port; a site is a host alone, like example.com'],
    map { [$_, 'is not the name of a host, like example.com'] }
    '-public', 'https://f.test/', 'f..test', 'f test', "f.test'X'",
    "\xe2\x98\x83.example", '',
    )
{
    my ($name, $why) = @$_;
    for my $args (['add', $name], ['set', 'f.test', 'hosts', "a.test,$name"]) {
        next if $args->[0] eq 'set' && $name =~ /^$| /; # an empty list, two
        my ($status, undef, $err) = $agent->glinto('site', @$args);
        isnt($status, 0, "site $args->[0]: \"$name\" is refused");
        like($err, qr/\Q$why\E/, 'with a sentence');
    }
}
$agent->glinto('site', 'set', 'F.TEST', 'hosts',
    "f.test, www.F.test.,$LOUD,$ASCII");
is($agent->json('site', 'list')->{sites}[0]{hosts}, "f.test,$ASCII",
    'hosts: each once');
like($agent->glinto('site', 'list'), qr/f\.test,\Q$SHOWN\E/, 'shown in letters');

# ---- live ----

my $nginx = $t->nginx(server => 'location = /e { glinto_collect; }
    location = /g.gif { glinto_pixel; }
    location = /own { glinto_collect; glinto_site "F.test."; }');
like(slurp($t->path('sites')), qr/^f\.test hosts=f\.test,\Q$ASCII\E$/m,
    'workers are told the one name');

sub rows {
    my ($path) = @_;
    return join ' ', sort map { "$_->{domain}@{[$_->{host} // '-']}" }
        map { my ($file, $path) = ($_, $path); $store->rows($file, q{
            SELECT '@' || hosts.text AS host, site AS domain FROM events
            LEFT JOIN hosts ON hosts.code = host
            JOIN paths ON paths.code = path WHERE paths.text = ?}, $path) }
        $store->accounts;
}
my %id = map { $_->{domain} => $_->{id} }
    $store->rows($store->meta, 'SELECT id, domain FROM sites');

# An event for D with U; the rows it makes: of the sites, at the hosts.
sub comes {
    my ($d, $u, $want, $fact, $location) = @_;
    my $path = '/' . ++$n;
    $u .= $path;
    my %body = (n => 'pageview', u => $u, defined $d ? (d => $d) : ());
    my $json = '{' . join(',', map { qq("$_":"$body{$_}") } keys %body) . '}';
    my $coded = join '&', map { "$_=" . $body{$_}
        =~ s/([^A-Za-z0-9.])/sprintf '%%%02X', ord $1/ger } sort keys %body;
    my @replies = ($nginx->post($location // '/e', $json));
    push @replies, $nginx->post('/e', $coded, 'Content-Type' =>
            'application/x-www-form-urlencoded'), $nginx->get("/g.gif?$coded")
        if !$location;
    is(join(' ', map { $_->{headers}{'x-plausible-dropped'} // 0 } @replies),
        join(' ', (0) x @replies), "$fact: taken");
    my $rows = join ' ', sort((map { my ($site, $host) = @$_;
        "$id{$site}\@$host" } @$want) x @replies);
    $t->soon("$fact: one row each", sub { rows($path) eq $rows })
        or diag(rows($path) . " is not $rows");
}
comes('f.test,www.f.test,F.TEST,f.test.,f.test:8080', 'https://f.test',
    [['f.test', 'f.test']], 'a site by five names');
comes('f.test', 'https://WWW.F.test.:8443', [['f.test', 'f.test']],
    'a page by another name');
comes($SHOWN, "https://$SHOWN", [[$ASCII, $ASCII]],
    'letters');
comes($ASCII, "https://$ASCII", [[$ASCII, $ASCII]], 'what browsers say');
comes("$LOUD,f.test", "https://$SHOWN",
    [[$ASCII, $ASCII], ['f.test', $ASCII]], 'two sites, a host of both');
comes(undef, "https://www.$SHOWN.", [[$ASCII, $ASCII]],
    'no site: the host of the page');
comes(undef, 'https://f.test', [['f.test', 'f.test']],
    'glinto_site in another form', '/own');
for my $name ('https://f.test/', "f.test'X'", '-f.test', "b\xc3\xbc'.example") {
    my $r = $nginx->post('/e',
        qq({"n":"pageview","d":"$name","u":"https://f.test/x"}));
    is($r->{status}, 400, "d \"$name\": refused");
    like($r->{body}, qr/"domain":\["[^"]*not a host"/, 'with a sentence');
}

# ---- an import ----

sub import_lines {
    my ($site, @lines) = @_;
    my $file = $t->path('lines-' . ++$n);
    spew($file, join '', map { "$_\n" } @lines);
    return $agent->glinto('import', '--site', $site, '--format', 'events',
        $file);
}

# ---- referrers: the own site is no source ----

# What the events that a referrer brought by each door have as their source.
sub sources {
    my ($referrer) = @_;
    my $path = '/' . ++$n;
    my $coded = $referrer =~ s/([^A-Za-z0-9.])/sprintf '%%%02X', ord $1/ger;
    $nginx->post('/e', qq({"n":"pageview","d":"f.test",)
        . qq("u":"https://f.test$path","r":"$referrer"}));
    $nginx->get("/g.gif?d=f.test&u=https://f.test$path&r=$coded");
    import_lines('f.test', qq({"kind":"pageview","visitor":"v",)
        . qq("path":"$path","referrer":"$referrer"}));
    my ($file, @rows) = $store->site('f.test');
    $t->until("events from $referrer", sub {
        @rows = $store->rows($file, q{SELECT r.source FROM events
            JOIN paths ON paths.code = path
            LEFT JOIN referrers r ON r.code = events.referrer
            WHERE paths.text = ?}, $path);
        @rows == 3 });
    return join ' ', map { $_->{source} || 'none' } @rows;
}
sub come_from {
    my ($source, @referrers) = @_;
    is(sources($_), "$source $source $source", "from $_: source $source")
        for @referrers;
}
my @own = ('https://f.test/a', 'https://www.F.test./', 'https://blog.f.test/',
    'https://m.f.test:8080/', ' https://f.test/');
my @named = ("https://$SHOWN/", "https://$ASCII/x",
    "https://shop.$LOUD:8443/");
come_from('none', @own, @named);
come_from('other.test', 'https://other.test/', 'https://notf.other.test/');
$agent->glinto('site', 'set', 'f.test', 'hosts', '');
come_from('none', @own);
come_from($ASCII, @named);
$agent->glinto('site', 'set', 'f.test', 'hosts', 'f.test,shop.other.test');
come_from('none', 'https://other.test/', 'https://x.other.test/');

# ---- an import's hosts ----

my @line = map { '{"kind":"pageview","visitor":"v","path":"/import","host":"'
    . "$_\"}" } $SHOWN, "WWW.$ASCII.:443", '(none)';
is((import_lines("$LOUD.", @line))[0], 0, 'an import by a name');
is(rows('/import'), join(' ', map { "$id{$ASCII}\@$_" } '(none)', $ASCII,
    $ASCII), 'its hosts have their one form');
like((import_lines('f.test',
    '{"kind":"pageview","visitor":"v","host":"f.test\'X\'"}'))[2],
    qr/line 1: "host" is not the name of a host/, 'what is none has its line');

# ---- pages ----

for my $name ($ASCII, 'b%C3%BCcher.example', 'B%C3%9CCHER.EXAMPLE.',
    "www.$ASCII", "$ASCII:443")
{
    my $page = $agent->dashboard('GET', "/glinto/$name");
    is($page->{status}, 200, "/glinto/$name");
    like($page->{body}, qr{<h1 class="site">\Q$SHOWN\E</h1>}, 'in letters');
}
is($agent->dashboard('GET', "/glinto/f.test'X'")->{status}, 404, 'is none');
my $list = $agent->dashboard('GET', '/glinto/?q=b%C3%9Cc')->{body};
like($list, qr{href="/glinto/b%C3%BCcher\.example"><span[ ]class="name">\Q$SHOWN\E<}x,
    'found in the list by its first letters');

# ---- hosts in lists ----

import_lines('f.test', map { '{"kind":"pageview","visitor":"w","host":'
    . "\"$_\",\"referrer\":\"https://m\xc3\xbcnchen.example/a\"}" } $SHOWN);
for (['pages=hostnames', 'event:hostname', $ASCII, $SHOWN],
    ['sources=sources', 'visit:source', 'xn--mnchen-3ya.example',
        "m\xc3\xbcnchen.example"],
    ['sources=referrers', 'visit:referrer', 'xn--mnchen-3ya.example/a',
        "m\xc3\xbcnchen.example/a"])
{
    my ($list, $dimension, $name, $letters) = @$_;
    my $page = $agent->shown("/glinto/f.test?period=day&$list");
    like($page->{body}, qr{<span>\Q$letters\E</span>}, "$list: in letters");
    like($page->{body}, qr{f=is,$dimension,\Q$name\E}, 'a filter in ASCII');
    $page = $agent->shown("/glinto/f.test?f=is,$dimension,$name");
    like($page->{body}, qr{\Q$letters\E}, 'which is shown in letters');
    spew($t->path('question'), qq({"site_id":"f.test","date_range":"day",)
        . qq("metrics":["visitors"],"dimensions":["$dimension"]}));
    like($agent->glinto('query', $t->path('question')), qr/^\Q$letters\E /m,
        "glinto query: $dimension in letters");
    like($agent->glinto('query', '--json', $t->path('question')),
        qr/"\Q$name\E"/, 'programs get ASCII');
}

# ---- names from before ----

$nginx->stop;
$agent->stop;
my $db = DBI->connect('dbi:SQLite:dbname=' . $store->meta, '', '',
    {RaiseError => 1});
$db->do('UPDATE sites SET domain = ?, hosts = ? WHERE domain = ?', {},
    $SHOWN, "a.test,B\xc3\x9c.test", $ASCII);
$db->disconnect;
my $old = Glinto::Segment->create($t->path('spool'));
$old->event(site => $SHOWN, visitor => ++$n, path => '/old', host => 'h.test');
$old->close;
$agent->start;
is($agent->json('site', 'list')->{sites}[-1]{domain}, $ASCII,
    'a site in letters has its one name');
is($agent->json('site', 'list')->{sites}[-1]{hosts}, 'a.test,xn--b-eha.test',
    'its hosts have theirs');
$t->soon('an event that waited comes to it',
    sub { rows('/old') eq "$id{$ASCII}\@h.test" });

$t->done;
