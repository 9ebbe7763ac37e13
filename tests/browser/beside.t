#!/usr/bin/perl

# Promise: what no other product shows stands on the page of a site, without a
# script and on a telephone, too: who blocks scripts, real errors of the server
# by page and slow pages, which assistants of AI fetched what, bots and what
# was left out by reason.  Who has signed in gets from each first number to its
# rows, and the number counted again, by keyboard alone.
#
# Method: pages and events through nginx, by programs with a browser's headers.
#
# Check: a browser looks at them in each way.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();
use List::Util qw(sum0);

my $SITE = 'a.example';
my $t = Glinto::Test->new(limit_s => 120)->one_day(120);
my $agent = $t->aggregator;
$agent->site($SITE, '--public', '--timezone', 'UTC');
$agent->glinto('site', 'set', $SITE, 'hosts', $SITE);
my %conf = shipped($t);
my $nginx = $t->nginx(%conf, server => "$conf{server}\n" . <<'EOS');
    location /page { glinto on; default_type text/html; return 200 '<p>x</p>'; }
    location /gone { glinto on; return 404; }
    location /fails { glinto on; return 500; }
    location /style.css { glinto on; default_type text/css; return 200 'p{}'; }
EOS
my %browser = ('Accept-Language' => 'en', 'Accept-Encoding' => 'gzip',
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0', 'Sec-Fetch-Site' => 'none', Host => $SITE);
my %page = (%browser, 'Sec-Fetch-Dest' => 'document');
my %style = (%browser, 'Sec-Fetch-Dest' => 'style',
    'Sec-Fetch-Site' => 'same-origin');
my $event = sub {
    my ($n, $url, %more) = @_;
    $nginx->post('/api/event', JSON::PP::encode_json({n => 'pageview',
        d => $SITE, u => $url}), %browser, 'Sec-Fetch-Dest' => 'empty',
        'X-Forwarded-For' => "10.0.0.$n", %more);
};

for my $n (1 .. 8) { # three of them run the script
    my %who = ('X-Forwarded-For' => "10.0.0.$n");
    $nginx->get('/page/one', %page, %who);
    $nginx->get('/style.css', %style, %who);
    $event->($n, "http://$SITE/page/one") if $n <= 3;
}
$nginx->get('/gone/away', %page) for 1 .. 4;
$nginx->get('/fails', %page) for 1 .. 2;
$nginx->get('/page/one', %page, 'User-Agent' => 'Mozilla/5.0 AppleWebKit/537.36 '
    . '(KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)')
    for 1 .. 6;
$event->(20, "http://$SITE/", 'User-Agent' =>
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)')
    for 1 .. 7;
$event->(21, 'http://other.example/') for 1 .. 5;

my $told;
$t->until('all is counted', sub {
    $told = $agent->json('site', 'served', $SITE);
    my $all = $agent->live($SITE)->{today}{pageviews} // 0;
    return $all == 3 && $told->{visitors}{served} == 8
        && $told->{replies}{failed} == 2
        && 6 == sum0 map { $_->{views} } @{$told->{bots}};
});
$t->until('what was left out', sub {
    $agent->dashboard('GET', "/glinto/$SITE?period=day&behaviour=uncounted",
        undef, {Host => $SITE})->{body}
        =~ /agent of a bot.*>7<.*a host that is not.*>5</s;
});
my ($welcome) = $agent->log =~ m{(/glinto/welcome/[\w-]{22})};
my ($pid, $log) = Glinto::Browser::start($t, 'beside',
    'http://127.0.0.1:' . $nginx->port, $welcome, $SITE);
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok \d+$/m, 'to its end');
$t->done;
