# Promise: at every door a site may bring so many new names a day, and what is
# beyond is "(other)" with every total exact: of 250 made-up event names 200
# are themselves, of 210 names of properties 200, of 10,050 paths 10,000; a
# flood at one site takes no room from another, though both share a file.
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
my $t = Glinto::Test->new;
my @doors = qw(plausible goatcounter umami matomo events hits);
my $world = Glinto::World->new($t, sites => [@doors, 'flood', 'calm'],
    nginx => {http => 'keepalive_requests 100000;', server => join '', map {
    my $adapter = {hits => 'goatcounter-api', flood => 'matomo'}->{$_} // $_;
    "location = /$_ { glinto_collect $adapter; glinto_max_body 64k;
        glinto_site $_.example; }" } @doors, 'flood'});
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

for my $part (0 .. 200) {
    my @requests = map { '?idsite=flood.example&rec=1&url=https%3A%2F%2F'
        . "flood.example%2F$part%2F$_" } 1 .. 50;
    post('/flood', {requests => \@requests});
}
all_there('flood', 'pageviews', 201 * 50);
my $n = texts('flood', 'paths', 'path');
is(delete $n->{'(other)'}, 201 * 50 - $PATHS, 'paths beyond are (other)');
is(keys %$n, $PATHS, "$PATHS paths");
post('/plausible', {n => 'pageview', d => 'calm.example',
    u => 'https://calm.example/new'});
all_there('calm', 'pageviews', 8);
is(texts('calm', 'paths', 'path')->{'/new'}, 1, 'another site has room');
$t->done;
