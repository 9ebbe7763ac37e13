# Promise: after the night's job PostgreSQL has no event that a site erased: of
# one that was reset, under each name it had until then, and of one that was
# removed.  All others are there: a city from nothing has the rows of one that
# was there, and is handed no other.  A job that is done again erases no more.
# A city of which all that it read last was erased reads again since what is
# left of before, and counts nothing twice.
#
# Check: it starts PostgreSQL and three glintods.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 180);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my $home = Glinto::Cities->city($t, 'home', $fra, sites => [qw(a b d)],
    conf => 'log postgresql ' . $fra->conninfo . "\n");

my (%came, $all);
# 80 of these sites, in the log when it returns.
sub come {
    my @sites = @_;
    my @events = map { my %event = @$_; my $site = $sites[rand @sites];
        $came{$site}++; $all++; [%event, site => "$site.example"] }
        Glinto::Cities::random_events(80);
    Glinto::Cities::write_events([splice @events, 0, 40], $_) for @edges;
    $t->until('all is sent', sub { !grep { $_->waiting } @edges }, 30);
}
sub make {
    my ($status, $out, $err) = $home->world->agent->glinto(@_);
    is($status, 0, "@_") or diag($err);
}
sub night { return $home->command('night') =~ /^(\d+) frames of sites/ ? $1
    : 0 }
sub state { my ($city) = @_; return join "\n", $city->drops,
    map { $city->facts($_) } qw(c d) }
sub as_home {
    my ($what, $city) = @_;
    $t->soon($what, sub { eval { !$city->waiting_here && !$home->waiting_here
        && $city->settled && $home->settled
        && state($city) eq state($home) } }, 40)
        or diag("drops: @{[map { $_->drops } $city, $home]}\n",
            map { $city->difference($home, $_) . "\n" } qw(c d));
}

come(qw(a b d));
is(night(), 0, 'nothing is erased');
come(qw(a b d));
make(qw(site rename a.example c.example));
come(qw(a b c d));
my $bytes = $fra->sql('SELECT sum(length(frames)) FROM pack');
my $reset = $came{a} + $came{c};
make(qw(site reset c.example --yes));
come(qw(a b c d));
is(night(), $reset, 'a reset: all that came before it, under both names');
cmp_ok($fra->sql('SELECT sum(length(frames)) FROM pack WHERE slot = 1'), '<',
    $bytes, 'the first pack is smaller');
is(night(), 0, 'once');
my $removed = $came{b};
make(qw(site remove b.example --yes));
come(qw(a b c d));
as_home('a city from nothing, before the night',
    Glinto::Cities->city($t, 'par', $fra));
is(night(), $removed, 'a removal: all that came before it');
my $mad = Glinto::Cities->city($t, 'mad', $fra);
as_home('a city from nothing, after it', $mad);
is($mad->told_frames, $all - $reset - $removed, 'which was handed what is left');
$home->program->kill9;
$home->program->start;
as_home('who was there goes on', $mad);

# ---- what was read last is erased ----

come('c');
as_home('it has what is left', $mad);
$home->program->stop;
my $db = DBI->connect('dbi:SQLite:dbname='
    . $home->stage->path('data/followed.db'), '', '', {RaiseError => 1});
my ($left) = $db->selectrow_array('SELECT max(xid) FROM position');
$db->do('UPDATE position SET at = at - 3600000');
$db->disconnect;
$home->program->start;
my $had = $home->world->rows('d');
come('d');
$t->soon('it has what goes', sub { $home->world->rows('d') > $had }, 20);
as_home('as the others', $mad);
make(qw(site reset d.example --yes));
is(night(), $came{d}, 'it went');
$home->program->kill9;
$home->program->start;
$t->soon('read again since what is left', sub {
    $home->program->log =~ /read again from transaction $left on$/m }, 20);
come('c');
as_home('it goes on', $mad);
$t->soon('all is told', sub { $home->told_frames >= 80 });
is($home->told_frames, 80, 'with what is new alone');
$t->done;
