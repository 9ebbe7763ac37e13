# Promise: a spike, a drop and silence of a site, a quota that is nearly or all
# used up, and a disk that is nearly full are told once from when they begin
# until they end, by mail in the reader's language and by notify_command, also
# when glintod starts again meanwhile.  Beyond a quota events are answered 2xx
# and counted as drops with the reason "quota": each exactly once.
#
# Method: weeks of pageviews are imported, glintod's clock is turned.

use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Mails;
use Glinto::Segment;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

plan skip_all => 'two clocks and a sanitizer cannot both come first'
    if $ENV{GLINTO_SAN};

my $t = Glinto::Test->new;
my $mails = Glinto::Mails->new($t);
my $world = Glinto::World->new($t, conf => $mails->conf(
    'notify_command ' . $t->path('notify')),
    sites => [['a', undef, '--timezone', 'UTC'], ['b', 'other']]);
my $agent = $world->agent;
my $json = JSON::PP->new->utf8;
my %CLOCK = (env => {LD_PRELOAD => $t->build . '/tests/faults/clock.so',
    GLINTO_CLOCK => $t->path('ahead')});
my $HOUR_S = 3600;
my $WEEK_S = 7 * 24 * $HOUR_S;

sub at { $agent->ahead($_[0] - time) }
sub turns { $agent->glinto('status') for 1 .. 3 }
sub held { $world->store->value($world->store->meta,
    'SELECT group_concat(kind) FROM (SELECT kind FROM notices ORDER BY kind)')
    // '' }
# The same of accounts: the site gets no events any more.
sub held_of { join ',', grep { /^(?:events|storage)/ } split /,/, held() }
# What notify_command has been told since it was asked last.
my $heard = 0;
sub heard {
    $mails->run(%CLOCK);
    my @all = map { $json->decode($_) } $mails->told;
    my @new = @all[$heard .. $#all];
    $heard = @all;
    return @new;
}

$agent->glinto('recipient', 'add', 'ann@mail.example', '--site', 'a.example',
    '--language', 'de', '--gets', 'notices');
$agent->glinto('recipient', 'add', 'ops@mail.example');

# ---- a site ----

# 200 pageviews in each hour of five weeks before, and of today
my $now = int(time / $HOUR_S) * $HOUR_S + 10 * $HOUR_S;
# a quota is of a month, which is not to end meanwhile
sub month { (gmtime $_[0])[4] }
$now += 2 * 24 * $HOUR_S if month($now) != month($now + 24 * $HOUR_S);
my $n = 0;
sub views {
    my ($from, $views) = @_;
    return map { {kind => 'pageview', path => '/', visitor => 'v' . $n++,
        at => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ',
            gmtime($from + $_ * int($HOUR_S / ($views + 1))))} } 1 .. $views;
}
at($now - 9 * $HOUR_S + 60);
turns();
my @lines;
for my $week (1 .. 4) {
    push @lines, map { views($now - $week * $WEEK_S + $_ * $HOUR_S, 200) }
        -12 .. 14;
}
push @lines, map { views($now + $_ * $HOUR_S, 200) } -12 .. -2;
at($now - $HOUR_S + 60);
is(($agent->import_lines('a.example', @lines))[0], 0, 'five weeks');
at($now - $HOUR_S + 180);
turns();
is(held(), '', 'as usual: nothing is told');

sub hour {
    my ($views) = @_;
    at($now + 60);
    $agent->import_lines('a.example', views($now - $HOUR_S, $views))
        if $views;
    at($now + 180);
    $now += $HOUR_S;
}
hour(900);
$t->soon('a spike', sub { turns(); held() eq 'spike' }, 20);
my @told = heard();
is(scalar @told, 1, 'notify_command is told once');
is("$told[0]{notice} $told[0]{of} $told[0]{n} $told[0]{usual}",
    'spike a.example 900 200', 'what it is');
like($told[0]{items}[0], qr/there were 900 pageviews; usually it is 200\.$/,
    'in words');
my ($mail) = grep { $_->{to} eq 'ann@mail.example' } $mails->sent;
like($mail->{parts}{plain}, qr/gab es 900 Seitenaufrufe; üblich sind 200\./u
    ? qr/900 Seitenaufrufe/ : qr/900/, 'and by mail, in German');
is(scalar(grep { $_->{to} eq 'ops@mail.example' } $mails->sent), 0,
    'not to who wants those of the machine');
hour(900);
turns();
$agent->kill9;
$agent->start;
turns();
is(scalar heard(), 0, 'not again while it lasts, nor by another life');
hour(200);
$t->soon('it ends', sub { turns(); held() eq '' }, 20);
hour(900);
$t->soon('another one', sub { turns(); held() eq 'spike' }, 20);
is(scalar heard(), 1, 'is told');
hour(50) for 1 .. 2;
hour(50);
$t->soon('a drop', sub { turns(); held() eq 'drop' }, 20);
is((heard())[0]{notice}, 'drop', 'is told');
hour(0);
$t->soon('silence', sub { turns(); held() =~ /no_events/ }, 20);
@told = heard();
is(join(' ', map { $_->{notice} } @told), 'no_events', 'is told');
is($told[0]{usual}, 200, 'with what came before');
hour(200) for 1 .. 3;
$t->soon('all end', sub { turns(); held() eq '' }, 20);

# ---- quotas ----

is(($agent->glinto('account', 'quota', 'other', '--events', 'x'))[0], 2,
    'no number');
like($agent->glinto('account', 'quota', 'other', '--events', '100'),
    qr/100 events a month/, 'a quota');
my $segment = Glinto::Segment->create($t->path('spool'));
my $sent = 0;
sub events {
    my ($count) = @_;
    $segment->event(site => 'b.example', visitor => ++$sent, path => '/',
        at_ms => ($now - 1800) * 1000) for 1 .. $count;
}
events(79);
$t->until('79 rows', sub { $world->rows('b') == 79 });
# A quota that is set is looked at at once, also if a look is under way, whose
# length the turned clock would falsify.
sub look {
    $agent->glinto('account', 'quota', 'other', '--events', '100');
}
look();
turns();
is(held_of(), '', 'below 80 %');
events(1);
$t->until('80 rows', sub { $world->rows('b') == 80 });
look();
$t->soon('80 %', sub { turns(); held_of() eq 'events_near' }, 20);
my ($near) = grep { $_->{notice} ne 'no_events' } heard();
is("$near->{notice} $near->{of} $near->{n} $near->{usual}",
    'events_near other 80 100', 'told before it bites');
is(scalar(grep { $_->{to} eq 'ops@mail.example' } $mails->sent), 1,
    'and to the machine\'s');
events(25);
$t->until('105 rows', sub { $world->rows('b') == 105 });
at($now + 2 * $HOUR_S); # looks are at most an hour apart
$t->soon('100 %', sub { turns(); held_of() eq 'events_near,events_used' }, 20);
is(join(' ', grep { /^events/ } map { $_->{notice} } heard()), 'events_used',
    'told');
events(7);
$t->soon('what comes now is a drop', sub {
    $world->dropped('quota', 'b') == 7 }, 20);
is($world->rows('b'), 105, 'and no row');
is($world->rows('b') + $world->dropped('quota', 'b'), $sent,
    'each event once');
like($agent->glinto('usage'), qr/OF EVENTS/, 'usage shows it');
my ($usage) = grep { $_->{account} eq 'other' } @{$agent->json('usage')->{usage}};
is($usage->{quota_events}, 100, 'for programs, too');
$agent->kill9;
$agent->start;
events(3);
$t->soon('after a kill, too', sub { $world->dropped('quota', 'b') == 10 }, 20);
$agent->glinto('account', 'quota', 'other', '--events', '1000');
$t->soon('a larger one', sub { turns(); held_of() eq '' }, 20);
events(2);
$t->soon('and they are rows', sub { $world->rows('b') == 107 }, 20);
for (1 .. 5) {
    look();
    $agent->glinto('account', 'quota', 'other', '--events', '1000');
    turns();
}
($usage) = grep { $_->{account} eq 'other' } @{$agent->json('usage')->{usage}};
is($usage->{quota_events}, 1000, 'set while a look is under way, it stays');
is(($agent->import_lines('b.example', map { {kind => 'pageview', visitor =>
    "i$_", path => "/a-rather-long-path-of-its-own/$_", at =>
    POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time - $_)) } } 1 .. 9000))[0],
    0, 'an import, which is not limited, makes its file large');
like($agent->glinto('account', 'quota', 'other', '--storage', '1', '--events',
    0), qr/any number of events a month, and a file of 1\.0 MB/, 'of storage');
$t->soon('full', sub { turns();
    held_of() eq 'storage_near,storage_used' }, 20);
is(join(' ', sort grep { /^storage/ } map { $_->{notice} } heard()),
    'storage_near storage_used', 'told once');
my $rows = $world->rows('b');
events(4);
$t->soon('what comes now is a drop', sub {
    $world->dropped('quota', 'b') == 14 }, 20);
is($world->rows('b'), $rows, 'and no row');
$segment->close;
$t->done;
