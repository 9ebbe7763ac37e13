# Promise: at every door a site may bring so many new names a day, and what is
# beyond is "(other)" with every total exact: of 250 made-up event names 200
# are themselves, of 210 names of properties 200, of 5,050 of their values
# 5,000, of 10,050 paths 10,000, of 5,050 referrers 5,000, of 1,050 values of a
# utm_ key 1,000, each key on its own; a flood at one site takes no room from
# another, though both share a file.
#
# Method: each door has a site of its own and names of its own, since a name
# that is known is always itself.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my ($NAMES, $SENT, $KEYS, $PATHS) = (200, 250, 200, 10_000);
my ($REFERRERS, $VALUES, $CAMPAIGNS, $MORE) = (5_000, 5_000, 1_000, 50);
my $t = Glinto::Test->new->one_day;
my @doors = qw(plausible goatcounter umami matomo events hits);
my @floods = qw(flood from values tagged);
my $world = Glinto::World->new($t, sites => [@doors, @floods, 'calm'],
    nginx => {http => 'keepalive_requests 100000;', server => join '', map {
    my $adapter = {hits => 'goatcounter-api', map { $_ => 'matomo' }
        @floods}->{$_} // $_;
    "location = /$_ { glinto_collect $adapter; glinto_max_body 64k;
        glinto_site $_.example; }" } @doors, @floods});
my ($agent, $nginx) = ($world->agent, $world->nginx);
my $file = $world->file('calm');
my $token = $agent->json('token', 'create', '--scope',
    'events:write')->{token};
my %sender = (Authorization => "Bearer $token");

sub json { JSON::PP::encode_json($_[0]) }
sub post {
    my ($path, $what, %headers) = @_;
    return $nginx->post($path, ref $what ? json($what) : $what, %headers);
}
# An event called NAME by each door.
my %send = (
    plausible => sub { post('/plausible', {n => $_[0], d =>
        'plausible.example', u => 'https://plausible.example/'}) },
    goatcounter => sub { $nginx->get("/goatcounter?e=true&p=$_[0]") },
    umami => sub { post('/umami', {type => 'event', payload => {website =>
        'umami.example', url => '/', name => $_[0]}}) },
    matomo => sub { $nginx->get('/matomo?idsite=matomo.example&rec=1'
        . "&url=https%3A%2F%2Fmatomo.example%2F&e_c=$_[0]&e_a=x") },
    events => sub { post('/events', {kind => 'event', name => $_[0],
        visitor => 'u'}, %sender) },
    hits => sub { post('/hits', {no_sessions => JSON::PP::true, hits =>
        [{path => $_[0], event => JSON::PP::true}]}, %sender) },
);

sub texts {
    my ($site, $table, $column) = @_;
    my $id = $world->store->value($world->store->meta,
        'SELECT id FROM sites WHERE domain = ?', "$site.example");
    my %n = map { $_->{text} => $_->{n} } $world->store->rows($file, "SELECT
        text, count(*) AS n FROM events JOIN $table ON code = $column WHERE
        site = ? GROUP BY text", $id);
    return \%n;
}
sub total {
    my ($site, $metric) = @_;
    return $agent->query({site_id => "$site.example", metrics => [$metric],
        date_range => 'all'})->{results}[0]{metrics}[0];
}
sub all_there {
    my ($site, $metric, $n) = @_;
    $t->soon("$site: each of $n is counted",
        sub { total($site, $metric) == $n });
}

$t->soon('workers know all', sub { !grep { $_->{status} !~ /^2/ }
    map { $send{$_}->("$_-0") } sort keys %send });
for my $door (sort keys %send) {
    $send{$door}->("$door-$_") for 1 .. $SENT - 1;
}
for my $door (sort keys %send) {
    my $n;
    # the first was sent until the worker knew all
    $t->soon("$door: all are rows", sub {
        my $events = total($door, 'events');
        $n = texts($door, 'names', 'name'); # read later: no row is missing
        my ($first) = grep { /\b$door-0\b/ } keys %$n;
        $events == $SENT - 1 + ($first ? $n->{$first} : 0);
    });
    my $other = delete $n->{'(other)'};
    is(keys %$n, $NAMES, "$door: $NAMES names");
    cmp_ok($other, '==', $SENT - $NAMES, 'and the others as (other)');
}

# ---- names of properties ----

for my $n (1 .. 7) { # 30 each
    post('/plausible', {n => 'pageview', d => 'calm.example',
        u => 'https://calm.example/props', p => {map { ("key-$n-$_" => 'v') }
        1 .. 30}});
}
all_there('calm', 'pageviews', 7);
my %keys = map { $_->{key} => 1 } $world->store->rows($file,
    'SELECT DISTINCT key FROM event_props');
ok(delete $keys{'(other)'}, 'properties beyond are (other)');
is(keys %keys, $KEYS, "$KEYS names of properties");

# ---- paths ----

# N views of SITE in lists by its door: of each number $more->(I) is said, too.
sub views {
    my ($site, $n, $more) = @_;
    for (my $first = 0; $first < $n; $first += 50) {
        post("/$site", {requests => [map { "?idsite=$site.example&rec=1&"
            . $more->($_) } $first .. $first + 49]});
    }
    all_there($site, 'events', $n);
}
sub page { "url=https%3A%2F%2F$_[0].example%2F$_[1]" }

views('flood', $PATHS + $MORE, sub { page('flood', int($_[0] / 50) . '%2F'
    . $_[0]) });
my $n = texts('flood', 'paths', 'path');
is(delete $n->{'(other)'}, $MORE, 'paths beyond are (other)');
is(keys %$n, $PATHS, "$PATHS paths");
post('/plausible', {n => 'pageview', d => 'calm.example',
    u => 'https://calm.example/new'});
all_there('calm', 'pageviews', 8);
is(texts('calm', 'paths', 'path')->{'/new'}, 1, 'another site has room');

# ---- referrers, values of properties, campaigns ----

views('from', $REFERRERS + $MORE, sub { page('from', '') . '&urlref='
    . "https%3A%2F%2Fs$_[0].example.org%2F" });
$n = texts(from => "(SELECT code, referrer AS text FROM referrers)",
    "referrer");
is(delete $n->{'(other)'}, $MORE, 'referrers beyond are (other)');
is(keys %$n, $REFERRERS, "$REFERRERS referrers");

views('values', $VALUES + $MORE, sub { page('values', '')
    . "&e_c=x&e_a=y&e_n=v$_[0]" });
my $site = $world->store->value($world->store->meta,
    q(SELECT id FROM sites WHERE domain = 'values.example'));
my %values = map { $_->{value} => $_->{n} } $world->store->rows($file, "SELECT
    value, count(*) AS n FROM event_props JOIN events USING (id) WHERE site = ?
    GROUP BY value", $site);
is(delete $values{'(other)'}, $MORE, 'values beyond are (other)');
is(keys %values, $VALUES, "$VALUES values of properties");

my @KEYS = qw(source medium campaign content term);
views('tagged', $CAMPAIGNS + $MORE, sub {
    my ($i) = @_;
    page('tagged', '%3F') . join '%26', map { "utm_$_%3D$_$i" } @KEYS });
for my $key (@KEYS) {
    my $seen = texts('tagged',
        "(SELECT code, utm_$key AS text FROM referrers)", 'referrer');
    is(delete $seen->{'(other)'}, $MORE, "values of utm_$key beyond: (other)");
    is(keys %$seen, $CAMPAIGNS, "$CAMPAIGNS values of utm_$key");
}
$nginx->get('/tagged?idsite=tagged.example&rec=1&' . page('tagged',
    '%3Futm_source%3Dlate%26utm_medium%3Dmedium1%26utm_campaign%3Dcampaign2'),
    'User-Agent' => 'Mozilla/5.0 (X11; '
    . 'Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0');
all_there('tagged', 'events', $CAMPAIGNS + $MORE + 1);
is_deeply([map { @{$_->{dimensions}} } @{$agent->query({
    site_id => 'tagged.example', date_range => 'all', metrics => ['visitors'],
    filters => [['is', 'visit:utm_campaign', ['campaign2']],
        ['is', 'visit:utm_source', ['(other)']]],
    dimensions => ['visit:utm_medium']})->{results}}], ['medium1'],
    'one value too many takes no other value with it');
$t->done;
