# Promise: the page of a site's settings is for its editors and owners alone;
# each of its forms does what the verb of its name does, as far as its sender
# may, once, from this page alone; nobody reaches another account by it, nor
# more than he has; each change is in the audit with who made it.
#
# Method: the dashboard socket, asked as a browser asks, by people of every
# role and of another account.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::People;
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'localhost');
$agent->site('a.example', '--timezone', 'UTC');
$agent->site('b.example', '--public');
$agent->glinto('account', 'add', 'other');
$agent->site('theirs.example', '--account', 'other', '--timezone', 'UTC');
my %who = (
    boss => person($agent, 'boss', '--role', 'owner'),
    own => person($agent, 'own', '--site', 'a.example', '--role', 'owner'),
    edit => person($agent, 'edit', '--site', 'a.example', '--role', 'editor'),
    view => person($agent, 'view', '--site', 'a.example'),
    foreign => person($agent, 'foreign', '--account', 'other', '--role',
        'owner'),
);
my $theirs = $agent->json('token', 'create', '--account', 'other');
my $mine = $agent->json('token', 'create')->{token};
my $PAGE = '/glinto/a.example/settings';

sub page {
    my ($who, $path, %headers) = @_;
    $headers{Cookie} = $who{$who} if defined $who;
    return $agent->dashboard('GET', $path // $PAGE, undef,
        {Host => 'localhost', %headers});
}
my %token = map { my ($token) = page($_)->{body} =~ /name="token" value="([\w-]+)"/;
    $_ => $token } qw(boss own edit);
sub does {
    my ($who, $do, $fields, $headers) = @_;
    return form($agent, $PAGE, {do => $do, token => $token{$who} // 'x' x 22,
        %{$fields // {}}}, {Cookie => $who{$who}, %{$headers // {}}});
}
sub fault { ($_[0]{body} =~ /id="fault" role="alert">([^<]*)/)[0] }
sub told { ($_[0]{body} =~ m{class="secret"><code>([^<]*)})[0] }

# ---- whose it is ----

is(join(' ', map { page($_)->{status} } qw(boss own edit view foreign)),
    '200 200 200 403 404', 'who may change a site sees its settings');
like(page('view')->{body}, qr{class="button" href="/glinto/a\.example"},
    'back to what a viewer may see');
is(page(undef)->{status} . ' ' . page(undef, $PAGE, Authorization =>
    "Bearer $mine")->{status}, '401 401', 'nobody, and no token, does');
is(page('foreign')->{body} =~ s/a\.example/unknown.example/gr,
    page('foreign', '/glinto/unknown.example/settings')->{body},
    'another account\'s are as those that are not there');
is(page('edit', '/glinto/b.example/settings')->{status} . ' '
    . page('boss', '/glinto/theirs.example/settings')->{status}, '404 404',
    'of no other site');
is(page('boss', $PAGE, Host => 'b.example')->{status}, 404, 'on no other host');
like(page('edit', '/glinto/a.example')->{body},
    qr{id="settings" href="/glinto/a\.example/settings"}, 'the way there');
unlike(page('view', '/glinto/a.example')->{body}, qr/id="settings"/,
    'which others do not see');
unlike(page('edit')->{body}, qr/id="(?:people|tokens)"/, 'an editor: no people');
like(page('own')->{body}, qr/id="people"/, 'an owner of the site: people');
unlike(page('own')->{body}, qr/id="tokens"|value="all"/, 'no tokens');
like(page('boss')->{body}, qr/id="tokens"/, 'an owner of all: tokens');
is(page('boss')->{headers}{'x-accel-expires'}, undef, 'nginx keeps nothing');

# ---- from this page alone ----

my @all = ('site.set', 'share.add', 'share.remove', 'person.add',
    'person.role', 'person.link', 'token.create', 'token.revoke',
    map { ("$_.add", "$_.remove") } qw(goal funnel segment annotation));
my %some = (public => 'yes', name => 'new', role => 'owner', id => 'x' x 12,
    scope => 'stats:read', event => 'Signup', steps => "/\n/b", filters =>
    '[["is","visit:country",["DE"]]]', date => '2026-11-01', text => 'x');
sub state_of {
    return join "\n", map { scalar $agent->glinto(@$_, '--json') }
        ['site', 'list'], ['person', 'list'], ['token', 'list'],
        map { [$_, 'list', 'a.example'] } qw(share goal funnel segment
        annotation);
}
my $before = state_of();
for my $do (@all, 'account.remove', '') {
    is(join(' ', map { does('boss', $do, {%some, %$_})->{status} }
        {token => ''}, {token => $token{own}}, {token => 'x' x 22}),
        '403 403 403', "'$do' without its token");
    is(join(' ', map { does('boss', $do, \%some, {Origin => $_})->{status} }
        undef, 'null', 'https://evil.example', 'https://localhost.evil',
        'https://localhost:1', 'http://a.example'), '403 403 403 403 403 403',
        "'$do' of another page");
    is(join(' ', does('view', $do, \%some)->{status},
        does('foreign', $do, \%some)->{status},
        form($agent, $PAGE, {do => $do, %some})->{status}), '403 404 401',
        "'$do' of others");
    is(does('edit', $do, \%some)->{status}, 403, "'$do' of an editor")
        if $do =~ /^(?:person|token|account|$)/;
    is(does('own', $do, {%some, of => 'all'})->{status}, 403,
        "'$do' of an owner of the site, for all") if $do =~ /^person/;
}
is(does('own', $_, \%some)->{status}, 403, "$_ of an owner of the site")
    for 'token.create', 'token.revoke', 'person.link';
is(does('boss', 'token.revoke', {id => $theirs->{id}})->{status}, 403,
    'another account\'s token');
is(does('boss', 'person.link', {name => 'foreign'})->{status}, 403,
    'another account\'s person gets no new password here');
is(state_of(), $before, 'none of it did anything');

# ---- a site ----

my $saved = does('edit', 'site.set', {public => 'yes', timezone =>
    'Europe/Vienna', hosts => 'a.example', optout => 'yes',
    count => 'server'});
is("$saved->{status} $saved->{headers}{location}", "303 $PAGE", 'saved');
my ($site) = grep { $_->{domain} eq 'a.example' }
    @{$agent->json('site', 'list')->{sites}};
is(join(' ', map { $_ // '' } @$site{qw(timezone hosts)})
    . ($site->{public} && $site->{optout} ? ' yes' : ''),
    'Europe/Vienna a.example yes', 'all of it');
my $wrong = does('edit', 'site.set', {timezone => 'Nowhere'});
is("$wrong->{status} " . fault($wrong), '400 There is no time zone '
    . '&quot;Nowhere&quot;; names are like Europe/Berlin.', 'what is wrong');
# In the reader's language, whatever is wrong.
for my $bad (['site.set', timezone => 'Nowhere'],
    (map { ['site.collect', @$_] } ['block_addresses', 'x'],
        ['block_countries', 'Germany'], ['block_pages', 'x'],
        ['retention_days', 'x'], ['keep_rows', 2], ['refresh_window', 'x']),
    ['share.add', days => 0], ['share.add', segment => 77],
    ['share.add', password => 'x'], ['recipient.add', address => 'x'],
    (map { ['goal.add', @$_] } [event => 'x', page => '/'],
        [event => 'x', scroll => 4], [page => 'x'],
        [page => '/', scroll => 400], [event => 'x', currency => 'Euro'],
        [event => 'x', props => 'x']),
    (map { ['funnel.add', name => 'x', steps => $_] } '/a', "/a\nnone"),
    ['annotation.add', date => 'x', text => 'x']) {
    my ($do, %fields) = @$bad;
    my %said = map { fault(does('edit', $do, \%fields,
        {'Accept-Language' => $_})) // '', 1 } qw(en de es fr it nl);
    is(scalar keys %said, 6, "$do @$bad[1 .. $#$bad]")
        or diag(join "\n", keys %said);
}
does('edit', 'site.set', {public => 'no', hosts => ''});
is(page(undef, '/glinto/a.example')->{status}, 401, 'closed again');

# ---- links ----

my $shared = does('edit', 'share.add', {name => '<b>board', days => '',
    password => 'open it please', segment => ''});
my $link = told($shared);
like($link // '', qr{^https://localhost/glinto/share/[\w-]{22}$}, 'a link');
like($shared->{body}, qr/<b>&lt;b&gt;board/, 'its name is text');
unlike(page('edit')->{body}, qr/class="secret"/, 'is shown once');
my ($path) = ($link // '') =~ m{(/glinto/share/.*)};
is(page(undef, $path)->{status} . ' ' . form($agent, $path,
    {password => 'open it please'})->{status}, '401 303', 'with its password');
like(fault(does('edit', 'share.add', {password => 'short'})),
    qr/at least 8/, 'too short');
my $id = $agent->json('share', 'list', 'a.example')->{shares}[0]{id};
is(does('edit', 'share.remove', {id => $id})->{status} . ' '
    . page(undef, $path)->{status}, '303 404', 'taken back');
my $other = $agent->json('share', 'add', 'theirs.example')->{share}{id};
is(does('boss', 'share.remove', {id => $other})->{status}, 404,
    'another site\'s is not here');

# ---- people ----

my $new = told(does('own', 'person.add', {name => 'new', role => 'viewer',
    of => 'site'})) // '';
my ($welcome) = $new =~ m{(/glinto/welcome/.*)};
$who{new} = welcome($agent, $welcome // '', 'a new password');
is(page('new', '/glinto/a.example')->{status} . ' '
    . page('new', '/glinto/b.example')->{status} . ' '
    . page('new')->{status}, '200 200 403', 'somebody new');
is(fault(does('own', 'person.add', {name => 'new', role => 'viewer'})),
    'There is a person &quot;new&quot;.', 'a name twice');
is(does('own', 'person.role', {name => 'new', role => 'editor',
    of => 'site'})->{status} . ' ' . page('new')->{status}, '303 200',
    'another role');
is(does('own', 'person.role', {name => 'new', role => 'none', of => 'site'})
    ->{status} . ' ' . page('new', '/glinto/a.example')->{status}, '303 404',
    'none');
is(does('boss', 'person.role', {name => 'new', role => 'viewer', of => 'all'})
    ->{status} . ' ' . page('new', '/glinto/a.example')->{status}, '303 200',
    'of all sites');
like(told(does('boss', 'person.link', {name => 'edit'})) // '',
    qr{/glinto/welcome/}, 'a lost password');

# ---- tokens ----

my $made = told(does('boss', 'token.create', {name => 'for a script',
    scope => 'stats:read'}));
like($made // '', qr/^gl_[\w-]{43}$/, 'a token');
my $asks = sub { $agent->dashboard('GET',
    '/api/v1/stats/aggregate?site_id=a.example', undef,
    {Authorization => "Bearer $made"})->{status} };
is($asks->(), 200, 'which asks');
my ($token) = grep { $_->{name} eq 'for a script' }
    @{$agent->json('token', 'list')->{tokens}};
is(does('boss', 'token.revoke', {id => $token->{id}})->{status} . ' '
    . $asks->(), '303 401', 'and is revoked');

# ---- the audit ----

my $store = Glinto::Store->new($t->path('data'));
my $rows = sub { $store->value($store->meta, @_) };
for my $want (['edit', 'site.set', 7], ['edit', 'share.add', 1],
    ['own', 'person.add', 1], ['boss', 'token.create', 1],
    ['boss', 'token.revoke', 1]) {
    my ($name, $verb, $n) = @$want;
    is($rows->("SELECT count(*) FROM audit WHERE verb = '$verb' AND actor =
        'person ' || (SELECT id FROM people WHERE name = '$name')"), $n,
        "$verb by $name: $n in the audit");
}
is($rows->('SELECT count(*) FROM audit WHERE args LIKE \'%argon2%\' OR args
    LIKE \'%password%\''), 0, 'no secret in it');

# ---- on this machine itself ----

like(told(does('edit', 'share.add', {name => 'here'},
    {Origin => 'http://localhost'})), qr{^http://localhost/glinto/share/},
    'a link is by http, as its page was');
$t->done;
