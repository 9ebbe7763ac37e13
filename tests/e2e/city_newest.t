# Promise: a city from nothing may have its newest day first: that day is as in
# a city which has all, what was changed and erased at its place, and its pages
# say before when numbers are missing, after a restart too.  The data of
# another city, which reads all in order, then takes their place.
#
# Check: it starts PostgreSQL and four glintods.
# Slow: the same.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Faults;
use Glinto::Postgresql;
use Glinto::Test;

my $seed = seed();
my $t = Glinto::Test->new(limit_s => 240);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $edge = Glinto::Cities->edge($t, 'e1', $fra);
my $home = Glinto::Cities->city($t, 'home', $fra, sites => [qw(a b)]);
my $agent = $home->world->agent;
my $day_ms = 86_400_000;
my $from_ms = 1000 * time - $day_ms; # the newest day began later, anywhere

# Of some hours, so many days ago; and so the log has it.
sub come {
    my ($days) = @_;
    my @events = map { my %event = @$_; $event{at_ms} -= $days * $day_ms;
        [%event] } Glinto::Cities::random_events(80);
    Glinto::Cities::write_events(\@events, $edge);
    $t->until('the log has them', sub { !$edge->waiting }, 30);
    $fra->sql("UPDATE chunk SET at = at - interval '$days days' "
        . "WHERE at > now() - interval '1 hour'") if $days;
}
sub set { $agent->glinto('site', 'set', @_) }
sub whole { my ($city) = @_; return !$city->waiting_here && $city->settles }
sub newest {
    my ($city) = @_;
    return join "\n", grep { !/\b(?:at|start)=(\d+)/ || $1 >= $from_ms }
        grep { !/\breason=/ } map { $city->facts($_) } qw(a b);
}
sub oldest {
    my ($city) = @_;
    return $city->world->store->sum('SELECT count(*) FROM events WHERE at < '
        . ($from_ms - 2 * $day_ms));
}
sub page { $_[0]->world->agent->dashboard('GET', '/glinto/a.example', undef,
    {'Accept-Language' => 'en'})->{body} }
my $said = qr/Numbers from before [^<]* are not here yet/;

come(9);
set('a.example', 'keep_referrer', 'no');
come(7);
$agent->glinto('site', 'reset', 'a.example', '--yes');
come(5);
$edge->command('night');
set('a.example', 'keep_referrer', 'yes');
come(3);
set('b.example', 'keep_place', 'no');
come(1);
$agent->glinto('site', 'reset', 'b.example', '--yes');
come(0);
set('b.example', 'keep_place', 'yes');
come(0);
$t->soon('one city has all', sub { oldest($home) > 0 && whole($home) }, 60);

# ---- the newest days ----

my $par = Glinto::Cities->city($t, 'par', $fra, options => ['--newest']);
sub as_home {
    my ($what, $city, $of) = @_;
    $t->soon($what, sub { eval { whole($city) && whole($home)
        && $of->($city) eq $of->($home) } }, 60)
        or diag($city->difference($home, 'a'), "\n",
            $city->difference($home, 'b'));
}
as_home('the newest day is as in it', $par, \&newest);
cmp_ok(scalar(my @lines = split /\n/, newest($par)), '>', 50, 'there are rows');
is(oldest($par), 0, 'nothing older is there');
$t->soon('it says so', sub { grep { $_ eq 'past' } $par->world->told }, 10);
like(page($par), $said, 'on its pages');
unlike(page($home), $said, 'the other one does not');
$par->program->stop;
unlink $par->stage->path('data/follow.json');
$par->program->start;
$t->soon('after a restart, too', sub {
    ($par->told('follow') // {})->{begins} }, 10);
come(0);
as_home('it goes on', $par, \&newest);

# A city that an older version made has all.
$home->program->stop;
my $db = DBI->connect('dbi:SQLite:dbname='
    . $home->stage->path('data/followed.db'), '', '', {RaiseError => 1});
$db->do($_) for 'ALTER TABLE state DROP COLUMN log',
    'ALTER TABLE state DROP COLUMN first',
    'ALTER TABLE state DROP COLUMN begins', 'PRAGMA user_version = 1';
$db->disconnect;
$home->program->start('--newest');
come(0);
as_home('one of an older version goes on', $par, \&newest);
ok(oldest($home) > 0 && !exists $home->told('follow')->{begins},
    'and lacks nothing, though it was asked to begin with the newest');

# ---- from packs ----

$edge->command('night');
as_home('from packs', Glinto::Cities->city($t, 'ber', $fra,
    options => ['--newest']), \&newest);

# ---- all of it ----

my $all = Glinto::Cities->city($t, 'all', $fra);
$t->soon('it has all', sub { eval { whole($all)
    && $all->world->rows == $home->world->rows } }, 60);
my ($status, undef, $why) = $all->world->agent->glinto('backup', $t->path('of-all'));
is($status, 0, 'a backup') or diag($why);
$_->stop for $par->program, $par->world->agent;
$par->restore($t->path('of-all'));
$_->start for $par->world->agent, $par->program;
as_home('in its place', $par,
    sub { join "\n", map { $_[0]->facts($_) } qw(a b) });
$t->soon('it says no more', sub {
    !grep { $_ eq 'past' } $par->world->told }, 10);
unlike(page($par), $said, 'on its pages neither');
diag("seed $seed");
$t->done;
