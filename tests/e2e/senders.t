# Promise: a server with a token of scope events:write tells of its visitors'
# events, in our own lines or in GoatCounter's words: whom it names, by address
# and agent, is the visitor that would have come by itself; without such a
# token, or for a site of another account, it is 401 or 403 with a sentence; a
# revoked token ends in every worker within two seconds; of a list the wrong
# ones are named by their number and the others are stored, each once.
#
# Method: nginx with four workers and glintod; the same visitor also comes as a
# browser; rows are read in the account's file.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use Time::HiRes ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', ['b', 'other']], nginx => {
    workers => 4, server => join "\n", 'location = /e { glinto_collect; }',
        slurp($t->root . '/conf/nginx/senders.conf')});
my ($agent, $nginx) = ($world->agent, $world->nginx);
my $FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0';
my $TOKENS = $t->path('salt/tokens');

sub token { $agent->json('token', 'create', '--scope', @_) }
sub post {
    my ($path, $body, $token, %headers) = @_;
    $headers{Authorization} = "Bearer $token" if defined $token;
    $body = JSON::PP::encode_json($body) if ref $body;
    return $nginx->post($path, $body, 'User-Agent' => undef,
        'Accept-Language' => undef, 'Accept-Encoding' => undef, %headers);
}
sub lines {
    my ($token, @lines) = @_;
    return post('/api/events?site=a.example', join('', map {
        (ref $_ ? JSON::PP::encode_json($_) : $_) . "\n" } @lines), $token);
}
sub said { JSON::PP::decode_json($_[0]{body}) }
sub rows {
    my ($what, $n) = @_;
    my @rows;
    $t->until("$n rows", sub {
        @rows = $world->store->rows($world->file('a'), "SELECT $what FROM "
            . 'events e LEFT JOIN paths p ON p.code = e.path LEFT JOIN agents g '
            . 'ON g.code = e.agent LEFT JOIN names n ON n.code = e.name LEFT '
            . 'JOIN places o ON o.code = e.place LEFT JOIN referrers r ON '
            . 'r.code = e.referrer LEFT JOIN titles t ON t.code = e.title LEFT '
            . 'JOIN screens s ON s.code = e.screen LEFT JOIN languages l ON '
            . 'l.code = e.language ORDER BY e.id');
        return @rows >= $n;
    });
    return @rows;
}
my %view = (kind => 'pageview', ip => '203.0.113.7', user_agent => $FIREFOX);

# ---- who may ----

ok(!-e $TOKENS, 'no token, no file');
like(post('/api/events', '{}')->{body}, qr/needs Authorization: Bearer/,
    'without a token: a sentence');
my $read = token('stats:read')->{token};
is(lines($_, \%view)->{status}, 401, 'no such token') for undef, 'x', $read;
is(lines($read, \%view)->{headers}{'www-authenticate'}, 'Bearer',
    'and what is asked for');
my $made = token('events:write');
my $write = $made->{token};
is(sprintf('%o', (stat $TOKENS)[2] & 07777), '640', 'the mode of the file');
unlike(slurp($TOKENS), qr/\Q$write/, 'no token is in it');
$t->soon('workers know it', sub {
    !grep { lines($write, {%view, kind => 'no'})->{status} != 202 } 1 .. 40 });
my $foreign = post('/api/events?site=b.example', \%view, $write);
is("$foreign->{status} " . (said($foreign)->{errors}{site}[0] // ''), '403 is '
    . 'none of the token\'s account; name one by ?site= in the address',
    'a site of another account');
is(post('/api/events?site=no.example', \%view, $write)->{status}, 403,
    'a site that is none');
is(post('/api/events', \%view, $write)->{status}, 403, 'nor is 127.0.0.1');
is(post('/api/events', \%view, $write, Host => 'b.example')->{status}, 403,
    'nor the host of another account');
is(post('/api/events', {%view, path => '/host'}, $write,
    Host => 'www.a.example')->{status}, 202, 'a site by its host');
is($nginx->get('/api/events')->{status}, 405, 'GET');
is(post('/api/events?site=a.example', 'x' x 65537, $write)->{status}, 413,
    'more than 64 KiB');

# ---- who it was ----

$nginx->post('/e', '{"n":"pageview","d":"a.example","u":"https://a.example/own"}',
    'User-Agent' => $FIREFOX, 'X-Forwarded-For' => '203.0.113.7');
lines($write, {%view, path => '/told'}, {%view, path => '/other',
    ip => '203.0.113.8'}, {kind => 'pageview', path => '/word', visitor => 'u1'});
my %of = map { $_->{path} => $_ } rows('p.text AS path, e.visitor AS who', 5);
is($of{'/told'}{who}, $of{'/own'}{who}, 'an address and an agent are a visitor');
isnt($of{'/other'}{who}, $of{'/own'}{who}, 'another address another one');
isnt($of{'/word'}{who}, $of{'/own'}{who}, 'a word one more');
my $bytes = join '', map { slurp($_) } glob($t->path('data/acct/*')),
    glob($t->path('spool/*'));
unlike($bytes, qr/203\.0\.113|203\\0\\0\\161/, 'no address is kept');

# ---- what it says ----

my $wrong = lines($write,
    {kind => 'event', name => 'Buy', visitor => 'u1', path => '/shop?x=1',
        host => 'WWW.shop.a.example', revenue => {amount => '9.50', currency =>
        'eur'}, props => {plan => 'pro'}, country => 'at', region => 'AT-9',
        city => 'Wien', language => 'de-AT', screen => '800x600', title => 'Shop',
        referrer => 'https://r.example/x?y', utm_source => 'letter'},
    {%view, colour => 'red'}, {kind => 'pageview'}, {%view, path => 7},
    {%view, at => '2026-01-02T03:04:05Z'}, {%view, visitor => 'u2'},
    'no JSON', {%view, name => 'x'}, {%view, country => 'Austria'},
    {kind => 'engagement', visitor => 'u1', engagement_ms => 1200},
    {%view, kind => 'engagement'}, {%view, user_agent => undef,
        at => JSON::PP::decode_json(lines_now())->[0]});
sub lines_now { my @at = gmtime; sprintf '["%04d-%02d-%02dT%02d:%02d:%02d+00:00"]',
    $at[5] + 1900, $at[4] + 1, @at[3, 2, 1, 0] }
is($wrong->{status}, 202, 'some are wrong');
is_deeply([map { "$_->{line} $_->{key}" } @{said($wrong)->{errors}}],
    ['2 colour', '3 visitor', '4 path', '5 at', '6 visitor', '7 line', '8 name',
    '9 country', '11 engagement_ms'], 'each by its line and key');
is(said($wrong)->{taken}, 3, 'and how many are not');
my ($buy) = grep { ($_->{name} // '') eq 'Buy' } rows('n.text AS name, p.text AS '
    . 'path, e.amount, e.currency, o.country, o.region, o.city, l.text AS language,'
    . ' s.text AS screen, t.text AS title, r.referrer, r.utm_source', 8);
is(join(' ', map { $buy->{$_} } qw(path amount currency country region city
    language screen title referrer utm_source)), '/shop?x=1 9.50 EUR AT AT-9 Wien '
    . 'de-AT 800x600 Shop r.example/x letter', 'all of a line');
my $list = post('/api/events?site=a.example', [{%view}, {%view, kind => 'x'}],
    $write);
is(join(' ', said($list)->{taken}, said($list)->{errors}[0]{line}), '1 2',
    'a list in JSON');
is(post('/api/events?site=a.example', "\n" x 501, $write)->{status}, 400,
    'more than 500');
is(post('/api/events?site=a.example', '', $write)->{status}, 400, 'none');

# ---- GoatCounter's words ----

my @hit = (ip => '203.0.113.7', user_agent => $FIREFOX);
sub hits { post('/api/v0/count?site=a.example', {hits => [@_]}, $write) }
is(hits({path => '/goat', @hit})->{body}, '{"status":"ok"}', 'as GoatCounter');
my $goats = hits({path => '/size/', size => [1920, 1080, 1], location => 'AT-9',
    ref => 'https://r.example/', title => 'G', @hit}, {path => '/nobody'},
    {path => 'Click', event => JSON::PP::true, session => 's1'}, {@hit},
    {path => '/old', created_at => '2020-01-01T00:00:00Z', @hit});
is($goats->{status}, 400, 'some are wrong');
is(join(' ', sort keys %{said($goats)->{errors}}), '1 3 4', 'by their numbers');
is(post('/api/v0/count?site=a.example', {hits => []}, $write)->{status}, 400,
    'none');
is(post('/api/v0/count?site=a.example', {no_sessions => JSON::PP::true, hits =>
    [({path => '/alone'}) x 3]}, $write)->{status}, 202, 'without sessions');
my @rows = rows('p.text AS path, n.text AS name, e.visitor AS who, s.text AS '
    . 'screen, o.country', 15);
my ($goat) = grep { $_->{path} eq '/goat' } @rows;
is($goat->{who}, $of{'/own'}{who}, 'the same visitor');
my ($size) = grep { $_->{path} eq '/size' } @rows;
is("$size->{screen} $size->{country}", '1920x1080 AT', 'size and place');
is(scalar(grep { ($_->{name} // '') eq 'Click' } @rows), 1, 'an event');
my %alone = map { $_->{who} => 1 } grep { $_->{path} eq '/alone' } @rows;
is(scalar keys %alone, 3, 'each is somebody else');

# ---- shields hold here, too ----

$agent->glinto('site', 'set', 'a.example', 'block_addresses', '203.0.113.9');
$t->soon('a named address is turned away', sub {
    my $answer = lines($write, {%view, ip => '203.0.113.9'});
    return ($answer->{headers}{'x-plausible-dropped'} // 0) == 1;
});

# ---- revoked ----

my $second = token('events:write,stats:read')->{token};
$t->soon('a second token', sub { lines($second, \%view)->{status} == 202 });
$agent->glinto('token', 'revoke', $made->{id});
my ($last, $in_a_row) = (my $since = Time::HiRes::time(), 0);
while ($in_a_row < 40 && Time::HiRes::time() < $since + 10) {
    my $is = lines($write, {%view, path => '/late'})->{status} == 401;
    $last = Time::HiRes::time() if !$is;
    $in_a_row = $is ? $in_a_row + 1 : 0;
}
is($in_a_row, 40, 'a revoked token ends in every worker');
cmp_ok($last - $since, '<', $t->slow(2), 'within two seconds');
is(lines($second, \%view)->{status}, 202, 'the other one goes on');
my $status;
$t->until('strangers are counted', sub {
    my %n = map { $_->{reason} => $_->{n} }
        @{$agent->json('status')->{not_counted}{reasons}};
    return ($n{no_token} // 0) >= 40;
});
$nginx->stop;
$world->empty('all of it is counted');
my $taken = grep { $_->{path} eq '/late' } rows('p.text AS path', 1);
cmp_ok($taken, '>', 0, 'what was answered 202 is stored');
$t->done;
