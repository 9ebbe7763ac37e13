# Promise: filters kept for a site under a name stand for themselves in every
# question, alone, several and within others; notes of what happened on a day
# are kept, too; what is neither is refused with a sentence.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'b']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;

my $n = 0;
my @events = map {
    my ($country, $browser, @paths) = @$_;
    $n++;
    map { +{kind => 'pageview', visitor => "v$n", path => $_,
        country => $country, browser => $browser,
        at => '2026-05-04T10:00:00Z'} } @paths;
} ['DE', 'A', '/', '/buy'], ['DE', 'B', '/'], ['FR', 'A', '/'],
    ['FR', 'B', '/', '/buy'], ['AT', 'A', '/buy'];
is(($agent->import_lines('a.example', @events))[0], 0, 'imported');
$agent->glinto('goal', 'add', 'a.example', '--page', '/buy', '--name', 'Buy');

sub said {
    my ($noun, @words) = @_;
    my ($status, $out, $err) = $agent->glinto($noun, @words);
    return "$status|$out$err";
}
sub keep {
    my ($name, $filters) = @_;
    return said('segment', 'add', 'a.example', '--name', $name, '--filters',
        ref $filters ? $json->encode($filters) : $filters);
}
my @german = (['is', 'visit:country', ['DE', 'AT']]);
my @a = (['is', 'visit:browser', ['A']], ['is_not', 'visit:country', ['AT']]);
my @buyers = (['is', 'event:goal', ['Buy']]);
is(said('segment', 'list', 'a.example'), "0|There is no segment yet.\n", 'none');
is(keep('German', \@german), qq(0|segment "German" added, id 2\n), 'one');
is(keep('A', \@a), qq(0|segment "A" added, id 3\n), 'two');
is(keep('Buyers', \@buyers), qq(0|segment "Buyers" added, id 4\n), 'three');
like(said('segment', 'list', 'a.example'), qr/^ 3  A +20/m, 'the list');

sub results {
    my (@filters) = @_;
    my ($status, $answer) = $agent->query({site_id => 'a.example',
        metrics => ['visitors', 'pageviews'],
        date_range => ['2026-05-04', '2026-05-04'], filters => \@filters});
    return $answer->{error} ? "$status $answer->{error}"
        : "@{$answer->{results}[0]{metrics}}";
}
sub segment { return ['is', 'segment', [@_]] }
is(results(segment(2)), '3 4', 'one is asked about');
is(results(segment(2)), results(@german), 'as its filters are');
is(results(segment(3)), results(@a), 'two filters');
is(results(segment(4)), results(@buyers), 'a goal');
is(results(segment(2, 3)), results(['or', [@german, ['and', \@a]]]),
    'one or the other');
is(results(segment(2), segment(3)), results(@german, @a), 'both');
is(results(['not', segment(3)]), results(['not', ['and', \@a]]), 'not one');
is(results(['or', [segment(3), ['is', 'event:page', ['/buy']]]]),
    results(['or', [['and', \@a], ['is', 'event:page', ['/buy']]]]), 'within');

like(results(segment(9)), qr/^400 .*no such segment/, 'none of that id');
like(results(segment('German')), qr/^400 .*no such segment/, 'a name');
like(results(['is_not', 'segment', [2]]), qr/^400 .*a segment is/, 'is not');
like(results(['is', 'segment']), qr/^400 .*a segment is/, 'no id');
for (['no filter "x"', '[["x"]]'], ['a list', 'x'], ['some', '[]'],
    ['event:goal', [['not', $buyers[0]]]], ['segment', [segment(2)]]) {
    my ($what, $filters) = @$_;
    like(keep('bad', $filters), qr/^2\|glinto: "filters"/, "refused: $what");
}
like(keep('', \@a), qr/^2\|glinto: "name"/, 'no name');
like(keep('A', \@a), qr/^1\|.*already/, 'a name that is taken');
is(said('segment', 'remove', 'a.example', 3), "0|segment 3 removed\n", 'removed');
like(results(segment(3)), qr/^400 .*no such segment/, 'and gone');

# ---- annotations ----

sub dated { return said('annotation', @_) }
is(dated('add', 'a.example', '--date', '2026-05-04', '--text', 'new prices'),
    "0|annotation of 2026-05-04 added, id 5\n", 'a note');
is(dated('add', 'a.example', '--date', '2026-05-05', '--text', 'new prices'),
    "0|annotation of 2026-05-05 added, id 6\n", 'the same another day');
is(dated('list', 'a.example'), <<'END', 'the list');
0|ID  DATE        TEXT
 5  2026-05-04  new prices
 6  2026-05-05  new prices
END
like(dated('add', 'a.example', '--date', '2026-02-30', '--text', 'x'),
    qr/^2\|.*"date" is a date/, 'no date');
like(dated('add', 'a.example', '--date', '2026-02-03', '--text', ''),
    qr/^2\|.*"text" has/, 'no text');
is(dated('remove', 'a.example', 5), "0|annotation 5 removed\n", 'removed');
like(dated('remove', 'b.example', 6), qr/^1\|.*no annotation/, "another's");
like(said('segment', 'remove', 'a.example', 6), qr/^1\|.*no segment/,
    'nor is it a segment');
$agent->glinto('site', 'remove', 'a.example', '--yes');
is($world->store->value($world->store->meta,
    'SELECT count(*) FROM definitions'), 0, 'all goes with the site');
$t->done;
