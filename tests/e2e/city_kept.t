# Promise: after the night's job PostgreSQL has no event that is older than its
# site's retention_days, under each name it had, also of one that came late,
# and all others: a city from nothing has the rows of those that erase them
# each night, also when retention_days was less before.  What is younger, and
# of sites that keep all, stays.  Packs that no site wants go unread.  A job
# that is killed is done again, and one of a machine that lacks changes does
# nothing.
#
# Method: noons of some days ago, each in a pack of its own; cities do their
# night when glintod starts.
#
# Check: it starts PostgreSQL and four glintods.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 300);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $edge = Glinto::Cities->edge($t, 'e1', $fra);
my $home = Glinto::Cities->city($t, 'home', $fra, sites => [qw(a b c)],
    conf => 'log postgresql ' . $fra->conninfo . "\n");
my $day_ms = 86_400_000;
my $noon_ms = $day_ms * int(time / 86_400) + $day_ms / 2;
my @sites = qw(a b c);

# 20 events of each of SITES, so many days ago, in the log when it returns.
sub come {
    my ($days, @of) = @_;
    my @events = Glinto::Cities::random_events(20 * @of);
    my $shift_ms = {@{$events[-1]}}->{at_ms} - $noon_ms + $days * $day_ms;
    for my $i (0 .. $#events) {
        my %event = @{$events[$i]};
        $events[$i] = [%event, site => "$of[$i % @of].example",
            at_ms => $event{at_ms} - $shift_ms];
    }
    Glinto::Cities::write_events(\@events, $edge);
    $t->until('all is sent', sub { !$edge->waiting }, 30);
}
sub make {
    my ($status, $out, $err) = $home->world->agent->glinto(@_);
    is($status, 0, "@_") or diag($err);
}
sub keep { make('site', 'set', "$_[0].example", 'retention_days', $_[1]) }
sub night { # frames, packs that went
    return $home->command('night') =~ /^(\d+) frames, and (\d+) packs whole/m
        ? "$1 $2" : '0 0';
}
sub erase_here { # as at night
    $_->world->agent->stop, $_->world->agent->start for @_;
}
sub state { my ($city) = @_;
    return join "\n", $city->drops, map { $city->facts($_) } @sites }
sub days { # ago, of which there are rows of SITE
    my ($city, $site) = @_;
    my %days = map { $_->{day} => 1 } $city->world->store->rows(
        $city->world->file($site), "SELECT DISTINCT ($noon_ms - at) / $day_ms "
        . 'AS day FROM events WHERE site = ?', $city->world->store->value(
        $city->world->store->meta, 'SELECT id FROM sites WHERE domain = ?',
        "$site.example"));
    return join ' ', sort { $b <=> $a } keys %days;
}
sub as_home {
    my ($what, $city) = @_;
    $t->soon($what, sub { eval { !$city->waiting_here && !$home->waiting_here
        && $city->settled && $home->settled
        && state($city) eq state($home) } }, 40)
        or diag("drops: @{[map { $_->drops } $city, $home]}\n",
            map { "$_: " . days($city, $_) . ' and ' . days($home, $_) . ': '
                . $city->difference($home, $_) . "\n" } @sites);
}
sub from_nothing {
    my ($name, $what, @want) = @_;
    my $city = Glinto::Cities->city($t, $name, $fra);
    as_home($what, $city);
    is(join(', ', map { days($city, $_) } @sites), join(', ', @want),
        "which has these days");
    $_->stop for $city->program, $city->world->agent;
}

# ---- days become too old ----

for my $days (300, 100, 45, 20) {
    come($days, @sites);
    is(night(), '0 0', "of $days days ago: nothing is too old");
}
come(3, @sites);
keep('a', 30);
is(night(), '60 0', 'three of five days');
is(night(), '0 0', 'once');
erase_here($home);
$t->soon('so it is here', sub { days($home, 'a') eq '20 3' }, 20);
from_nothing('par', 'a city from nothing', '20 3', ('300 100 45 20 3') x 2);

# ---- a name before; what comes late ----

make(qw(site rename b.example d.example));
@sites = qw(a d c);
come(60, qw(b d));
keep('d', 50);
come(40, 'a');
is(night(), '100 0', 'under both names, and what came too late');
erase_here($home);
$t->soon('so it is here', sub { days($home, 'd') eq '45 20 3' }, 20);

# ---- it was less before ----

keep('a', 90);
keep('d', 0);
come(60, 'a');
come(200, 'd');
is(night(), '0 0', 'who keeps more keeps what comes');
erase_here($home);
from_nothing('ams', 'a city from nothing has no older rows than the others',
    '60 20 3', '200 45 20 3', '300 100 45 20 3');
keep('a', 30);
is(night(), '20 0', 'and less again');
erase_here($home);

# ---- changes that were not made here ----

keep('c', 250);
$_->stop for $home->program, $home->world->agent;
$fra->sql(q{INSERT INTO change (name, machine, actor, verb, args, drawn)
    VALUES ('later', 'home', 'uid 0', 'site.later', '{}', '{}')});
is(night(), '0 0', 'a machine that lacks a change of a site erases nothing');
$_->start for $home->world->agent, $home->program;
$t->soon('it is refused', sub {
    $home->program->log =~ /site\.later, is refused/ }, 20);
is(night(), '20 0', 'a change that was refused is not waited for');

# ---- killed ----

sub waits { $fra->sql(q{SELECT count(*) FROM pg_stat_activity WHERE
    wait_event = 'PgSleep'}) }
$fra->sql(q{CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(300); RETURN NEW; END'});
keep('d', 15);
my $packs = 'SELECT last FROM pack WHERE newest >= ' . ($noon_ms - 250
    * $day_ms) . " AND oldest < " . ($noon_ms - 15 * $day_ms);
my @old = split /\n/, $fra->sql("$packs ORDER BY last");
for my $last (@old[1, 2]) {
    $fra->sql('CREATE TRIGGER wait BEFORE UPDATE OR DELETE ON pack FOR EACH '
        . "ROW WHEN (old.last = '$last') EXECUTE FUNCTION wait()");
    my $pid = $home->stage->spawn('night', $t->build . '/glinto-postgresql',
        '-c', $home->stage->path('glinto.conf'), 'night');
    $t->until('the job is at it', \&waits);
    kill 'KILL', $pid;
    $home->stage->ended($pid);
    $fra->sql(q{SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity
        WHERE wait_event = 'PgSleep'});
    $fra->sql('DROP TRIGGER wait ON pack');
}
is(night(), '40 0', 'killed twice, it is done again');
is(night(), '0 0', 'all of it');
erase_here($home);
$t->soon('so it is here', sub { days($home, 'd') eq '3' }, 20);
from_nothing('mad', 'a city from nothing', '20 3', '3', '100 45 20 3');

# ---- what no site wants ----

keep('c', 10);
my $left = $fra->sql('SELECT count(*) FROM pack');
my $read = $fra->sql('SELECT count(*) FROM pack WHERE newest < '
    . ($noon_ms - 29 * $day_ms));
is(night(), "20 $read", 'packs older than all sites keep go, and are not read');
is($fra->sql('SELECT count(*) FROM pack'), $left - $read, 'no other');
$t->done;
