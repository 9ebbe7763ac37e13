# Promise: the answer to any question is what a slow and obvious SQL statement
# over the rows says: equal, not close; also while days with late rows are not
# yet folded again, when days are read from what is sealed of
# them, and in a zone whose day has 25 hours.
#
# Method: made events of four days by seed, imported and live ones that come
# late; random questions, each also asked of SQLite over tables of all events
# and visits with their texts.  QUESTIONS=N for more than a few hundred, SEED=N
# for the same again.
#
# Slow: late rows are folded, and all days sealed, before SQL is asked.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Sealed;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::Local qw(timegm);

my $QUESTIONS = $ENV{QUESTIONS} // 400;
my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
my $t = Glinto::Test->new(limit_s => 120 + $QUESTIONS / 10);
diag("SEED=$SEED");

# Summer time ends on the second of the four days: at 01:00 UTC it is 03:00,
# and then 02:00 again.
my $FIRST_S = timegm(0, 0, 0, 24, 9, 2026);
my $TURN_MS = 1000 * ($FIRST_S + 86400 + 3600);
my ($DAYS, $VISITORS) = (4, 60);

my $world = Glinto::World->new($t, sites => ['a', 'noise']);
my $agent = $world->agent;
$agent->glinto('site', 'set', 'a.example', 'timezone', 'Europe/Berlin');

# ---- events ----

sub pick { return $_[int rand @_] }

my @paths = qw(/ /a /b /A /a/b /price);
my @sources = (undef, qw(Google news example.org));
my @names = qw(signup Buy 404);
my %props = (plan => [qw(pro free PRO)], size => [qw(1 2)]);

sub facts { # of a visit
    return (
        (map { $_ ? (source => $_) : () } pick(@sources)),
        (rand() < .3 ? (utm_medium => pick(qw(cpc mail))) : ()),
        browser => pick(qw(Firefox Safari Chrome)), os => pick(qw(Linux iOS)),
        device => pick(qw(Desktop Mobile)),
        (rand() < .8 ? (country => pick(qw(DE AT NP))) : ()));
}

# Of one visitor: visits of a few events, some over midnight.
sub person {
    my ($who) = @_;
    my @lines;
    my $at_ms = 1000 * $FIRST_S + int rand 86_400_000;
    while ($at_ms < 1000 * ($FIRST_S + $DAYS * 86400)) {
        my %facts = facts();
        for (1 .. 1 + rand 5) {
            my $custom = rand() < .25;
            push @lines, {kind => $custom ? 'event' : 'pageview',
                visitor => $who, at => rfc3339($at_ms), path => pick(@paths),
                host => pick('a.example', 'shop.a.example'), %facts,
                $custom ? (name => pick(@names), interactive => pick(
                    JSON::PP::true, JSON::PP::false),
                    props => {map { rand() < .6 ? ($_ => pick(@{$props{$_}}))
                        : () } keys %props}) : ()};
            $at_ms += int rand(rand() < .1 ? 1_800_000 : 400_000);
        }
        $at_ms += 1_900_000 + int rand(rand() < .3 ? 4_000_000 : 80_000_000);
    }
    return @lines;
}

sub rfc3339 {
    my ($ms) = @_;
    return POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime int $ms / 1000)
        . sprintf '.%03dZ', $ms % 1000;
}

my $json = JSON::PP->new->canonical->utf8;
sub import_lines {
    my ($site, @lines) = @_;
    my ($status, undef, $err) = $agent->import_lines($site, @lines);
    is($status, 0, "$site: imported") or diag($err);
}
import_lines('a.example', map { person("v$_") } 1 .. $VISITORS);
import_lines('noise.example', map { {%$_, host => 'noise.example'} }
    map { person("n$_") } 1 .. 20);

# Live ones, of two workers, in no order: late visitors of days that are over.
# Such an id is that of one day.
my @live;
for my $day (0 .. $DAYS - 1) {
    for my $who (1 .. 12) {
        my $at_ms = 1000 * ($FIRST_S + $day * 86400) + int rand 80_000_000;
        for (1 .. 1 + rand 6) {
            push @live, [$at_ms, 1000 * ($day + 1) + $who, pick(@paths)];
            $at_ms += int rand 1_000_000;
        }
    }
}
for my $part (0, 1) {
    my @mine = sort { $a->[0] <=> $b->[0] }
        map { $live[$_] } grep { $_ % 2 == $part } 0 .. $#live;
    my $segment = $world->segment(wall_ms => 1000 * $FIRST_S);
    $segment->event(site => 'a.example', visitor => $_->[1], path => $_->[2],
        at_ms => $_->[0]) for @mine;
    $segment->close;
}
$world->empty('all live events are rows');

# ---- questions ----

my @metrics = qw(visitors visits pageviews events);
my @of_visits = qw(bounce_rate visit_duration views_per_visit);
my %dimension = ( # expression over e and v
    'event:page' => 'e.path', 'event:hostname' => 'e.host',
    'event:name' => 'e.name', 'event:props:plan' => 'e.plan',
    'event:props:size' => 'e.size', 'visit:source' => 'v.source',
    'visit:utm_medium' => 'v.utm_medium', 'visit:browser' => 'v.browser',
    'visit:os' => 'v.os', 'visit:device' => 'v.device',
    'visit:country' => 'v.country', 'visit:entry_page' => 'v.entry_page',
    'visit:exit_page' => 'v.exit_page',
    'visit:entry_page_hostname' => 'v.entry_host');
my %none = ('visit:source' => 'Direct / None', 'event:props:plan' => '(none)',
    'event:props:size' => '(none)');
my %values = ('event:page' => \@paths, 'visit:entry_page' => \@paths,
    'visit:exit_page' => \@paths, 'event:hostname' => ['a.example',
    'shop.a.example'], 'visit:entry_page_hostname' => ['a.example'], 'event:name' => ['pageview', @names],
    'event:props:plan' => $props{plan}, 'event:props:size' => $props{size},
    'visit:source' => [grep { defined } @sources],
    'visit:utm_medium' => [qw(cpc mail)],
    'visit:browser' => [qw(Firefox Safari)],
    'visit:os' => [qw(Linux iOS)], 'visit:device' => [qw(Desktop Mobile)],
    'visit:country' => [qw(DE AT)]);

sub leaf {
    my (@of) = @_;
    my $by = pick(@of);
    my $op = pick(qw(is is_not contains contains_not matches matches_not));
    my @given = map { pick(@{$values{$by}}) } 1 .. 1 + rand 2;
    @given = map { substr $_, 0, 1 + rand length } @given if $op =~ /contains/;
    @given = map { pick("^\Q$_\E", substr($_, -1) . '$', '[ab]') } @given
        if $op =~ /matches/;
    my $any_case = rand() < .3 && $op !~ /matches/;
    return [$op, $by, \@given,
        $any_case ? {case_sensitive => JSON::PP::false} : ()];
}

sub filter {
    my ($depth, @of) = @_;
    return leaf(@of) if $depth == 0 || rand() < .4;
    my $op = pick('and', 'or', 'not');
    return ['not', filter($depth - 1, @of)] if $op eq 'not';
    return [$op, [map { filter($depth - 1, @of) } 1 .. 2]];
}

my @by_time = qw(time:hour time:day);
sub question {
    my @by = sort keys %dimension;
    my @dimensions = map { pick(@by) } 1 .. rand 3;
    my %seen;
    @dimensions = grep { !$seen{$_}++ } @dimensions;
    push @dimensions, pick(@by_time) if rand() < .3;
    my @asked = @metrics;
    push @asked, @of_visits
        if !grep { /^event:(?!page$|hostname$)/ } @dimensions;
    my $from = int rand $DAYS;
    my $to = $from + int rand($DAYS - $from);
    my @filters = map { filter(2, @by) } 1 .. rand 2;
    push @filters, ['has_done', leaf(grep { /^event:/ } @by)] if rand() < .1;
    return {site_id => 'a.example', metrics => \@asked,
        date_range => [map { POSIX::strftime('%Y-%m-%d',
            gmtime $FIRST_S + 86400 * $_) } $from, $to],
        dimensions => \@dimensions, filters => \@filters};
}

sub ask {
    my ($question) = @_;
    my ($status, $answer) = $agent->query($question);
    return "$status $answer->{error}" if $status != 200;
    return join "\n", sort map { $json->encode([@$_{qw(dimensions metrics)}]) }
        @{$answer->{results}};
}

my @questions = map { question() } 1 .. $QUESTIONS;
my %before = map { $_ => ask($questions[$_]) } 0 .. $#questions / 4;

# ---- the same by SQL ----

$t->soon('all days are folded again, all visits over', sub { !$world->late
    && !$world->store->sum('SELECT count(*) FROM sessions WHERE open = 1') });
# A fresh process has nothing but what is sealed.
my $sealed = Glinto::Sealed->new($world, 'a');
$agent->stop;
$sealed->change('DELETE FROM sealed_days');
$agent->start;
$t->soon('all days are sealed', sub { $sealed->all }, 30);
$agent->stop;
$agent->start;
my $site = $world->store->value($world->store->meta,
    "SELECT id FROM sites WHERE domain = 'a.example'");
my $db = DBI->connect('dbi:SQLite:dbname=' . $world->file('a'), '', '',
    {RaiseError => 1, ReadOnly => 1});
$db->do('PRAGMA temp_store = MEMORY');
sub local_label { # "time:hour" or "time:day" of UTC ms
    my ($ms, $hour) = @_;
    my $s = int($ms / 1000) + ($ms < $TURN_MS ? 7200 : 3600);
    return POSIX::strftime($hour ? '%Y-%m-%d %H:00:00' : '%Y-%m-%d',
        gmtime $s);
}
$db->sqlite_create_function('day', 1, sub { local_label($_[0], 0) });
# The second of two hours of one name says so.
$db->sqlite_create_function('hour', 1, sub { local_label($_[0], 1)
    . ($_[0] >= $TURN_MS && $_[0] < $TURN_MS + 3_600_000 ? '+01:00' : '') });
$db->sqlite_create_function('regexp', 2, sub { $_[1] =~ /$_[0]/ ? 1 : 0 });
$db->do(<<"EOS");
    CREATE TEMP TABLE v AS SELECT s.id, s.visitor, s.start AS at, s.seen,
        s.pageviews AS views,
        s.pageviews <= 1 AND s.interactive = 0 AS bounced,
        (s.last - s.start) / 1000 AS seconds, coalesce(r.source, '') AS source,
        coalesce(r.utm_medium, '') AS utm_medium,
        coalesce(a.browser, '') AS browser, coalesce(a.os, '') AS os,
        coalesce(a.device, '') AS device, coalesce(p.country, '') AS country,
        coalesce(entry.text, '') AS entry_page,
        coalesce(host.text, '') AS entry_host,
        coalesce(exit.text, '') AS exit_page
    FROM sessions s LEFT JOIN referrers r ON r.code = s.referrer
        LEFT JOIN agents a ON a.code = s.agent
        LEFT JOIN places p ON p.code = s.place
        LEFT JOIN paths entry ON entry.code = s.entry_path
        LEFT JOIN hosts host ON host.code = s.entry_host
        LEFT JOIN paths exit ON exit.code = s.exit_path
    WHERE s.site = $site AND s.server IS NULL
EOS
$db->do(<<"EOS");
    CREATE TEMP TABLE e AS SELECT e.id, e.at, e.kind, e.visitor,
        coalesce(h.text, '') AS host, coalesce(p.text, '') AS path,
        CASE e.kind WHEN 1 THEN 'pageview'
            ELSE coalesce(n.text, '') END AS name,
        coalesce((SELECT value FROM event_props WHERE id = e.id
            AND key = 'plan'), '') AS plan,
        coalesce((SELECT value FROM event_props WHERE id = e.id
            AND key = 'size'), '') AS size,
        (SELECT v.id FROM v WHERE v.visitor = e.visitor AND v.at <= e.at
            ORDER BY v.at DESC LIMIT 1) AS visit
    FROM events e LEFT JOIN hosts h ON h.code = e.host
        LEFT JOIN paths p ON p.code = e.path
        LEFT JOIN names n ON n.code = e.name
    WHERE e.site = $site AND e.server IS NULL AND e.kind IN (1, 2)
        AND e.mark IS NOT 3
EOS
$db->do('CREATE INDEX temp.e_visit ON e (visit)');

sub quoted { join ', ', map { $db->quote($_) } @_ }

sub leaf_sql {
    my ($op, $by, $given, $how) = @_;
    my $what = $dimension{$by};
    my @given = @$given;
    if ($how) {
        $what = "lower($what)";
        @given = map { lc } @given;
    }
    my $sql = $op =~ /^is/ ? "$what IN (" . quoted(@given) . ')'
        : '(' . join(' OR ', map { $op =~ /contains/
            ? "instr($what, " . quoted($_) . ') > 0'
            : "$what REGEXP " . quoted($_) } @given) . ')';
    return $op =~ /_not$/ ? "NOT $sql" : $sql;
}

# ENTRY: event:page and event:hostname are where the visit was entered.
sub filter_sql {
    my ($filter, $range, $entry) = @_;
    my ($op, @rest) = @$filter;
    return 'NOT ' . filter_sql($rest[0], $range, $entry) if $op eq 'not';
    return '(' . join(" $op ", map { filter_sql($_, $range, $entry) }
        @{$rest[0]}) . ')' if $op =~ /^(?:and|or)$/;
    if ($op eq 'has_done') {
        my $inner = leaf_sql(@{$rest[0]}) =~ s/\be\./d./gr;
        return "EXISTS (SELECT 1 FROM e d WHERE d.visit = v.id AND "
            . ($range =~ s/AT/d.at/gr) . " AND $inner)";
    }
    my $sql = leaf_sql($op, @rest);
    $sql =~ s/\be\.path\b/v.entry_page/g, $sql =~ s/\be\.host\b/v.entry_host/g
        if $entry;
    return $sql;
}

sub columns { # expressions, of the time of WHOSE
    my ($dimensions, $whose) = @_;
    return map { /^time:(\w+)/ ? "$1($whose.at)" : $dimension{$_} }
        @$dimensions;
}

# {group => {sum => n}}
sub grouped {
    my ($into, $sums, $from, $columns) = @_;
    my @names = sort keys %$sums;
    my $rows = $db->selectall_arrayref('SELECT ' . join(', ', @$columns,
        map { "$sums->{$_} AS $_" } @names) . " FROM $from"
        . (@$columns ? ' GROUP BY ' . join ', ', 1 .. @$columns : ''));
    for my $row (@$rows) {
        my @key = splice @$row, 0, scalar @$columns;
        @{$into->{join "\0", @key, ''}}{@names} = @$row;
    }
}

sub sql_answer {
    my ($question) = @_;
    my ($dimensions, @filters) = ($question->{dimensions},
        @{$question->{filters}});
    my ($from, $to) = map { # local midnight, as UTC
        my ($y, $m, $d) = /(\d+)-(\d+)-(\d+)/;
        1000 * timegm(0, 0, 0, $d, $m - 1, $y) } @{$question->{date_range}};
    my $start = sub { $_[0] - ($_[0] - 7_200_000 < $TURN_MS ? 7_200_000
        : 3_600_000) };
    my $range = 'AT >= ' . $start->($from) . ' AND AT < '
        . $start->($to + 86_400_000);
    my $where = join ' AND ', 1, map { filter_sql($_, $range) } @filters;
    my $of_event = $where =~ s/d\.\w+//gr =~ /\be\.(?!visit)/;
    my %found;
    my $matched = "e JOIN v ON v.id = e.visit WHERE "
        . ($range =~ s/AT/e.at/gr) . " AND $where";
    grouped(\%found, {visitors => 'count(DISTINCT e.visitor)',
        pageviews => 'coalesce(sum(e.kind = 1), 0)', events => 'count(*)'},
        $matched, [columns($dimensions, 'e')]);
    my $began = $range =~ s/AT/v.at/gr;
    my $passes = $of_event ? "v.id IN (SELECT v.id FROM $matched)" : $where;
    if (grep { /^event:/ } @$dimensions) {
        grouped(\%found, {visits => 'count(DISTINCT v.id)'},
            "$matched AND $began", [columns($dimensions, 'v')]);
    } else {
        grouped(\%found, {visits => 'count(*)'}, "v WHERE $began AND $passes",
            [columns($dimensions, 'v')]);
    }
    if (grep { $_ eq 'bounce_rate' } @{$question->{metrics}}) {
        my $by_page = grep { /^event:/ } @$dimensions;
        my $entered = $passes;
        if ($by_page && grep { has_page($_) } @filters) {
            my $entry = join ' AND ', 1,
                map { filter_sql($_, $range, 1) } @filters;
            $entered = ($entry =~ s/d\.\w+//gr) =~ /\be\.(?!visit)/
                ? 'v.id IN (SELECT v.id FROM e JOIN v ON v.id = e.visit WHERE '
                . ($range =~ s/AT/e.at/gr) . " AND $entry)" : $entry;
        }
        grouped(\%found, {
            bounce_rate => '(200 * sum(bounced) + count(*)) / (2 * count(*))',
            visit_duration =>
                '(2 * sum(seconds) + count(*)) / (2 * count(*))',
            views_per_visit =>
                '(200 * sum(views) + count(*)) / (2 * count(*)) / 100.0'},
            "v WHERE $began AND $entered",
            [map { s/^e\.path$/v.entry_page/r =~ s/^e\.host$/v.entry_host/r }
                columns($dimensions, 'v')]);
    }
    return join "\n", sort map { told($question, $_, $found{$_}) } keys %found;
}

sub has_page {
    my ($filter) = @_;
    my ($op, @rest) = @$filter;
    return 0 if $op eq 'has_done';
    return has_page($rest[0]) if $op eq 'not';
    return scalar grep { has_page($_) } @{$rest[0]} if $op =~ /^(?:and|or)$/;
    return $rest[0] =~ /^event:(?:page|hostname)$/;
}

sub told {
    my ($question, $key, $sums) = @_;
    my @texts = split /\0/, $key, -1;
    pop @texts;
    for my $i (0 .. $#texts) {
        $texts[$i] = $none{$question->{dimensions}[$i]} // '(not set)'
            if $texts[$i] eq '';
    }
    my @numbers = map { ($sums->{$_} // 0) + 0 } @{$question->{metrics}};
    return $json->encode([\@texts, \@numbers]);
}

sub same { # numbers may be 2 or 2.0
    my ($text) = @_;
    return $text =~ s/(\d)\.0+(?=[\],])/$1/gr;
}

my $wrong = 0;
for my $i (0 .. $#questions) {
    my $engine = same(ask($questions[$i]));
    my $sql = same(sql_answer($questions[$i]));
    my $early = same($before{$i} // $engine);
    next if $engine eq $sql && $early eq $sql;
    $wrong++ < 3 or next;
    diag($json->encode($questions[$i]), "\nengine\n$engine\n",
        $early eq $engine ? () : "before the fold\n$early\n", "SQL\n$sql\n");
}
is($wrong, 0, "$QUESTIONS questions: the engine and SQL say the same");

# ---- a comparison is what the other range's own question says ----

sub results { # {dimensions => row}
    my ($question) = @_;
    my $answer = $agent->query($question);
    return {map { join("\0", @{$_->{dimensions}}) => $_ }
        @{$answer->{results}}};
}
my ($compared, $other) = (0, 0);
for my $question (grep { !grep { /^time/ } @{$_->{dimensions}} }
    @questions[0 .. $#questions / 4]) {
    my $range = question()->{date_range};
    my $then = results({%$question, date_range => $range});
    my $both = results({%$question, include => {comparisons =>
        {mode => 'custom', date_range => $range}}});
    for my $group (keys %$both) {
        my $row = $both->{$group};
        my $want = $then->{$group}{metrics}
            // [(0) x @{$question->{metrics}}];
        $compared++;
        $other++ if same($json->encode($row->{comparison}{metrics}))
            ne same($json->encode($want));
    }
}
ok($compared > 50, 'rows beside those of another time');
is($other, 0, 'they are that time\'s own');
$t->done;
