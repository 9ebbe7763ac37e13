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
use Glinto::Questions;
use Glinto::Test;
use JSON::PP ();
use POSIX ();
use Time::HiRes ();

my $kills = trials(small => 12, faults => 40, nightly => 100);
my $events = trials(small => 3000, faults => 40_000, nightly => 1_000_000);
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
my @all = Glinto::Cities::random_events($events);
my $batch = POSIX::ceil(@all / (2 * $kills));
my $struck = 0;
while (my @some = splice @all, 0, $batch) {
    Glinto::Cities::on_the_way(\@some, pick(@edges), $alone);
    my ($name, $victim) = @{pick(@victims)};
    $victim->kill9;
    # while it is away
    my @more = splice @all, 0, $batch;
    Glinto::Cities::write_events(\@more, pick(@edges), $alone) if @more;
    $victim->start;
    $struck++;
}
cmp_ok($struck, '>=', $kills - 1, "$struck kills");

# ---- afterwards ----

my @violations;
sub violated { push @violations, $_[0]; diag($_[0]) }

$t->until('the spools are empty', sub { !grep { $_->waiting } @edges }, 60);
$t->until('one machine has all', sub { !$alone->world->segments
    && $alone->settled }, 180);
my $rows = $alone->world->rows;
for my $city (@cities) {
    my $name = $city->stage->{dir} =~ s{.*/}{}r;
    eval { $t->until("$name has all rows", sub {
        $city->world->rows >= $rows && $city->settled }, 180) }
        or violated("$name has " . $city->world->rows . " of $rows rows");
    for my $site (qw(a b)) {
        my %left = map { $_ => 1 } my @mine = $city->facts($site);
        my @theirs = $alone->facts($site);
        delete @left{@theirs};
        my @more = sort keys %left;
        violated("$name, $site: " . @mine . ' facts, not ' . @theirs
            . (@more ? ", such as $more[0]" : ''))
            if @mine != @theirs || @more;
    }
}
my $json = JSON::PP->new->canonical;
my @days = map { POSIX::strftime('%F', gmtime(time - 86400 * $_)) } 1, 0;
for my $n (1 .. 200) {
    my $question = query(pick(qw(a.example b.example)), date_range => \@days);
    my ($want, @got) = map {
        $json->encode($_->world->agent->query($question)) } $alone, @cities;
    violated("question $n: " . $json->encode($question)
        . " is $got[0], $got[1], not $want")
        if grep { $_ ne $want } @got;
}
is(join("\n", @violations), '',
    "$struck kills, $events events: all are the same");
diag(sprintf 'F42 %d %d %.1f %d', $struck, scalar @violations,
    Time::HiRes::time() - $began, $seed);
$t->done;
