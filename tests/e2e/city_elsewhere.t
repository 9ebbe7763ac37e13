# Promise: of accounts of another primary a city says where their numbers are,
# with status 421, and never a zero that nobody counted: on pages in the
# reader's language, where a link leads there, in the list of sites, to
# programs, WebSockets and the command.  Who may not see a site is told nothing
# of that.  Settings are of all cities.  Events that come all the same are
# rows, and shown when glinto.conf says so.
#
# Method: one server stands for both primaries: a city of a, whose pages are
# asked for accounts of b.
# Check: it starts PostgreSQL.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Segment;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 240);
my $server = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $nowhere = 'host=' . $t->path('nowhere');
spew($t->path('cluster.conf'), 'primary a ' . $server->conninfo . "\nprimary b "
    . "$nowhere\npages b https://b.test\nprimary c $nowhere\n");
my $city = Glinto::Cities->city($t, 'city', $server, sites => ['a'],
    conf => 'cluster ' . $t->path('cluster.conf') . "\n");
my $agent = $city->world->agent;
my $json = JSON::PP->new->utf8->canonical;

$agent->glinto(qw(account add shop --primary b));
$agent->glinto(qw(account add far --primary c));
$agent->glinto(qw(site add b.example --public --account shop));
$agent->glinto(qw(site add hidden.example --account shop));
$agent->glinto(qw(site add c.example --public --account far));
my ($token) = $agent->glinto(qw(token create --account shop)) =~ /(gl_\S+)/;

sub get {
    my ($path, %headers) = @_;
    return $agent->dashboard('GET', $path, undef, {'Accept-Language' => 'en',
        %headers});
}
sub elsewhere {
    my ($path, $body, %headers) = @_;
    my $reply = get($path, %headers);
    is($reply->{status}, 421, "$path: 421");
    like($reply->{body}, $body, 'and where');
    return $reply->{body};
}
my $SAYS = qr/the numbers of ."b\.example." are at https:\/\/b\.test\/glinto\/b\.example/;

# ---- pages ----

is($agent->shown('/glinto/a.example')->{status}, 200, 'its own site is shown');
my $page = elsewhere('/glinto/b.example',
    qr{The numbers of b\.example are at <a href="https://b\.test/glinto/b\.});
unlike($page, qr/id="visitors"/, 'no number');
elsewhere('/glinto/b.example?period=7d', qr{href="https://b\.test/});
elsewhere('/glinto/b.example', qr{Die Zahlen von b\.example sind hier},
    'Accept-Language' => 'de');
elsewhere('/glinto/b.example/summary', qr{https://b\.test/});
elsewhere('/glinto/b.example/list.csv', qr{https://b\.test/});
elsewhere('/glinto/b.example/live', qr{https://b\.test/},
    Upgrade => 'websocket', 'Sec-WebSocket-Version' => 13,
    'Sec-WebSocket-Key' => 'AAAAAAAAAAAAAAAAAAAAAA==');
elsewhere('/glinto/c.example',
    qr/are on another machine: that of the primary “c”/);
is(get('/glinto/hidden.example')->{status}, 401, 'who may not see one is told '
    . 'nothing');
elsewhere('/glinto/hidden.example', qr{https://b\.test/glinto/hidden\.example},
    Authorization => "Bearer $token");
my ($link) = $agent->glinto(qw(share add b.example)) =~ m{(/glinto/share/\S+)};
elsewhere($link, qr{href="https://b\.test\Q$link\E"});

my $list = get('/glinto/')->{body};
like($list, qr{href="https://b\.test/glinto/b\.example"}, 'the list leads there');
like($list, qr{href="/glinto/c\.example"}, 'or to the page that says where');
like($list, qr{href="/glinto/a\.example"}, 'and to its own');
is(scalar(() = $list =~ /On another machine/g), 2, 'and says of which');

# ---- programs ----

elsewhere("/api/v1/stats/realtime/visitors?site_id=b.example", $SAYS,
    Authorization => "Bearer $token");
elsewhere('/counter/TOTAL.json', $SAYS, Host => 'b.example');
my $reply = $agent->dashboard('POST', '/api/v2/query', $json->encode({site_id =>
    'b.example', metrics => ['visitors'], date_range => 'all'}),
    {Authorization => "Bearer $token"});
is($reply->{status}, 421, 'the API');
like($reply->{body}, $SAYS, 'and where');
is(get('/api/v1/sites/b.example', Authorization => "Bearer $token")->{status},
    200, 'what a site is all cities know');

# ---- the command ----

spew($t->path('lines'), "{}\n");
spew($t->path('question'), $json->encode({site_id => 'b.example', metrics =>
    ['visitors'], date_range => 'all'}));
for my $words (['query', $t->path('question')], [qw(site bots b.example)],
    [qw(site served b.example)], [qw(site ai b.example)],
    [qw(live b.example)], [qw(summary --site b.example)],
    [qw(recipient add a@b.test --site b.example)],
    [qw(usage --account shop)],
    [qw(import --site b.example --format events), $t->path('lines')])
{
    my ($status, $out, $err) = $agent->glinto(@$words);
    is("$status $out", '1 ', "@$words: refused");
    like($err, qr/are at https:|are on another machine/, 'and where');
}
is($agent->admin('GET', '/v1/live/b.example')->{status}, 421, 'live numbers');
is(join(' ', map { $_->{account} } @{$json->decode($agent->admin('GET',
    '/v1/usage')->{body})->{accounts}}),
    'default', 'usage is of its own accounts');
is((($agent->glinto('site', 'set', 'b.example', 'timezone',
    'Europe/Madrid'))[0]), 0, 'settings are of all cities');
is((($agent->glinto(qw(site remove hidden.example --yes)))[0]), 0,
    'so is a removal');

# ---- events that come anyway ----

Glinto::Segment->create($city->stage->path('followed'))
    ->event(site => 'b.example')->event(site => 'a.example')->close;
$t->soon('they are rows', sub { $city->world->rows == 2 }, 30);
elsewhere('/glinto/b.example', qr{https://b\.test/});
$agent->stop;
$agent->start(conf => 'follow postgresql ' . $server->conninfo . "\nfollowed "
    . "followed\nmachine city\ncluster " . $t->path('cluster.conf')
    . "\nprimary b\n");
is($agent->shown('/glinto/b.example')->{status}, 200, 'a city of b shows it');
is($agent->query({site_id => 'b.example', metrics => ['pageviews'],
    date_range => 'all'})->{results}[0]{metrics}[0], 1, 'with its event');
elsewhere('/glinto/a.example', qr/that of the primary “a”/);
$agent->stop;
$agent->start(conf => 'follow postgresql ' . $server->conninfo . "\nfollowed "
    . "followed\nmachine city\n");
elsewhere('/glinto/b.example', qr/that of the primary “b”/);
is($agent->shown('/glinto/a.example')->{status}, 200,
    'one without a cluster file is of the first');
$t->done;
