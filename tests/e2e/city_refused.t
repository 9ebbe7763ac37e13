# Promise: requests that full spools of two edges refused are counted in each
# city, as many as were answered 503: while they are refused, after a worker's
# end, once more full, and in a city from nothing; so are drops by reason.  A
# backup that is begun while a city is told of them is whole.
#
# Check: it starts PostgreSQL, two nginx and up to three glintods.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Http qw(http_post);
use Glinto::Inject;
use Glinto::Postgresql;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 240);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my $par = Glinto::Cities->city($t, 'par', $fra, sites => ['a']);
my @nginx = map { $_->stage->nginx(spool => 'budget=256k segment=64k',
    server => 'location = /api/event { glinto_collect; }') } @edges;
my ($n, $accepted, $refused, $unknown) = (0, 0, 0, 0);

# One event of some 2 KB to an edge, one in five of no site; its status.
sub event {
    my ($edge) = @_;
    my $site = ++$n % 5 ? 'a.example' : 'none.example';
    my $status = http_post($nginx[$edge]->port, '/api/event',
        qq({"n":"pageview","d":"$site","u":"https://$site/$n) . 'x' x 1900
            . '"}', 'Accept-Language' => 'en', 'Accept-Encoding' => 'gzip',
        'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) '
            . 'Gecko/20100101 Firefox/133.0')->{status};
    $refused += $status == 503;
    $accepted += $status == 202 && $site eq 'a.example';
    $unknown += $status == 202 && $site ne 'a.example';
    return $status;
}
sub fill {
    my ($edge, $more) = @_;
    my $until = $refused + $more;
    event($edge) while $refused < $until;
}
sub counts {
    my ($city) = @_;
    my $world = $city->world;
    return join ' ', $world->agent->json('status')->{requests_refused},
        $world->dropped('unknown_site'), $world->rows;
}
sub exact {
    my ($what, @cities) = @_;
    for my $city (@cities) {
        $t->soon($what, sub {
            counts($city) eq "$refused $unknown $accepted" }, 30)
            or diag(counts($city) . ", not $refused $unknown $accepted");
    }
}

$_->program->stop for @edges;
fill(0, 57);
fill(1, 23);
$nginx[1]->kill_worker;
fill(1, 5);
$_->program->start for @edges;
exact('as many as were refused, dropped and taken', $par);

# ---- full again, while all lives are known ----

$_->program->stop for @edges, $par;
fill(0, 3);
fill(1, 4);
$_->program->start for @edges, $par;
exact('and again, once', $par);
exact('in a city from nothing', Glinto::Cities->city($t, 'mad', $fra), $par);

# ---- a backup in the middle of it ----

my $said = $t->path('strace.said');
my $strace = Glinto::Inject->allowed && $t->spawn('strace', 'strace', '-f',
    '-e', 'trace=renameat2', '-e', 'inject=renameat2:delay_enter=2000000', '-o',
    $t->path('strace.log'), '-p', $par->program->pid, {log => $said});
SKIP: {
    skip 'no ptrace here', 2 if !$strace;
    $t->until('strace', sub { slurp($said) =~ /attached/ });
    $fra->sql(q{INSERT INTO refused VALUES ('\\x0123456789abcdef0123456789abcdef',
        'e1', 1, 1, 1)});
    $t->until('half of it is there', sub {
        slurp($t->path('strace.log')) =~ /renameat2/ });
    my ($status, undef, $why) = $par->world->agent->glinto('backup',
        $t->path('backup'));
    is($status, 0, 'a backup is whole') or diag($why);
    $t->forget($strace);
    $refused++;
    exact('and the city is told', $par);
}
$t->done;
