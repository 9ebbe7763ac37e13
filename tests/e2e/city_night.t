# Promise: visitors have another id each day, and who goes on over midnight is
# named by both only until three hours after it.  Then one job makes packs of
# the day's chunks: no agent and no pair of two days' ids is in any table, on
# any standby, in a base backup or in log segments of later.  A city that comes
# then has the same visits as one that was there, and as a machine alone; one
# that was away goes on.
#
# Check: it starts PostgreSQL, twice, and five more programs.
# Slow: the same.

use strict;
use warnings;
use DBI;
use File::Find ();
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Faults;
use Glinto::Postgresql;
use Glinto::Spool;
use Glinto::Test;

my $seed = seed();
my $t = Glinto::Test->new(limit_s => 240);
my @sites = (sites => [qw(a b)]);
my $fra = Glinto::Postgresql->new($t, 'fra');
# else an old log segment becomes a later one, with its bytes
$fra->settings("wal_recycle = off\n");
$fra->start->tables;
my $ams = $fra->standby('ams')->start;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my $home = Glinto::Cities->city($t, 'home', $fra, @sites);
my $away = Glinto::Cities->city($t, 'away', $ams, @sites);
my $alone = Glinto::Cities->alone($t, 'one', @sites);

# ---- a night ----

my $midnight_ms = 1000 * 86400 * (int(time / 86400) - 1);
my ($events, @pairs) = Glinto::Cities::night_events(400, $midnight_ms);
my @half = ([], []);
push @{$half[{@$_}->{visitor_of} % 2]}, $_ for @$events;
# AWAY has the hour before midnight, and is back when the night is over.
my (@early, @late);
for my $half (@half) {
    push @early, [grep { {@$_}->{at_ms} < $midnight_ms } @$half];
    push @late, [grep { {@$_}->{at_ms} >= $midnight_ms } @$half];
}
sub write_all {
    my (@of) = @_;
    Glinto::Cities::write_events($of[$_], $edges[$_], $alone) for 0, 1;
    $t->soon('the log has them', sub { !grep { $_->waiting } @edges }, 30);
}
write_all(@early);
my $first = @{$early[0]} + @{$early[1]};
$t->soon('all have the evening', sub { $home->world->rows == $away->world->rows
    && $home->world->rows == $alone->world->rows && $home->world->rows > 0 });
$away->program->stop;
write_all(@late);
$t->soon('a machine alone has all', sub { !$alone->world->segments
    && $alone->settles }, 60);
my $rows = $alone->world->rows;
sub same {
    my ($city, $what) = @_;
    $t->until("$what: all rows", sub { $city->world->rows == $rows
        && !$city->waiting_here && !$alone->world->segments
        && $city->settles && $alone->settles }, 60);
    for my $site (qw(a b)) {
        my ($mine, $theirs) = map { join "\n", $_->facts($site) } $city, $alone;
        ok($mine eq $theirs, "$what: $site is the same")
            or diag(Glinto::Cities::difference($city, $alone, $site));
    }
}
same($home, 'before the job');

# ---- the job ----

# Files below FOLDER in which the first id of a pair is, as chunk.before has
# it, or an agent's text.
sub found {
    my ($folder, $like) = @_;
    my %found;
    my @any = ('Mozilla/5.0', map { pack 'Q<', $_->[0] } @pairs);
    my $any = join '|', map { quotemeta } @any;
    File::Find::find({no_chdir => 1, wanted => sub {
        return if !-f || !/$like/ || !-s;
        $found{$_} = 1 if slurp($_) =~ /$any/;
    }}, $folder);
    return join ' ', sort keys %found;
}
sub pairs_in_log {
    return $fra->sql('SELECT count(*) FROM chunk WHERE before IS NOT NULL');
}
$fra->sql('CHECKPOINT');
cmp_ok(pairs_in_log(), '>', 0, 'before the job there are pairs');
isnt(found("$fra->{dir}/data/base", qr/./), '', 'which the search finds');
my $before = $fra->sql('SELECT sum(pg_total_relation_size(relid)) FROM '
    . "pg_partition_tree('chunk') WHERE isleaf");
my $said = $edges[0]->command('night');
like($said, qr/ \d+ visitors had two ids/, $said =~ s/\n//r);
is(pairs_in_log(), 0, 'after it there is none');
my ($mark) = $fra->sql('SELECT pg_walfile_name(pg_switch_wal())');
my $after = $fra->sql(q{SELECT pg_total_relation_size('pack')});
diag(sprintf '%d events: chunks of %.0f bytes an event, packs of %.0f, seed %d',
    scalar @$events, $before / @$events, $after / @$events, $seed);

# What comes later is in log segments of later.
my $hours_ago_ms = 1000 * (time - 3 * 3600);
sub one_more {
    my ($edge, $site) = @_;
    Glinto::Cities::write_events([[site => $site, visitor => ++$rows,
        at_ms => $hours_ago_ms]], $edge, $alone);
}
one_more($edges[1], 'a.example');
$t->soon('one more', sub { $home->world->rows == $rows });
$t->soon('on the standby', sub { $ams->sql('SELECT count(*) FROM chunk') == 1 });
$_->sql('CHECKPOINT') for $fra, $ams;
my $copy = $fra->standby('copy'); # a base backup
for ($fra, $ams, $copy) {
    my $name = $_->{name};
    is(found("$_->{dir}/data", qr{^(?!.*/pg_wal/)}), '', "no pair in files of $name");
    my @newer = grep { m{/([0-9A-F]{24})$} && $1 gt $mark }
        glob "$_->{dir}/data/pg_wal/*";
    ok(@newer > 0, "there are newer log segments of $name");
    is(join(' ', grep { found($_, qr/./) } @newer), '', 'with none');
}

# ---- cities that come then ----

$away->program->start;
same($away, 'a city that was away');
my $new = Glinto::Cities->city($t, 'new', $ams, @sites);
same($new, 'a city from nothing');
same($home, 'a city that was there');

# What such a city is told: the frames themselves.
my $told = Glinto::Cities->city($t, 'told', $ams, @sites);
$t->soon('it has all', sub { $told->world->rows == $rows
    && !$told->waiting_here }, 30);
$told->world->agent->stop;
$told->program->stop;
unlink map { glob $told->stage->path($_) } qw(followed/*.seg data/follow.json);
# as if it had read nothing, but made all changes
my $db = DBI->connect('dbi:SQLite:dbname='
    . $told->stage->path('data/followed.db'), '', '', {RaiseError => 1});
$db->do("UPDATE state SET low = 0, pending = ''");
$db->do('DELETE FROM position');
$db->disconnect;
$told->program->start;
$t->soon('frames wait', sub { $told->told_frames >= @$events });
my @frames = Glinto::Spool->new($told->stage->path('followed'))->events;
is(scalar(grep { exists $_->{visitor_before} } @frames), 0, 'no frame has two ids');
is(scalar(grep { exists $_->{agent} } @frames), 0, 'or an agent');
my %first = map { $_->[0] => 1 } @pairs;
my $joined = grep { $first{$_->{visitor}} } map {
    $new->world->store->rows($new->world->file($_), 'SELECT visitor FROM events
        WHERE at >= ?', $midnight_ms) } qw(a b);
cmp_ok($joined, '>', 0, "$joined rows of a city go on with the first");
$told->world->agent->start;

# ---- a job that is killed ----

one_more($edges[0], 'b.example');
$t->soon('one more', sub { $home->world->rows == $rows });
$fra->sql("INSERT INTO pack SELECT '1', slot, 0, 0, '\\x00' FROM night");
like($edges[1]->command('night'), qr/^\d+ chunks/, 'packs that were begun are made anew');
is($fra->sql("SELECT count(*) FROM pack WHERE last = '1'"), 0, 'in their place');
same($_, 'after a second job') for $home, $new;
$t->done;
