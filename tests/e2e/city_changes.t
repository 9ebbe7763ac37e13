# Promise: what the glinto command changes on one of several machines all of
# them make, in the order of the log, so that of two changes that do not go
# together one holds everywhere and the other is refused with a sentence.  A
# machine that was away makes them when it is back, and before events that came
# after them.  While the primary is away nothing is changed, and who asked is
# told so.
#
# Check: it starts PostgreSQL and four glintods.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 240);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $home = Glinto::Cities->city($t, 'home', $fra,
    conf => 'log postgresql ' . $fra->conninfo . "\n");
my $mad = Glinto::Cities->city($t, 'mad', $fra);

# Begin a change on a machine; returns what gives (status, output).
sub begin {
    my ($machine, @words) = @_;
    my $stage = $machine->stage;
    my $out = $stage->path('change-' . ++$machine->{changes});
    my $pid = $stage->spawn('change', $stage->build . '/glinto', '--socket',
        $stage->path('admin.sock'), @words, {log => $out});
    return sub { my $status = $stage->ended($pid, 40) >> 8;
        return ($status, slurp($out)) };
}
sub change { return begin(@_)->() }
sub sites {
    my ($machine) = @_;
    return join ' ', sort map { $_->{domain} }
        @{$machine->world->agent->json('site', 'list')->{sites}};
}

my ($status, $said) = change($mad, qw(site add a.example --public));
is($status, 0, 'a site is added in one city') or diag($said);
like($said, qr/a\.example/, 'and its glintod says so');
for ($home, $mad) {
    my $machine = $_;
    $t->soon('it is there', sub { sites($machine) eq 'a.example' });
}
$t->soon('workers of the edge know it', sub {
    slurp($home->stage->path('sites')) =~ /^a\.example/m });
is((change($home, qw(site set a.example timezone Europe/Madrid)))[0], 0,
    'a setting');

# ---- two that do not go together ----

my @ends = map { begin($_, qw(site add b.example)) } $home, $mad;
my @answers = map { [$_->()] } @ends;
is(join(' ', sort map { $_->[0] } @answers), '0 1', 'one of two has won');
my ($refused) = grep { $_->[0] } @answers;
like($refused->[1], qr/there is a site "b\.example" already/,
    'the other hears why');
$t->soon('both have one', sub {
    sites($mad) eq 'a.example b.example' && sites($home) eq sites($mad) });

# ---- away ----

$mad->world->agent->stop;
is((change($home, qw(site add c.example)))[0], 0, 'one city is away');
$home->segment->event(site => 'c.example', visitor => 5)->close;
$t->soon('the other counts', sub { $home->world->rows == 1 });
$mad->world->agent->start;
$t->soon('the one that was away has both', sub {
    $mad->world->rows == 1 && sites($mad) =~ /c\.example/ }, 30);
is($mad->world->dropped('unknown_site'), 0, 'in this order');

my $new = Glinto::Cities->city($t, 'par', $fra);
$t->soon('a city from nothing has all', sub {
    sites($new) eq 'a.example b.example c.example' && $new->world->rows == 1 },
    30);
is($new->world->agent->json('site', 'list')->{sites}[0]{timezone},
    'Europe/Madrid', 'with what was set');
is((change($new, qw(site remove c.example --yes)))[0], 0, 'a site goes');
for ($home, $mad, $new) {
    my $machine = $_;
    $t->soon('everywhere, with its rows', sub {
        sites($machine) eq 'a.example b.example' && !$machine->world->rows },
        20);
}

# ---- the primary away ----

$fra->stop;
($status, $said) = change($mad, qw(site add d.example));
is($status, 1, 'no change without the primary');
like($said, qr/nothing was changed; does glinto-postgresql run/, 'says why');
$fra->start;
is((change($mad, qw(site add d.example)))[0], 0, 'with it there is');
for ($home, $mad, $new) {
    my $machine = $_;
    $t->soon('once, everywhere', sub {
        sites($machine) eq 'a.example b.example d.example' }, 20);
}
is($fra->sql(q{SELECT count(*) FROM change WHERE args LIKE '%d.example%'}), 1,
    'what was given up is not in the log');
$t->done;
