# Promise: a visit crosses UTC midnight and a kill as one visit of one visitor,
# although the salt and so the visitor's id change (the case of the counting
# rules: 23:50 as A, 00:20 as A and B, kill -9, 00:45 as B, 10:00 as B).

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;
use Time::Local qw(timegm);

my $t = Glinto::Test->new;
plan skip_all => 'two clocks and a sanitizer cannot both come first'
    if $t->san;
my ($faketime) = glob '/usr/lib/*/faketime/libfaketimeMT.so.1';
my ($A, $B) = (111, 222);
my $day = timegm(0, 0, 0, 20, 9, 2026); # 2026-10-20
my $agent = Glinto::Aggregator->new($t) if require Glinto::Aggregator;
my $store = Glinto::Store->new($t->path('data'));
my $file;

# glintod's clock starts at SECONDS of the day.
sub start_at {
    my ($seconds) = @_;
    my @at = gmtime($day + $seconds);
    $agent->{want}{env} = {LD_PRELOAD => $faketime, DONT_FAKE_MONOTONIC => 1,
        TZ => 'UTC', FAKETIME => sprintf '@%04d-%02d-%02d %02d:%02d:%02d',
            $at[5] + 1900, $at[4] + 1, @at[3, 2, 1, 0]};
    $agent->start;
}

sub event_at {
    my ($minutes, %id) = @_;
    my $segment = Glinto::Segment->create($t->path('spool'),
        wall_ms => 1000 * ($day + 60 * $minutes));
    $segment->event(site => 'a.example', path => "/$minutes", %id);
    $segment->close;
}

sub rows_are {
    my ($n) = @_;
    $t->until("$n rows", sub {
        $store->value($file, 'SELECT count(*) FROM events') == $n;
    });
}

start_at(23 * 3600 + 51 * 60);
$agent->site('a.example');
$file = $store->site('a.example');
event_at(23 * 60 + 50, visitor => $A);
rows_are(1);
$agent->stop;
start_at(24 * 3600 + 21 * 60);
event_at(24 * 60 + 20, visitor => $B, visitor_before => $A);
rows_are(2);
is($store->value($file, 'SELECT alias FROM sessions'), $B,
    'the new id is kept while the visit is open');
$agent->kill9;
start_at(24 * 3600 + 46 * 60);
event_at(24 * 60 + 45, visitor => $B);
rows_are(3);
$agent->stop;
start_at(34 * 3600 + 60);
event_at(34 * 60, visitor => $B);
rows_are(4);
$t->soon('the first visit is closed', sub {
    $store->value($file, 'SELECT count(*) FROM sessions WHERE open = 1') == 1;
});

is(join(' ', map { $_->{visitor} } $store->rows($file,
    'SELECT visitor FROM events ORDER BY at')), "$A $A $A $B",
    'rows bear the visitor of their visit');
my @visits = $store->rows($file, 'SELECT * FROM sessions ORDER BY start');
is(scalar @visits, 2, 'two visits');
is($visits[0]{pageviews}, 3, 'the first has three pageviews');
is($visits[0]{last} - $visits[0]{start}, 55 * 60000, 'and goes to 00:45');
is($visits[0]{alias}, undef, 'the new id is forgotten');
my @visitors = map { $_->{n} } $store->rows($file, 'SELECT count(DISTINCT
    visitor) AS n FROM events GROUP BY at / 86400000 ORDER BY at');
is("@visitors", '1 2', 'visitors of the two days');
is($store->value($file, 'SELECT count(*) FROM late_visitors'), 0,
    'nothing came late');

$t->done;
