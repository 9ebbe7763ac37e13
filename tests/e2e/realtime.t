# Promise: what happened in the last 30 minutes is told minute by minute, with
# the pages and sources of now, right after it is committed, over the API and
# by the command; the minutes of a day are those of the site's clock.
#
# Method: events of known minutes; the twin in Perl puts each into its minute.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::HiRes ();

my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
diag("SEED=$SEED");
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $nginx = $t->nginx(shipped($t));
my $json = JSON::PP->new->canonical->utf8;
my $token = $agent->json('token', 'create')->{token};
$agent->glinto('site', 'set', 'a.example', 'timezone', 'Asia/Kathmandu');
my $AHEAD_S = 20_700;

my $now_s = time;
my (@events, %visitors);
for my $who (1 .. 40) { # the youngest is a second old, some are too old
    my $at_s = $now_s - 1 - int rand 2400;
    for (1 .. 1 + rand 4) {
        last if $at_s >= $now_s;
        push @events, [$at_s, $who, '/' . int rand 4];
        $at_s += 1 + int rand 400;
    }
}
my $segment = $world->segment(wall_ms => 1000 * ($now_s - 3600));
$segment->event(site => 'a.example', visitor => $_->[1], path => $_->[2],
    at_ms => 1000 * $_->[0]) for sort { $a->[0] <=> $b->[0] } @events;
$segment->close;
$world->empty('all are rows');

sub ask {
    my (%query) = @_;
    my $reply = http_post($nginx->port, '/api/v2/query', $json->encode({
        site_id => 'a.example', %query}), Authorization => "Bearer $token");
    return $json->decode($reply->{body});
}
# [label, pageviews, visitors] of the minutes from FROM_S to TO_S.
sub twin {
    my ($from_s, $to_s) = @_;
    my (%views, %who);
    for my $event (grep { $_->[0] >= $from_s && $_->[0] <= $to_s } @events) {
        my $label = POSIX::strftime('%Y-%m-%d %H:%M:00',
            gmtime $event->[0] + $AHEAD_S);
        $views{$label}++;
        $who{$label}{$event->[1]} = 1;
    }
    return $json->encode([map { [$_, $views{$_}, scalar keys %{$who{$_}}] }
        sort keys %views]);
}
sub seconds { # "2026-11-28T00:00:00+05:45"
    my @at = $_[0] =~ /(\d+)/g;
    require Time::Local;
    return Time::Local::timegm(@at[5, 4, 3, 2], $at[1] - 1, $at[0]) - $AHEAD_S;
}
sub minutes {
    my ($answer) = @_;
    return $json->encode([map { [$_->{dimensions}[0], @{$_->{metrics}}] }
        @{$answer->{results}}]);
}

my @queries = ({metrics => ['pageviews', 'visitors'], dimensions =>
    ['time:minute'], include => {time_labels => JSON::PP::true}},
    {metrics => ['visitors', 'pageviews'], dimensions => ['event:page']},
    {metrics => ['visitors'], dimensions => ['visit:source']},
    {metrics => ['visitors']});
my ($minutes, $pages, $sources, $all) = @{ask(date_range => 'realtime_30m',
    queries => \@queries)->{answers}};
my ($from, $to) = map { seconds($_) } @{$minutes->{query}{date_range}};
is($from % 60, 0, 'whole minutes');
is(scalar @{$minutes->{meta}{time_labels}}, 30, 'thirty of them');
cmp_ok($to, '>=', $now_s - 1, 'up to now');
is(minutes($minutes), twin($from, $to), 'each as the twin has it');
my (%who, %all);
for (grep { $_->[0] >= $from } @events) {
    $who{$_->[2]}{$_->[1]} = $all{$_->[1]} = 1;
}
is(join(' ', sort map { "$_->{dimensions}[0] $_->{metrics}[0]" }
    @{$pages->{results}}), join(' ', sort map { "$_ " . keys %{$who{$_}} }
    keys %who), 'the pages, with exact visitors');
is($sources->{results}[0]{metrics}[0], $all->{results}[0]{metrics}[0],
    'the sources');
is($all->{results}[0]{metrics}[0], scalar keys %all, 'of all');

my $five = ask(date_range => 'realtime', metrics => ['pageviews', 'visitors'],
    dimensions => ['time:minute']);
is(minutes($five), twin(map { seconds($_) } @{$five->{query}{date_range}}),
    'the last five minutes');
my $day = ask(date_range => '24h', metrics => ['pageviews', 'visitors'],
    dimensions => ['time:minute'], include => {time_labels =>
    JSON::PP::true});
is(minutes($day), twin(map { seconds($_) } @{$day->{query}{date_range}}),
    'of 24 hours');
cmp_ok(scalar @{$day->{meta}{time_labels}}, '>=', 1440, 'all their minutes');
like(ask(date_range => '30d', metrics => ['visitors'], dimensions =>
    ['time:minute'])->{error}, qr/"time:minute" of this .* more than 10000 rows/,
    'of a month they are too many');

# ---- as it happens ----

my $posted = Time::HiRes::time();
$nginx->post('/api/event', $json->encode({n => 'pageview', d => 'a.example',
    u => 'https://a.example/just-now'}));
$t->soon('a page of now is told', sub { grep { $_->{dimensions}[0] eq
    '/just-now' } @{ask(date_range => 'realtime', metrics => ['visitors'],
    dimensions => ['event:page'])->{results}} });
diag(sprintf 'after %.2f s', Time::HiRes::time() - $posted);
spew($t->path('q'), $json->encode({site_id => 'a.example', date_range =>
    'realtime_30m', metrics => ['visitors'], dimensions => ['time:minute']}));
like(($agent->glinto('query', $t->path('q')))[1],
    qr{^time:minute +visitors\n\d{4}-\d\d-\d\d \d\d:\d\d:00 +\d+\n},
    'as a table');
$t->done;
