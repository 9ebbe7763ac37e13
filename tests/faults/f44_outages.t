# Promise: the disk of the primary is full, a city is cut off for 30 s, an edge
# is away for a day: edges answer on, and after each of these each city has the
# visits, visitors, sources, bots, drops and answers of one machine that nobody
# disturbed.
#
# Method: the primary's disk is a small file system; the standby of a city that
# is cut off hears nothing of the primary, or is stopped, in turn: connections
# stay and give no answer; clocks of all programs but PostgreSQL are turned.
#
# Group: C
# Slow: a day and a half minute pass, and all answers are compared.
# Check: it starts PostgreSQL, three glintods and four more programs.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Distance;
use Glinto::Faults;
use Glinto::Mounts;
use Glinto::Postgresql;
use Glinto::Questions qw(pick);
use Glinto::Test;
use Time::HiRes ();

private_mounts();
my $trials = trials(small => 1, faults => 3, nightly => 10);
my $cut_s = trials(small => 3, faults => 30, nightly => 30);
$cut_s = 30 if defined $ENV{TRIALS};
my $events = {small => 3000, faults => 40_000,
    nightly => 1_000_000}->{column()};
my $seed = seed();
my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 3600);
my @sites = (sites => [qw(a b)]);

my $fra = Glinto::Postgresql->new($t, 'fra', disk => $events < 100_000
    ? '160m' : '600m');
$fra->settings("max_wal_size = 64MB\nmin_wal_size = 32MB\n");
$fra->start->tables;
my $far = Glinto::Distance->start($t);
my $way = $far->way('ams', 'fra', "$fra->{dir}/.s.PGSQL.5432", 0);
my $ams = $fra->standby('ams');
$ams->streams("host=$way port=5432 user=glinto application_name=ams");
$ams->start;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my @cities = (Glinto::Cities->city($t, 'par', $fra, @sites),
    Glinto::Cities->city($t, 'mad', $ams, @sites));
my $alone = Glinto::Cities->alone($t, 'one', @sites);

my $more = Glinto::Cities::some_events($events);
my $batch = int($events / (8 * $trials));
sub come {
    my (@from) = @_;
    my @some = $more->($batch);
    Glinto::Cities::write_events(\@some, pick(@from), $alone) if @some;
}
sub all_sent { $t->until('all is sent', sub { !grep { $_->waiting } @edges }, 120) }
my @violations;
sub compare {
    my ($after) = @_;
    all_sent();
    push @violations, map { "after $after: $_" }
        Glinto::Cities::violations($alone, @cities);
}

# ---- the disk of the primary ----

sub full_disk {
    come(@edges);
    all_sent();
    fill($fra->{dir});
    come(@edges) for 1 .. 3;
    # until it takes nothing, or is dead
    $t->until('an edge waits', sub { grep { ($_->told('log') // {})->{why} }
        @edges }, 60);
    unlink "$fra->{dir}/ballast" or die "ballast: $!\n";
    $fra->start if !$fra->running;
    all_sent();
}

# ---- a city cut off ----

sub cut_city {
    my ($wire) = @_;
    my $since = Time::HiRes::time();
    $wire ? $far->cut('ams') : $ams->freeze;
    come(@edges);
    $t->until("$cut_s s", sub { Time::HiRes::time() - $since > $cut_s },
        $cut_s + 10);
    $wire ? $far->heal('ams') : $ams->thaw;
    come(@edges);
    all_sent();
}

full_disk() for 1 .. $trials;
compare('full disks');
cut_city($_ % 2) for 1 .. $trials;
compare('cuts');

# ---- an edge away for a day ----

$edges[1]->program->stop;
while (my @some = $more->($batch)) {
    Glinto::Cities::write_events(\@some, $edges[1], $alone);
}
$t->until('one machine has all', sub { !$alone->world->segments }, 180);
$_->ahead(86400) for @edges, @cities, $alone;
$edges[1]->program->start;
compare('a day');
is(join("\n", @violations), '', "$trials full disks, $trials cuts of $cut_s "
    . "s and a day away, $events events: all are the same");
diag(sprintf 'F44 %d %d %.1f %d', 2 * $trials + 1, scalar @violations,
    Time::HiRes::time() - $began, $seed);
$t->done;
