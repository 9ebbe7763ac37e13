# Promise: a page shows a site's numbers only to those who may see them, is
# whole without a script, is stored by no browser, and by nginx for a second
# when everybody may see it; the list of public sites comes a page at a time;
# and no text in it can become markup.
#
# Method: every route by raw HTTP on the dashboard socket, headers and bodies
# looked at; events with hostile texts through nginx and the module.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::WebSocket;
use JSON::PP ();

my $t = Glinto::Test->new->one_day;
my $agent = $t->aggregator;
my $nginx = $t->nginx(server => 'location = /api/event { glinto_collect; }');
my $CSP = "default-src 'none'; script-src 'self'; connect-src 'self'; "
    . "style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    . "frame-ancestors 'none'; form-action 'self'; "
    . "require-trusted-types-for 'script'; trusted-types 'none'";
my $XSS = q{"><img src=x onerror=alert(1)>'&};

sub page {
    my ($path, %headers) = @_;
    return $agent->dashboard('GET', $path, undef, \%headers);
}
sub status_of { page(@_)->{status} }
sub event {
    my ($path) = @_;
    my $body = JSON::PP::encode_json({n => 'pageview', d => 'a.example',
        u => "http://a.example$path", r => "http://r.example/$XSS"});
    my $reply = $nginx->post('/api/event', $body);
    return $reply->{status} == 202 && !$reply->{headers}{'x-plausible-dropped'};
}

# ---- the list ----

my $list = page('/glinto/');
is($list->{status}, 200, 'the list without sites');
like($list->{body}, qr/No site is public yet/, 'says so');
$agent->site('a.example', '--timezone', 'Europe/Berlin', '--public');
$agent->site('hidden.example', '--timezone', 'UTC');
$list = page('/glinto/');
like($list->{body}, qr{href="/glinto/a\.example"><.*?>a\.example<}, 'a public site');
unlike($list->{body}, qr/hidden\.example/, 'is listed, another is not');

# ---- numbers in the HTML ----

$t->until('the first event', sub { event('/') });
my ($numbers, $want) = ('', 1 + grep { event("/$XSS$_") } 1 .. 4);
$t->soon('the numbers are in the page', sub {
    my $body = page('/glinto/a.example')->{body};
    $numbers = join ' ', map { $body =~ /id="$_">([^<]*)</ }
        qw(visitors recent today-visitors today-visits today-pageviews
           today-depth);
    return $numbers eq "1 $want 1 1 $want $want.0";
}) or diag($numbers);
my $page = page('/glinto/a.example');
my $body = $page->{body};
like($body, qr{<title>1 now · a\.example}, 'the title');
like($body, qr/Europe\/Berlin/, 'the zone');
my ($bars) = $body =~ m{(<svg aria-hidden.*?</svg>)}s;
is((() = $bars =~ /data-n="[1-9]/g) >= 1, 1, 'a bar that is not empty');
is(scalar(() = $bars =~ /<g[ >]/g), 30, 'thirty bars');
(my $tags = $body) =~ s/"[^"]*"/""/g; # values may be anything
unlike($tags, qr/\{\{|<script>|<[^>]*\s(?:style|on\w+)=/,
    'no mark of a template, no inline style, script or handler');

# ---- a site that is removed and added again ----

$agent->site('again.example');
my $watcher = Glinto::WebSocket->connect($t->path('dashboard.sock'),
    '/glinto/again.example/live');
sub pageviews {
    my ($site) = @_;
    my $n;
    $t->until("numbers of $site", sub {
        my $page = page("/glinto/$site");
        ($n) = $page->{body} =~ /id="today-pageviews">(\d+)</;
        $n //= 'none' if $page->{status} == 404;
        return defined $n;
    });
    return $n;
}
is(pageviews('again.example'), 0, 'a new site');
$t->until('an event of it', sub {
    my $reply = $nginx->post('/api/event', JSON::PP::encode_json({
        n => 'pageview', d => 'again.example', u => 'http://again.example/'}));
    return !$reply->{headers}{'x-plausible-dropped'};
});
$t->soon('is counted', sub { pageviews('again.example') == 1 });
$agent->glinto('site', 'remove', 'again.example', '--yes');
is(pageviews('again.example'), 'none', 'removed it is not shown');
$agent->site('again.example');
is(pageviews('again.example'), 0, "added again it begins anew, try $_")
    for 1 .. 3;
$watcher->close;
$agent->glinto('site', 'remove', 'again.example', '--yes');

# ---- assets ----

my @assets = $body =~ m{/glinto/assets/([\w.-]+)}g;
is(scalar @assets, 4, 'a style, a script, icon, map');
my %type = (css => 'text/css', js => 'text/javascript', svg => 'image/svg');
for my $name (@assets) {
    my $asset = page("/glinto/assets/$name");
    my ($end) = $name =~ /(\w+)$/;
    is($asset->{status}, 200, "$name is there");
    like($asset->{headers}{'content-type'}, qr/^\Q$type{$end}\E/, 'its type');
    like($asset->{headers}{'cache-control'}, qr/immutable/, 'kept for long');
    unlike($asset->{body},
        qr/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/,
        'no way for text to become markup') if $end eq 'js';
}
is(status_of("/glinto/assets/$_"), 404, "asset $_") for 'style.css',
    'page-00000000.js', '../a.example', '..%2f..%2fetc%2fpasswd', '';

# ---- who may ----

$agent->glinto('account', 'add', 'other');
my %token = map { $_ => $agent->json('token', 'create', '--account', $_) }
    qw(default other);
my $hidden = '/glinto/hidden.example';
my $reply = page($hidden);
is($reply->{status}, 401, 'a site that is not public');
like($reply->{headers}{'www-authenticate'}, qr/^Bearer/, 'asks for a token');
unlike($reply->{body}, qr/id="visitors"/, 'and shows nothing');
is(status_of($hidden, Authorization => "Bearer $token{default}{token}"), 200,
    'with its token it opens');
is(status_of($hidden, Authorization => "Bearer $token{other}{token}"), 404,
    "with another account's it does not exist");
is(status_of($hidden, Authorization => "Bearer $_"), 401, "token '$_'")
    for '', 'x', 'x' x 300, "$token{default}{token}x";
is(status_of($hidden, Authorization => "Basic $token{default}{token}"), 401,
    'another scheme');

# ---- what is not there ----

my %gone = ('/' => 404, '/glinto' => 404, '/glinto/unknown.example' => 404,
    '/glinto/a.example/' => 303, '/glinto/a.example/other' => 404,
    '/glinto/hidden.example/' => 303, '/glinto/hidden.example/other' => 404,
    '/glinto/unknown.example/' => 404, '/api/v1/sites/a.example/x' => 404,
    '/glinto/share/x/other' => 404, '/glinto/a.example/rows/' => 404,
    '/glinto/%00' => 404, '/glinto/%ff%fe' => 404, '/glinto/a.example%00' => 404,
    '/glinto/' . 'x' x 3000 => 404, '/glinto/' . '%3Cb%3E' => 404,
    '//glinto/' => 404, '/v1/status' => 404, '/glinto/a.example/live' => 426);
is(status_of($_), $gone{$_}, substr "status of $_", 0, 60) for sort keys %gone;
# What is missing is said: a site, or a page of one that is there.
for (['/glinto/unknown.example', 'There is no such site.'],
    ['/glinto/a.example/other', 'There is no such page.', 'a.example'],
    ['/glinto/unknown.example/other', 'There is no such page.'],
    ['/glinto/hidden.example/other', 'There is no such page.'],
    ['/glinto/share/x/other', 'There is no such page.']) {
    my ($path, $sentence, $back) = @$_;
    my $text = page($path)->{body};
    my ($link) = $text =~ m{class="button" href="/glinto/([^"?]+)};
    is(join(' ', $text =~ m{<p>(There is[^<]*)</p>}, $link // ''),
        join(' ', $sentence, $back // ''), "$path: what is missing");
}
is(page('/glinto/a.example/?period=7d')->{headers}{location},
    '/glinto/a.example?period=7d', 'a "/" too much');
for my $method (qw(POST PUT DELETE PATCH OPTIONS)) {
    my $no = $agent->dashboard($method, '/glinto/a.example',
        $method =~ /^P/ ? '{}' : undef);
    is("$no->{status} " . ($no->{headers}{allow} // ''), '405 GET, HEAD',
        "$method is not allowed");
}
my $head = $agent->dashboard('HEAD', '/glinto/a.example');
is("$head->{status} " . length $head->{body}, '200 0', 'HEAD has no body');

is(page($hidden, Authorization => "Bearer $token{default}{token}")
    ->{headers}{'x-accel-expires'}, undef, 'what a token opens nginx keeps not');

# ---- a list of many ----

my $many = $t->path('many.sql');
spew($many, 'BEGIN;' . join('', map { sprintf "INSERT INTO sites (domain,
    account, timezone, public, refresh_window, optout, hosts, created) SELECT
    'n%05d.example', id, 'UTC', %d, 0, 0, '', 0 FROM accounts WHERE name =
    'default';", $_, $_ % 2 } 1 .. 500) . 'COMMIT;');
$agent->stop;
system("sqlite3 @{[$t->path('data/meta.db')]} <$many") == 0 or die 'sqlite3';
$agent->start;
my ($next, @seen, @sizes) = ('/glinto/');
while (defined $next) {
    my $one = page($next)->{body};
    push @seen, $one =~ m{<li><a class="card" href="/glinto/([\w.]+)"}g;
    push @sizes, length $one;
    ($next) = $one =~ m{rel="next" href="([^"]+)"};
    $next =~ s/&amp;/&/g if defined $next;
}
is(scalar @sizes, 11, '251 public sites are eleven pages');
is("@seen", join(' ', 'a.example', map { sprintf 'n%05d.example', $_ }
    grep { $_ % 2 } 1 .. 500), 'each public site once, in order');
cmp_ok((sort { $b <=> $a } @sizes)[0], '<', 16_384, 'no page is long');
is(join(' ', page('/glinto/?q=N0049')->{body} =~ m{<li>.*?/glinto/([\w.]+)"}g),
    join(' ', map { sprintf 'n%05d.example', $_ } 491, 493, 495, 497, 499),
    'found by how they begin');
like(page('/glinto/?q=n00490')->{body}, qr/No public site begins/,
    'one that is not public is not found');
my $odd = page('/glinto/?q=' . join '', map { sprintf '%%%02x', ord }
    split //, $XSS);
like($odd->{body}, qr/begins with “&quot;&gt;&lt;img/, 'odd words are escaped');
unlike($odd->{body}, qr/<img/, 'and no markup');
is(status_of("/glinto/?$_"), 200, "list?$_")
    for 'q=%ff', 'after=%00', 'q=' . 'x' x 4000, 'q', '=', 'q=a&q=b', '&&';

# ---- headers of every reply, text of every page ----

my @all = ('/glinto/', '/glinto/a.example', $hidden, '/glinto/unknown.example',
    '/', "/glinto/assets/$assets[0]", '/glinto/a.example/live',
    '/glinto/' . join '', map { sprintf '%%%02x', ord } split //, $XSS);
is(pageviews('a.example'), $want, 'a new glintod knows the numbers');
for my $path (@all) {
    my $got = page($path);
    my %h = %{$got->{headers}};
    is($h{'content-security-policy'}, $CSP, "$path: CSP");
    is("$h{'x-content-type-options'} $h{'referrer-policy'}",
        'nosniff no-referrer', "$path: nosniff, no-referrer");
    is($h{'cache-control'}, 'no-store', "$path: never stored")
        if $path !~ /assets/;
    is($h{'x-accel-expires'}, $path =~ m{^/glinto/(?:a\.example)?$} ? 1 : undef,
        "$path: by nginx for a second if all may see it");
    unlike($got->{body}, qr/<img|onerror=alert\(1\)>/, "$path: no markup");
}

# A name of a site is the only text of others in the pages; glintod refuses
# hostile ones, so one is put past it.
my ($status, undef, $why) = $agent->glinto('site', 'add', $XSS, '--public');
is($status, 2, "a site of such a name is refused: $why");
$agent->stop;
system('sqlite3', $t->path('data/meta.db'), "update sites set domain = "
    . "'<b>&x' where domain = 'a.example'") == 0 or die 'sqlite3';
$agent->start;
like(page('/glinto/')->{body}, qr{href="/glinto/%3Cb%3E%26x"><.*?>&lt;b&gt;&amp;x<},
    'put past it, it is escaped in the list');
$t->done;
