# Promise: a receipt says how many events were seen, stored, left out and taken
# for bots, and each number of an answer counted again from the rows: equal,
# for any question; where it is not, it says so, in red, and exits with 1.  One
# of an account at a time, none for nobody.  The rows behind a number are as
# many as the number.
#
# Method: random questions by seed; one row changed behind glintod's back.
# QUESTIONS=N for more, SEED=N for the same again.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Questions;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::HiRes ();

my $QUESTIONS = $ENV{QUESTIONS} // 60;
my $SEED = $ENV{SEED} // int(rand 1e9);
my $began = Time::HiRes::time();
srand $SEED;
my $t = Glinto::Test->new(limit_s => 120 + $QUESTIONS)->one_day;
diag("SEED=$SEED");
my $world = Glinto::World->new($t, sites => ['a', 'quiet', ['b', 'other']]);
my ($agent, $store) = ($world->agent, $world->store);
my $json = JSON::PP->new->canonical->utf8;
$agent->glinto('site', 'set', 'a.example', 'timezone', 'Europe/Berlin');
$agent->glinto('site', 'set', 'a.example', 'refresh_window', '300');

$agent->import_lines('a.example', map { lines("v$_") } 1 .. 120);
$agent->import_lines('b.example', map { lines("v$_") } 1 .. 5);

sub post {
    my ($path, $args) = @_;
    my $reply = $agent->admin('POST', "/v1/$path", $json->encode($args));
    return ($reply->{status}, $json->decode($reply->{body}));
}
sub receipt {
    my ($query) = @_;
    my ($status, $answer) = post('receipt', {query => $query});
    diag($json->encode($query), ' ', $json->encode($answer))
        if $status != 200;
    return ($answer->{meta}{receipt}, $answer);
}

# ---- any question ----

my ($differ, $numbers) = (0, 0);
for (1 .. $QUESTIONS) {
    my $query = query('a.example', rand() < .2 ? (include => {comparisons =>
        {mode => 'custom', date_range => range()}}) : ());
    my ($receipt, $answer) = receipt($query);
    my @other = grep { $json->encode($_->{metrics})
        ne $json->encode($_->{recounted}) } @{$answer->{results}};
    $numbers += $receipt->{numbers} // 0;
    next if $receipt->{equal} && !@other;
    $differ++ < 2 or next;
    diag($json->encode($query), "\n", $json->encode($receipt));
}
is($differ, 0, "$QUESTIONS receipts: all equal");
cmp_ok($numbers, '>', 5 * $QUESTIONS, 'of many numbers');
printf "# RECEIPT1 %d %d %.1f %s\n", $QUESTIONS, $differ,
    Time::HiRes::time() - $began, $SEED;

# ---- known by hand ----

my $day_ms = 1000 * 86400 * int(time / 86400);
my $now_ms = int(1000 * time);
my $at_ms = $now_ms - 60_000 > $day_ms ? $now_ms - 60_000 : $day_ms;
my $segment = $world->segment(wall_ms => $at_ms);
my %of = (site => 'quiet.example', at_ms => $at_ms);
$segment->event(%of, visitor => 1, path => '/');
$segment->event(%of, visitor => 2, path => '/b');
$segment->event(%of, visitor => 2, kind => 2, name => 'signup');
$segment->event(%of, visitor => 3, path => '/', agent =>
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)');
$segment->counts(['quiet.example', 'prefetch', 4]);
$segment->close;
$world->empty('live events are rows');
my $date = substr POSIX::strftime('%F', gmtime $at_ms / 1000), 0, 10;
my %quiet = (site_id => 'quiet.example', date_range => [$date, $date],
    metrics => ['visitors', 'events']);
my ($told, $answer) = receipt({%quiet});
is($json->encode([@$told{qw(equal numbers seen stored dropped bots)}]),
    $json->encode([JSON::PP::true, 2, 8, 3, {prefetch => 4},
    {bot_agent => 1}]), 'what was seen is told');
is($json->encode($told->{stored_as}), $json->encode({pageviews => 2,
    refreshes => 0, events => 1, engagement => 0, served => 0}),
    'and as what it was stored');
is($json->encode($answer->{results}), $json->encode([{metrics => [2, 3],
    recounted => [2, 3], dimensions => []}]), 'beside the number');
is($told->{recounted_from}, 'rows', 'from what');

# ---- the API ----

my $token = $agent->json('token', 'create')->{token};
sub api {
    my ($more) = @_;
    my $reply = $agent->dashboard('POST', '/api/v2/query', $json->encode(
        {%quiet, %$more}), {Authorization => "Bearer $token"});
    return ($reply->{status}, $json->decode($reply->{body}));
}
my ($status, $body) = api({include => {receipt => JSON::PP::true}});
is("$status $body->{meta}{receipt}{seen} $body->{results}[0]{recounted}[1]",
    '200 8 3', 'the API has it, too');
is((api({site_id => 'b.example', include => {receipt => JSON::PP::true}}))[0],
    404, 'not of another account');
(undef, $body) = api({include => {receipt => JSON::PP::false}});
ok(!$body->{meta}{receipt}, 'when it is asked for');

# ---- rows ----

my %march = (site_id => 'a.example', date_range => [(days())[0, -1]],
    metrics => ['events', 'visits'], filters => [['is', 'event:name',
    ['signup']], ['is', 'visit:country', ['DE']]]);
my ($events, $visits) = @{(receipt({%march}))[1]{results}[0]{metrics}};
spew($t->path('march'), $json->encode(\%march));
my @rows = map { $json->decode($_) } split /\n/,
    $agent->glinto('rows', $t->path('march'));
is(scalar @rows, $events, "$events events, and as many rows");
is(scalar(grep { $_->{'event:name'} ne 'signup'
    || $_->{'visit:country'} ne 'DE' || $_->{props}{plan} !~ /pro|free/
    || $_->{time} !~ /^2026-03-\d\dT\d\d:\d\d:\d\d\+01:00$/ } @rows), 0,
    'with what was asked for, in the site\'s time');
is(join(' ', map { $_->{time} } @rows),
    join(' ', sort map { $_->{time} } @rows), 'by time');
my @visits = split /\n/, $agent->glinto('rows', '--visits',
    $t->path('march'));
is(scalar @visits, $visits, "$visits visits, and as many rows");
my @csv = split /\r\n/, $agent->glinto('rows', $t->path('march'), '--format',
    'csv', '--limit', 3);
is(scalar @csv, 4, 'three of them as CSV');
like($csv[0], qr/^"time","visit","visitor","event:page",/, 'with titles');
is(($agent->glinto('rows', $t->path('march'), '--limit', 0))[0], 2,
    'a limit that is none');

# ---- behind the numbers of a page ----

$agent->glinto('site', 'set', 'quiet.example', 'public', 'yes');
sub behind {
    my ($query, %headers) = @_;
    return $agent->dashboard('GET', "/glinto/quiet.example/receipt?$query",
        undef, \%headers);
}
my $page = 'period=custom&from=' . $date . '&to=' . $date;
is(behind($page)->{status}, 401, 'rows are not public where a page is');
my %may = (Authorization => "Bearer $token");
$body = $json->decode(behind($page, %may)->{body});
ok($body->{meta}{receipt}{equal}, 'the numbers of a page have a receipt');
is("$body->{results}[0]{metrics}[0] $body->{results}[0]{recounted}[0]",
    '2 2', 'its visitors');
is(scalar @{$body->{rows}}, 3, 'and their rows');
$body = $json->decode(behind("$page&f=is,event:page,/b", %may)->{body});
is(join(' ', map { $_->{'event:page'} } @{$body->{rows}}), '/b',
    'of a row of a list those of its link');

# ---- the command ----

spew($t->path('query.json'), $json->encode({%march, dimensions =>
    ['visit:device']}));
($status, my $out) = $agent->glinto('query', '--receipt',
    $t->path('query.json'));
is($status, 0, 'equal: 0');
like($out, qr/^visit:device +events +visits +events recounted +visits recou/,
    'recounted stands beside');
like($out, qr/^Recounted from \d+ rows: \d+ numbers, equal\.$/m, 'equal');
like($out, qr/^  seen +[\d,]+\n  stored +[\d,]+$/m, 'what was seen');

# ---- one row is changed behind glintod's back ----

my $db = DBI->connect('dbi:SQLite:dbname=' . $world->file('a'), '', '',
    {RaiseError => 1});
$db->do("UPDATE events SET visitor = visitor + 1, name = NULL WHERE id =
    (SELECT max(id) FROM events WHERE kind = 2 AND props IS NOT NULL AND
    id IN (SELECT e.id FROM events e JOIN sessions s ON s.visitor = e.visitor
    JOIN places p ON p.code = s.place WHERE p.country = 'DE'))");
$db->disconnect;
($status, $out) = $agent->glinto('query', $t->path('query.json'),
    '--receipt');
is($status, 1, 'not equal: 1');
like($out, qr/^Recounted from \d+ rows: NOT EQUAL$/m, 'it says so');
like($out, qr/^  (?:Desktop|Mobile): \d+ \d+, recounted \d+ \d+$/m, 'and what');
($status, $out) = $agent->glinto('query', $t->path('query.json'),
    '--receipt', '--json');
is("$status " . scalar @{$json->decode($out)->{meta}{receipt}{differences}},
    '1 1', 'with --json, too');
my $red = qx(script -qec "@{[$t->build]}/glinto --socket @{[
    $t->path('admin.sock')]} query --receipt @{[$t->path('query.json')
    ]}" /dev/null);
like($red, qr/\e\[1;31mRecounted from [\d,]+ rows: NOT EQUAL\e\[0m/,
    'in red on a terminal');

# ---- one at a time, while somebody waits ----

sub late { # a visitor whose visits nobody makes again
    my ($sql) = @_;
    my $late = DBI->connect('dbi:SQLite:dbname=' . $world->file('quiet'), '',
        '', {RaiseError => 1});
    $late->do($sql, undef, $store->value($store->meta, "SELECT id FROM sites
        WHERE domain = 'quiet.example'"), $at_ms / 86_400_000);
    $late->disconnect;
}
sub running { return (post('recount/status', {site => 'quiet.example'}))[1]
    {running} }
sub ask { # without waiting for the answer
    my $client = Glinto::Http->connect($t->path('admin.sock'));
    $client->send($client->compose('POST', '/v1/receipt', {},
        $json->encode({query => \%quiet})));
    return $client;
}
late('INSERT INTO late_visitors VALUES (?, CAST(? AS INTEGER), 99)');
my $waits = ask();
$t->soon('a recount waits for late visitors', sub { running() });
is((post('receipt', {query => \%quiet}))[0], 409, 'one of an account');
is((post('receipt', {query => {%march, site_id => 'b.example'}}))[0], 200,
    'another account need not wait');
$waits->close;
$t->soon('who hangs up ends it', sub { !running() });
$waits = ask();
$t->soon('another one', sub { running() });
late('DELETE FROM late_visitors WHERE site = ? AND day = CAST(? AS INTEGER)');
is($waits->response('POST')->{status}, 200, 'goes on when they are counted');
$t->done;
