# Promise: a backup of a city is where another city begins, or the same one
# again: it has what that one had, and goes on as one that was away since, with
# nothing lost and nothing twice.  So it is of a backup made under load, in the
# middle of a midnight, or while events wait for an account; and when the
# night's job has packed what came since, ten days have passed, or a site was
# reset.  What would not be right is refused, with a sentence.
#
# Method: the clocks of cities stand in the coming night, before and after
# three; edges and PostgreSQL have that of the day.
# Check: it starts PostgreSQL and up to seven glintods.
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
my $t = Glinto::Test->new(limit_s => 600);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my $minute_ms = 60_000;
my $midnight_ms = 1000 * 86400 * (1 + int(time / 86400));
my $night_s = $midnight_ms / 1000 - time + 165 * 60; # 02:45
my $home = Glinto::Cities->city($t, 'home', $fra, sites => ['a'],
    ahead => $night_s);
my $agent = $home->world->agent;
$agent->glinto('account', 'add', 'other');
$agent->glinto('site', 'add', 'b.example', '--account', 'other');
my $alone = Glinto::Cities->alone($t, 'one', sites => ['a', ['b', 'other']]);
$alone->ahead($night_s);
$alone->world->agent->stop; # by its clock a segment just begun is debris

my ($events) = Glinto::Cities::night_events(300, $midnight_ms);
@$events = grep { {@$_}->{at_ms} < $midnight_ms + 65 * $minute_ms } @$events;

# Those that come before, N at most; a visitor is on one edge.
sub come {
    my ($before_ms, $n) = @_;
    my (@now, @half);
    push @now, shift @$events
        while @$events && (!$n || @now < $n)
            && {@{$events->[0]}}->{at_ms} < $before_ms;
    push @{$half[{@$_}->{visitor_of} % 2]}, $_ for @now;
    $half[$_] && Glinto::Cities::write_events($half[$_], $edges[$_], $alone)
        for 0, 1;
    return scalar @now;
}
sub sent {
    $t->until('the log has all', sub { !grep { $_->waiting } @edges }, 30);
}
sub same {
    my ($what, $city, $as) = @_;
    $t->soon("$what: the same", sub { eval {
        !grep { $_->waiting_here || $_->world->segments || !$_->settles
            || $_->world->rows != $as->world->rows } $city, $as } }, 120);
    for my $site (qw(a b)) {
        my ($mine, $theirs) = map { join "\n", $_->facts($site) } $city, $as;
        ok($mine eq $theirs, "$what: site $site")
            or diag(Glinto::Cities::difference($city, $as, $site));
    }
}
sub backup_dir { $t->path("backup-$_[0]") }
sub backup {
    my ($name) = @_;
    my ($status, undef, $why) = $agent->glinto('backup', backup_dir($name));
    is($status, 0, "backup: $name") or diag($why);
}
sub city_of {
    my ($name, $backup, @how) = @_;
    return Glinto::Cities->city($t, $name, $fra, data => backup_dir($backup),
        ahead => $night_s, @how);
}

# ---- backups ----

come($midnight_ms - 30 * $minute_ms);
sent();
$t->soon('the evening is there', sub { $home->world->rows > 0 });
my $pid = $t->spawn('backup', $t->build . '/glinto', '--socket',
    $home->stage->path('admin.sock'), 'backup', backup_dir('load'),
    {log => $t->path('said')});
my $slices = 0;
$slices++ while $t->alive($pid) && come($midnight_ms, 20);
is($t->ended($pid, 60), 0, 'a backup under load')
    or diag(slurp($t->path('said')));
cmp_ok($slices, '>', 0, "while $slices times events came");
come($midnight_ms + 10 * $minute_ms);
sent();
backup('midnight');

# ---- while an account takes nothing, and another does ----

my $lock = $home->world->store->held('a.example');
my $before = $home->world->rows('b');
come($midnight_ms + 20 * $minute_ms);
sent();
$t->soon('one account counts, for the other events wait', sub {
    $home->waiting_here && $home->world->rows('b') > $before });
backup('waits');
$lock->do('ROLLBACK');
$lock->disconnect;
cmp_ok(scalar(my @waits = glob backup_dir('waits') . '/waiting/*.seg'), '>', 0,
    'what waits is in it');
come(9e15);
sent();
$alone->world->agent->start;
same('the city itself', $home, $alone);

# ---- another city ----

same('from the one under load', city_of('par', 'load'), $alone);
$edges[0]->command('night');
$night_s += 75 * 60;
$_->ahead($night_s) for $home, $alone;
same('from it, after the job and ten days', city_of('ber', 'load',
    ahead => $night_s + 10 * 86400), $alone);
my $meta = DBI->connect('dbi:SQLite:dbname=' . backup_dir('midnight')
    . '/meta.db', '', '', {RaiseError => 1});
$meta->do("UPDATE life SET boot = 'of another machine'");
$meta->disconnect;
my $vie = city_of('vie', 'midnight');
same('from the one of midnight, after the job', $vie, $alone);
ok(!(grep { $_ eq 'power_cut' } $vie->world->told), 'no machine went down');
my $rom = city_of('rom', 'waits');
same('from the one with events that wait', $rom, $alone);

# ---- a reset since ----

$agent->glinto('site', 'reset', 'a.example', '--yes');
$agent->glinto('site', 'set', 'b.example', 'keep_referrer', 'no');
my @more = Glinto::Cities::random_events(60);
Glinto::Cities::write_events(\@more, $edges[0]);
sent();
same('after a reset', $vie, $home);
my $bud = city_of('bud', 'waits');
same('from a backup of before it', $bud, $home);
is($bud->drops, $home->drops, 'with the same drops');

# ---- the same city, with segments of after the backup ----

backup('last');
$agent->stop;
@more = Glinto::Cities::random_events(40);
Glinto::Cities::write_events(\@more, $edges[1]);
sent();
$t->soon('they wait for its glintod', sub { $home->waiting_here });
$home->program->stop;
$home->restore(backup_dir('last'));
$home->program->start;
isnt($t->ended($home->program->pid), 0, 'not before glintod');
like($home->program->log, qr/came from a backup: glintod is to start first/,
    'and it says so');
$agent->start;
$home->program->start;
same('restored', $home, $vie);

# ---- what cannot be right ----

$home->program->kill9;
my $half = $home->stage->path('followed/n-' . '0' x 32 . '.seg');
spew($half, '');
my ($status, $out) = $agent->glinto('backup', backup_dir('half'));
is($status, 1, 'a backup while a step is half done');
like($out, qr/followed\.db: segment n-0+\.seg: .* has to run/, 'says why');
ok(!-e backup_dir('half') . '/followed.db', 'no city can go on from it');
ok(-e backup_dir('half') . '/meta.db', 'it is one of the numbers');
$home->program->start;
$t->soon('it is cleaned up', sub { !-e $half });
backup('again');
diag("seed $seed");
$t->done;
