# Promise: conversions, revenue, time on page, scroll depth and exit rates are
# counted again from the rows, too, for any question by goals or filtered by
# them: equal; where a row is not what was counted, its number is told.  The
# rows behind a goal are those that reached it.
#
# Method: made events by seed, of visits over midnight, pages seen twice and
# engagement of all kinds; random questions.  Then one row after the other is
# changed behind glintod's back.  QUESTIONS=N for more, SEED=N for the same.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

my $QUESTIONS = $ENV{QUESTIONS} // 60;
my $SEED = $ENV{SEED} // int rand 1e9;
srand $SEED;
my $t = Glinto::Test->new(limit_s => 120 + $QUESTIONS);
diag("SEED=$SEED");
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;
$agent->glinto('site', 'set', 'a.example', 'refresh_window', '120');

sub pick { return $_[int rand @_] }
sub some {
    my %seen;
    return grep { !$seen{$_}++ } map { pick(@_) } 0 .. rand 3;
}

# ---- events ----

my $FIRST_MS = 1_793_232_000_000; # 2026-10-29
my @DAYS = map { sprintf '2026-%02d-%02d', @$_ } [10, 29], [10, 30], [10, 31],
    [11, 1];
my @PATHS = qw(/ /a /b /a/b /blog/x);
my @lines;
sub add {
    my ($at_ms, %line) = @_;
    push @lines, {%line, at => POSIX::strftime('%Y-%m-%dT%H:%M:%S',
        gmtime int $at_ms / 1000) . sprintf '.%03dZ', $at_ms % 1000};
}
sub engagement {
    my ($at_ms, %line) = @_;
    my $what = pick(1, 2, 3);
    add($at_ms + pick(0, 1, int rand 60_000), %line, kind => 'engagement',
        rand() < .1 ? (host => 'other.example') : (),
        $what & 1 ? (scroll_depth => int rand 101) : (),
        $what & 2 ? (engagement_ms => 1 + int rand 30_000) : ());
}
sub visit {
    my ($at_ms, %facts) = @_;
    for (1 .. 1 + rand 5) {
        my %line = (%facts, path => pick(@PATHS));
        add($at_ms, %line, kind => 'pageview');
        engagement($at_ms, %line) for 1 .. rand 3;
        add($at_ms + pick(0, 60_000), %line, kind => 'event',
            name => pick(qw(Signup Buy)),
            props => {plan => pick(qw(pro free))},
            rand() < .5 ? (revenue => {currency => pick(qw(EUR USD)), amount =>
                pick('0.0005', '-3', sprintf '%.2f', rand 50)}) : ())
            if rand() < .5;
        $at_ms += pick(1000, 61_000 + int rand 600_000);
    }
}
for my $who (1 .. 80) {
    my %facts = (visitor => "v$who", country => pick(qw(DE FR)),
        browser => pick(qw(A B)));
    my $at_ms = $FIRST_MS + int rand 2 * 86_400_000;
    for (0 .. rand 3) {
        $at_ms = 86_400_000 * (1 + int $at_ms / 86_400_000)
            - int rand 1_800_000 if rand() < .2; # soon it is midnight
        visit($at_ms, %facts);
        $at_ms += 8_000_000 + int rand 30_000_000;
    }
}
spew($t->path('lines'), join '', map { $json->encode($_) . "\n" } @lines);
is(($agent->glinto('import', '--site', 'a.example', '--format', 'events',
    $t->path('lines')))[0], 0, 'imported');
my @goals = (['--event', 'Signup'], ['--event', 'Buy', '--currency', 'EUR'],
    ['--event', 'Buy', '--props', 'plan=pro', '--currency', 'USD', '--name',
    'Pro'], ['--page', '/a*'], ['--page', '**b', '--scroll', 60],
    ['--page', '/', '--scroll', 1], ['--page', '/none']);
$agent->glinto('goal', 'add', 'a.example', @$_) for @goals;
my @GOALS = ('Signup', 'Buy', 'Pro', 'Visit /a*', 'Scroll 60% on **b',
    'Scroll 1% on /', 'Visit /none');

# ---- questions ----

my %VALUES = ('visit:country' => ['DE'], 'visit:browser' => ['A'],
    'event:page' => [@PATHS[0 .. 2]], 'event:props:plan' => ['pro'],
    'visit:entry_page' => ['/', '/b'], 'event:goal' => \@GOALS);
sub leaf {
    my $by = pick(@_);
    return [pick('is', 'is_not'), $by, [some(@{$VALUES{$by}})]]
        if $by ne 'event:goal';
    return pick(['is', $by, [some(@GOALS)]], ['has_done', ['is', $by,
        [pick(@GOALS)]]], ['not', ['has_done', ['is', $by, [pick(@GOALS)]]]]);
}
my @OF_EVENTS = qw(visitors visits pageviews events);
my @MONEY = qw(total_revenue average_revenue);
my @OF_VISITS = qw(bounce_rate visit_duration views_per_visit);
my @BY_VISIT = qw(visit:country visit:entry_page time:day);
my %kinds = ( # metrics, dimensions, filters
    goals => sub { ([some(@OF_EVENTS, @MONEY), 'conversions', 'conversion_rate',
        'group_conversion_rate'], ['event:goal', some(@BY_VISIT,
        'event:props:plan')], [map { leaf(keys %VALUES) } 1 .. rand 2]) },
    goal => sub { ([some(@OF_EVENTS, @MONEY, @OF_VISITS), 'conversion_rate'],
        [some(@BY_VISIT, 'event:page')], [['is', 'event:goal',
        [some(@GOALS)]], map { leaf(keys %VALUES) } 1 .. rand 2]) },
    pages => sub { (['time_on_page', 'scroll_depth', some('visitors')],
        ['event:page', some(@BY_VISIT)], [map { leaf(keys %VALUES) }
        1 .. rand 3]) },
    page => sub { (['scroll_depth', 'time_on_page'], [some(@BY_VISIT)],
        [['is', 'event:page', [some(@PATHS)]], map { leaf(keys %VALUES) }
        1 .. rand 2]) },
    exits => sub { (['exit_rate', some('visits', 'visitors')],
        ['visit:exit_page'], [map { leaf('visit:country', 'visit:entry_page') }
        1 .. rand 2]) },
    visits => sub { ([some('visits', @OF_VISITS)], [some(@BY_VISIT)], []) });
sub range {
    my ($from, $to) = sort { $a <=> $b } int rand @DAYS, int rand @DAYS;
    return [@DAYS[$from, $to]] if rand() < .7;
    return ["$DAYS[$from]T00:05:00Z", "$DAYS[$to]T23:55:00Z"];
}
sub query {
    my ($kind) = @_;
    my ($metrics, $by, $filters) = $kinds{$kind}->();
    my %seen;
    return {site_id => 'a.example', date_range => range(), dimensions => $by,
        metrics => [grep { !$seen{$_}++ } @$metrics], filters => $filters,
        rand() < .2 ? (include => {comparisons => {mode => 'custom',
            date_range => range()}}) : ()};
}
sub receipt {
    my ($query) = @_;
    my $reply = $agent->admin('POST', '/v1/receipt',
        $json->encode({query => $query}));
    my $answer = $json->decode($reply->{body});
    return ($answer->{meta}{receipt} // $answer, $answer);
}
my ($differ, %numbers) = (0);
for my $try (1 .. $QUESTIONS) {
    my $kind = (sort keys %kinds)[$try % keys %kinds];
    my $query = query($kind);
    my ($receipt) = receipt($query);
    $numbers{$kind} += $receipt->{numbers} // 0;
    next if $receipt->{equal};
    $differ++ < 2 or next;
    diag($json->encode($query), "\n", $json->encode($receipt));
}
is($differ, 0, "$QUESTIONS receipts: all equal");
cmp_ok($numbers{$_}, '>', $QUESTIONS / keys %kinds, "$_: of many numbers")
    for sort keys %kinds;

# ---- rows ----

sub rows {
    my ($query, @args) = @_;
    spew($t->path('q'), $json->encode($query));
    return map { $json->decode($_) } split /\n/,
        ($agent->glinto('rows', @args, $t->path('q')))[1];
}
my %all = (site_id => 'a.example', date_range => [@DAYS[0, -1]],
    metrics => ['events', 'total_revenue']);
my $buy = {%all, filters => [['is', 'event:goal', ['Buy']]]};
my ($events, $brought) = @{(receipt($buy))[1]{results}[0]{metrics}};
my @bought = rows($buy);
is(scalar @bought, $events, "$events events reached the goal, as many rows");
is(sprintf('%.2f', eval { my $sum = 0; $sum += POSIX::floor(1000
    * $_->{amount} + .5) for grep { ($_->{currency} // '') eq 'EUR' } @bought;
    $sum / 1000 }), sprintf('%.2f', $brought->{value}), 'with what they brought');
my $goals = {%all, dimensions => ['event:goal'], filters => [['is',
    'event:goal', ['Pro', 'Scroll 60% on **b']]]};
is(scalar(grep { $_->{'event:name'} eq 'Buy' ? $_->{props}{plan} ne 'pro'
    : $_->{'event:name'} ne 'pageview' || $_->{'event:page'} !~ /b$/ }
    rows($goals)), 0, 'by goal: those that reached one');
my ($sum) = 0;
$sum += $_->{metrics}[0] for @{(receipt($goals))[1]{results}};
is(scalar(rows($goals)), $sum, "$sum of them");
cmp_ok(scalar(rows({%all, dimensions => ['event:goal']})), '<',
    scalar(rows(\%all)), 'fewer than all events');

# ---- one row after the other is changed ----

sub changed { # QUERY, SQL, AND BACK
    my ($query, $sql, $back, $what) = @_;
    my $db = DBI->connect('dbi:SQLite:dbname=' . $world->file('a'), '', '',
        {RaiseError => 1});
    ok((receipt($query))[0]{equal}, "$what: equal");
    $db->do($sql);
    my ($receipt) = receipt($query);
    ok($receipt->{numbers} && !$receipt->{equal}, "$what: not any more");
    $db->do($back);
    $db->disconnect;
}
my $paid = "WHERE currency = 'EUR' AND amount > 1";
changed($buy, "UPDATE events SET amount = amount + 1 $paid",
    "UPDATE events SET amount = amount - 1 $paid", 'revenue');
my $pages = {%all, metrics => ['time_on_page', 'scroll_depth'],
    dimensions => ['event:page']};
changed($pages, 'UPDATE events SET engagement = engagement + 5000',
    'UPDATE events SET engagement = engagement - 5000', 'time on page');
changed($pages, 'UPDATE events SET scroll_depth = scroll_depth + 9',
    'UPDATE events SET scroll_depth = scroll_depth - 9', 'scroll depth');
changed({%all, metrics => ['exit_rate'], dimensions => ['visit:exit_page']},
    'UPDATE events SET kind = 9 WHERE id = 1', 'UPDATE events SET kind = 1
    WHERE id = 1', 'exit rate');
changed({%all, metrics => ['conversion_rate'], dimensions => ['event:goal']},
    'UPDATE events SET kind = 9 WHERE kind = 2', 'UPDATE events SET kind = 2
    WHERE kind = 9', 'conversion rate');
spew($t->path('q'), $json->encode($buy));
my ($status, $out) = $agent->glinto('query', '--receipt', $t->path('q'));
is($status, 0, 'the command, too');
like($out, qr/^Recounted from \d+ rows: 2 numbers, equal\.$/m, 'says so');
$t->done;
