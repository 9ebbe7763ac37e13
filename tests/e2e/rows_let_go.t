# Promise: rows of sealed days that are older than a site's keep_rows are let
# go, and nothing that is asked says otherwise: answers, what is exported,
# receipts (which say what they recount, on a page, too) and the rows behind a
# number.
# Whatever would need the rows is refused with a sentence.  kill -9 while it
# goes on leaves each day let go or not.
#
# Method: made visits of two weeks, over every midnight too; random questions
# before and after.  SEED=N for the same again.
#
# Check: two weeks are sealed, asked some hundred questions, and let go twice.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::People;
use Glinto::Questions;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::Local qw(timegm);

my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
my $t = Glinto::Test->new(limit_s => 240);
diag("SEED=$SEED");
my $world = Glinto::World->new($t, sites => [['a', 'one'], ['b', 'one'],
    ['c', 'two']]);
my ($agent, $store) = ($world->agent, $world->store);
my $file = $world->file('a');
my $json = JSON::PP->new->canonical->utf8;
$agent->glinto('site', 'set', "$_.example", 'timezone', 'Europe/Berlin')
    for 'a', 'c';

# ---- two weeks ----

sub at { POSIX::strftime('%FT%TZ', gmtime $_[0]) }
my @dates = days();
sub utc_day {
    my ($y, $m, $d) = $_[0] =~ /(\d+)-(\d+)-(\d+)/;
    return timegm(0, 0, 0, $d, $m - 1, $y) / 86_400;
}
sub over_midnight { # who reads until ten past
    my ($day, $who) = @_;
    my $s = 86_400 * ($day + 1) - 600;
    my %is = (visitor => "m$day-$who", browser => 'Firefox', title => 'T', language => 'de',
        source => 'Google', click_id => 'gclid', country => 'DE');
    return ({%is, kind => 'pageview', path => '/blog', at => at($s)},
        {%is, kind => 'engagement', path => '/blog', engagement_ms => 9000,
            scroll_depth => 40, at => at($s + 30)},
        {%is, kind => 'event', name => 'signup', path => '/blog',
            props => {plan => 'pro', n => "$day"}, at => at($s + 700),
            revenue => {amount => '12.5', currency => 'EUR'}},
        {%is, kind => 'pageview', path => '/price', at => at($s + 900)},
        {%is, kind => 'engagement', path => '/price', engagement_ms => 4000,
            scroll_depth => 90, at => at($s + 1100)});
}
my @lines = ((map { lines("v$_") } 1 .. 60),
    map { my $day = utc_day($_); map { over_midnight($day, $_) } 1 .. 3 }
    @dates);
$agent->import_lines('a.example', @lines);
$agent->import_lines('b.example', {kind => 'pageview', visitor => 'b',
    path => '/b-alone', at => at(86_400 * utc_day($dates[2]))});
$t->until('all visits', sub { !$world->late }, 60);
$t->soon('all days are sealed', sub {
    $store->value($file, 'SELECT count(*) = 0 FROM (SELECT DISTINCT site, day
        FROM day_rows) d WHERE NOT EXISTS (SELECT 1 FROM sealed_days s
        WHERE s.site = d.site AND s.day = d.day AND length(s.head) > 0)');
}, 60);

# ---- what is asked ----

sub post {
    my ($path, $args) = @_;
    my $reply = $agent->admin('POST', "/v1/$path", $json->encode($args));
    return ($reply->{status}, $json->decode($reply->{body}));
}
my %all = (site_id => 'a.example', date_range => [@dates[0, -1]]);
my @by_hand = (
    {%all, metrics => [qw(time_on_page scroll_depth pageviews)],
        dimensions => ['event:page']},
    {%all, metrics => ['exit_rate', 'visits'], dimensions =>
        ['visit:exit_page']},
    {%all, metrics => [qw(visitors visits pageviews bounce_rate
        visit_duration)], dimensions => ['time:hour']},
    {%all, metrics => ['events'], dimensions => ['event:props:n'],
        filters => [['is', 'event:name', ['signup']]]},
    {%all, metrics => ['visitors'], dimensions => ['visit:language',
        'visit:entry_page']});
my @queries = (@by_hand, map { query('a.example') } 1 .. 40);
sub answers {
    my ($site) = @_;
    return join "\n", map {
        my ($status, $answer) = $agent->query({%$_, $site ? (site_id => $site)
            : ()});
        "$status " . ($status == 200 ? $json->encode($answer->{results})
            : $answer->{error});
    } @queries;
}
sub tables {
    $agent->glinto('export', '--site', 'a.example', '--format',
        'plausible-csv', $t->path($_[0]));
    return join '', map { slurp($_) } sort glob $t->path($_[0]) . '/*';
}
sub behind {
    my ($query, @args) = @_;
    spew($t->path('q.json'), $json->encode($query));
    my ($status, $out, $err) = $agent->glinto('rows', $t->path('q.json'),
        '--limit', 10_000, @args);
    return join "\n", sort map { my $row = $json->decode($_);
        delete @$row{qw(visit visitor)}; $json->encode($row) } split /\n/,
        $out;
}
sub receipts { # how many differ, and what they were recounted from
    my ($differ, %from) = (0);
    for my $query (@queries) {
        my ($status, $answer) = post('receipt', {query => $query});
        my $receipt = $answer->{meta}{receipt};
        $from{$receipt->{recounted_from} // "$status $answer->{error}"}++;
        next if $receipt->{equal};
        $differ++ < 2 or next;
        diag($json->encode($query), "\n", $json->encode($answer));
    }
    return ($differ, %from);
}
sub seen {
    my (undef, $answer) = post('receipt', {query => {%all,
        metrics => ['visits']}});
    return $json->encode([@{$answer->{meta}{receipt}}{qw(seen stored_as)}]);
}
my $before = answers();
like($before, qr/^200 .*"metrics":\[\d/, 'there is something to ask');
my ($differ, %from) = receipts();
is($differ, 0, 'receipts of rows are equal');
my ($seen, $tables) = (seen(), tables('before'));
my %march = (%all, metrics => ['events'], filters => [['is', 'event:name',
    ['signup']]]);
my ($rows, $visits) = (behind(\%march), behind(\%march, '--visits'));

# ---- let go ----

my $middle = utc_day($dates[7]);
sub keep {
    $agent->glinto('site', 'set', 'a.example', 'keep_rows',
        int(time / 86_400) - $_[0]);
    $agent->stop;
    $agent->start;
}
sub in_rows { # of the days that are let go
    return $store->value($file, "SELECT (SELECT count(*) FROM events WHERE
        site = 1 AND at < 86400000 * (SELECT ifnull(max(day) + 1, 0) FROM
        let_go)) + (SELECT count(*) FROM let_go WHERE done = 0)");
}
sub let_go { $store->value($file, 'SELECT count(*) FROM let_go') }

is(($agent->glinto('site', 'set', 'a.example', 'keep_rows', 6))[0], 2,
    'a week is the least');
keep($middle);
$t->soon('half of it is let go', sub { let_go() == 7 && !in_rows() }, 60);
is($store->value($file, 'SELECT count(*) FROM events WHERE site = 2'), 1,
    'of another site nothing');
is(answers(), $before, 'answers are the same');
($differ, %from) = receipts();
is($differ, 0, 'receipts are equal');
ok($from{'sealed days and rows'}, 'they say from what')
    or diag($json->encode(\%from));
spew($t->path('q.json'), $json->encode({%all, metrics => ['visits']}));
my ($equal, $told) = $agent->glinto('query', '--receipt', $t->path('q.json'));
like("$equal $told", qr/^0 .*^From\ what\ is\ sealed,\ by\ the\ tables\ of
    \ glinto_columns:\ 2026-03-0[12]\ to\ 2026-03-08\ /smx,
    'the command tells which days');
my $page = $agent->dashboard('GET', '/glinto/a.example/rows?period=custom'
    . "&from=$dates[1]&to=$dates[3]", undef, {Host => 'localhost', Cookie =>
    person($agent, 'viewer', '--account', 'one')})->{body};
like($page, qr/Counted again from what is sealed: the same/,
    'a page says what was counted again');
like($page, qr/id="sealed">The rows of \d Mar 2026 to \d Mar 2026 \(UTC\) are/,
    'and of which days');
is(seen(), $seen, 'as many were seen, of each kind');
is(tables('half'), $tables, 'the tables of an export are the same');
is(behind(\%march), $rows, 'so are the rows behind a number');
is(behind(\%march, '--visits'), $visits, 'and visits');
is(($agent->glinto('check', 'data'))[1], "4 files checked, 0 faults\n",
    'check finds no fault');

$agent->glinto('export', '--site', 'a.example', $t->path('half.jsonl'));
$agent->glinto('import', '--site', 'c.example', '--format', 'events',
    $t->path('half.jsonl'));
$t->until('they are visits', sub { !$world->late }, 60);
is(answers('c.example'), $before, 'events that are exported say the same');

# ---- killed while it goes on ----

$agent->glinto('site', 'set', 'a.example', 'keep_rows', 7);
my $kills = 0;
while (let_go() < @dates + 1 && $kills < 40) {
    $agent->kill9 if $agent->running;
    $agent->start;
    my $went = let_go();
    $t->soon('one more, or a piece', sub { let_go() != $went || !in_rows() },
        20) if $kills++ % 3 == 0;
}
$t->soon('all are let go', sub { let_go() == @dates + 1 && !in_rows() }, 60);
note("$kills kills");
is(answers(), $before, 'after kills the same');
($differ, %from) = receipts();
is($differ, 0, 'receipts are equal');
is(join(' ', sort keys %from), 'sealed days', 'of what is sealed alone');
is(seen(), $seen, 'as many were seen');
is(tables('all'), $tables, 'and exported');
is(behind(\%march), $rows, 'and are behind a number');

# ---- what would need rows ----

my ($status, undef, $err) = $agent->import_lines('a.example',
    {kind => 'pageview', visitor => 'x', path => '/x', at => at(86_400 *
    $middle)});
like($err, qr/line 1: the rows of days up to 2026-03-16 \(UTC\) were let go/,
    'an import into such days');
($status, undef, $err) = $agent->glinto('site', 'move', 'a.example',
    '--account', 'two');
like("$status $err", qr/^1 .*rows of old days of this site were let go/,
    'a move');
my $late = $world->segment(wall_ms => 86_400_000 * $middle);
$late->event(site => 'a.example', visitor => 99, path => '/late',
    at_ms => 86_400_000 * $middle + 5);
$late->close;
$t->soon('a late event is left out, and counted as such', sub {
    $world->dropped('rows_let_go', 'a') == 1 }, 20);
is(answers(), $before, 'and changes nothing');

# ---- words, a backup, damage ----

$agent->glinto('site', 'remove', 'b.example', '--yes');
$t->soon('words of another site go', sub {
    !$store->value($file, q{SELECT count(*) FROM paths
        WHERE text = '/b-alone'}) }, 30);
is(answers(), $before, 'those of such days stay');
$agent->glinto('backup', $t->path('copy'));
is($store->value($t->path('copy/acct/') . ($file =~ m{([^/]+)$})[0],
    'SELECT count(*) FROM let_go'), 0 + @dates + 1, 'a backup has them');
$agent->stop;
my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '', {RaiseError => 1});
$db->do('UPDATE sealed_pieces SET bytes = zeroblob(length(bytes)) WHERE
    day = ' . utc_day($dates[3]));
$db->disconnect;
$agent->start;
like(answers(), qr/^50\d .*a day whose rows were let go cannot be read/m,
    'a damaged one is told, and nothing made up');
$t->done;
