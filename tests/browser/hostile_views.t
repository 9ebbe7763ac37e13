#!/usr/bin/perl

# Promise: what visitors send, what nginx was asked for, and what an owner
# calls a goal, a segment, a funnel, an annotation, a link, a token is text on
# the views of who has signed in, too: his page with pages served, receipts and
# their rows, the week in words, each page of settings, the changes, and the
# page behind a link.  Of 40 payloads none runs in Chromium there, not even
# with the page's policy switched off; and the policy has nothing to complain
# of.
#
# Check: thirty views in a browser, and some 6,000 visits before.
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $DAY_S = 86_400;
my $SITE = 'a.example';
my $t = Glinto::Test->new(limit_s => 200)->one_day(120);
my $agent = $t->aggregator;
$agent->site($SITE, '--timezone', 'UTC');
my %conf = shipped($t);
my $nginx = $t->nginx(%conf, server => "$conf{server}\n" . <<'EOS');
    location /found { glinto on; default_type text/html; return 200 '<p>x</p>'; }
    location /none { glinto on; return 404; }
    location /fails { glinto on; return 500; }
EOS
my $json = JSON::PP->new->utf8;
my @payloads = @{$json->decode(slurp($t->root . '/tests/browser/payloads.json'))};
is(scalar @payloads, 40, '40 payloads');

# ---- visits: yesterday, and a week with a cause of such a name ----

my $days = int(time / $DAY_S);
my $monday = $days - ($days + 3) % 7 - 7; # of the last week that is over
sub at { strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $_[0]) }
my @fields = qw(title source utm_source utm_medium utm_campaign utm_content
    utm_term browser os city);
my $n = 0;
my @lines;
for my $payload (@payloads) {
    my %of = (visitor => $payload, at => at(($days - 1) * $DAY_S + $n++),
        path => "/$payload", map { $_ => $payload } @fields);
    push @lines, {%of, kind => 'pageview'}, {%of, kind => 'event',
        name => $payload, props => {$payload => $payload}};
}
my $cause = $payloads[12];
for my $week (0 .. 10) {
    push @lines, map { {kind => 'pageview', visitor => 'v' . $n++,
        at => at(($monday - 7 * $week) * $DAY_S + 1080 * $_), path => '/',
        country => 'DE', source => 'Google'} } 0 .. 540;
}
push @lines, map { {kind => 'pageview', visitor => 'c' . $n++,
    at => at($monday * $DAY_S + 700 * $_), path => "/$cause", country => 'DE',
    source => $cause, utm_campaign => $cause} } 1 .. 300;
is(($agent->import_lines($SITE, @lines))[0], 0, 'visits');

# ---- what nginx is asked for ----

my %page = ('User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) '
    . 'Gecko/20100101 Firefox/128.0', 'Sec-Fetch-Dest' => 'document',
    'Sec-Fetch-Site' => 'none', 'Accept-Language' => 'en',
    'Accept-Encoding' => 'gzip');
my @kinds = qw(found none fails);
for my $i (0 .. 29) {
    my $coded = $payloads[$i] =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger;
    $nginx->get("/$kinds[$i % 3]/$coded", %page);
}
$t->until('pages served', sub {
    my $told = $agent->json('site', 'served', $SITE);
    @{$told->{missing}} == 10 && @{$told->{failed}} == 10;
});

# ---- what an owner calls so ----

sub made {
    my ($payload, $noun, $verb, @args) = @_;
    my ($status, undef, $why) = $agent->glinto($noun, $verb, @args);
    is($status, 0, "a $noun named $payload") or diag($why);
}
my @id;
for my $payload (@payloads[0 .. 19]) {
    made($payload, 'goal', 'add', $SITE, '--event', $payload);
    made($payload, 'segment', 'add', $SITE, '--name', $payload, '--filters',
        $json->encode([['is', 'visit:source', [$payload]]]));
    made($payload, 'funnel', 'add', $SITE, '--name', $payload, '--steps',
        $json->encode([{page => "/$payload"}, {event => $payload}]));
    made($payload, 'annotation', 'add', $SITE, '--text', $payload, '--date',
        strftime('%Y-%m-%d', gmtime(($days - 2) * $DAY_S)));
    made($payload, 'token', 'create', '--name', $payload);
    made($payload, 'share', 'add', $SITE, '--name', $payload);
}
my $link = $agent->json('share', 'add', $SITE)->{link};

# ---- and how often each stands where, at least ----

sub each_of { my ($least, @some) = @_; return [map { [$_, $least] } @some] }
my $here = "/glinto/$SITE";
my @all = each_of(0, @payloads);
my $code = sub { $_[0] =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger };
my @views = (
    ["$here?period=7d&behaviour=goals", each_of(1, @payloads[0 .. 9])],
    ["$here?period=7d&behaviour=events&sources=campaigns",
        each_of(1, $payloads[12])],
    (map { ["$here?period=7d&behaviour=$_", each_of(1, @payloads[0 .. 9])] }
        qw(funnels properties journeys retention uncounted)),
    ["$here?period=day&behaviour=served", each_of(1, @payloads[0 .. 29])],
    ["$here/rows?period=yesterday", each_of(1, @payloads[0 .. 19])],
    (map { ["$here/rows?period=7d&f=is,visit:source," . $code->($_
        =~ s/[\\|]/\\$&/gr), each_of(2, $_)] } @payloads[0 .. 3]),
    ["$here/summary", each_of(1, $cause)],
    ["$here/summary?lang=de", each_of(1, $cause)],
    ["$here/settings", each_of(2, @payloads[0 .. 19])],
    ["$here/settings/collection", @all],
    ["$here/settings/reports", each_of(4, @payloads[0 .. 19])],
    ["$here/settings/changes", each_of(1, @payloads[15 .. 19])],
    [$link . '?period=7d', each_of(1, @payloads[0 .. 9])],
    [$link =~ s/share/embed/r, @all],
    ['/glinto/', @all],
    ['/glinto/me', @all],
);
spew($t->path('views.json'), $json->encode(\@views));
my ($welcome) = $agent->log =~ m{(/glinto/welcome/[\w-]{22})};
my ($pid, $log) = Glinto::Browser::start($t, 'hostile_views',
    'http://127.0.0.1:' . $nginx->port, $welcome, $t->path('views.json'));
is($t->ended($pid, $t->slow(110)), 0, 'none runs') or diag(slurp($log));
like(slurp($log), qr/^ok @{[scalar @views]}$/m, 'on each view');
$t->done;
