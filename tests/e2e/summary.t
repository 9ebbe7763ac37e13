# Promise: the summary of a week says what changed and what caused it, in each
# language, and every number in it is a receipt: the engine, asked its
# question, has the same number; what is made of other numbers is made of them.
# There is no other number in a sentence.  A week that is not over, or none, is
# refused.
#
# Method: made visits of eleven weeks by seed (SEED=N for the same again), in a
# zone that changed its clocks; in the last week a campaign begins, and on its
# Thursday nothing is counted for half a day.

use strict;
use warnings;
use utf8;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

my $SEED = $ENV{SEED} // 14;
srand $SEED;
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'young', 'none']);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;
my $DAY_S = 86_400;
# the Monday, 00:00 UTC, of the week before the last one: so it stays over
my $MONDAY_S = do {
    my $days = int(time / $DAY_S);
    ($days - ($days + 3) % 7 - 14) * $DAY_S;
};

sub date { POSIX::strftime('%Y-%m-%d', gmtime $_[0]) }
my $WEEK = POSIX::strftime('%G-W%V', gmtime $MONDAY_S);

$agent->glinto('site', 'set', $_, 'timezone', 'Europe/Berlin')
    for qw(a.example young.example);
$agent->glinto('goal', 'add', 'a.example', '--event', 'Signup');

# ---- visits ----

my $n = 0;
sub visit {
    my ($at_s, %facts) = @_;
    my $of = POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $at_s);
    my %line = (visitor => 'v' . $n++, at => $of, path => '/',
        country => (qw(DE DE FR IT))[rand 4],
        source => (qw(Google Google Bing ChatGPT))[rand 4], %facts);
    my @lines = {%line, kind => 'pageview'};
    push @lines, {%line, kind => 'event', name => 'Signup'} if rand() < .1;
    return @lines;
}
sub week {
    my ($ago, $visitors, %but) = @_;
    my @lines;
    for (1 .. $visitors) {
        my $at_s = $MONDAY_S - 7 * $DAY_S * $ago + int rand 7 * $DAY_S;
        my $of_week_s = $at_s - $MONDAY_S;
        next if $but{hole} && $of_week_s >= 3 * $DAY_S + 6 * 3600
            && $of_week_s < 3 * $DAY_S + 18 * 3600;
        push @lines, visit($at_s);
    }
    return @lines;
}
# enough for each half day to have twenty
my @lines = map { week($_, 560 + int rand 40) } 1 .. 10;
push @lines, week(0, 600, hole => 1);
push @lines, map { visit($MONDAY_S + int rand 2.5 * $DAY_S,
    utm_campaign => 'spring <b>', source => 'newsletter', path => '/offer') }
    1 .. 300;
is(($agent->import_lines('a.example', @lines))[0], 0, 'imported');
is(($agent->import_lines('young.example', week(0, 30), week(1, 30)))[0], 0,
    'imported');

# Bots, as ingest stores them: one that comes more often in the last week.
$agent->stop;
my $db = DBI->connect('dbi:SQLite:' . $world->file('a.example'), '', '',
    {RaiseError => 1, AutoCommit => 0});
my ($site) = $db->selectrow_array('SELECT min(site) FROM events');
my $insert = $db->prepare('INSERT INTO bots (site, day, reason, family, page, '
    . "operator, kind, n) VALUES (?, ?, 'bot_agent', ?, '', '', ?, ?)");
for my $day (-63 .. 6) {
    my $date = $MONDAY_S / $DAY_S + $day;
    $insert->execute($site, $date, 'GPTBot', 'ai-crawler', 20 + int rand 5);
    $insert->execute($site, $date, 'Googlebot', 'search-engine',
        $day >= 0 ? 900 : 30 + int rand 9);
}
# Visitors that nginx served pages to: eight a day block scripts, in the last
# week twenty; two more leave no evidence.
$insert = $db->prepare('INSERT INTO served_visitors (site, day, visitor, views,
    told, has) VALUES (?, ?, ?, ?, 0, ?)');
for my $day (-63 .. 6) {
    my $blocks = $day >= 0 ? 20 : 8;
    my @has = ((7) x 30, (3) x $blocks, 1, 2);
    $insert->execute($site, $MONDAY_S / $DAY_S + $day, 1 + $_, 2, $has[$_])
        for 0 .. $#has;
    $insert->execute($site, $MONDAY_S / $DAY_S + $day, 99, 0, 4);
}
$db->commit;
$db->disconnect;
$agent->start;

# ---- asked ----

sub summary {
    my ($status, $out) = $agent->glinto('summary', '--json', @_);
    return $status == 0 ? $json->decode($out) : undef;
}
sub kinds {
    my ($told) = @_;
    return map { $_->{kind} } grep { !$_->{goes_on} } @{$told->{sentences}};
}
sub texts {
    my ($told, $kind) = @_;
    return join ' ', map { $_->{text} }
        grep { $_->{kind} eq $kind } @{$told->{sentences}};
}

my $told = summary('--site', 'a.example', '--week', $WEEK)
    or $t->fail('no summary');
is($told->{first}, date($MONDAY_S), 'from Monday on');
is($told->{weeks_before}, 8, 'beside eight weeks');
like(texts($told, 'cause'), qr/^The campaign spring <b> is new and brought 300 /,
    'the campaign is the cause');
like(texts($told, 'cause'), qr{source newsletter: 300, .*page /offer: 300, },
    'with its source and its page');
like(texts($told, 'hole'), qr/^Nothing was counted from /, 'the hole');
like(texts($told, 'goal'), qr/^Goal Signup: reached by \d+ visitors, usually /,
    'the goal');
like(texts($told, 'ai'), qr/^\d+ visitors came through AI assistants/,
    'assistants');
like(texts($told, 'ai'), qr/Programs that read for .* came \d+ times, usual/,
    'programs');
like(texts($told, 'blocked'), qr/^140 of 364 visitors .* 38%; usually it is 56\./,
    'who blocks scripts');
like(texts($told, 'bots'), qr/Googlebot came more often than usual: 6,300, usually /,
    'the bot that came more often');
is(scalar(grep { $_ eq 'suggestion' } kinds($told)), 1, 'one suggestion');

# ---- receipts ----

sub query {
    my ($query) = @_;
    my $reply = $agent->admin('POST', '/v1/query',
        $json->encode({query => $query}));
    return $json->decode($reply->{body})->{results};
}
sub asked {
    my ($fact) = @_;
    my @rows = grep {
        my $at = $_->{dimensions}[0];
        defined $fact->{from} ? $at ge $fact->{from} && $at lt $fact->{to}
            : $json->encode($_->{dimensions}) eq $json->encode($fact->{row});
    } @{query($fact->{query})};
    my $sum = 0;
    $sum += $_->{metrics}[0] for @rows;
    return $sum;
}
sub bots {
    my ($of) = @_;
    my $sum = 0;
    for my $row (@{$agent->json('site', 'bots', 'a.example', '--days', '120')
        ->{bots}}) {
        $sum += $row->{n} if $row->{day} ge $of->{first}
            && $row->{day} le $of->{last}
            && $row->{bot} eq ($of->{bot} // $row->{bot})
            && $row->{kind} eq ($of->{kind} // $row->{kind});
    }
    return $sum;
}
sub served {
    my ($of) = @_;
    my $sum = 0;
    for my $day (@{$agent->json('site', 'served', 'a.example', '--days', '120')
        ->{by_day}}) {
        $sum += $day->{visitors}{$of->{who}} if $day->{day} ge $of->{first}
            && $day->{day} le $of->{last};
    }
    return $sum;
}
sub half_up { POSIX::floor($_[0] + .5) }
sub made {
    my ($fact, $facts) = @_;
    my @of = map { $facts->[$_]{value} } @{$fact->{facts}};
    my @sorted = sort { $a <=> $b } @of;
    my %made = (
        median => sub { half_up(($sorted[$#of / 2] + $sorted[@of / 2]) / 2) },
        percent => sub { half_up(100 * abs($of[0] - $of[1]) / $of[1]) },
        share => sub { half_up(100 * $of[0] / $of[1]) },
        difference => sub { $of[0] - $of[1] });
    return $made{$fact->{of}}->();
}
# How many facts are not what they say.
sub wrong {
    my ($told) = @_;
    my $wrong = 0;
    for my $fact (@{$told->{facts}}) {
        my $again = $fact->{of} ? made($fact, $told->{facts})
            : $fact->{bots} ? bots($fact->{bots})
            : $fact->{served} ? served($fact->{served}) : asked($fact);
        next if $again == $fact->{value};
        diag($json->encode($fact), " $again");
        $wrong++;
    }
    return $wrong;
}
# Sentences with a number that has no receipt, or another one.
sub loose {
    my ($told) = @_;
    my @loose;
    for my $one (@{$told->{sentences}}) {
        my @pieces = @{$one->{pieces}};
        push @loose, $one->{text}
            if $one->{text} ne join '', map { $_->{text} } @pieces;
        for my $piece (@pieces) {
            next if defined $piece->{name} || defined $piece->{date};
            my $value = $piece->{text} =~ s/\D//gr;
            push @loose, $one->{text} if $value ne (defined $piece->{fact}
                ? $told->{facts}[$piece->{fact}]{value} : '');
        }
    }
    return @loose;
}
cmp_ok(scalar @{$told->{facts}}, '>', 50, 'many facts');
is(wrong($told), 0, 'the engine has the same numbers');
is_deeply([loose($told)], [], 'no number without a receipt');
for my $language (qw(de es fr it nl)) {
    my $other = summary('--site', 'a.example', '--week', $WEEK, '--language',
        $language);
    is_deeply([loose($other)], [], "nor in $language");
    is_deeply($other->{facts}, $told->{facts}, 'of the same facts');
    isnt($other->{method}, $told->{method}, 'in other words');
}
my ($fact) = grep { $_->{query} && @{$_->{row} // []} } @{$told->{facts}};
my $reply = $agent->admin('POST', '/v1/receipt',
    $json->encode({query => $fact->{query}}));
ok($json->decode($reply->{body})->{meta}{receipt}{equal},
    'counted again from the rows: equal');

# ---- a week without anything, a young site, one without events ----

my $quiet = summary('--site', 'a.example', '--week',
    POSIX::strftime('%G-W%V', gmtime $MONDAY_S - 7 * $DAY_S));
is_deeply([grep { /^(?:cause|hole)$/ } kinds($quiet)], [],
    'the week before has no cause');
like(texts($quiet, 'visitors'), qr/about as many as in a usual week/,
    'and is as usual');
is(wrong($quiet), 0, 'its receipts');
my $young = summary('--site', 'young.example', '--week', $WEEK);
like(texts($young, 'visitors'), qr/too few weeks before/, 'a young site');
like(texts($young, 'suggestion'), qr/define a goal/, 'has no goal yet');
is_deeply([loose($young)], [], 'its receipts');
is(texts(summary('--site', 'none.example'), 'visitors'), 'Nobody came.',
    'a site without events');

# ---- a site whose page begins with pages served ----

$agent->glinto(qw(site set a.example count server));
my $first = summary('--site', 'a.example', '--week', $WEEK);
is((kinds($first))[0], 'served', 'a week of such a site begins with them');
like(texts($first, 'served'), qr/^Pages were served to 364 visitors: /,
    'as many as who may block scripts');
is_deeply([loose($first), wrong($first)], [0], 'its receipts');
$agent->glinto(qw(site set a.example count script));

# ---- as a page ----

sub page {
    my ($query, %headers) = @_;
    return $agent->dashboard('GET', "/glinto/a.example/summary$query", undef,
        \%headers);
}
my $page = page("?week=$WEEK");
is($page->{status}, 200, 'a page');
my $of = join '&amp;', 'period=custom', 'from=' . date($MONDAY_S), 'to='
    . date($MONDAY_S + 6 * $DAY_S), 'f=is,visit:utm_campaign,spring%20%3Cb%3E';
like($page->{body}, qr{<b>spring &lt;b&gt;</b> is new and brought },
    'its name is a text');
like($page->{body}, qr{<a href="/glinto/a\.example\?\Q$of\E">300</a>},
    'a number leads to what it is of');
like($page->{body}, qr{summary\?week=\d{4}-W\d\d" aria-label="Later"},
    'and on to the next week');
like(page("?week=$WEEK&lang=de")->{body}, qr{>Die Woche in Worten<|Die Woche},
    'in German');
my ($link) = $page->{body} =~ m{href="/glinto/a\.example(\?[^"]*utm_c[^"]*)"};
like($agent->shown('/glinto/a.example' . $link =~ s/&amp;/&/gr)->{body},
    qr{data-metric="visitors".*?>300<}s, 'which has that number');
is(page('?week=2026-W99')->{status}, 400, 'no such week');
like($page->{body}, qr/Usual is the median of the weeks before.*(?#
    )median absolute deviation/s, 'and by which method');

# ---- as text; refused ----

my ($status, $out) = $agent->glinto('summary', '--site', 'a.example',
    '--week', $WEEK);
like($out, qr/\Aa\.example, $WEEK, .*\n\n- \d/, 'as text');
is(scalar(grep { length > 79 } split /\n/, $out), 0, 'in lines');
for ([qw(--week 2026-47)], [qw(--week 2026-W54)], [qw(--week 9998-W01)],
    ['--week', POSIX::strftime('%G-W%V', gmtime time + 2 * $DAY_S)], [qw(--language xx)]) {
    is(($agent->glinto('summary', '--site', 'a.example', @$_))[0], 2,
        "refused: @$_");
}
is(($agent->glinto('summary', '--site', 'no.example'))[0], 1, 'no such site');
is(($agent->glinto('summary'))[0], 2, 'no site');

$t->done;
