# Promise: two edges and two cities, one of which reads a hot standby: kill -9
# of any process, the server's too, at random moments loses and doubles no
# event.  Each city has the visits, visitors, sources, bots and answers of one
# machine that saw all events and that nobody disturbed.
#
# Group: C
# Slow: each kill is followed by a start.
# Check: it starts PostgreSQL, three glintods and four more programs.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Faults;
use Glinto::Postgresql;
use Glinto::Questions qw(pick);
use Glinto::Test;
use POSIX ();
use Time::HiRes ();

my $kills = trials(small => 12, faults => 40, nightly => 100);
my $events = {small => 3000, faults => 40_000,
    nightly => 1_000_000}->{column()};
my $seed = seed();
my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 3600);
my @sites = (sites => [qw(a b)]);

my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $ams = $fra->standby('ams')->start;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my @cities = (Glinto::Cities->city($t, 'par', $fra, @sites),
    Glinto::Cities->city($t, 'mad', $ams, @sites));
my $alone = Glinto::Cities->alone($t, 'one', @sites);

# ---- events, and kills ----

my @victims = ((map { [$_->stage->{dir}, $_->program] } @edges, @cities),
    (map { [$_->stage->{dir}, $_->world->agent] } @cities),
    [fra => $fra], [ams => $ams]);
my $more = Glinto::Cities::some_events($events);
my $batch = POSIX::ceil($events / (2 * $kills));
my $struck = 0;
while (my @some = $more->($batch)) {
    Glinto::Cities::on_the_way(\@some, pick(@edges), $alone);
    my ($name, $victim) = @{pick(@victims)};
    $victim->kill9;
    # while it is away
    my @then = $more->($batch);
    Glinto::Cities::write_events(\@then, pick(@edges), $alone) if @then;
    $victim->start;
    $struck++;
}
cmp_ok($struck, '>=', $kills - 1, "$struck kills");

# ---- afterwards ----

$t->until('the spools are empty', sub { !grep { $_->waiting } @edges }, 120);
my @violations = Glinto::Cities::violations($alone, @cities);
is(join("\n", @violations), '',
    "$struck kills, $events events: all are the same");
diag(sprintf 'F42 %d %d %.1f %d', $struck, scalar @violations,
    Time::HiRes::time() - $began, $seed);
$t->done;
