# Promise: a program with a token that changes sites and reads them makes and
# takes back shared links and guests of its account's sites, in Plausible's
# words; one with less may not, nor for another account's site.
#
# Method: the dashboard socket; a link that is made is opened, a guest who is
# made signs in.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::People;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'localhost',
    conf => 'token_requests_per_minute 1000');
my $json = JSON::PP->new->canonical->utf8;
$agent->glinto('account', 'add', 'other');
$agent->site('a.example', '--timezone', 'UTC');
$agent->site('theirs.example', '--account', 'other');
sub token { $agent->json('token', 'create', '--scope', $_[0])->{token} }
my $token = token('stats:read,sites:write');

sub call {
    my ($method, $rest, $body, %more) = @_;
    my $by = delete $more{by} // $token;
    my $reply = $agent->dashboard($method, "/api/v1/sites/$rest", $body &&
        $json->encode({site_id => 'a.example', %$body}), {Host => 'localhost',
        Authorization => "Bearer $by", %more});
    my $told = eval { $json->decode($reply->{body}) };
    return wantarray ? ($reply->{status}, $told)
        : "$reply->{status} $reply->{body}";
}
sub page {
    my ($path, $cookie) = @_;
    return $agent->dashboard('GET', $path, undef, {Host => 'localhost',
        $cookie ? (Cookie => $cookie) : ()})->{status};
}
my $SITE = '?site_id=a.example';

# ---- shared links ----

my ($status, $link) = call('PUT', 'shared-links', {name => 'Wordpress'});
is("$status $link->{name}", '200 Wordpress', 'a link is made');
like($link->{url}, qr{^https://localhost/glinto/share/[\w-]{22}$},
    'its address, as the one who asked found this server');
my ($path) = $link->{url} =~ m{(/glinto/.*)};
is(page($path), 200, 'it opens the site');
like(scalar call('PUT', 'shared-links', {name => 'Board'}, 'X-Forwarded-Proto'
    => 'http'), qr{"url":"http://localhost/}, 'without TLS, so');
like(scalar call('PUT', 'shared-links', {name => 'Wordpress'}),
    qr/^409 .*a link of that name/, 'its address is not told again');
is(page($path), 200, 'and it is the same');
my (undef, $links) = call('GET', "shared-links$SITE");
is(join(' ', sort map { $_->{name} } @{$links->{shared_links}}),
    'Board Wordpress', 'they are listed');
unlike($json->encode($links), qr/[\w-]{22}/, 'without a secret');
is(scalar call('DELETE', "shared-links/$link->{id}$SITE"),
    '200 {"deleted":true}', 'taken back');
is(page($path), 404, 'it opens nothing');
like(scalar call('DELETE', "shared-links/$link->{id}$SITE"), qr/^404 /,
    'once');

# ---- guests ----

my %ANN = (email => 'ann@mail.example', role => 'viewer');
($status, my $ann) = call('PUT', 'guests', {%ANN});
is("$status $ann->{email} $ann->{role} $ann->{status}",
    '200 ann@mail.example viewer invited', 'a guest');
my ($welcome) = $ann->{link} =~ m{^https://localhost(/glinto/welcome/.*)$};
my $cookie = welcome($agent, $welcome, 'a long password');
is(page('/glinto/a.example', $cookie), 200, 'who has a password by its link');
is(page('/glinto/a.example/settings', $cookie), 403, 'and changes nothing');
($status, $ann) = call('PUT', 'guests', {%ANN, role => 'editor'});
is($json->encode($ann), '{"email":"ann@mail.example","role":"editor",'
    . '"status":"accepted"}', 'another role, no other link');
is(page('/glinto/a.example/settings', $cookie), 200, 'which holds');
person($agent, 'boss', '--role', 'owner');
is(scalar call('GET', "guests$SITE"), '200 {"guests":[{"email":'
    . '"ann@mail.example","role":"editor","status":"accepted"}]}',
    'guests are those of the site alone');
like(scalar call('DELETE', "guests/$_$SITE"), qr/^404 .*no such guest/, "no $_")
    for 'boss', 'nobody';
is(scalar call('DELETE', "guests/ann%40mail.example$SITE"),
    '200 {"deleted":true}', 'removed');
is(page('/glinto/a.example', $cookie), 404, 'who sees nothing more');
is(scalar call('GET', "guests$SITE"), '200 {"guests":[]}', 'and is in no list');

# ---- refused ----

for ([{name => 7}, qr/"name\\" is a text/], [{}, qr/"name\\" is missing/],
    [{name => 'x', x => 'y'}, qr/"x\\" is no key/]) {
    like(scalar call('PUT', 'shared-links', $_->[0]), qr/^400 .*$_->[1]/,
        'a link: ' . $json->encode($_->[0]));
}
for ([{%ANN, role => 'owner'}, qr/"role\\" is viewer or editor/],
    [{role => 'viewer'}, qr/"email\\" is missing/],
    [{%ANN, email => ''}, qr/name has 1 to/]) {
    like(scalar call('PUT', 'guests', $_->[0]), qr/^400 .*$_->[1]/,
        'a guest: ' . $json->encode($_->[0]));
}
my %less = map { $_ => token($_) } 'sites:write', 'stats:read';
for my $what (qw(shared-links guests)) {
    my %body = ('shared-links' => {name => 'x'}, guests => {%ANN});
    like(scalar call('PUT', $what, $body{$what}, by => $less{$_->[0]}),
        qr/^403 .*scope $_->[1]/, "$what takes $_->[1], too")
        for ['sites:write', 'stats:read'], ['stats:read', 'sites:write'];
    like(scalar call('PUT', $what, {%{$body{$what}}, site_id =>
        'theirs.example'}), qr/^404 /, "$what of another account's site");
    is((call('PUT', $what, $body{$what}, Origin => 'https://evil.example'))[0],
        403, "$what by a page of another site");
}
is(scalar @{$agent->json('share', 'list', 'a.example')->{shares}}, 1,
    'nothing was made');
$t->done;
