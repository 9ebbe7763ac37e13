# Promise: frames that damage took from segments of an edge are told in each
# city as a machine alone tells its own: as many, each once, in status and to
# whoever looks at a page, also in a city from nothing, when the same segment
# comes once more, where nobody knows how many, and when there are more than a
# city reads at once.  With several primaries the cities of each are told, also
# those of one that was away.
#
# Check: it starts PostgreSQL, twice, and five glintods.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;
use Glinto::Told;

my $t = Glinto::Test->new(limit_s => 240);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my $par = Glinto::Cities->city($t, 'par', $fra, sites => ['a']);
my $told = Glinto::Told->new($t, $par->world->agent);
my ($rows, $visitor) = (0, 0);

# A segment of nine frames in the spool of EDGE, while nobody reads: its path.
sub damaged {
    my ($edge, $damage) = @_;
    $edge->program->stop;
    my $segment = $edge->segment;
    my @frames = map { $segment->event(site => 'a.example',
        visitor => ++$visitor)->last } 1 .. 9;
    $segment->close;
    $damage->($segment->path, @frames);
    return $segment->path;
}
sub wipe { # frames AT of the file
    my @at = @_;
    return sub {
        my ($path, @frames) = @_;
        open my $out, '+<:raw', $path or die "open: $!\n";
        for (@at) {
            sysseek $out, $frames[$_]{offset} + 30, 0 or die "seek: $!\n";
            syswrite $out, "\xff" x 4 or die "write: $!\n";
        }
        close $out or die "close: $!\n";
    };
}
sub lost { $_[0]->world->agent->json('status')->{frames_lost} }
sub all_here {
    my ($what, $city, $lost) = @_;
    $t->soon($what, sub { lost($city) == $lost
        && $city->world->rows == $rows }, 30)
        or diag(lost($city) . " lost, not $lost; rows "
            . $city->world->rows . ", not $rows");
}
sub goes {
    my ($edge) = @_;
    $edge->program->start;
    $t->until('the log has it', sub { !$edge->waiting }, 30);
}

my $path = damaged($edges[0], wipe(3, 4));
my $copy = slurp($path);
goes($edges[0]);
$rows += 7;
all_here('two are lost', $par, 2);
is($told->soon('lost', qr/^2 events were lost to damage on the disk, found at /)
    ->{count}, 2, 'the count is exact');
damaged($edges[1], wipe(7));
goes($edges[1]);
$rows += 8;
all_here('one more, of another edge', $par, 3);

# ---- the same once more ----

$edges[0]->program->stop;
spew($path, $copy);
goes($edges[0]);
$par->program->kill9;
$par->program->start;
$par->world->agent->kill9;
$par->world->agent->start;
damaged($edges[1], wipe(0));
goes($edges[1]);
$rows += 8;
all_here('what was told is not counted again', $par, 4);

# ---- nobody knows how many ----

damaged($edges[1], sub { truncate $_[0], $_[-1]{offset} + 40 });
goes($edges[1]);
$rows += 8;
$told->soon('lost', qr/^At least 4 events were lost /);
my $mad = Glinto::Cities->city($t, 'mad', $fra);
all_here('a city from nothing', $mad, 4);
my @noted = map { join "\n", map { "@{[unpack 'H*', $_->{seg}]} $_->{idx} "
    . "$_->{n} $_->{at}" } $_->world->store->rows($_->world->store->meta,
    'SELECT * FROM lost ORDER BY seg, idx') } $par, $mad;
is($noted[1], $noted[0], 'has noted the same');

# ---- more than are read at once ----

$fra->sql(q{INSERT INTO lost SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), 1,
    1, n, 'e1' FROM generate_series(1, 10000) n});
$t->soon('as many as a city reads at once', sub { lost($par) > 9_990 }, 30);
my $lost = lost($par);
damaged($edges[0], wipe(2));
goes($edges[0]);
$rows += 8;
all_here('and one that comes later', $par, $lost + 1);
$fra->sql('DELETE FROM lost WHERE at <= 10000');

# ---- several primaries ----

my %server = (a => $fra, b => Glinto::Postgresql->new($t, 'other')->start
    ->tables);
spew($t->path('cluster.conf'), join '', map {
    "primary $_ " . $server{$_}->conninfo . "\n" } qw(a b));
my $cluster = 'cluster ' . $t->path('cluster.conf') . "\n";
my $edge = Glinto::Cities->collector($t, 'several', undef,
    conf => "${cluster}log cluster\n");
my %city = map { $_ => Glinto::Cities->city($t, "city-$_", $server{$_},
    conf => "${cluster}primary $_\n") } qw(a b);
$t->soon('the edge knows the sites', sub {
    @{$edge->world->agent->json('site', 'list')->{sites}} == 1 }, 30);
sub everywhere_lost {
    my ($what, $a, $b) = @_;
    $t->soon("$what: of a $a, of b $b", sub {
        lost($city{a}) == $a && lost($city{b}) == $b
            && $city{a}->world->rows == $rows }, 60)
        or diag(join ' ', map { lost($_), $_->world->rows } @city{qw(a b)});
}
everywhere_lost('at first', 5, 0);
damaged($edge, wipe(2, 5));
goes($edge);
$rows += 7;
everywhere_lost('two more', 7, 2);

$server{b}->kill9;
damaged($edge, wipe(1));
goes($edge);
$rows += 8;
everywhere_lost('one while b is away', 8, 2);
$edge->program->kill9;
$edge->program->start;
$server{b}->start;
everywhere_lost('b is back', 8, 3);
is(join(' ', glob $edge->stage->path('spool/lanes/*/lost-*')), '',
    'nothing is left to tell');

# ---- in a lane, which is of one; of what grows the edge has a copy ----

my $HEADER = 4096;
$server{a}->kill9;
damaged($edge, sub { });
$edge->program->start;
my @lanes;
$t->until('a lane has it', sub { !$edge->unsplit && !$edge->growing
    && (@lanes = glob $edge->stage->path('spool/lanes/a/*.seg')) }, 30);
$edge->program->kill9;
wipe(0)->($lanes[0], {offset => $HEADER});
$edge->program->start;
$server{a}->start;
$rows += 8;
everywhere_lost('a is back', 9, 3);
$t->done;
