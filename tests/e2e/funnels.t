# Promise: how many visitors go how far through steps, one after the other or
# with nothing between them, is what plain SQL over the rows says, of funnels
# that are kept and of others; what is none is refused with a sentence.
#
# Method: made events of two days by seed, no two of a visitor at one time;
# random funnels, each also asked of SQLite.  SEED=N for the same again.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
diag("SEED=$SEED");
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;
my $FIRST_MS = 1_793_232_000_000; # 2026-10-29

sub pick { return $_[int rand @_] }

my @paths = qw(/ /a /b /c);
my @lines;
for my $who (1 .. 150) {
    my $at_ms = $FIRST_MS + int rand 80_000_000;
    for my $visit (1 .. 1 + rand 3) {
        my $country = pick(qw(DE FR));
        for (1 .. 1 + rand 6) {
            push @lines, {visitor => "v$who", path => pick(@paths),
                country => $country, at => POSIX::strftime('%Y-%m-%dT%H:%M:%S',
                gmtime int $at_ms / 1000) . sprintf('.%03dZ', $at_ms % 1000),
                rand() < .3 ? (kind => 'event', name => pick(qw(Signup Buy)))
                    : (kind => 'pageview')};
            $at_ms += 1 + int rand 600_000;
        }
        $at_ms += 2_000_000 + int rand 30_000_000;
    }
}
is(($agent->import_lines('a.example', @lines))[0], 0, 'imported');
$agent->glinto('goal', 'add', 'a.example', '--event', 'Signup');

# ---- the same rows in SQL ----

my $db = DBI->connect('dbi:SQLite:dbname=' . $world->file('a'), '', '',
    {RaiseError => 1, ReadOnly => 1});
$db->do('PRAGMA temp_store = MEMORY');
$db->do(<<'EOS');
    CREATE TEMP TABLE r AS SELECT e.at, e.kind, e.visitor, p.text AS path,
        coalesce(n.text, '') AS name, l.country,
        (SELECT max(s.start) / 86400000 FROM sessions s
            WHERE s.visitor = e.visitor AND s.start <= e.at) AS day
    FROM events e LEFT JOIN paths p ON p.code = e.path
        LEFT JOIN names n ON n.code = e.name
        LEFT JOIN places l ON l.code = e.place
EOS

my %range = (all => ['2026-10-29', '2026-11-02'], one => ['2026-10-29',
    '2026-10-29']);
my %until = (all => $FIRST_MS + 5 * 86_400_000, one => $FIRST_MS + 86_400_000);
my @steps = ( # as asked, SQL
    [{page => '/'}, "kind = 1 AND path = '/'"],
    [{page => '/*'}, 'kind = 1'],
    [{page => '/a'}, "kind = 1 AND path = '/a'"],
    [{page => '/b'}, "kind = 1 AND path = '/b'"],
    [{event => 'Buy'}, "name = 'Buy'"],
    ['Signup', "name = 'Signup'"]);

# Of each visitor and day the events that count, numbered.  The greatest step
# of a visitor's days is how far he went.
sub sql {
    my ($filter, $range, $strict, @which) = @_;
    $db->do('DROP TABLE IF EXISTS temp.e');
    $db->do("CREATE TEMP TABLE e AS SELECT *, row_number() OVER
        (PARTITION BY visitor, day ORDER BY at) AS n FROM r
        WHERE at < $until{$range} AND $filter");
    $db->do('CREATE INDEX temp.e_n ON e (visitor, day, n)');
    my @far = $db->selectrow_array('SELECT count(DISTINCT visitor) FROM e');
    my $from = "SELECT visitor, day, "
        . ($strict ? 'n' : 'min(n) AS n') . " FROM e WHERE $which[0][1]"
        . ($strict ? '' : ' GROUP BY visitor, day');
    for my $i (0 .. $#which) {
        push @far, $db->selectrow_array(
            "SELECT count(DISTINCT visitor) FROM ($from)");
        last if $i == $#which;
        my $next = $which[$i + 1][1] =~ s/\b(kind|path|name)\b/e.$1/gr;
        $from = $strict
            ? "SELECT e.visitor, e.day, e.n FROM e JOIN ($from) b ON
                e.visitor = b.visitor AND e.day = b.day AND e.n = b.n + 1
                WHERE $next"
            : "SELECT e.visitor, e.day, min(e.n) AS n FROM e JOIN ($from) b ON
                e.visitor = b.visitor AND e.day = b.day AND e.n > b.n
                WHERE $next GROUP BY 1, 2";
    }
    return "@far";
}

sub ask {
    my (%more) = @_;
    return scalar $agent->query(
        {site_id => 'a.example', date_range => $range{all}, %more});
}
sub far {
    my ($answer) = @_;
    return $answer->{error} if $answer->{error};
    return join ' ', $answer->{meta}{visitors},
        map { $_->{metrics}[0] } @{$answer->{results}};
}

for my $try (1 .. 80) {
    my @which = map { pick(@steps) } 1 .. 2 + rand 7;
    my $strict = rand() < .5;
    my $range = pick(sort keys %range);
    my $german = rand() < .3;
    my $answer = ask(date_range => $range{$range}, $german ? (filters =>
        [['is', 'visit:country', ['DE']]]) : (), funnel => {steps =>
        [map { $_->[0] } @which], $strict ? (strict => JSON::PP::true) : ()});
    is(far($answer), sql($german ? "country = 'DE'" : 1, $range, $strict,
        @which), "funnel $try: " . @which . ($strict ? ' strict' : ''))
        or diag($json->encode($answer));
}

# ---- kept ones ----

sub said {
    my ($status, $out, $err) = $agent->glinto('funnel', @_);
    return "$status|$out$err";
}
my @two = @steps[0, 5];
is(said('add', 'a.example', '--name', 'Sale', '--steps',
    $json->encode([map { $_->[0] } @two])), qq(0|funnel "Sale" added, id 2\n),
    'kept');
is(said('add', 'a.example', '--name', 'At once', '--strict', '--steps',
    $json->encode([map { $_->[0] } @two])),
    qq(0|funnel "At once" added, id 3\n), 'a strict one');
is(far(ask(funnel => 2)), sql(1, 'all', 0, @two), 'asked by its id');
is(far(ask(funnel => 3)), sql(1, 'all', 1, @two), 'strictly');
like(said('list', 'a.example'), qr/^ 3  At once  20/m, 'the list');

my ($all, $first, $second) = split / /, sql(1, 'all', 0, @two);
sub share { return POSIX::floor(10_000 * $_[0] / $_[1] + .5) / 100 }
my $rows = ask(funnel => 2)->{results};
is(join(' ', map { +0, @{$_->{metrics}} } @$rows), join(' ', 0, $first,
    $all - $first, share($all - $first, $all), 100, 0, $second,
    $first - $second, share($first - $second, $first), share($second, $first)),
    'who did not go on');
spew($t->path('q'), $json->encode({site_id => 'a.example', date_range =>
    $range{all}, funnel => 2}));
like(($agent->glinto('query', $t->path('q')))[1],
    qr{^step +visitors +dropped +drop_rate +conversion_rate\nVisit / +$first },
    'as a table');

# ---- refused ----

sub refused {
    my ($what, %more) = @_;
    like(ask(%more)->{error}, qr/$what/, "refused: $what");
}
refused('"steps" are 2 to 8', funnel => {steps => ['Signup']});
refused('"steps" are 2 to 8', funnel => {steps => [('Signup') x 9]});
refused('"steps" are 2 to 8', funnel => 'Sale');
refused('no goal "x"', funnel => {steps => ['Signup', 'x']});
refused('either "event" or "page"', funnel => {steps => ['Signup', {}]});
refused('"strict" is', funnel => {steps => ['Signup', 'Signup'], strict => 1});
refused('"steps" and "strict" only', funnel => {steps => ['Signup', 'Signup'],
    more => 1});
refused('none of that id', funnel => 9);
refused('"metrics" does not go with "funnel"', funnel => 2, metrics => ['x']);
refused('"date_range" is', funnel => 2, date_range => 'x');
refused('no dimension "x"', funnel => 2, filters => [['is', 'x', ['y']]]);
like(said('add', 'a.example', '--name', 'x', '--steps', '[]'),
    qr/^2\|glinto: "funnel": "steps" are/, 'nor is such a one kept');
is(said('remove', 'a.example', 2), "0|funnel 2 removed\n", 'removed');
refused('none of that id', funnel => 2);
$t->done;
