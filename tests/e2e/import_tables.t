# Promise: an import of the ten tables answers like the site that they are of,
# where one table can: by its dimensions, with filters on them, by day, week
# and month, of whole days; elsewhere it says why not.  It adds nothing twice,
# does not stand beside events of the same days, and what is wrong in it is
# told with file and line and leaves nothing.
#
# Method: made events by seed, exported as tables, imported elsewhere; the same
# questions to both.  SEED=N for the same again.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::Local qw(timegm);

my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
my $t = Glinto::Test->new;
diag("SEED=$SEED");
my $FIRST_S = timegm(0, 0, 0, 20, 9, 2026);
my $DAYS = 14;
my $world = Glinto::World->new($t, sites => [qw(a copy mixed other)]);
my $agent = $world->agent;
$agent->glinto('site', 'set', "$_.example", 'timezone', 'Europe/Berlin')
    for qw(a copy mixed other);
my $json = JSON::PP->new->canonical->utf8;

sub pick { return $_[int rand @_] }
sub maybe { # KEY of one of VALUES, now and then
    my ($key, @values) = @_;
    return rand() < .5 ? ($key => pick(@values)) : ();
}

# ---- events: nobody comes on two days, no visit is over midnight ----

my %prop = ('Outbound Link: Click' => 'url', 404 => 'path');
my @lines;
for my $day (0 .. $DAYS - 1) {
    for my $who (1 .. 25) {
        my $at_s = $FIRST_S + 86400 * $day + 3600 * 3 + int rand 3600 * 15;
        my $value = pick('/p', 'x"y');
        my %facts = (maybe(source => 'Google', 'a "b", c'),
            (map { maybe("utm_$_" => "$_ 1", "$_ 2") } qw(medium campaign)),
            maybe(browser => qw(Firefox Safari)),
            maybe(browser_version => '1', '2'), maybe(os => qw(Linux iOS)),
            maybe(device => qw(Desktop TV)),
            (rand() < .7 ? (country => pick(qw(AT DE)),
                maybe(city => '2761369', '2772400')) : ()));
        for (1 .. 1 + rand 5) {
            my $name = pick(undef, undef, 'signup', keys %prop);
            push @lines, {kind => defined $name ? 'event' : 'pageview',
                visitor => "$day $who", at => POSIX::strftime(
                    '%Y-%m-%dT%H:%M:%SZ', gmtime $at_s),
                path => pick('/', '/a', "/\x{e9},b"), %facts,
                defined $name ? (name => $name, $prop{$name}
                    ? (props => {$prop{$name} => $value}) : ())
                    : ()};
            $at_s += int rand 400;
        }
    }
}
$agent->import_lines('a.example', @lines);
sub export_to { # NAME, ARGUMENTS
    my ($name, @args) = @_;
    return $agent->glinto('export', '--site', 'a.example', '--format',
        'plausible-csv', @args, $t->path($name));
}
sub import_tables { # SITE, NAME, ARGUMENTS: (exit status, stdout, stderr)
    my ($site, $name, @args) = @_;
    return $agent->glinto('import', '--site', "$site.example", '--format',
        'plausible-csv', @args, $t->path($name));
}
export_to($_) for qw(all.zip folder);
my ($status, $said, $err) = import_tables('copy', 'all.zip');
is($status, 0, 'a ZIP is imported') or diag($err);

# ---- the same answers ----

my $imports = {imports => JSON::PP::true};
sub ask { # answer of SITE, decoded
    my ($site, %question) = @_;
    return scalar $agent->query({site_id => "$site.example",
        metrics => ['visitors'], date_range => 'all', include => $imports,
        %question});
}
my @range = (date_range => ['2026-10-01', '2026-11-30']);
sub rows {
    my ($answer) = @_;
    return $answer->{error} // join "\n", sort map {
        $json->encode([@$_{qw(dimensions metrics)}]) =~ s/\.0+\b//gr }
        @{$answer->{results}};
}
my @of_visits = qw(visitors visits pageviews bounce_rate visit_duration
    views_per_visit);
my %table = (
    visitors => [[], \@of_visits],
    sources => [[map { "visit:$_" } qw(source referrer utm_source utm_medium
        utm_campaign)], \@of_visits],
    # who was on two pages is in two rows
    pages => [['event:page'], [qw(visitors visits pageviews)]],
    entry_pages => [['visit:entry_page'], \@of_visits],
    exit_pages => [['visit:exit_page'], \@of_visits],
    locations => [[map { "visit:$_" } qw(country region city)], \@of_visits,
        ['is_not', 'visit:country', ['(not set)']]],
    devices => [['visit:device'], \@of_visits],
    browsers => [['visit:browser', 'visit:browser_version'], \@of_visits],
    systems => [['visit:os'], \@of_visits],
    custom => [['event:name'], [qw(visitors events)],
        ['is_not', 'event:name', ['pageview']]],
    links => [['event:props:url'], [qw(visitors events)],
        ['is', 'event:name', ['Outbound Link: Click']]],
);
sub leaf {
    my ($by, @values) = @_;
    my $op = pick(qw(is is_not contains contains_not matches));
    my $value = pick(@values);
    $value = substr $value, 0, 1 + rand length $value if $op =~ /contains/;
    $value = "^\Q$value\E" if $op eq 'matches';
    return [$op, $by, [$value]];
}
sub flat { map { ref $_ ? flat($_) : $_ } @{$_[0]} }
my ($asked, $wrong) = (0, 0);
sub same {
    my (%question) = @_;
    # Of pages and events, a person is in several rows.
    my $all = grep { /^event:/ } map { ref $_ ? flat($_) : $_ }
        @{$question{filters} // []};
    $question{metrics} = [grep { /^(?:pageviews|events)$/ }
        @{$question{metrics}}] if $all && !grep { /^event:/ }
        @{$question{dimensions}};
    my ($one, $two) = map { ask($_, @range, %question) } qw(a copy);
    $asked++;
    return if rows($one) eq rows($two) && @{$one->{results}}
        && $two->{meta}{imports_included};
    $wrong++ < 3 and diag($json->encode(\%question), "\na\n", rows($one),
        "\ncopy\n", rows($two), "\n", $json->encode($two->{meta} // {}));
}
for my $name (sort keys %table) {
    my ($dimensions, $metrics, @filter) = @{$table{$name}};
    my @all = @$dimensions ? ([], map { [$_] } @$dimensions) : ([]);
    push @all, [@$dimensions[0, 1]] if @$dimensions > 1;
    for my $by (@all) {
        for my $time ([], ['time:day'], ['time:week'], ['time:month']) {
            same(metrics => $metrics, dimensions => [@$time, @$by],
                filters => \@filter) if @$by || @filter || !@$dimensions;
        }
    }
    next if !@$dimensions;
    my %values = map { my $by = $_; $by => [map { $_->{dimensions}[0] }
        @{ask('a', dimensions => [$by], filters => \@filter)->{results}}] }
        @$dimensions;
    for (1 .. 12) {
        my ($one, $two) = map { my $by = pick(@$dimensions);
            leaf($by, @{$values{$by}}) } 1, 2;
        my $filters = pick([$one], [['not', $one]], [['and', [$one, $two]]],
            [['or', [$one, $two]]], [$one, $two]);
        my ($count) = ask('a', @range, filters => [@filter, @$filters])
            ->{results}[0]{metrics}[0];
        same(metrics => $metrics, dimensions => pick([], [pick(@$dimensions)]),
            filters => [@filter, @$filters]) if $count;
    }
}
is($wrong, 0, "$asked questions, $wrong with another answer");
my $share = ask('copy', @range, metrics => ['visitors', 'percentage'],
    dimensions => ['visit:browser']);
is_deeply($share->{results}, ask('a', @range, metrics => ['visitors',
    'percentage'], dimensions => ['visit:browser'])->{results},
    'a share is of all visitors');
my $then = {comparisons => {mode => 'custom', date_range => ['2026-10-20',
    '2026-10-21']}, %$imports};
is_deeply(ask('copy', include => $then, date_range => ['2026-10-25',
    '2026-10-26'])->{results}, ask('a', include => $then, date_range =>
    ['2026-10-25', '2026-10-26'])->{results}, 'beside an earlier time, too');

my $several = $agent->query({site_id => 'copy.example', date_range => 'all',
    queries => [{metrics => ['visitors'], include => $imports},
    {metrics => ['visitors']}, {metrics => ['visits'],
    dimensions => ['visit:browser'], include => $imports}]});
is_deeply([map { $_->{results}[0]{metrics}[0] // 0 }
    @{$several->{answers}}[0, 1]], [25 * $DAYS, 0],
    'of several questions those that ask for them');

# ---- or why not ----

sub skipped { ask(@_)->{meta}{imports_skip_reason} // 'included' }
is(ask('copy', @range, include => {})->{results}[0]{metrics}[0], 0,
    'who does not ask for imports is told of none');
is(skipped('copy', @range), 'included', 'who does finds them');
is(ask('copy')->{results}[0]{metrics}[0], 25 * $DAYS, 'all is all of them');
is(skipped('copy', @range, dimensions => ['time:hour']),
    'unsupported_interval', 'no table has hours');
is(skipped('copy', @range, dimensions => ['visit:browser'], filters =>
    [['is', 'visit:source', ['Google']]]), 'unsupported_query',
    'no table has both');
is(skipped('copy', @range, filters => [['has_done', ['is', 'event:page',
    ['/']]]]), 'unsupported_query', 'nor what a visit did');
is(skipped('copy', date_range => ['2025-01-01', '2025-12-31']),
    'out_of_range', 'days without');
is(skipped('copy', date_range => ['2026-10-22T10:00:00+02:00',
    '2026-10-22T20:00:00+02:00']), 'out_of_range', 'half a day');
my $both = ask('copy', date_range => ['2026-10-22T10:00:00+02:00',
    '2026-10-24T20:00:00+02:00']);
is($both->{results}[0]{metrics}[0], 25, 'of two and two halves the whole one');
is(skipped('other', @range), 'no_imported_data', 'a site without');

my $v1 = sub {
    my ($imported) = @_;
    my $reply = $agent->admin('POST', '/v1/stats', $json->encode({kind =>
        'aggregate', params => {site_id => 'copy.example', period => 'custom',
        date => '2026-10-20,2026-10-26', metrics => 'visitors',
        with_imported => $imported}}));
    return $json->decode($reply->{body})->{results}{visitors}{value};
};
is($v1->('false'), 0, 'version 1 without them');
is($v1->('true'), 25 * 7, 'and with them');

# ---- not twice ----

($status, $said) = import_tables('copy', 'all.zip');
like($said, qr/was imported into copy.example before/, 'said once');
($status, undef, $err) = import_tables('copy', 'folder');
is($status, 1, 'other files of the same days are refused');
like($err, qr/2026-10-20 to 2026-11-0\d: an earlier import has totals/,
    'with the days');
is(ask('copy', @range)->{results}[0]{metrics}[0], 25 * $DAYS,
    'and nothing was added');

# ---- beside events ----

$agent->import_lines('mixed.example',
    grep { $_->{at} ge '2026-10-28' } @lines);
my $own = ask('mixed', @range)->{results}[0]{metrics}[0];
($status, undef, $err) = import_tables('mixed', 'all.zip');
is($status, 1, 'tables with days of events are refused');
like($err, qr/2026-10-28 to 2026-11-\d\d: the site has events/,
    'with the days');
is(ask('mixed', @range)->{results}[0]{metrics}[0], $own, 'nothing was added');
($status, $said) = import_tables('mixed', 'all.zip',
    '--before-first-event');
is($status, 0, 'but the days before the first event are taken');
like($said, qr/^Days after 2026-10-27 were left out/m, 'it says so');
is(rows(ask('mixed', @range, metrics => \@of_visits, dimensions => [$_])),
    rows(ask('a', @range, metrics => \@of_visits, dimensions => [$_])),
    "events and totals together, $_") for 'visit:browser', 'time:day';

# ---- what is wrong ----

my $head = 'date,browser,browser_version,visitors,visits,visit_duration,'
    . 'bounces,pageviews';
my $good = "2026-01-02,\"Fire\nfox\",1,3,4,50,2,6\n";
sub table { # NAME, TEXT: a folder with it
    my ($name, $text) = @_;
    my $folder = $t->path('wrong');
    unlink glob "$folder/*";
    mkdir $folder;
    spew("$folder/$name", $text);
}
my $file = 'imported_browsers_20260102_20260103.csv';
for (['browsers.csv', "$head\n$good", qr/browsers.csv is none of the ten/],
    [$file, "$head,color\n$good" =~ s/6\n$/6,red\n/r,
        qr/$file, line 1: "color" is no column/],
    [$file, "browser,visitors\nx,1\n", qr/$file, line 1: "date" is missing/],
    [$file, "date,browser\n2026-01-02,x\n",
        qr/$file, line 1: "visitors" is missing/],
    [$file, "$head\n$good" . '2026-02-30,"x",1,3,4,50,2,6',
        qr/$file, line 4: "date" must be a date/],
    [$file, "$head\n$good" . '2026-01-03,"x",1,3,-4,50,2,6',
        qr/$file, line 4: "visits" must be a whole number/],
    [$file, "$head\n$good" . '2026-01-03,"x",1,3.5,4,50,2,6',
        qr/$file, line 4: "visitors" must be a whole number/],
    [$file, "$head\n${good}2026-01-03,x\n",
        qr/$file, line 4: has not as many cells/],
    [$file, "$head\n$good" . "2026-01-03,\"\xe9\",1,3,4,50,2,6\n",
        qr/$file, line 4: is not UTF-8/],
    [$file, "$head\n2026-01-03,a\"b,1,3,4,50,2,6\n", qr/$file, line 2: /],
    [$file, "$head\n", qr/has no table with rows/]) {
    my ($name, $text, $says) = @$_;
    table($name, $text);
    ($status, undef, $err) = import_tables('other', 'wrong');
    is($status, 1, 'refused');
    like($err, $says, 'with file, line and reason');
}
spew($t->path('no.zip'), 'PK, but not really');
for ('no.zip', 'missing') {
    ($status, undef, $err) = import_tables('other', $_);
    is($status, 1, "$_ is refused");
    like($err, qr/cannot read/, 'with the reason');
}
($status) = $agent->glinto('import', '--site', 'other.example', '--format',
    'events', '--before-first-event', $t->path('a.jsonl'));
is($status, 2, 'events have no such option');
my @january = (date_range => ['2026-01-01', '2026-01-31']);
is(skipped('other', @january), 'no_imported_data', 'nothing is left of it');
table($file, "\xef\xbb\xbf$head,time_on_page\r\n"
    . $good =~ s/6\n$/6,\r\n/r . "2026-01-03,,,2,2,0,2,2,7\r\n");
($status, undef, $err) = import_tables('other', 'wrong');
is($status, 0, 'put right, it is imported') or diag($err);
is(rows(ask('other', @january, dimensions => ['visit:browser'])),
    qq{[["(not set)"],[2]]\n[["Fire fox"],[3]]}, 'once, on one line');

# ---- with its site ----

my $before = rows(ask('copy', @range, dimensions => ['visit:browser']));
$agent->glinto('account', 'add', 'elsewhere');
my $from = $world->file('copy');
$world->move('copy', 'elsewhere');
is(rows(ask('copy', @range, dimensions => ['visit:browser'])), $before,
    'it moves with the site');
my $site = $world->store->value($world->store->meta,
    "SELECT id FROM sites WHERE domain = 'copy.example'");
sub left { # of the site that was moved, in FILE
    return $world->store->value($_[0], "SELECT count(*) FROM day_totals WHERE
        import IN (SELECT id FROM total_imports WHERE site = $site)");
}
is(left($from), 0, 'nothing stays');
ok(left($world->file('copy')) > 100, 'all has come');
$agent->glinto('site', 'remove', 'copy.example', '--yes');
is($world->store->value($world->file('copy'),
    'SELECT count(*) FROM day_totals'), 0, 'and goes with it');
$t->done;
