# Promise: what waits on an edge for a primary that is away is told long before
# there is no more room for it: at half of it, at 80 %, and when all events
# wait; in "glinto status", to the health check and as a metric.  More room
# (lane_mib) lets all others go on, and when the primary is back each event is
# there once.
#
# Method: a segment of a lane has 64 KiB at least, and grows no more when
# nothing came to it for a while: sixteen events, one after the other, fill a
# lane of 1 MiB.
# Check: it starts PostgreSQL, twice, and two glintods.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;
use Glinto::Told;

my $t = Glinto::Test->new(limit_s => 240);
my ($a, $b) = map { Glinto::Postgresql->new($t, "server-$_")->start->tables }
    qw(a b);
spew($t->path('cluster.conf'), 'primary a ' . $a->conninfo . "\nprimary b "
    . $b->conninfo . "\n");
my $conf = 'cluster ' . $t->path('cluster.conf') . "\nlog cluster\n";
my $edge = Glinto::Cities->collector($t, 'edge', undef,
    conf => "${conf}lane_mib 1\n");
my $agent = $edge->world->agent;
my $told = Glinto::Told->new($t, $agent);
for (['account', 'add', 'shop', '--primary', 'b'], ['site', 'add', 'a.example'],
    ['site', 'add', 'b.example', '--account', 'shop'])
{
    my ($status, undef, $said) = $agent->glinto(@$_);
    is($status, 0, "@$_") or diag($said);
}
$t->soon('b knows who it is', sub {
    $b->sql('SELECT count(*) FROM member') == 2 }, 30);
$b->stop;

my $n = 0;
sub event { $edge->segment->event(site => "$_[0].example")->close }
sub turns { # of b, until there are so many
    while ($n < $_[0]) {
        event('b');
        $n++;
        $t->until("turn $n", sub { !$edge->unsplit && !$edge->growing }, 30);
    }
}
sub tells {
    my ($kind, $sentence, $health) = @_;
    my $row;
    $t->soon("$kind is told", sub { $row = $told->status($kind) }, 30);
    like($row->{text}, $sentence, 'with how much');
    like($row->{advice}, qr/They wait for the primary b/, 'and of whom');
    is($told->health, $health, 'to the health check');
    $told->none($_, 'a.example') for grep { $_ ne $kind }
        qw(lane lane_near lane_full);
}
turns(7);
$t->soon('what waits is told in bytes', sub { ($agent->json('status')->{log}
    {lanes}{b} // 0) == 7 * 65536 }, 30);
is($told->status('lane'), undef, 'less than half is nothing');
turns(8);
tells('lane', qr/^Events that wait for a primary take 50% of their room\.$/,
    200);
like($agent->dashboard('GET', '/metrics')->{body},
    qr/^glinto_lane_fill_ratio 0\.5$/m, 'a metric has it');
turns(13);
tells('lane_near', qr/ take 81% of their room\. When it is full all events /,
    503);
turns(16);
tells('lane_full', qr/^Since .* is full: all events wait\.$/, 507);
event('a');
$t->soon('all events wait', sub { ($agent->json('status')->{log}{why} // '')
    eq 'the lane of primary b is full' && $edge->unsplit }, 30);
is($a->sql('SELECT count(*) FROM chunk'), 0, 'those of a, too');

# ---- more room ----

$edge->program->stop;
$agent->stop;
$agent->start(conf => "${conf}lane_mib 2\nfollowed followed\n");
$edge->program->start;
$t->soon('with more room those of a go on', sub {
    $a->sql('SELECT count(*) FROM chunk') == 1 && !$edge->unsplit }, 30);
tells('lane', qr/ take 50% of their room/, 200);
$b->start;
$t->soon('b has all when it is back', sub { $b->sql(
    'SELECT coalesce(sum(last - first + 1), 0) FROM chunk') == $n }, 60);
$t->soon('nothing is told any more', sub { !$told->status('lane') }, 30);
$t->done;
