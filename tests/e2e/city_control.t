# Promise: tokens, people, shares, goals, segments, funnels, annotations,
# shields, switches, accounts and renamed sites, changed in one city, are the
# same in all cities, with the same ids, and known to workers of every edge.
# The log has no secret, but hashes: whoever was asked has it.  A person who
# chose a password in one city signs in in any; who has signed in has done so
# in that city alone.  A change is made once, whoever is killed meanwhile.
#
# Check: it starts PostgreSQL and two glintods.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::People;
use Glinto::Postgresql;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 240);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my @cities = map { Glinto::Cities->city($t, $_, $fra,
    conf => 'log postgresql ' . $fra->conninfo . "\n") } qw(ams mad);
my ($ams, $mad) = @cities;

my $json = JSON::PP->new->canonical;
sub ask { my ($city, @words) = @_; return $city->world->agent->json(@words) }
sub text { my ($city, @words) = @_;
    return $json->encode(ask($city, @words)) }
sub make {
    my ($city, @words) = @_;
    my ($status, $out, $err) = $city->world->agent->glinto(@words);
    is($status, 0, "@words[0, 1]") or diag($err);
    return $out;
}
# The same list in both cities, in which what LIKE says is.
sub same {
    my ($what, $like, @words) = @_;
    $t->soon("$what: in both", sub { text($ams, @words) =~ $like
        && text($mad, @words) eq text($ams, @words) }, 10)
        or diag(text($ams, @words), "\n", text($mad, @words));
}

make($ams, qw(account add shop));
make($mad, qw(site add a.example --account shop --timezone Europe/Madrid));
same('sites', qr/Europe.Madrid/, qw(site list));
my @shop = map { my $city = $_; map { $_->{id} } grep { $_->{name} eq 'shop' }
    @{ask($city, qw(account list))->{accounts}} } @cities;
is($shop[0], $shop[1], 'an account has one id');

# ---- tokens ----

my ($token) = make($mad, qw(token create --account shop --name edge --scope),
    'stats:read,events:write') =~ /(gl_\S+)/;
same('tokens', qr/"name":"edge"/, qw(token list));
$t->soon('workers of the other city know it', sub {
    slurp($ams->stage->path('sites')) eq slurp($mad->stage->path('sites')) });
is(index($fra->sql('SELECT * FROM change'), $token), -1, 'the log does not');
ok(length $token > 40, 'who asked has it');
for my $city (@cities) {
    my $answer = $city->world->agent->dashboard('GET',
        '/api/v1/stats/realtime/visitors?site_id=a.example', undef,
        {Authorization => "Bearer $token"});
    is($answer->{status}, 200, 'it opens the API');
}

# ---- what is defined for a site ----

make($ams, qw(goal add a.example --event Signup));
make($mad, qw(goal add a.example --page /buy));
make($ams, qw(segment add a.example --name German --filters),
    '[["is","visit:country",["DE"]]]');
make($mad, qw(funnel add a.example --name Way --steps), '["Signup",{"page":"/buy"}]');
make($ams, qw(annotation add a.example --date 2026-01-31 --text Sale));
same($_, qr/"id":/, $_, 'list', 'a.example') for qw(goal segment funnel annotation);
make($mad, qw(site set a.example block_pages /admin/**));
make($ams, qw(site set a.example keep_agent no));
make($ams, qw(site set a.example retention_days 90));
same('settings', qr{/admin/.*}, qw(site show a.example));
make($mad, qw(share add a.example --name Partner));
same('shares', qr/Partner/, qw(share list a.example));
make($ams, qw(site rename a.example b.example));
same('a new name', qr/b\.example/, qw(site show b.example));

# ---- people ----

my $word = 'a long enough password';
my $added = ask($ams, qw(person add ann --role owner --account shop));
same('people', qr/"name":"ann".*"ready":false/, qw(person list));
my $cookie = welcome($mad->world->agent, $added->{link}, $word);
ok($cookie, 'the link of one city is good in the other');
same('she has a password', qr/"ready":true/, qw(person list));
for my $city (@cities) {
    my $in = form($city->world->agent, '/glinto/sign-in',
        {name => 'ann', password => $word});
    is($in->{status}, 303, 'and signs in with it');
}
sub page { my ($city, $cookie) = @_;
    return $city->world->agent->dashboard('GET', '/glinto/b.example', undef,
        {Cookie => $cookie})->{status} }
is(page($mad, $cookie), 200, 'who has signed in sees the site');
is(page($ams, $cookie), 401, 'in this city alone');
my $all = $fra->sql('SELECT * FROM change');
my ($secret) = $added->{link} =~ m{([^/]+)$};
is(index($all, $secret), -1, 'no link is in the log');
unlike($all, qr/"session"|\Q$word\E/, 'no session, no password');
like($all, qr/argon2/, 'a hash of it');
make($mad, qw(person role ann none --account shop));
$t->soon('a role is taken everywhere', sub { page($mad, $cookie) != 200 });
make($ams, qw(person remove ann));
same('nobody', qr/"people":\[\]/, qw(person list));
my ($id) = text($ams, qw(token list)) =~ /"id":"(\w+)"/;
make($mad, qw(token revoke), $id);
same('no token', qr/"tokens":\[\]/, qw(token list));

# ---- once ----

my $n = $fra->sql('SELECT count(*) FROM change');
for my $i (1 .. 6) {
    my $city = $cities[$i % 2];
    my $stage = $city->stage;
    my $pid = $stage->spawn('annotation', $stage->build . '/glinto',
        '--socket', $stage->path('admin.sock'), qw(annotation add b.example
        --date), "2026-02-0$i", '--text', "Kill $i", {log => $t->path("a$i")});
    $t->until('it is in the log', sub {
        $fra->sql('SELECT count(*) FROM change') == $n + $i });
    my $victim = $i % 3 ? $city->program : $city->world->agent;
    $victim->kill9;
    $victim->start;
    $stage->ended($pid, 40);
}
same('after kills', qr/Kill 6/, qw(annotation list b.example));
is(scalar(() = text($ams, qw(annotation list b.example)) =~ /"text":"Kill \d/g),
    6,
    'each was made once');
is($fra->sql('SELECT count(*) FROM change'), $n + 6, 'and written once');
$t->done;
