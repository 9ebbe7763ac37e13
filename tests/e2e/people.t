# Promise: the first start makes a link for the first owner, which works once;
# who has chosen a password signs in and out with it; a session opens what its
# person's roles allow and nothing else, until it is taken away; forms of other
# pages, guesses and old links open nothing; who there is, nobody learns; no
# secret is kept.
#
# Method: the dashboard socket, asked as a browser asks; the database and the
# audit read behind it.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::People;
use Glinto::Store;
use Glinto::Test;
use Glinto::WebSocket;

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'localhost');
$agent->site('hidden.example', '--timezone', 'UTC');
$agent->site('open.example', '--public');
$agent->glinto('account', 'add', 'other');
$agent->site('theirs.example', '--account', 'other', '--timezone', 'UTC');

sub get {
    my ($path, $cookie, %headers) = @_;
    $headers{Cookie} = $cookie if defined $cookie;
    return $agent->dashboard('GET', $path, undef,
        {Host => 'localhost', %headers});
}
sub sees {
    my ($cookie, %headers) = @_;
    return join ' ', map { get("/glinto/$_.example", $cookie, %headers)
        ->{status} } qw(hidden open theirs unknown);
}
sub live {
    my ($site, $cookie) = @_;
    return (Glinto::WebSocket->try($t->path('dashboard.sock'),
        "/glinto/$site/live", host => 'localhost',
        headers => {defined $cookie ? (Cookie => $cookie) : ()}));
}
is(sees(undef), '401 200 401 404', 'nobody has signed in');

# ---- the first owner ----

my ($link) = $agent->log =~ m{the\ first\ owner\ chooses\ a\ password\ at
    \ https://localhost(/glinto/welcome/[\w-]{22}),}x;
ok($link, 'the first start tells a link') or $link = '/glinto/welcome/x';
my $page = get($link);
is($page->{status}, 200, 'which has a page');
like($page->{body}, qr/readonly value="owner"/, 'that tells the name');
is($page->{headers}{'referrer-policy'}, 'strict-origin', 'a form has an Origin');
like($page->{headers}{'cache-control'}, qr/no-store/, 'it is not kept');
is(get("$link-")->{status} . ' ' . get(substr $link, 0, -1)->{status},
    '404 404', 'another link is none');
my %wrong = ('no' => undef, 'another host\'s' => 'https://evil.example',
    'no' . 'ne told' => 'null', 'of a longer name' => 'https://localhost.evil',
    'of another port' => 'https://localhost:8443',
    'of another scheme' => 'ftp://localhost');
my $right = 'long enough';
for my $kind (sort keys %wrong) {
    my $reply = form($agent, $link, {password => $right},
        {Origin => $wrong{$kind}});
    is("$reply->{status} " . (cookie($reply) // ''), '403 ', "Origin: $kind");
}
like(form($agent, $link, {password => 'short'})->{body},
    qr/id="fault" role="alert">A password has at least 8 characters\./,
    'too short');
is(form($agent, $link, {password => 'x' x 257})->{status}, 400, 'too long');
my $plain = form($agent, $link, {password => $right}, {Host => 'a.example',
    Origin => 'http://a.example'});
is($plain->{status}, 403, 'over plain http');
like($plain->{body}, qr/Open it with https/, 'nothing is taken');

my $welcomed = form($agent, $link, {password => $right});
is("$welcomed->{status} $welcomed->{headers}{location}", '303 /glinto/',
    'a password is chosen');
like($welcomed->{headers}{'set-cookie'}, qr/^__Host-glinto=[\w-]{22};[ ]Path=\/;
    [ ]Secure;[ ]HttpOnly;[ ]SameSite=Lax;[ ]Max-Age=2592000$/x, 'the session');
my $owner = cookie($welcomed);
is(get($link)->{status}, 404, 'the link has been used');
is(form($agent, $link, {password => 'another one'})->{status}, 404, 'for good');
is(sees($owner), '200 200 404 404', 'the owner sees his account');
is(sees($owner, Host => 'hidden.example'), '200 404 404 404',
    'on its own host a site alone');
is(sees("x=1; $owner; y=2"), '200 200 404 404', 'among other cookies');
is(sees('__Host-glinto=' . 'x' x 22), '401 200 401 404', 'another cookie');
is(sees(substr($owner, 0, -1)), '401 200 401 404', 'a part of it');

# ---- lists ----

my $list = get('/glinto/', $owner);
sub own { # sites in his list
    my ($body) = @_;
    my ($list) = $body =~ m{id="own">(.*?)</ul>}s;
    return join ' ', ($list // '') =~ m{href="/glinto/([^"]+)"}g;
}
is(own($list->{body}), 'hidden.example open.example', 'his sites, in order');
unlike($list->{body}, qr/theirs/, 'and no other');
is($list->{headers}{'x-accel-expires'}, undef, 'nginx keeps none of it');
my ($token) = $list->{body} =~ /name="token" value="([\w-]{22})"/;
like(get('/glinto/')->{body}, qr{href="/glinto/sign-in">Sign in},
    'others may sign in');
is(get('/glinto/')->{headers}{'x-accel-expires'}, 1, 'their list is shared');

# ---- out and in ----

is(form($agent, '/glinto/sign-out', {}, {Cookie => $owner})->{status}, 403,
    'no form without its token');
is(form($agent, '/glinto/sign-out', {token => 'x' x 22}, {Cookie => $owner})
    ->{status}, 403, 'nor with another');
is(form($agent, '/glinto/sign-out', {token => $token}, {Cookie => $owner,
    Origin => $wrong{$_}})->{status}, 403, "nor of another page: $_")
    for sort keys %wrong;
is(form($agent, '/glinto/sign-out', {token => $token})->{status}, 401,
    'nor of nobody');
is(sees($owner), '200 200 404 404', 'none of it signed out');
my ($socket, $status) = live('hidden.example', $owner);
is($status, 101, 'live numbers by a session');
is((live('hidden.example'))[1], 401, 'not without');
my $out = form($agent, '/glinto/sign-out', {token => $token},
    {Cookie => $owner});
is("$out->{status} $out->{headers}{location}", '303 /glinto/', 'signed out');
like($out->{headers}{'set-cookie'}, qr/^__Host-glinto=; .*Max-Age=0$/,
    'the cookie goes');
is(sees($owner), '401 200 401 404', 'and opens nothing any more');
is($socket->closed, 1008, 'what was open is closed');

sub sign_in {
    my ($name, $password, %more) = @_;
    return form($agent, '/glinto/sign-in', {name => $name,
        password => $password, %more});
}
my $in = sign_in('owner', $right, site => 'hidden.example');
is("$in->{status} $in->{headers}{location}", '303 /glinto/hidden.example',
    'signed in, to where one was');
$owner = cookie($in);
is(sees($owner), '200 200 404 404', 'sees it again');
is(sign_in('owner', $right, site => '//evil.example')->{headers}{location},
    '/glinto/', 'no other place');
like(get('/glinto/hidden.example')->{body},
    qr{href="/glinto/sign-in\?site=hidden\.example">Sign in}, 'the way there');
like(get('/glinto/sign-in?site=%22%3E%3Cb')->{body},
    qr/name="site" value="&quot;&gt;&lt;b"/, 'is a text');
my @no = map { sign_in(@$_) } ['owner', 'wrong password'],
    ['nobody', 'wrong password'], ['owner', ''];
is(join(' ', map { $_->{status} } @no), '403 403 403', 'a wrong password');
is($no[0]{body} =~ s/value="owner"//r, $no[1]{body} =~ s/value="nobody"//r,
    'tells nobody who there is');
is((sign_in('owner', 'x') ? 1 : 0) && sign_in('owner', $right)->{status}, 429,
    'after five tries he waits');
is(join(' ', map { sign_in('nobody', 'x')->{status} } 1 .. 5),
    '403 403 403 403 429', 'as nobody does');
is(sees($owner), '200 200 404 404', 'who has signed in goes on');

# ---- roles ----

my $ann = person($agent, 'ann', '--site', 'hidden.example');
my $bob = person($agent, 'bob', '--account', 'other', '--role', 'owner');
is(sees($ann), '200 200 404 404', 'of a site');
is(sees($bob), '404 200 200 404', 'of another account');
is(get('/glinto/hidden.example', $bob)->{body} =~ s/hidden\.example/unknown.example/gr,
    get('/glinto/unknown.example', $bob)->{body},
    'another\'s site is as one that is not there');
is(own(get('/glinto/', $ann)->{body}), 'hidden.example', 'one in the list');
$agent->glinto('site', 'add', 'second.example');
is(get('/glinto/second.example', $ann)->{status} . ' '
    . get('/glinto/second.example', $owner)->{status}, '404 200',
    'a new site is the account\'s');
my ($watching) = live('hidden.example', $ann);
$agent->glinto('person', 'role', 'ann', 'none', '--site', 'hidden.example');
is(sees($ann), '404 200 404 404', 'a role that is taken away');
is($watching->closed, 1008, 'closes what is open');
$agent->glinto('person', 'role', 'ann', 'viewer', '--site', 'hidden.example');
is(sees($ann), '200 200 404 404', 'and is given again');
$agent->glinto('site', 'reset', 'hidden.example', '--yes');
is(sees($ann), '200 200 404 404', 'it outlives a reset of the site');
$agent->glinto('site', 'rename', 'hidden.example', 'renamed.example');
is(get('/glinto/renamed.example', $ann)->{status}, 200, 'and another name');
$agent->glinto('site', 'rename', 'renamed.example', 'hidden.example');
$agent->glinto('site', 'move', 'hidden.example', '--account', 'other');
is(sees($ann) . ' ' . sees($bob), '404 200 404 404 200 200 200 404',
    'another account\'s site is its people\'s');
$agent->glinto('site', 'move', 'hidden.example', '--account', 'default');
is(sees($ann), '200 200 404 404', 'back, it is as it was');

# ---- a lost password ----

my $new = $agent->json('person', 'link', 'ann');
is(sees($ann), '200 200 404 404', 'a link alone changes nothing');
my $again = welcome($agent, $new->{link}, 'another password');
is(sees($again) . ' ' . sees($ann), '200 200 404 404 401 200 401 404',
    'a new password signs out who had signed in');
is(sign_in('ann', 'password of ann')->{status} . ' '
    . sign_in('ann', 'another password')->{status}, '403 303', 'it counts');

# ---- a start, the files ----

my $late = $agent->json('person', 'link', 'bob');
$agent->kill9;
my $store = Glinto::Store->new($t->path('data'));
my $rows = sub { $store->value($store->meta, @_) };
like($rows->(q(SELECT password FROM people WHERE name = 'ann')),
    qr/^\$argon2id\$/, 'argon2id');
is($rows->('SELECT count(*) FROM people WHERE password GLOB
    \'$argon2id$v=19$m=65536,t=2,p=1$*\''), 3, 'with 64 MiB, twice');
my @secrets = ($right, 'another password', $late->{link} =~ s{.*/}{}r,
    map { s/.*=//r } $owner, $again, $bob);
for my $secret (@secrets) {
    is(system('grep', '-rqF', '--', $secret, $t->path('data')) >> 8, 1,
        'a secret is in no file');
    is(index($agent->log, $secret), -1, 'nor in the log');
}
like($rows->(q(SELECT group_concat(verb || args) FROM audit)),
    qr/person\.choose\{"name":"owner"\}/, 'the audit has who did it');
is(system('sqlite3', $store->meta, 'UPDATE keys SET until = 1 WHERE once = 1'),
    0, 'time goes by');
$agent->start;
is(get($late->{link})->{status}, 404, 'an old link is none');
is(sees($again), '200 200 404 404', 'a session outlives a crash');
is((() = $agent->log =~ /the first owner chooses/g), 1,
    'the first link is told once');
$agent->glinto('person', 'remove', 'ann');
is(sees($again), '401 200 401 404', 'who is removed is out');
is(scalar @{$agent->json('person', 'list')->{people}}, 2, 'two are left');
$agent->glinto('account', 'add', 'short');
$agent->glinto('person', 'role', 'bob', 'owner', '--account', 'short');
$agent->glinto('account', 'remove', 'short', '--yes');
is(scalar @{(grep { $_->{name} eq 'bob' }
    @{$agent->json('person', 'list')->{people}})[0]{roles}}, 1,
    'a role goes with its account');
like(($agent->glinto('person', 'add', $_))[2], qr/a person's name has/,
    'no name') for '', ' a', 'x' x 129;
$agent->glinto('person', 'add', "a\nb");
is(scalar(grep { $_->{name} =~ /[[:cntrl:]]/ }
    @{$agent->json('person', 'list')->{people}}), 0,
    'no name has a control character');
like(($agent->glinto('person', 'add', 'bob'))[2], qr/there is a person/,
    'a name twice');
like(($agent->glinto('person', 'role', 'bob', 'king'))[2], qr/is no role/,
    'no role');
$t->done;
