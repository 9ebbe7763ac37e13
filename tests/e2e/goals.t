# Promise: goals are kept for a site, and every answer about them - who reached
# them, what share that is of all and of each group, what it brought - is what
# plain SQL over the rows says, also of events before the goal was defined; no
# goal, or no question about one, is refused with a sentence.
#
# Method: made events of two days by seed, with revenue and engagement; random
# questions, each also asked of SQLite.  SEED=N for the same again.

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
my $world = Glinto::World->new($t, sites => ['a', 'b']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;
my $FIRST_MS = 1_793_232_000_000; # 2026-10-29

sub pick { return $_[int rand @_] }

# ---- events ----

my @paths = qw(/ /a /b /a/b /blog/x /blog/x/y /blogs);
my @lines;
for my $who (1 .. 80) {
    my $at_ms = $FIRST_MS + int rand 86_400_000;
    for my $visit (1 .. 1 + rand 3) {
        my %facts = (country => pick(qw(DE FR)), browser => pick(qw(A B)));
        for (1 .. 1 + rand 5) {
            my %line = (visitor => "v$who", path => pick(@paths), %facts);
            push @lines, {%line, kind => 'pageview', at_ms => $at_ms};
            push @lines, {%line, kind => 'engagement', at_ms => $at_ms
                + int rand 60_000, scroll_depth => int rand 101,
                engagement_ms => 1 + int rand 30_000} if rand() < .6;
            push @lines, {%line, kind => 'event', at_ms => $at_ms + 60_000,
                name => pick(qw(Signup Buy)),
                props => {plan => pick(qw(pro free))},
                rand() < .5 ? (revenue => {amount => sprintf('%.2f', rand 50),
                    currency => pick(qw(EUR USD))}) : ()} if rand() < .5;
            $at_ms += 61_000 + int rand 600_000;
        }
        $at_ms += 2_000_000 + int rand 40_000_000;
    }
}
for (@lines) {
    my $ms = delete $_->{at_ms};
    $_->{at} = POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime int $ms / 1000)
        . sprintf '.%03dZ', $ms % 1000;
}
is(($agent->import_lines('a.example', @lines))[0], 0, 'imported');

# ---- goals ----

sub said {
    my ($status, $out, $err) = $agent->glinto('goal', @_);
    return "$status|$out$err";
}
is(said('list', 'a.example'), "0|There is no goal yet.\n", 'none at first');
is(said('add', 'a.example', '--event', 'Signup'),
    qq(0|goal "Signup" added, id 1; the past is counted, too\n), 'an event');
my @goals = ( # name, how it is added, SQL
    ['Signup', undef, "name = 'Signup'"],
    ['Buy', ['--event', 'Buy', '--currency', 'EUR'], "name = 'Buy'", 'EUR'],
    ['Pro', ['--event', 'Buy', '--props', 'plan=pro', '--currency', 'USD',
        '--name', 'Pro'], "name = 'Buy' AND plan = 'pro'", 'USD'],
    ['Visit /blog/*', ['--page', '/blog/*'],
        "kind = 1 AND path = '/blog/x'"],
    ['Visit /blog/**', ['--page', '/blog/**'],
        "kind = 1 AND path GLOB '/blog/*'"],
    ['Scroll 75% on **b', ['--page', '**b', '--scroll', 75],
        "kind = 1 AND path GLOB '*b' AND depth >= 75"],
    ['Visit /none', ['--page', '/none'], '0']);
for my $goal (grep { $_->[1] } @goals) {
    like(said('add', 'a.example', @{$goal->[1]}), qr/^0\|goal "\Q$goal->[0]\E" added/,
        $goal->[0]);
}
like(said('list', 'a.example'), qr/^ 6  Scroll 75% on \*\*b +- +\*\*b +75 +- +\d/m,
    'the list');
like(said('add', 'a.example', '--event', 'Signup'), qr/^1\|.*already/, 'twice');
like(said('add', 'c.example', '--event', 'x'), qr/^1\|.*no site/, 'no site');
for (['either "event" or "page"'], ['either', qw(--event x --page /)],
    ['"page" is a path', qw(--page x)], ['"scroll"', qw(--event x --scroll 9)],
    ['"scroll" is a', qw(--page / --scroll 101)],
    ['"scroll" is a', qw(--page / --scroll x)],
    ['"currency" is a code', qw(--event x --currency euro)],
    ['"props"', qw(--event x --props plan)], ['"name" has', qw(--event x --name),
    'n' x 121]) {
    my ($want, @args) = @$_;
    like(said('add', 'a.example', @args), qr/^2\|glinto: .*\Q$want\E/,
        "refused: @args");
}
is(said('add', 'b.example', '--event', 'Only b'),
    qq(0|goal "Only b" added, id 8; the past is counted, too\n), 'another site');
like(said('remove', 'a.example', 8), qr/^1\|.*no goal of that id/, 'not its own');
is(said('remove', 'b.example', 8), "0|goal 8 removed\n", 'removed');

# ---- the same rows in SQL ----

my $db = DBI->connect('dbi:SQLite:dbname=' . $world->file('a'), '', '',
    {RaiseError => 1, ReadOnly => 1});
$db->do('PRAGMA temp_store = MEMORY');
$db->do(<<'EOS');
    CREATE TEMP TABLE r AS SELECT e.id, e.at, e.kind, e.visitor,
        coalesce(p.text, '') AS path, coalesce(n.text, '') AS name,
        coalesce((SELECT value FROM event_props WHERE id = e.id
            AND key = 'plan'), '') AS plan,
        l.country, a.browser, e.scroll_depth, e.currency,
        round(1000 * e.amount) AS amount,
        (SELECT s.id FROM sessions s WHERE s.visitor = e.visitor
            AND s.start <= e.at ORDER BY s.start DESC LIMIT 1) AS visit
    FROM events e LEFT JOIN paths p ON p.code = e.path
        LEFT JOIN names n ON n.code = e.name
        LEFT JOIN places l ON l.code = e.place
        LEFT JOIN agents a ON a.code = e.agent WHERE e.mark IS NOT 2
EOS
$db->do('CREATE INDEX temp.r_visitor ON r (visit, path)');
$db->do(<<'EOS');
    CREATE TEMP TABLE e AS SELECT r.*, (SELECT max(g.scroll_depth) FROM r g
        WHERE g.visit = r.visit AND g.path = r.path AND g.kind = 3
            AND g.at > r.at AND r.kind = 1 AND NOT EXISTS (SELECT 1 FROM r n
            WHERE n.visit = r.visit AND n.path = r.path AND n.kind = 1
                AND n.at > r.at AND n.at < g.at)) AS depth
    FROM r WHERE kind IN (1, 2)
EOS

my %column = ('visit:country' => 'country', 'event:page' => 'path',
    'visit:browser' => 'browser', 'event:props:plan' => 'plan');
sub share {
    my ($n, $of) = @_;
    return $of ? POSIX::floor(10_000 * $n / $of + .5) / 100 : 0;
}

# {group => visitors}
sub visitors {
    my ($where, @columns) = @_;
    my $rows = $db->selectall_arrayref('SELECT '
        . join(', ', @columns, 'count(DISTINCT visitor)') . " FROM e WHERE $where"
        . (@columns ? ' GROUP BY ' . join ', ', @columns : ''));
    return {map { my $n = pop @$_; join("\0", @$_) => $n } @$rows};
}

# One line a group that reached GOAL.
sub reached {
    my ($goal, $filter, $rest, $dimensions) = @_;
    my @columns = map { $column{$_} // () } @$dimensions;
    my $money = $goal->[3] // '';
    my $all = visitors($rest)->{''};
    my $groups = visitors($rest, @columns);
    my $rows = $db->selectall_arrayref('SELECT ' . join(', ', @columns,
        'count(DISTINCT visitor)', 'count(*)',
        "sum(currency IS '$money')",
        "coalesce(sum(amount) FILTER (WHERE currency IS '$money'), 0)")
        . " FROM e WHERE ($goal->[2]) AND $filter"
        . (@columns ? ' GROUP BY ' . join ', ', @columns : ''));
    return map {
        my ($visitors, $events, $paid, $amount) = splice @$_, -4;
        my @group = @$_;
        my $average = $paid ? POSIX::floor($amount / $paid + .5) : 0;
        $events == 0 ? () : join ' ', (map { $_ eq 'event:goal' ? $goal->[0]
            : (shift @group) || '(none)' } @$dimensions), $visitors, $events,
            share($visitors, $all), share($visitors,
                $groups->{join "\0", @$_} // 0),
            $money ? ($amount / 1000, $average / 1000) : ('null', 'null')
    } @$rows;
}

# ---- questions ----

my @METRICS = qw(visitors conversions conversion_rate group_conversion_rate
    total_revenue average_revenue);
sub answer {
    my (%more) = @_;
    return scalar $agent->query({site_id => 'a.example', metrics => \@METRICS,
        date_range => ['2026-10-29', '2026-11-09'], %more});
}
sub lines {
    my ($answer) = @_;
    return $json->encode($answer) if !$answer->{results};
    return join "\n", sort map { join ' ', @{$_->{dimensions}},
        map { !defined $_ ? 'null' : ref $_ ? 0 + $_->{value} : 0 + $_ }
        @{$_->{metrics}} } @{$answer->{results}};
}

my @filters = ( # a filter, the same in SQL, 1 = conversions are of all
    [['is', 'visit:country', ['DE']], "country = 'DE'"],
    [['is_not', 'event:props:plan', ['free']], "plan <> 'free'", 1],
    [['has_done', ['is', 'event:goal', ['Signup']]],
        "visit IN (SELECT visit FROM e WHERE name = 'Signup')"]);
for my $try (1 .. 120) {
    my @by = grep { rand() < .3 } sort keys %column;
    pop @by if @by > 3;
    my @some = grep { rand() < .4 } @filters;
    my $filter = join ' AND ', 1, map { $_->[1] } @some;
    my $rest = join ' AND ', 1, map { $_->[2] ? () : $_->[1] } @some;
    my @given = map { $_->[0] } @some;
    my (@want, $got);
    if (rand() < .5) {
        splice @by, rand(1 + @by), 0, 'event:goal';
        my @of = @goals;
        if (rand() < .4) {
            my %named = map { pick(@goals)->[0] => 1 } 1 .. 2;
            @of = grep { $named{$_->[0]} } @goals;
            push @given, ['is', 'event:goal', [keys %named]];
            $filter .= ' AND (' . join(' OR ', map { "($_->[2])" } @of) . ')';
        }
        @want = map { reached($_, $filter, $rest, \@by) } @of;
    } else {
        @by = ('visit:country') if !@by;
        my $goal = pick(@goals);
        push @given, ['is', 'event:goal', [$goal->[0]]];
        @want = reached($goal, $filter, $rest, \@by);
    }
    $got = lines(answer(dimensions => \@by, filters => \@given));
    is($got, join("\n", sort @want), "question $try: @by")
        or diag($json->encode(\@given));
}

# ---- by hand ----

is(lines(answer(metrics => ['visitors', 'conversion_rate'], filters =>
    [['is', 'event:goal', ['Signup']]])), join(' ', map { ($_->{''},
    share($_->{''}, visitors('1')->{''})) } visitors("name = 'Signup'")),
    'without a dimension');
my $buy = answer(metrics => ['total_revenue'], filters =>
    [['is', 'event:goal', ['Buy']]])->{results}[0]{metrics}[0];
like($buy->{long}, qr/^\x{20ac}[\d,]+\.\d\d$/, 'as a price');
like($buy->{short}, qr/^\x{20ac}[\d.]+[KM]?$/, 'and a short one');
is($buy->{currency}, 'EUR', 'of its currency');
spew($t->path('q'), $json->encode({site_id => 'a.example', metrics =>
    ['total_revenue'], date_range => ['2026-10-29', '2026-11-09'],
    filters => [['is', 'event:goal', ['Buy']]]}));
my ($csv) = ($agent->glinto('query', $t->path('q'), '--format', 'csv'))[1]
    =~ /^"([\d.]+)"\r$/m;
cmp_ok($csv // 0, '==', $buy->{value}, 'a number as CSV');
like(($agent->glinto('query', $t->path('q')))[1], qr/\d\.\d\d$/m,
    'a price in the table');
is(answer(metrics => ['total_revenue'], filters => [['is', 'event:goal',
    ['Buy', 'Pro']]])->{meta}{metric_warnings}{total_revenue}{code},
    'no_single_revenue_currency', 'two currencies are not one sum');
is(answer(metrics => ['total_revenue'], filters => [['is', 'event:goal',
    ['Signup']]])->{meta}{metric_warnings}{total_revenue}{code},
    'no_revenue_goals_matching', 'a goal without one');
is(lines(answer(metrics => ['visitors'], filters => [['contains', 'event:goal',
    ['blog']]])), visitors("path GLOB '/blog/*' AND kind = 1")->{''},
    'two goals by a part of their names');
like(answer(metrics => [$_])->{error}, qr/"$_" goes with "event:goal"/,
    "$_ of nothing") for 'conversions', 'conversion_rate';
is(lines(answer(metrics => ['events'], dimensions => ['event:goal'])),
    lines(answer(metrics => ['conversions'], dimensions => ['event:goal'])),
    'events of a goal are its conversions');
like(answer(metrics => ['visitors'], filters => [['is', 'event:goal',
    ['None']]])->{error},
    qr/no goal "None"/, 'no such goal');
my $compared = answer(metrics => ['visitors', 'conversion_rate'],
    dimensions => ['event:goal'], order_by => [['visitors', 'desc']],
    include => {comparisons => {mode => 'custom',
        date_range => ['2026-10-29', '2026-11-09']}});
is(join(' ', map { @{$_->{comparison}{change}} } @{$compared->{results}}),
    join(' ', map { +0, 0 } @{$compared->{results}}), 'beside the same time')
    or diag($json->encode($compared));
is(said('remove', 'a.example', 1), "0|goal 1 removed\n", 'one goes');
unlike(lines(answer(metrics => ['visitors'], dimensions => ['event:goal'])),
    qr/Signup/, 'and is asked no more');
$t->done;
