#!/usr/bin/perl

# Promise: glinto_metrics tells Prometheus the sums of all workers, by the rows
# of schema/metrics.def and no other; they never fall, not by a reload or the
# end of a worker; an append and a request that had to wait are in the bucket
# of their time; what another location says follows, and where it fails the
# rest is there all the same.  glinto_status is 503 while events are refused.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Metrics;
use Glinto::Test;
use JSON::PP ();
use Time::HiRes ();

my $t = Glinto::Test->new;
$t->allow(qr{nobody\.sock failed|exited on signal 9});
my $nginx = $t->nginx(workers => 2, spool => 'budget=384k segment=64k',
    server => <<'EOS', http => 'keepalive_requests 100000;');
    location = /api/event { glinto_collect; }
    location = /g.gif { glinto_pixel; }
    location = /s { glinto_status; }
    location = /m { glinto_metrics; }
    location = /both { glinto_metrics /more; }
    location = /more { internal; return 200 "more 1\n"; }
    location = /half { glinto_metrics /gone; }
    location = /gone { internal; error_page 502 504 = @none;
        proxy_pass http://unix:%%DIR%%/nobody.sock; }
    location @none { return 200 "none 1\n"; }
EOS

sub all { metrics($nginx->get('/m')->{body}) }
sub number { all()->{$_[0]}{samples}{$_[1] // ''} }

# ---- as the table has it ----

my %rows = rows($t);
my @mine = sort grep { $rows{$_}{side} eq 'WORKERS' } keys %rows;
my $got = $nginx->get('/m');
is($got->{status}, 200, 'metrics');
is($got->{headers}{'content-type'}, 'text/plain; version=0.0.4', 'their type');
is($got->{headers}{'cache-control'}, 'no-store', 'nobody keeps them');
my $all = metrics($got->{body});
is_deeply([sort keys %$all], \@mine, 'each row of the table, and no other');
is(join(' ', grep { $all->{$_}{type} ne $rows{$_}{type}
    || $all->{$_}{help} ne $rows{$_}{help} } @mine), '', 'type and help');
is(join(' ', grep { my ($label) = (keys %{$all->{$_}{samples}})[0]
    =~ /^(\w+)=/; ($label // 'none') ne $rows{$_}{label} } @mine), '',
    'and label');
SKIP: {
    my $promtool = promtool($t);
    skip 'no promtool here', 1 if $promtool eq '';
    spew($t->path('m'), $got->{body});
    is(qx($promtool check metrics < @{[$t->path('m')]} 2>&1), '',
        'promtool finds nothing');
}
is($nginx->get('/both')->{body} =~ s/^.*(?=^more)//msr, "more 1\n",
    'what the other location says follows');
is($nginx->get('/half')->{body} =~ s/^.*(?=^none)//msr, "none 1\n",
    'or what stands for it');
is(Glinto::Http->connect($nginx->port)->request('HEAD', '/both', {})->{status},
    200, 'HEAD');
is($nginx->post('/m', '')->{status}, 405, 'POST');

# ---- the sums of two workers ----

sub event {
    my ($c, %headers) = @_;
    return $c->request('GET', '/g.gif?d=a.example&u=//a.example/', {%headers});
}
sub sums_are {
    my ($stored, $name) = @_;
    $t->soon($name, sub { number('glinto_events_stored_total') == $stored });
}
my @pids = $nginx->workers;
my $sent = 0;
for (1 .. 40) {
    my $c = Glinto::Http->connect($nginx->port);
    event($c), $sent++ for 1 .. 5;
}
$nginx->get('/g.gif?d=a.example', 'User-Agent' => '') for 1 .. 3;
sums_are($sent, 'events of both workers');
$t->soon('and drops by reason', sub {
    number('glinto_events_dropped_total', 'reason="bot_headers"') == 3 });
is(number('glinto_requests_total'), $sent + 3, 'and requests');
$all = all();
is($all->{glinto_request_duration_seconds}{samples}{''}{n}, $sent,
    'each request is in the histogram');
my $append = $all->{glinto_append_duration_seconds}{samples}{''};
cmp_ok($append->{n}, '>=', $sent, 'so are its appends, and that of drops');
cmp_ok($append->{sum}, '<', 30, 'in seconds');
cmp_ok($append->{sum}, '>', 0.000_000_1 * $sent, 'a system call each');

# ---- a body that comes late ----

my $body = '{"n":"pageview","d":"a.example","u":"https://a.example/"}';
sub requests {
    my $h = all()->{glinto_request_duration_seconds}{samples}{''};
    return {%$h, map { @$_ } @{$h->{buckets}}};
}
my $before = requests();
my $slow = Glinto::Http->connect($nginx->port);
my ($head, $rest) = split /(?<=\r\n\r\n)/,
    $slow->compose('POST', '/api/event', {}, $body);
my $began = Time::HiRes::time();
$slow->send($head);
$t->until('some time', sub { Time::HiRes::time() - $began > 0.3 });
$slow->send($rest);
is($slow->response('POST')->{status}, 202, 'a body that came late');
my $took = Time::HiRes::time() - $began; # others may have waited, too
my ($bucket) = grep { $_ >= $took } sort { $a <=> $b }
    grep { /^\d/ } keys %$before;
$t->soon('a slow request is in its bucket', sub {
    my $now = requests();
    return $now->{n} == $sent + 1 && $now->{sum} >= $before->{sum} + 0.25
        && $now->{'0.100000'} == $before->{'0.100000'}
        && $now->{$bucket} == $before->{$bucket} + 1;
});
$sent++;

# ---- they never fall ----

$nginx->reload;
$nginx->gone(@pids);
sums_are($sent, 'nor after a reload');
@pids = $nginx->workers;
event(Glinto::Http->connect($nginx->port)), $sent++;
sums_are($sent, 'and they go on');
kill 'KILL', $pids[0];
$t->until('another worker', sub {
    my @now = $nginx->workers;
    return @now == 2 && !grep { $_ == $pids[0] } @now;
});
cmp_ok(number('glinto_events_stored_total'), '==', $sent,
    'nor after a kill, a second later');

# ---- the spool ----

is(number('glinto_spool_budget_bytes'), 384 << 10, 'its budget');
is(number('glinto_spool_writable'), 1, 'it is written');
is(number('glinto_aggregator_connected'), 0, 'glintod is not here');
is(JSON::PP::decode_json($nginx->get('/s')->{body})->{status}, 'waiting',
    'the status says so');
my $c = Glinto::Http->connect($nginx->port);
my ($n, $long) = (0, 'x' x 1900);
1 while ++$n < 1000 && $c->request('GET',
    "/g.gif?d=a.example&u=//a.example/$long", {})->{status} != 503;
cmp_ok($n, '<', 1000, 'a full spool');
$t->soon('its fill', sub { number('glinto_spool_fill_ratio') >= 0.8 });
# One that is asked may not have been told that there is no room, yet.
my $probe;
$t->soon('a probe gets 503 from a worker that refuses events', sub {
    event(Glinto::Http->connect($nginx->port));
    ($probe) = grep { $_->{status} == 503 } $nginx->get('/s');
});
utime time - 500, time - 500, glob $t->path('spool/*.seg');
$t->soon("the age of the spool's oldest file", sub {
    my $age = number('glinto_spool_age_seconds');
    return $age >= 500 && $age < 600;
});
is(JSON::PP::decode_json($probe ? $probe->{body} : '{}')->{status}, 'failing',
    'and it says so');
$t->done;
