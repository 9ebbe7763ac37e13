# Promise: which pages visits came to after some pages, or before them, up to
# 20 steps, is what plain SQL over the rows says, with exact visitors; what
# cannot be asked is refused with a sentence.
#
# Method: made visitors of four days by seed, imported and live; random pages,
# directions, steps, ranges and filters, each also asked of SQLite.  SEED=N for
# the same again.

use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Wanderers qw(pick);
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::Local qw(timegm);

my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
diag("SEED=$SEED");
my $t = Glinto::Test->new(limit_s => 120);
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;
my $FIRST_S = timegm(0, 0, 0, 2, 2, 2026);
my $DAYS = 4;
my $wanderers = Glinto::Wanderers->new($world, $FIRST_S, $DAYS);
my $db = $wanderers->db;

# Of each visit the pages that count, numbered from its beginning or its end.
sub pages_table {
    my ($from, $to, $filter, $back) = @_;
    my $way = $back ? 'DESC' : 'ASC';
    $db->do('DROP TABLE IF EXISTS temp.t');
    $db->do("CREATE TEMP TABLE t AS SELECT visit, visitor, path,
        row_number() OVER (PARTITION BY visit ORDER BY at $way) AS n FROM
        (SELECT *, lag(path) OVER (PARTITION BY visit ORDER BY at) AS before
        FROM r WHERE kind = 1 AND at >= $from AND at < $to AND $filter)
        WHERE before IS NULL OR before <> path");
    $db->do('CREATE INDEX temp.t_n ON t (visit, n)');
}

# "page|page visitors visits", the most visitors first.
sub sql {
    my ($pages, $steps, $from, $to, $filter, $back) = @_;
    pages_table($from, $to, $filter, $back);
    my @pages = $back ? reverse @$pages : @$pages;
    my $end = $back ? '(entry)' : '(exit)';
    my $hit = 'SELECT p0.visit, p0.visitor, min(p0.n) AS n FROM t p0 '
        . join(' ', map { "JOIN t p$_ ON p$_.visit = p0.visit AND p$_.n = "
        . "p0.n + $_" } 1 .. $#pages) . ' WHERE ' . join(' AND ', map {
        "p$_.path = " . $db->quote($pages[$_]) } 0 .. $#pages)
        . ' GROUP BY 1, 2';
    my @columns = map { my $s = "coalesce(s$_.path, '$end')";
        $_ == 1 ? $s : "CASE WHEN s" . ($_ - 1) . ".path IS NULL THEN '' ELSE "
        . "$s END" } 1 .. $steps;
    my $rows = $db->selectall_arrayref('SELECT ' . join(" || '|' || ",
        @columns) . " AS way, count(DISTINCT h.visitor) AS visitors, count(*)
        AS visits FROM ($hit) h " . join(' ', map { "LEFT JOIN t s$_ ON
        s$_.visit = h.visit AND s$_.n = h.n + $#pages + $_" } 1 .. $steps)
        . ' GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1');
    my @all = $db->selectrow_array(
        "SELECT count(DISTINCT visitor), count(*) FROM ($hit)");
    return join "\n", (sort map { join ' ', @$_, POSIX::floor(
        10_000 * $_->[1] / $all[0] + .5) / 100 } @$rows), "@all";
}

sub told {
    my ($answer, $sorted) = @_;
    return $answer->{error} if $answer->{error};
    return join "\n", (sort map { join ' ', join('|', @{$_->{dimensions}}),
        map { 0 + $_ } @{$_->{metrics}} } @{$answer->{results}}),
        join ' ', @{$answer->{meta}}{qw(visitors visits)};
}

my @paths = ('/', '/a', '/b', '/c', '/Ü "q"');
my @filters = ( # as asked, SQL
    [[], 1], [[], 1], [[['is', 'visit:country', ['DE']]], "country = 'DE'"],
    [[['is_not', 'event:page', ['/b']]], "path <> '/b'"]);
my $rows = 0;
for my $try (1 .. 80) {
    my ($asked, $filter) = @{pick(@filters)};
    my @from = map { pick(@paths) } 1 .. 1 + rand pick(1, 3);
    my $steps = pick(1, 1, 2, 3, 5, 20);
    my $back = rand() < .5;
    my $first = int rand $DAYS;
    my $last = $first + int rand($DAYS - $first);
    my @dates = map { POSIX::strftime('%Y-%m-%d', gmtime $FIRST_S + 86400 *
        $_) } $first, $last;
    my $answer = $wanderers->ask(date_range => \@dates, filters => $asked,
        journey => {from => @from == 1 ? $from[0] : \@from, steps => $steps,
        $back ? (direction => 'previous') : ()});
    is(told($answer), sql(\@from, $steps, 1000 * ($FIRST_S + 86400 * $first),
        1000 * ($FIRST_S + 86400 * ($last + 1)), $filter, $back),
        "journey $try: @from, $steps " . ($back ? 'back' : 'on') . " $filter")
        or diag($json->encode($answer));
    $rows += @{$answer->{results} // []};
}
cmp_ok($rows, '>', 300, 'of many ways');

# ---- how it looks ----

my @all = (date_range => ['2026-03-02', '2026-03-05']);
my $whole = $wanderers->ask(@all, journey => {from => '/', steps => 3});
my @numbers = map { $_->{metrics}[0] } @{$whole->{results}};
is("@numbers", join(' ', sort { $b <=> $a } @numbers), 'most visitors first');
is($whole->{meta}{total_rows}, scalar @numbers, 'how many rows there are');
is($json->encode([@{$whole->{query}}{qw(metrics dimensions)}]),
    '[["visitors","visits","percentage"],["step_1","step_2","step_3"]]',
    'what the columns are');
my @pages = map { @{$wanderers->ask(@all, journey => {from => '/', steps => 3},
    pagination => {limit => 7, offset => 7 * $_})->{results}} }
    0 .. $#numbers / 7;
is($json->encode(\@pages), $json->encode($whole->{results}),
    'pages of it fit together');
is($json->encode($wanderers->ask(@all, journey => {from => '/none'})->{results}),
    '[]', 'a page that nobody saw');
spew($t->path('q'), $json->encode({site_id => 'a.example', @all, journey =>
    {from => '/', direction => 'previous'}}));
like(($agent->glinto('query', $t->path('q')))[1],
    qr{^step_1 +visitors +visits +percentage\n\S.* +\d+ +\d+ +\d+\.\d\d\n}s,
    'as a table');

# ---- refused ----

sub refused {
    my ($what, $journey, %more) = @_;
    like($wanderers->ask(@all, journey => $journey, %more)->{error}, qr/$what/,
        "refused: $what");
}
refused('is an object with "from"', 'x');
refused('"from" is a page, or a list of 1 to 20', {from => $_})
    for undef, 7, [], [('/') x 21], ['/', 7];
refused('"steps" is a whole number from 1 to 20', {from => '/', steps => $_})
    for 0, 21, 'x', 1.5;
refused('"direction" is next or previous', {from => '/', direction => $_})
    for 'back', 7;
refused('no key "to"', {from => '/', to => '/a'});
refused('"dimensions" does not go with "journey"', {from => '/'},
    dimensions => ['event:page']);
refused('"pagination": "limit" is', {from => '/'}, pagination => {limit => 0});
$t->done;
