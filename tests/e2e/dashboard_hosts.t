# Promise: a site's numbers are shown on the site's own host and on the hosts
# that dashboard_hosts names, on no other: page, list and live WebSocket alike,
# with a token, too, and what is not shown looks as what is not there.  HUP
# changes who may watch.  To a person, the page of a site that is not public
# says how to open it.
#
# Method: every path on the dashboard socket with many spellings of Host; then
# through nginx with the shipped files.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use Glinto::WebSocket;

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'stats.example, [::1]:8080');
$agent->site('a.example', '--public');
$agent->site('b.example', '--public');
$agent->site("b\xc3\xbccher.example", '--public');
$agent->site('closed.example', '--timezone', 'UTC');
my $token = $agent->json('token', 'create')->{token};
my %token = (Authorization => "Bearer $token");

sub ask {
    my ($host, $path, %headers) = @_;
    return $agent->dashboard('GET', $path, undef, {%headers, Host => $host});
}
sub live {
    my ($host, $site, %headers) = @_;
    my (undef, $status) = Glinto::WebSocket->try($t->path('dashboard.sock'),
        "/glinto/$site/live", host => $host, headers => \%headers);
    return $status;
}
sub listed {
    my ($host, $query) = @_;
    return join ' ', ask($host, '/glinto/' . ($query // ''))->{body}
        =~ m{class="card" href="/glinto/([^"]+)"}g;
}
# Statuses of page and WebSocket.
sub shown {
    my ($host, $site, %headers) = @_;
    return ask($host, "/glinto/$site", %headers)->{status} . ' '
        . live($host, $site, %headers);
}

# ---- own host, named hosts, others ----

for my $host (qw(a.example A.Example www.a.example a.example.
    a.example:8443)) {
    is(shown($host, 'a.example'), '200 101', "$host shows a.example");
    is(shown($host, 'b.example'), '404 404', 'and no other public site');
    is(listed($host), 'a.example', 'which its list has not');
}
for my $host (qw(stats.example STATS.example:8080)) {
    is(shown($host, $_), '200 101', "$host, a named host, shows $_")
        for qw(a.example b.example b%C3%BCcher.example);
    is(listed($host), 'a.example b.example b%C3%BCcher.example',
        'and lists all');
}
for my $host (qw([::1] [::1]:8080 [0:0::1]:80)) {
    is(ask($host, '/glinto/b.example')->{status}, 200, "$host shows b.example");
}
for my $host ('127.0.0.1', 'localhost', 'x.a.example', 'a.example.evil.test',
    'stats.example.evil.test', 'evil.test', 'example', '', '-', 'a b', "\xff",
    'x' x 300) {
    is(shown($host, 'a.example'), '404 404', "\"$host\" shows nothing")
        if $host !~ /[ \xff]|^$/;
    is(listed($host), '', "\"$host\" lists nothing");
}
is(shown('xn--bcher-kva.example', 'b%C3%BCcher.example'), '200 101',
    "a site's host is as browsers send it");
is(listed('xn--bcher-kva.example'), 'b%C3%BCcher.example', 'in the list, too');
is(listed('a.example', '?q=a.'), 'a.example', "the one site's beginning");
is(listed('a.example', '?q=b'), '', 'is looked for');
is(listed('a.example', '?after=a.example'), '', 'and what comes after it');

# ---- two Hosts, none ----

for my $head ("Host: a.example\r\nHost: a.example\r\n", '') {
    my $c = Glinto::Http->connect($t->path('dashboard.sock'));
    $c->send("GET /glinto/a.example HTTP/1.0\r\n$head\r\n");
    is($c->response->{status}, 404, 'Host "' . $head =~ s/\r\n/;/gr . '" shows nothing');
}

# ---- tokens; what is not there ----

is(shown('closed.example', 'closed.example'), '401 401', 'not public: a token');
is(shown('closed.example', 'closed.example', %token), '200 101', 'opens it');
is(shown('stats.example', 'closed.example', %token), '200 101', 'on a named host');
is(shown('a.example', 'closed.example', %token), '404 404', 'but on no other');
is(listed('closed.example'), '', 'a list has public sites only');
my ($there, $not) = map { ask('a.example', "/glinto/$_.example")->{body} } qw(b nosuch);
is($there, $not, 'what is not shown looks as what is not there');
like($there, qr/dashboard_hosts in glinto\.conf names/, 'and the page says the key');
like(ask('stats.example', '/glinto/nosuch.example')->{body},
    qr/There is no such site\./, 'a named host, which shows all, has no more to say');
like(ask('evil.test', '/glinto/')->{body}, qr/This host shows no public site\..*dashboard_hosts/,
    'as an empty list does');
my $closed = ask('closed.example', '/glinto/closed.example')->{body};
like($closed, qr{<code>glinto site set closed\.example public yes</code>},
    'a page that is not public says how to open it');
unlike($closed, qr/\bgl_/, 'and gives no token');

my $query = '{"site_id":"closed.example","metrics":["pageviews"],'
    . '"date_range":"day"}';
isnt($agent->dashboard('POST', '/api/v2/query', $query,
    {%token, Host => 'any.example'})->{status}, 404,
    'a program with a token may ask on any host');

# ---- HUP ----

my $ws = Glinto::WebSocket->connect($t->path('dashboard.sock'),
    '/glinto/a.example/live', host => 'stats.example');
is($ws->json->{site}, 'a.example', 'somebody watches');
spew($t->path('glinto.conf'),
    slurp($t->path('glinto.conf')) =~ s/^dashboard_hosts .*/dashboard_hosts new.example/mr);
kill HUP => $agent->pid;
$t->soon('the new host shows it', sub { shown('new.example', 'a.example') eq '200 101' });
is(shown('stats.example', 'a.example'), '404 404', 'the old one no more');
is($ws->closed(5), 1008, 'and who watched there is told to go');
like($agent->log, qr/HUP: .* changed: dashboard_hosts/, 'the log says it');

# ---- the way through nginx ----

my $nginx = $t->nginx(shipped($t));
is($nginx->get('/glinto/a.example', Host => 'a.example')->{status}, 200,
    'through nginx the own host shows it');
is($nginx->get('/glinto/a.example', Host => 'evil.test')->{status}, 404,
    'and the cached page is for nobody else');
$t->done;
