# Promise: "glinto site set D profile consent-exempt" turns off what ends an
# exemption from consent, and "glinto check privacy" proves from the live
# files what is stored: an address in any text, a salt that is too old, a
# property, a campaign, a row that is too old, and a switch that was set back
# are each told, with exit status 1.
#
# Method: events through nginx; then faults are planted in the account's file
# and the folder of salts while glintod works.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'b'], nginx => {
    server => 'location = /e { glinto_collect; }'});
my ($agent, $nginx) = ($world->agent, $world->nginx);
my $file = $world->file('a');

sub send_event {
    my ($path) = @_;
    return $nginx->post('/e', JSON::PP::encode_json({n => 'pageview',
        d => 'a.example', u => "https://a.example$path",
        p => {plan => 'pro'}}),
        'X-Forwarded-For' => '203.0.113.7');
}
sub check { return $agent->glinto('check', 'privacy', @_) }
# The claims that do not hold, of who is asked.
sub broken {
    my ($status, $out) = check('--json', @_);
    my $answer = JSON::PP->new->decode($out);
    is($status, $answer->{holds} ? 0 : 1, 'the exit status says so');
    return join '; ', map { "$_->{about}: $_->{claim}" }
        grep { !$_->{holds} } @{$answer->{claims}};
}
# PLANT breaks CLAIM, and UNDO mends it.
sub breaks {
    my ($what, $claim, $plant, $undo) = @_;
    my @sqlite = ('sqlite3', '-cmd', '.timeout 5000', $file);
    ref $plant ? $plant->() : system(@sqlite, $plant);
    is(broken('--site', 'a.example'), $claim, "$what is told");
    my ($status, $out) = check('--site', 'a.example');
    is($status, 1, 'exit status 1');
    like($out, qr/^  BROKEN    \Q$claim\E \(/m, 'in the text, too');
    like($out, qr/^Not everything said here holds\.$/m, 'at its end');
    ref $undo ? $undo->() : system(@sqlite, $undo);
    is(broken('--site', 'a.example'), '', "mended");
}

# Without the profile: general claims hold, the site's own do not.
is(broken(), '', 'all sites: what holds for each');
is(broken('--site', 'a.example'),
    'a.example: switches are those of consent-exempt',
    'one that is not exempt');
like((check('--site', 'a.example'))[1],
    qr/keep_campaign is yes, not no; keep_props is yes, not no; optout is no,/,
    'which switches make it so');
is((check('--site', 'none.example'))[0], 1, 'a site that there is not');

is(($agent->glinto('site', 'set', 'a.example', 'profile', 'x'))[0], 2,
    'another profile is refused');
is(($agent->glinto('site', 'set', 'a.example', 'profile',
    'consent-exempt'))[0], 0, 'the profile');
my $site = $agent->json('site', 'show', 'a.example')->{site};
is_deeply([@{$site->{keep}}{qw(campaign props referrer)},
    $site->{optout}, $site->{retention_days}],
    [JSON::PP::false, JSON::PP::false, JSON::PP::true, JSON::PP::true, 760],
    'sets the switches');
$t->soon('workers know it', sub {
    my $before = $world->rows('a');
    send_event('/?utm_source=x&gclid=1');
    $t->until('a row', sub { $world->rows('a') > $before });
    return !$world->store->value($file, 'SELECT props IS NOT NULL FROM events
        ORDER BY id DESC LIMIT 1');
});
system('sqlite3', '-cmd', '.timeout 5000', $file, 'UPDATE events SET
    props = NULL, referrer = NULL');
is(broken('--site', 'a.example'), '', 'it is exempt');
my ($status, $text) = check('--site', 'a.example');
is($status, 0, 'exit status 0');
like($text, qr/^  profile    consent-exempt\n  kept       referrer, agent,/m,
    'what is kept');
like($text, qr/^  left out   campaign, props$/m, 'what is not');
like($text, qr/^  holds     salts: .* the oldest began \d+ hours ago/m,
    'how old the oldest salt is');
like($text, qr/^Everything said here holds\.$/m, 'a text to be filed');

# ---- a page to be filed ----

sub page {
    my ($how, @more) = check('--html', @_);
    return $more[0];
}
my $page = page('--site', 'a.example');
my ($hash) = $page =~ m{<th scope="row">SHA-256</th><td>([0-9a-f]{64})</td>};
ok($hash, 'it has the hash of what was read');
like($page, qr/^<!DOCTYPE html>.*<\/html>\s*\z/s, 'a page');
like($page, qr/<p>\d{4}-\d\d-\d\d \d\d:\d\d UTC<\/p>/, 'dated');
like($page, qr{<th scope="row">profile</th><td>consent-exempt</td>},
    'its profile');
like($page, qr{<th scope="row">left out</th><td>campaign, props</td>},
    'what is left out');
is(() = $page =~ m{<td>holds</td>}g, 7, 'each claim');
unlike($page, qr/(?:src|href)=/, 'it asks for no other file');
like((check('--site', 'a.example'))[1] =~ s/\n *//gr, qr/read +$hash/,
    'the text has the same');
is(page('--site', 'a.example') =~ s/\d\d:\d\d UTC|\d+ hours//gr,
    $page =~ s/\d\d:\d\d UTC|\d+ hours//gr, 'again: the same');
my $rows = $world->rows('a');
send_event('/more');
$t->until('a row more', sub { $world->rows('a') > $rows });
unlike(page('--site', 'a.example'), qr/$hash/, 'one event more: another hash');
is((check('--html', '--site', 'b.example'))[0], 1, 'its exit status');
like(page('--site', 'b.example'), qr{class="broken"><td>BROKEN</td>},
    'what does not hold');

breaks("an address in a $_->[0]", 'a.example: no address is kept',
    "INSERT INTO $_->[0] (code, text) VALUES (9999, '$_->[1]')",
    "DELETE FROM $_->[0] WHERE code = 9999")
    for ['paths', '/u/203.0.113.9'], ['titles', 'You are 2001:db8::7.'],
    ['prop_values', '203.0.113.9'];
breaks('a property', 'a.example: no custom property is kept',
    q(UPDATE events SET props = '{"1":1}'), 'UPDATE events SET props = NULL');
breaks('a campaign', 'a.example: no campaign is kept', q(INSERT INTO referrers
    VALUES (9999, '', 'x', '', 'x', '', '', '', '', ''); UPDATE events SET
    referrer = 9999), q(UPDATE events SET referrer = NULL; DELETE FROM
    referrers WHERE code = 9999));
breaks('an old row', 'a.example: nothing is kept too long',
    'UPDATE events SET at = at - 800 * 86400000',
    'UPDATE events SET at = at + 800 * 86400000');
my $salt = $t->path('salt/2020-01-01');
breaks('an old salt', 'salts: salts are forgotten',
    sub { spew($salt, 'x' x 32) }, sub { unlink $salt });
breaks('a switch', 'a.example: switches are those of consent-exempt',
    sub { $agent->glinto('site', 'set', 'a.example', 'keep_props', 'yes') },
    sub { $agent->glinto('site', 'set', 'a.example', 'keep_props', 'no') });
system('sqlite3', $file, q(INSERT INTO paths (code, text) VALUES
    (9999, '/docs/1.2.3/12:30:45/v10.0.0.1/a::b/x1.2.3.4')));
is(broken('--site', 'a.example'), '', 'a version is no address');

$t->done;
