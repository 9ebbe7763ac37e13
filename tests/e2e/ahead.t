# Promise: the first view of a site that was looked at of late is made before
# it is asked for: opening it a thousand times asks no row; of a public site
# nginx gives it out alone, with the headers that glintod sends, and a minute
# after a visit it has that visit.  Whoever is not let in gets nothing of it,
# by whatever way: what is closed is closed at once, in files and cache, too.
#
# Method: nginx with the shipped files; glintod's clock runs ahead, and glintod
# is stopped with SIGSTOP where nginx is to be alone.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $OPENS = 1000;
my $WAIT_S = 0.3; # in vain
my $NUMBER = 4711; # pageviews of yesterday on the closed site
my $t = Glinto::Test->new(limit_s => 150);
my $agent = $t->aggregator(hosts => 'stats.example');
my $nginx = $t->nginx(shipped($t));
# Its clock goes ahead of ours, and not into the next day.
$agent->site('a.example', '--public', '--timezone', $t->forenoon);
$agent->site('b.example', '--public');
$agent->site('closed.example', '--timezone', 'UTC');
my $token = $agent->json('token', 'create')->{token};
my %token = (Authorization => "Bearer $token");
my $folder = $t->path('pages/sites');

sub import_visits {
    my ($site, $n) = @_;
    my $at = strftime '%Y-%m-%dT12:00:00Z', gmtime time - 86_400;
    spew($t->path('events.jsonl'), join '', map { JSON::PP::encode_json({
        kind => 'pageview', visitor => "v$_", at => $at, path => "/p$_"})
        . "\n" } 1 .. $n);
    $agent->glinto('import', '--site', $site, '--format', 'events',
        $t->path('events.jsonl'));
}
import_visits($_, 7) for qw(a.example b.example);
import_visits('closed.example', $NUMBER);

sub ask {
    my ($host, $path, %headers) = @_;
    return $nginx->get($path, Host => $host, %headers);
}
sub status_of { ask(@_)->{status} }
sub questions { $agent->json('status')->{query}{questions} }
sub now_file { "$folder/$_[0]/$_[1]/now.en.html" }
# Until it has live numbers a page is not kept.
sub is_open {
    my ($host, $site, %headers) = @_;
    my $page = ask($host, "/glinto/$site", %headers);
    return $page->{status} == 200 && $page->{body} =~ /id="visitors">\d/
        && $page->{body} =~ /id="plot"/;
}
sub open_site {
    my ($host, $site, %headers) = @_;
    return $t->soon("$host has a page of $site",
        sub { is_open($host, $site, %headers) });
}
sub opens {
    my ($host, $site, %headers) = @_;
    my $client = Glinto::Http->connect($nginx->port);
    my %status;
    for my $n (1 .. $OPENS) {
        # nginx ends a connection after 1000 requests
        $client = Glinto::Http->connect($nginx->port) if $n % 500 == 0;
        $status{$client->request('GET', "/glinto/$site",
            {Host => $host, %headers}, undef)->{status}}++;
    }
    return join ' ', %status;
}
# What nginx does while glintod does nothing.
sub alone {
    my ($code) = @_;
    kill 'STOP', $agent->pid;
    my $got = eval { $code->() };
    my $why = $@;
    kill 'CONT', $agent->pid;
    die $why if $why;
    return $got;
}

# ---- public: a file ----

open_site('a.example', 'a.example');
ok(-s now_file('a.example', 'a.example'), 'the first view becomes a file');
my $before = questions();
is(opens('a.example', 'a.example'), "200 $OPENS", "$OPENS opens");
is(questions(), $before, 'ask no row');
my $page = alone(sub { ask('a.example', '/glinto/a.example') });
is($page->{status}, 200, 'nginx gives it out alone');
like($page->{body}, qr/id="plot"/, 'with its report');
my $direct = $agent->dashboard('GET', '/glinto/a.example', undef,
    {Host => 'a.example'});
for my $name (qw(content-type content-security-policy x-content-type-options
    referrer-policy x-frame-options cross-origin-resource-policy
    cache-control)) {
    is($page->{headers}{$name}, $direct->{headers}{$name}, "$name is glintod's");
}
is($page->{headers}{'content-encoding'}, 'gzip', 'packed');
my $plain = alone(sub {
    ask('a.example', '/glinto/a.example', 'Accept-Encoding' => undef);
});
is($plain->{body}, $page->{body}, 'or not, as the browser wants it');
my $head = alone(sub {
    Glinto::Http->connect($nginx->port)->request('HEAD', '/glinto/a.example',
        {Host => 'a.example'}, undef);
});
is("$head->{status} $head->{length}", '200 0', 'HEAD');
my @assets = $page->{body} =~ m{(/glinto/assets/[\w.-]+)}g;
my %asset;
for my $path (@assets) {
    my $file = alone(sub { ask('a.example', $path) });
    my $own = $agent->dashboard('GET', $path);
    is($file->{body}, $own->{body}, "$path is a file, too");
    is($file->{headers}{$_}, $own->{headers}{$_}, "its $_")
        for qw(content-type cache-control content-security-policy);
    $asset{$path} = $file->{length};
}
my $bytes = $page->{length};
$bytes += $_ for values %asset;
note("page and assets: $bytes bytes");
cmp_ok($bytes, '<=', 70 * 1024, 'all of it, as it comes, is 70 KB at most');

# ---- no other way to what is in the folder ----

open_site('stats.example', 'b.example');
my $now = 'sites/a.example/a.example/now.en.html';
my @tries = map { ['a.example', $_] } '/glinto/b.example',
    '/glinto/a.example/now.en.html', map { ("/$_/$now", "/$_$now") } 'glinto',
    'glinto/..', 'glinto/../pages', 'pages', 'glinto/assets/..',
    'glinto/assets/..%2f', 'glinto/assets/%2e%2e%2f', 'glinto/./../pages';
push @tries, map { [$_, '/glinto/a.example'] } 'evil.test', 'b.example', '..',
    'a.example/../a.example', '.a.example', 'a..example', '*', '';
for my $try (@tries) {
    my ($host, $path) = @$try;
    my $got = ask($host, $path);
    unlike("$got->{status} $got->{body}", qr/^200|id="plot"/,
        "\"$host\" $path gives nothing");
}
is(status_of('A.EXAMPLE.:80', '/glinto/a.example'), 200, 'a host, however written');
is(status_of('stats.example', '/glinto/b.example'), 200,
    'a named host');
my $post = $nginx->post('/glinto/a.example', '{}', Host => 'a.example');
is("$post->{status} $post->{headers}{allow}", '405 GET, HEAD',
    'POST is not allowed');

# ---- who has signed in is known by glintod alone ----

sub answers_alone {
    my ($cookie) = @_;
    return alone(sub {
        my $client = Glinto::Http->connect($nginx->port);
        $client->send($client->compose('GET', '/glinto/a.example',
            {Host => 'a.example', Cookie => $cookie}));
        return IO::Select->new($client->socket)->can_read($WAIT_S) ? 1 : 0;
    });
}
is(answers_alone('x=y; __Host-glinto=z'), 0, 'a session is asked about');
is(answers_alone('x=y; glinto=z'), 1, 'any other cookie is not');

# ---- not public: in no file, in no cache ----

my $closed = '/glinto/closed.example';
open_site('closed.example', 'closed.example', %token);
$before = questions();
is(opens('closed.example', 'closed.example', %token), "200 $OPENS",
    "$OPENS opens with a token");
is(questions(), $before, 'ask no row');
ok(!-e "$folder/closed.example", 'no file of it');
is(qx(grep -rlF 'closed.example' @{[$t->path('pages')]} @{[$t->path('cache')]}), '',
    'its name is nowhere');
my %live = (Upgrade => 'websocket', Connection => 'Upgrade',
    Origin => 'http://closed.example', 'Sec-WebSocket-Version' => 13,
    'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==');
for my $way ('', '?period=7d', '?fresh', '/list.csv?detail=pages', '/live') {
    my $got = ask('closed.example', "$closed$way", $way eq '/live' ? %live : ());
    is($got->{status}, 401, "$closed$way: a stranger gets 401");
    unlike($got->{body}, qr/4,?711/, 'and no number');
}

# ---- no secret of an address is kept ----

for my $path (map { ("/glinto/a.example?$_", "/glinto/?$_") }
    'auth=SECRETSECRET', 'period=7d&auth=SECRETSECRET', 'SECRETSECRET') {
    is(status_of('a.example', $path), 200, $path);
}
is(qx(grep -rlF SECRETSECRET @{[$t->path('cache')]} @{[$t->path('pages')]}),
    '', 'is in no file of the cache');
is(status_of('a.example', '/glinto/a.example?period=7d'), 200, 'a view');
like(qx(grep -raF 'KEY: ' @{[$t->path('cache')]}),
    qr{KEY: a\.example/glinto/a\.example\?period=7d en$}m,
    'its key is host, site and view');

# ---- a minute after a visit ----

sub visit {
    my ($site) = @_;
    my $event = JSON::PP::encode_json({n => 'pageview', d => $site,
        u => "http://$site/new"});
    $t->until("a visit of $site", sub {
        my $reply = $nginx->post('/api/event', $event, Host => $site);
        return $reply->{status} == 202
            && !$reply->{headers}{'x-plausible-dropped'};
    });
}
my $file = now_file('a.example', 'a.example');
my $seen = qr/id="today-pageviews">1</;
visit('a.example');
$t->soon('who asks glintod sees it at once', sub {
    $agent->dashboard('GET', '/glinto/a.example', undef,
        {Host => 'a.example'})->{body} =~ $seen;
});
unlike(slurp($file), $seen, 'the file is of before');
$agent->ahead(61);
$t->soon('a minute later it is made anew', sub { slurp($file) =~ $seen });
like(ask('a.example', '/glinto/a.example')->{body}, $seen, 'for all');
like(ask('a.example', '/glinto/a.example?period=day')->{body}, qr{/new<},
    'another view is of now');

# ---- closed at once ----

my $view = '/glinto/a.example?period=7d';
is(status_of('a.example', $view), 200, 'another view');
$agent->glinto('site', 'set', 'a.example', 'public', 'no');
is(status_of('a.example', $_), 401, "closed: $_")
    for '/glinto/a.example', $view, '/glinto/a.example?fresh';
ok(!-e "$folder/a.example", 'no file is left');
$agent->glinto('site', 'set', 'a.example', 'public', 'yes');
open_site('a.example', 'a.example');
is(status_of('a.example', $view), 200, 'opened again');

ok(-e now_file('stats.example', 'b.example'), 'a named host has its file');
spew($t->path('glinto.conf'), slurp($t->path('glinto.conf'))
    =~ s/^dashboard_hosts .*/dashboard_hosts new.example/mr);
kill HUP => $agent->pid;
$t->soon('and not when it is named no more',
    sub { !-e "$folder/stats.example" });
is(status_of('stats.example', '/glinto/b.example'), 404, 'nor anything else');

open_site('b.example', 'b.example');
$agent->glinto('site', 'reset', 'b.example', '--yes');
unlike(ask('b.example', '/glinto/b.example')->{body}, qr{/p1<},
    'what is erased is not shown');
import_visits('b.example', 3);
open_site('b.example', 'b.example');
$agent->glinto('site', 'remove', 'b.example', '--yes');
is(status_of('b.example', '/glinto/b.example'), 404,
    'what is removed is not there');

# ---- nobody looks ----

open_site('a.example', 'a.example');
ok(-e $file, 'a file');
$agent->ahead(61 + 601);
$t->soon('is new no more when nobody has looked for ten minutes',
    sub { !-e $file });
ok(-e "$folder/a.example/a.example/last.en.html", 'but the last that there is');
$t->soon('asked for it is new again', sub {
    is_open('a.example', 'a.example') && -e $file;
});
$t->done;
