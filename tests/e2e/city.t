# Promise: a request to nginx goes through PostgreSQL to the live numbers of
# two cities, one of which reads a hot standby.  While the server is away or
# read only, events are answered and wait, and each is there once afterwards.
# "glinto status" says how far a city is behind each edge, and what is wrong.  A
# city that has lost how far it had read hands nothing over twice; one that
# starts from nothing has the whole past.
#
# Check: it starts PostgreSQL, twice.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 240);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $ams = $fra->standby('ams')->start;

# Frankfurt has nginx, too.
my $home = Glinto::Cities->city($t, 'home', $fra, sites => ['a'],
    conf => 'log postgresql ' . $fra->conninfo . "\n",
    nginx => {server => 'location = /api/event { glinto_collect; }'});
my $edge = Glinto::Cities->edge($t, 'e1', $fra);
my $city = Glinto::Cities->city($t, 'mad', $ams, sites => ['a']);

# ---- the way of an event ----

sub visit {
    return http_post($home->world->nginx->port, '/api/event',
        '{"n":"pageview","u":"http://a.example/x","d":"a.example"}',
        'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) '
            . 'Gecko/20100101 Firefox/133.0', 'Accept-Language' => 'en',
            'Accept-Encoding' => 'gzip');
}
is(visit()->{status}, 202, 'an edge answers');
for ($home, $city) {
    my $name = $_->stage->{dir} =~ s{.*/}{}r;
    my $world = $_->world;
    $t->soon("live in $name", sub { $world->today('a')->{pageviews} == 1 });
}
my $agents = 'SELECT browser, os, device FROM agents WHERE code > 0';
is_deeply([$city->world->store->rows($city->world->file('a'), $agents)],
    [{browser => 'Firefox', os => 'GNU/Linux', device => 'Desktop'}],
    'with the browser that was understood on the edge');
is($fra->sql("SELECT count(*) FROM chunk WHERE site = 'a.example'"), 1,
    'it is a chunk');

sub events {
    my ($n, $from) = @_;
    my $segment = $edge->segment;
    $segment->event(site => 'a.example', visitor => ++$from) for 1 .. $n;
    $segment->close;
}
my $n = 1;
sub everywhere {
    my ($what, $more) = @_;
    $n += $more;
    for ($home, $city) {
        my $world = $_->world;
        $t->soon("$what: $n rows", sub { $world->rows == $n }, 30);
    }
    $t->soon("$what: no segment waits", sub { !$edge->waiting });
}
events(500, 10);
everywhere('an edge without glintod', 500);

# ---- status ----

sub status { $city->world->agent->json('status') }
$t->soon('a city says how far it is behind', sub {
    my $edges = status()->{follow}{edges};
    return ($edges->{e1}{behind_s} // 99) < 5 && exists $edges->{mad} == 0
        && exists $edges->{home};
});
like(scalar $city->world->agent->glinto('status'), qr/^ +behind_s +\d/m,
    'also in words');
is($home->world->agent->json('status')->{log}{why}, undef,
    'an edge says that all is well');

# ---- a server that is away, read only ----

$fra->stop;
events(5, 1000);
is(visit()->{status}, 202, 'nginx answers without a server');
$t->soon('the status says so',
    sub { defined $home->world->agent->json('status')->{log}{why} });
$fra->start;
everywhere('after an absence', 6);

$fra->sql('ALTER DATABASE glinto SET default_transaction_read_only = on');
$fra->stop;
$fra->start;
events(7, 2000);
$t->soon('a server that only reads is told of', sub {
    ($edge->told('log') // {})->{why} });
is($edge->waiting, 1, 'events wait');
$fra->sql('SET TRANSACTION READ WRITE; '
    . 'ALTER DATABASE glinto RESET default_transaction_read_only');
everywhere('after a while of reading only', 7);

# ---- a city that lost something ----

$city->program->stop;
my $data = $city->stage->path('data');
rename "$data/followed.db", "$data/elsewhere" or die $!;
unlink glob "$data/followed.db-*";
$city->program->start;
$t->ended($city->program->pid);
like($city->program->log, qr/has events and no followed\.db/,
    'without its position it refuses to start');
ok(!-e "$data/followed.db", 'and makes none');
rename "$data/elsewhere", "$data/followed.db" or die $!;
$city->program->start;
events(3, 3000);
everywhere('with it it goes on', 3);

my $new = Glinto::Cities->city($t, 'par', $ams, sites => ['a']);
$t->soon('a city from nothing has the past', sub { $new->world->rows == $n },
    30);
is(join("\n", $new->facts('a')), join("\n", $city->facts('a')),
    'the same past');

# ---- what a chunk has ----

$new->world->agent->stop;
visit();
$t->soon('a segment waits for glintod', sub {
    glob $new->stage->path('followed/*.seg') });
my ($waiting) = glob $new->stage->path('followed/*.seg');
like(slurp($waiting), qr/a\.example.*Firefox\t133\.0\tGNU\/Linux/s,
    'it has what was understood of an agent');
unlike(slurp($waiting), qr/Mozilla|Gecko/, 'and not the agent');
$new->world->agent->start;
$t->soon('glintod takes it', sub { $new->world->rows == $n + 1 });
$t->done;
