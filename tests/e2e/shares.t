# Promise: whoever has a link sees the site it is of, by that address alone:
# until it is taken back, is too old or the site goes; with its password where
# it has one; of a segment nothing but visits in it, whatever is asked.  A page
# in a frame is for the site's own pages, takes no cookie and has nothing to
# click.
#
# Method: the dashboard socket, asked as a browser asks.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::People;
use Glinto::Store;
use Glinto::Test;
use Glinto::WebSocket;
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'localhost');
my $json = JSON::PP->new->canonical->utf8;
$agent->site('a.example', '--timezone', 'UTC');
$agent->site('b.example', '--timezone', 'UTC');
$agent->glinto('site', 'set', 'a.example', 'hosts', 'a.example,shop.example');
my $n = 0;
spew($t->path('lines'), join '', map {
    my ($country, @paths) = @$_;
    $n++;
    map { $json->encode({kind => 'pageview', visitor => "v$n", path => $_,
        country => $country, at => '2026-05-04T10:00:00Z'}) . "\n" } @paths;
} ['DE', '/', '/german'], ['DE', '/german'], ['FR', '/french', '/', '/french'],
    ['FR', '/french'], ['AT', '/french']);
is(($agent->glinto('import', '--site', 'a.example', '--format', 'events',
    $t->path('lines')))[0], 0, 'imported');
my $segment = $json->decode($agent->admin('POST', '/v1/segment/add',
    $json->encode({domain => 'a.example', name => 'German', filters =>
        [['is', 'visit:country', ['DE']]]}))->{body})->{segment}{id};
my $DAY = 'period=day&date=2026-05-04';

sub add {
    my ($site, @args) = @_;
    my $added = $agent->json('share', 'add', $site, @args);
    return ($added->{link}, $added->{share}{id});
}
sub get {
    my ($path, %headers) = @_;
    return $agent->dashboard('GET', $path, undef,
        {Host => 'localhost', %headers});
}
sub live {
    my ($link) = @_;
    return Glinto::WebSocket->try($t->path('dashboard.sock'), "$link/live",
        host => 'localhost');
}
# Visitors, as the page's first figure tells them.
sub visitors {
    my ($page) = @_;
    return $page =~ m{class="label">Visitors</span>\s*
        <span[ ]class="number">([\d,]+)<}x ? $1 : undef;
}

# ---- a link ----

my ($link, $id) = add('a.example', '--name', 'the board');
like($link, qr{^/glinto/share/[\w-]{22}$}, '128 bits');
my $page = $agent->shown("$link?$DAY");
is($page->{status} . ' ' . (visitors($page->{body}) // 'none'), '200 5',
    'shows all');
is(get('/glinto/a.example')->{status}, 401, 'the site is as closed as ever');
is($page->{headers}{'x-accel-expires'}, undef, 'nginx keeps none of it');
is($page->{headers}{'referrer-policy'}, 'no-referrer', 'nobody is told of it');
is(get($link, Host => 'a.example')->{status} . ' '
    . get($link, Host => 'b.example')->{status}, '200 404', 'on its host');
is(join(' ', map { get($_)->{status} } "$link-", substr($link, 0, -1),
    "$link/x", '/glinto/share/', '/glinto/share/a.example'),
    '404 404 404 404 404', 'no other address');
my $detail = get("$link?$DAY&detail=pages");
my ($file) = $detail->{body} =~ /href="([^"]+list\.csv[^"]*)"/;
like($file // '', qr/^\Q$link\E\/list\.csv/, 'its list is a file');
my $csv = get(($file // '/') =~ s/&amp;/&/gr);
like($csv->{body}, qr{"/french"}, 'of all rows');
my ($socket, $status) = live($link);
is($status, 101, 'is live');
is((live('/glinto/share/' . 'x' x 22))[1], 404, 'no other is');
is(join(' ', map { $_->{name} } @{$agent->json('share', 'list', 'a.example')
    ->{shares}}), 'the board', 'in the list');
is(($agent->glinto('share', 'remove', 'b.example', $id))[0], 1,
    'another site has it not');
$agent->glinto('share', 'remove', 'a.example', $id);
is(get("$link?$DAY")->{status} . ' ' . get($file =~ s/&amp;/&/gr)->{status}
    . ' ' . (live($link))[1], '404 404 404', 'taken back');
is($socket->closed, 1008, 'what was open is closed');

# ---- a segment ----

my ($german) = add('a.example', '--segment', $segment);
$page = get("$german?$DAY");
is(visitors($page->{body}), 2, 'visits in it alone');
unlike($page->{body}, qr/french/i, 'nothing of others');
unlike($page->{body}, qr/id="board"/, 'nothing live');
is((live($german))[1], 404, 'by no way');
is(visitors(get("$german?$DAY&f=is,visit:country,FR")->{body}) // 0, 0,
    'a filter shows no more');
is(visitors(get("$german?$DAY&f=is_not,visit:country,DE")->{body}) // 0, 0,
    'nor does another');
unlike(get("$german/list.csv?$DAY&detail=pages")->{body}, qr/french/,
    'nor does a file');
unlike(get("$german?$DAY&detail=pages")->{body}, qr/french/, 'nor a list');
$agent->site('other.example');
like(($agent->glinto('share', 'add', @$_))[2], qr/has no segment \d+$/,
    "not one of $_->[0]'s segments") for ['a.example', '--segment', 999],
    ['other.example', '--segment', $segment];
$agent->glinto('segment', 'remove', 'a.example', $segment);
$page = get("$german?$DAY");
is(visitors($page->{body}), undef, 'without its segment it shows nothing');
unlike($page->{body}, qr/french|german/i, 'nothing at all');

# ---- frames ----

my ($framed) = add('a.example');
my $embed = $framed =~ s/share/embed/r;
$page = get("$embed?$DAY&theme=dark&width=full");
is(visitors($page->{body}), 5, 'numbers');
like($page->{body}, qr/<html lang="en" data-theme="dark" class="full">/, 'a look');
unlike($page->{body}, qr/<(?:a|form|button|script|input|details)\b/,
    'nothing to click');
like($page->{headers}{'content-security-policy'}, qr/;[ ]frame-ancestors[ ]'self'
    [ ]a\.example[ ]\*\.a\.example[ ]a\.example[ ]shop\.example$/x,
    'for pages of the site');
unlike($page->{headers}{'content-security-policy'}, qr/script-src/, 'no script');
is($page->{headers}{'x-frame-options'}, undef, 'and no other word');
is($page->{headers}{'set-cookie'}, undef, 'no cookie');
like(get($framed)->{headers}{'content-security-policy'},
    qr/frame-ancestors 'none'/, 'other pages are in no frame');

# ---- a password ----

person($agent, 'ann');
my $store = Glinto::Store->new($t->path('data'));
my $hash = $store->value($store->meta, 'SELECT password FROM people
    WHERE name = \'ann\'');
my $locked = $json->decode($agent->admin('POST', '/v1/share/add',
    $json->encode({domain => 'a.example', hash => $hash}))->{body});
my $shut = $locked->{link};
$page = get("$shut?$DAY");
is($page->{status}, 401, 'a password first');
like($page->{body}, qr/This link takes a password/, 'says the page');
unlike($page->{body}, qr/a\.example|class="number"/, 'and no more');
is(join(' ', get("$shut/list.csv?detail=pages")->{status}, (live($shut))[1],
    get($shut =~ s/share/embed/r)->{status}), '401 401 401', 'for all of it');
is(form($agent, $shut, {password => 'wrong one'})->{status}, 403, 'wrong');
is(form($agent, $shut, {password => 'password of ann'}, {Origin => $_})
    ->{status}, 403, 'from elsewhere') for undef, 'https://evil.example';
my $opened = form($agent, $shut, {password => 'password of ann'});
is("$opened->{status} $opened->{headers}{location}", "303 $shut", 'right');
like($opened->{headers}{'set-cookie'}, qr/^__Host-glinto-\w{12}=[\w-]{22};
    [ ]Path=\/;[ ]Secure;[ ]HttpOnly;[ ]SameSite=Lax;[ ]Max-Age=86400$/x,
    'a cookie');
my $cookie = cookie($opened);
is(visitors(get("$shut?$DAY", Cookie => $cookie)->{body}), 5, 'opens it');
is((Glinto::WebSocket->try($t->path('dashboard.sock'), "$shut/live", host =>
    'localhost', headers => {Cookie => $cookie}))[1], 101, 'live, too');
is(get($shut =~ s/share/embed/r, Cookie => $cookie)->{status}, 401,
    'a frame takes no cookie');
my ($second) = add('b.example');
is(get('/glinto/b.example', Cookie => $cookie)->{status} . ' '
    . get('/glinto/a.example', Cookie => $cookie)->{status}, '401 401',
    'and nothing else');
is(join(' ', map { form($agent, $shut, {password => 'x'})->{status} } 1 .. 4),
    '403 403 403 429', 'after five tries it is shut');

# ---- its end ----

my ($old) = add('a.example', '--days', 1);
is(get($old)->{status}, 200, 'for a day');
like(($agent->glinto('share', 'add', 'a.example', '--days', $_))[2],
    qr/is a number/, "no days: $_") for 0, -1, 'x', 99999;
$agent->glinto('site', 'reset', 'a.example', '--yes');
is(get($framed)->{status}, 200, 'it outlives a reset');
$agent->glinto('site', 'rename', 'a.example', 'c.example');
is(get($framed)->{status}, 200, 'and another name');
$agent->stop;
is(system('grep', '-rqF', '--', $framed =~ s{.*/}{}r, $t->path('data')) >> 8,
    1, 'its secret is in no file');
is(system('sqlite3', $store->meta,
    'UPDATE shares SET until = 1 WHERE until > 0'), 0, 'time goes by');
$agent->start;
is(get($old)->{status} . ' ' . get($framed)->{status}, '404 200',
    'then it is nobody\'s');
$agent->glinto('site', 'remove', 'c.example', '--yes');
is(get($framed)->{status}, 404, 'it goes with its site');
is($store->value($store->meta, 'SELECT count(*) FROM shares'), 1, 'one left');
$t->done;
