# Promise: with two primaries each account's events are on one of them alone,
# and the changes of all on both, with the same ids.  A city of each has the
# numbers of one machine that nobody disturbed, whatever is killed on the way:
# a primary, which holds up nothing of the other, or the program of an edge.
# "glinto status" says of each primary how it is.  Events of a site do not come
# to a primary before the change that made the site.  An edge that had one
# primary until now sends nothing twice, also what that one had in hand, and
# does not go back while lanes are there.
#
# Slow: it waits until a primary that was killed is back.
# Check: it starts PostgreSQL, twice, and four glintods.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 600);
my %server = map { $_ => Glinto::Postgresql->new($t, "server-$_")->start
    ->tables } qw(a b);
spew($t->path('cluster.conf'), join '', map {
    "primary $_ " . $server{$_}->conninfo . "\n" } qw(a b));
my $cluster = 'cluster ' . $t->path('cluster.conf') . "\n";
my $edge = Glinto::Cities->collector($t, 'edge', $server{a});
my %city = map { $_ => Glinto::Cities->city($t, "city-$_", $server{$_},
    conf => "${cluster}primary $_\n") } qw(a b);
my $alone = Glinto::Cities->alone($t, 'alone');

# ---- one primary becomes two ----

my $agent = $city{b}->world->agent;
sub change {
    my ($status, $out, $said) = $agent->glinto(@_);
    is($status, 0, "@_") or diag($said);
}
sub sites {
    return join ' ', sort map { $_->{domain} }
        @{$_[0]->world->agent->json('site', 'list')->{sites}};
}
sub everywhere_are {
    my ($sites) = @_;
    for my $machine ($edge, values %city) {
        $t->soon("$sites, asked in a city of b, are on all machines", sub {
            sites($machine) eq $sites });
    }
}
change(qw(account add first));
change(qw(site add a.example --public --account first));
everywhere_are('a.example');
$alone->world->site($_->[0], $_->[1]) for ['a', 'first'], ['b', 'second'];

my $wall_ms = 1000 * (time - 7 * 3600);
my @open = map { $_->segment(wall_ms => $wall_ms) } $edge, $alone;
sub into_open { # events FROM to UPTO into a segment that a worker has open
    my ($from, $upto) = @_;
    for my $n ($from .. $upto) {
        $_->event(site => 'a.example', visitor => 1 + $n % 9, path => "/$n",
            at_ms => $wall_ms + 1000 * $n) for @open;
    }
}
into_open(1, 40);
$t->soon('one primary has some of a segment', sub {
    $city{a}->world->rows == 40 }, 30);

# A turn whose commit waits for a standby, of a program that is no more.
sub commits_wait_for {
    my ($standby) = @_;
    $server{a}->settings("synchronous_standby_names = '$standby'\n");
    $server{a}->reload;
    $t->until('the server knows', sub {
        $server{a}->sql('SHOW synchronous_standby_names') eq $standby });
    $server{a}->sql('CHECKPOINT'); # who does it knows, too
}
sub waiting { # of our questions, those that wait for WHAT
    my ($what) = @_;
    return $server{a}->sql('SELECT count(*) FROM pg_stat_activity WHERE '
        . "application_name = 'glinto' AND $what");
}
kill 'STOP', $edge->program->pid;
into_open(41, 60);
commits_wait_for('nobody');
kill 'CONT', $edge->program->pid;
$t->until('a turn waits', sub {
    waiting("wait_event = 'SyncRep' AND query = 'COMMIT'") }, 60);
$edge->program->kill9;
$edge->world->agent->stop;
my $conf = $edge->world->agent->{want}{conf};
$edge->world->agent->{want}{conf} =
    $conf =~ s/^log .*/${cluster}log cluster/mr;
$edge->world->agent->start;
into_open(61, 80);
$_->close for @open;
$edge->program->start;
$t->until('the edge asks how far it was', sub {
    waiting("wait_event = 'relation'") }, 30);
commits_wait_for('');
$t->soon('an edge that has two then sends the rest', sub {
    $city{a}->world->rows == 80 && !$edge->waiting }, 30);

# ---- accounts on both ----

change(qw(account add second --primary b));
change(qw(site add b.example --public --account second));
everywhere_are('a.example b.example');
sub changes { $server{$_[0]}->sql('SELECT id, name, verb, args, drawn FROM '
    . 'change ORDER BY id') }
is(changes('b'), changes('a'), 'both primaries have the same changes');

# ---- events ----

my $more = Glinto::Cities::some_events(1500);
sub events {
    my ($n) = @_;
    Glinto::Cities::write_events([$more->($n)], $edge, $alone);
    my $counts = $edge->segment;
    $counts->counts(['a.example', 'prefetch', 2],
        ['b.example', 'prefetch', 3]);
    $counts->copy($alone->stage->path('spool'));
    $counts->close;
}
sub everywhere {
    my ($what) = @_;
    for (qw(a b)) {
        my ($site, $world) = ($_, $city{$_}->world);
        my $rows = sub { $alone->world->rows($site) };
        $t->soon("$what: the city of $site has its events", sub {
            $world->rows($site) == $rows->() && !$alone->world->segments }, 60)
            or diag($world->rows($site) . ' of ' . $rows->());
    }
}
events(300);
everywhere('at first');
is($server{a}->sql(q{SELECT count(*) FROM chunk WHERE site = 'b.example'}), 0,
    'no event of b is on the first');
is($server{b}->sql(q{SELECT count(*) FROM chunk WHERE site = 'a.example'}), 0,
    'and none of a on the other');
for (qw(a b)) {
    is($city{$_}->world->rows, $alone->world->rows($_),
        "the city of $_ has no more");
}

# ---- kills ----

$server{b}->kill9;
events(200);
$t->soon('a goes on while b is away', sub {
    $city{a}->world->rows == $alone->world->rows('a')
        && !$alone->world->segments }, 60);
my $told;
$t->soon('status says of b why', sub {
    $told = $edge->world->agent->json('status')->{log}{primaries};
    defined $told->{b}{why} && !defined $told->{a}{why} }, 60);
for (1 .. 12) {
    events(40);
    $edge->program->kill9;
    $edge->program->start;
}
$server{b}->start;
everywhere('b is back');
for (1 .. 12) {
    events(40);
    $edge->program->kill9;
    $edge->program->start;
}
everywhere('after kills');
$t->soon('nothing waits on the edge', sub { !$edge->waiting }, 60);
for my $site (qw(a b)) {
    $t->soon("visits of $site are over", sub {
        $city{$site}->settled && $alone->settled }, 60);
    is($city{$site}->difference($alone, $site), "0 more, 0 less: none\nnone",
        "$site: the numbers of one machine");
    is($city{$site}->world->dropped('prefetch', $site),
        $alone->world->dropped('prefetch', $site), 'and what was left out');
}

# ---- changes while one is away ----

$server{b}->kill9;
$agent = $city{a}->world->agent;
change(qw(site add later.example --account second));
$server{b}->start;
$t->soon('a change comes to b when it is back', sub {
    sites($city{b}) =~ /later/ }, 60);
is(changes('b'), changes('a'), 'with the same ids');
like($edge->command('night'), qr/^a: \d+ chunks are .*^b: \d+ chunks are /ms,
    "the night's job is done on each");

# ---- events before the change that made their site ----

change(qw(account add third --primary b));
$t->soon('b has its account', sub { changes('b') eq changes('a') });
$server{b}->sql('ALTER TABLE change ADD CONSTRAINT none CHECK (false) '
    . 'NOT VALID');
change(qw(site add soon.example --account third));
$t->soon('the edge knows a site that b does not', sub {
    sites($edge) =~ /soon/ && sites($city{b}) !~ /soon/ });
my $segment = $edge->segment;
$segment->event(site => 'soon.example', visitor => $_) for 1 .. 5;
$segment->close;
$t->soon('its events wait, and status says why', sub {
    ($edge->world->agent->json('status')->{log}{primaries}{b}{why} // '')
        =~ /has not change \d+ of the first primary/ }, 30);
$server{b}->sql('ALTER TABLE change DROP CONSTRAINT none');
$t->soon('they come behind it', sub { !$edge->waiting
    && sites($city{b}) =~ /soon/ && $city{b}->world->rows('soon') == 5 }, 30);
is($city{b}->world->dropped('unknown_site'), 0, 'none is left out');

# ---- back to one ----

$edge->program->stop;
my $file = $edge->stage->path('glinto.conf');
my $one = 'log postgresql ' . $server{a}->conninfo;
spew($file, slurp($file) =~ s/^cluster .*\nlog cluster$/$one/mr);
is($edge->stage->ended($edge->program->start->pid, 30) >> 8, 1,
    'an edge does not go back as it is');
like($edge->program->log, qr{spool/lanes is of several primaries: say "log},
    'and says why');
$t->done;
