# Promise: of several primaries each has all changes, with the same ids, in the
# same order, whoever is killed meanwhile; who is asked in a city of the second
# is answered there.  One that is away holds up no other.  An account has its
# events on one primary for good.  When the first has lost changes nothing is
# copied any more, and the log says so, and each machine, as an alarm, until
# that is put right as CITIES.md says.
#
# Method: a city follows each of two; a third is never there.
# Check: it starts PostgreSQL, twice.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;
use Glinto::Told;
use Time::HiRes ();

my $t = Glinto::Test->new(limit_s => 400);
my ($a, $b) = map { Glinto::Postgresql->new($t, "server-$_")->start->tables }
    qw(a b);
spew($t->path('cluster.conf'), 'primary a ' . $a->conninfo . "\nprimary b "
    . $b->conninfo . "\nprimary away host=" . $t->path('nowhere') . "\n");
my ($here, $there) = map { my ($name, $server) = @$_;
    Glinto::Cities->city($t, "city-$name", $server, conf => 'cluster '
        . $t->path('cluster.conf') . "\nprimary $name\n") }
    ['a', $a], ['b', $b];
sub does {
    my ($city, @words) = @_;
    my ($status, $out, $err) = $city->world->agent->glinto(@words);
    is($status, 0, "@words") or diag($err);
    return $out;
}
sub fails {
    my ($city, $why, @words) = @_;
    my ($status, undef, $err) = $city->world->agent->glinto(@words);
    is($status, $words[1] eq 'add' ? 2 : 1, "@words: refused");
    like($err, $why, 'and why');
}
my $ROWS = q{SELECT id, at, name, machine, actor, verb, args, drawn FROM change
    ORDER BY id};
sub same { $a->sql($ROWS) eq $b->sql($ROWS) }

does($here, qw(account add shop --primary b));
does($there, qw(account add near --primary a));
does($there, qw(site add b.example --account shop));
does($here, qw(site add a.example --account near));
$t->soon('both have the same', \&same);
cmp_ok($b->sql('SELECT count(DISTINCT xid) FROM change'), '>', 1,
    'at places of its own');
$t->soon('so do the cities', sub {
    my @lists = map { my $city = $_; join ' ', map { "$_->{id} $_->{name} "
        . "$_->{primary}" } grep { $_->{name} ne 'default' }
        @{$city->world->agent->json('account', 'list')->{accounts}} }
        $here, $there;
    $lists[0] eq $lists[1] && $lists[0] =~ / shop b\b/
        && $lists[0] =~ / near a\b/ });
like(does($here, 'account', 'list'), qr/^NAME .*PRIMARY\n(?:.*\n)*shop .* b\n/m,
    'the list has it');

# ---- what is refused ----

fails($here, qr/the cluster has no primary "c"/, qw(account add x --primary c));
fails($there, qr/are on another primary than those of account "near"/,
    qw(site move b.example --account near));
fails($here, qr/are on another primary than those of account "shop"/,
    qw(site move a.example --account shop));
does($there, qw(account add shop2 --primary b));
does($there, qw(site move b.example --account shop2));

# ---- killed ----

my $n = 0;
sub change {
    my ($city) = @_;
    $n++;
    $city->world->agent->glinto('annotation', 'add', 'a.example', '--date',
        '2026-01-01', '--text', "change $n");
}
for my $round (1 .. 12) {
    change((($here, $there)[$round % 2]));
    my $victim = ($here, $there)[rand 2]->{program};
    $victim->kill9;
    $victim->start;
    next if $round % 4;
    my $server = ($a, $b)[$round / 4 % 2];
    $server->kill9;
    $server->start;
}
$t->soon('after kills both have the same', sub {
    $a->sql('SELECT count(*) FROM change') >= $n && same() }, 60);
is($a->sql('SELECT count(*) - count(DISTINCT name) FROM change'), 0,
    'each once');

# ---- the second away ----

$b->stop;
my $before = Time::HiRes::time();
does($here, qw(account add alone));
cmp_ok(Time::HiRes::time() - $before, '<', $t->slow(8), 'nobody waits for it');
$b->start;
$t->soon('it has what it missed', \&same, 30);

# ---- the first has lost some ----

is($a->sql(q{UPDATE change SET name = 'another' WHERE id = (SELECT max(id)
    FROM change) RETURNING 1}), 1, 'another history');
my $count = $b->sql('SELECT count(*) FROM change');
does($here, qw(account add late));
my $id = $b->sql('SELECT max(id) FROM change');
$t->soon('the log says so', sub { ($here->{program}->log . $there->{program}
    ->log) =~ /primary "b": its change $id is not that of "a"/ }, 30);
is($b->sql('SELECT count(*) FROM change'), $count, 'nothing is copied');
for my $city ($here, $there) {
    my $agent = $city->world->agent;
    my $told = Glinto::Told->new($t, $agent);
    $t->soon('status says so', sub { ($agent->json('status')->{changes}{b}{why}
        // '') =~ /^its change $id is not that of "a", which has lost some$/ },
        30);
    my $row;
    $t->soon('an alarm', sub { $row = $told->status('cluster') }, 30);
    like($row->{advice}, qr/^changes of b: its change $id is not/, 'and why');
    is($told->health, 503, 'nobody takes it for healthy');
    like($agent->dashboard('GET', '/metrics')->{body},
        qr/^glinto_conditions\{grade="alarm"\} [1-9]/m, 'a metric has it');
}
$b->sql("DELETE FROM change WHERE id >= $id");
$t->soon('put right the changes are copied', \&same, 30);
$t->soon('and nobody says so any more', sub { !grep { $_->world->agent
    ->json('status')->{changes}{b}{why} } $here, $there }, 30);
$t->done;
