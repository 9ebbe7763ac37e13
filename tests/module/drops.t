#!/usr/bin/perl

# Promise: what the worker itself turns away is answered 202 (the pixel: its
# image) with x-plausible-dropped, leaves no event, and is counted by site and
# reason, in the spool and on the status page; and $glinto_stored and
# $glinto_dropped tell the access log what became of each request.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(
    http => <<'EOH', server => <<'EOS');
    log_format events '$request_uri stored=$glinto_stored dropped=$glinto_dropped';
    map $arg_count $counted { no 0; empty ''; default 1; }
EOH
    access_log %%DIR%%/access.log events;
    location = /e { glinto_collect; }
    location = /if { glinto_collect; glinto_if $counted; }
    location = /g.gif { glinto_pixel; }
    location = /inside { rewrite ^ /g.gif?d=a.example last; }
    location = /other { return 204; }
    location = /s { glinto_status; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my ($n, %expected, @log) = (0);

sub event {
    my ($path, $sites, %headers) = @_;
    my $body = sprintf '{"n":"pageview","d":"%s","u":"https://a.example/%d"}',
        $sites, ++$n;
    return $nginx->post($path, $body, %headers);
}

sub taken {
    my ($name, %headers) = @_;
    my $r = event('/e', 'a.example', %headers);
    is($r->{status}, 202, "$name: 202");
    is($r->{headers}{'x-plausible-dropped'}, undef, "$name: not dropped");
    my ($event) = grep { $_->{path} eq "/$n" } $spool->events;
    ok($event, "$name: stored");
    push @log, '/e stored=1 dropped=0';
    return $event // {};
}

sub dropped {
    my ($name, $reason, %headers) = @_;
    my $r = event('/e', 'a.example,b.example', %headers);
    is($r->{status}, 202, "$name: 202");
    is($r->{headers}{'x-plausible-dropped'}, 2, "$name: dropped");
    ok(!grep({ $_->{path} eq "/$n" } $spool->events), "$name: not stored");
    $expected{"$_.example $reason"}++ for qw(a b);
    push @log, '/e stored=0 dropped=2';
}

my %desktop = ('Sec-Fetch-Site' => 'same-origin', 'Sec-Fetch-Dest' => 'empty',
    'Sec-Fetch-Mode' => 'cors', 'Sec-CH-UA' => '"Chromium";v="126"',
    'Referer' => 'https://a.example/');
my $event = taken('a browser', %desktop);
is($event->{evidence} & 63, 1 | 2 | 4 | 8, 'its evidence'); # 64: no salt file
is($event->{language}, 'en-GB', 'its language');
like($event->{agent}, qr/^Mozilla/, 'its agent');
is(taken('Sec-GPC', 'Sec-GPC' => 1)->{evidence} & 63, 1 | 2 | 32, 'is evidence');
taken('no Accept-Language', 'Accept-Language' => undef);
taken('no Accept-Encoding', 'Accept-Encoding' => undef);
is(length taken('a long agent', 'User-Agent' => 'M' x 2000)->{agent}, 512,
    'agents are cut at 512 bytes');
is(taken('any language', 'Accept-Language' => '*')->{language}, undef, 'is none');
is(taken('language', 'Accept-Language' => $_->[0])->{language}, $_->[1],
    $_->[0] =~ s/[^ -~]/?/gr)
    for ['x' x 99, undef], ['en-us;q=0.9', 'en-US'],
    ['ZH-hant-tw,zh', 'zh-Hant-TW'], ["d\xe9-AT", undef], ["\x1b[31m", undef],
    ['<b>', undef], ['d', undef], ['de_AT', undef];
taken('a word of a bot in an odd place', 'X-Note' => 'HeadlessChrome');
taken('purpose other', Purpose => 'fun', 'Sec-Purpose' => 'x', 'X-Moz' => 'y');
taken('Upgrade-Insecure-Requests', 'Upgrade-Insecure-Requests' => 1);

taken('a page that was prepared and is shown', @$_)
    for ['Sec-Purpose' => 'prefetch;prerender'], [Purpose => 'Prefetch'],
        ['X-Moz' => 'prefetch'], ['X-Purpose' => 'preview'];
dropped('no agent', 'bot_headers', 'User-Agent' => undef);
dropped('an empty agent', 'bot_headers', 'User-Agent' => '');
dropped('neither language nor encoding', 'bot_headers',
    'Accept-Language' => undef, 'Accept-Encoding' => undef);
dropped($_, 'bot_headers', 'User-Agent' => "Mozilla/5.0 $_/1.0 Safari/1")
    for qw(HeadlessChrome PhantomJS SlimerJS);
dropped('at the end', 'bot_headers', 'User-Agent' => 'Mozilla/5.0 Headless');
dropped('a page load that says it is a fetch', 'bot_headers',
    'Sec-Fetch-Dest' => 'empty', 'Upgrade-Insecure-Requests' => 1);
dropped('from nowhere with a referrer', 'bot_headers',
    'Sec-Fetch-Site' => 'none', 'Referer' => 'https://a.example/');

for my $count (qw(no empty)) {
    my $r = event("/if?count=$count", 'a.example');
    is($r->{headers}{'x-plausible-dropped'}, 1, "glinto_if: $count");
    $expected{'a.example condition'}++;
    push @log, "/if?count=$count stored=0 dropped=1";
}
my $wanted = event('/if?count=yes', 'a.example,b.example,c.example');
is($wanted->{headers}{'x-plausible-dropped'}, undef, 'glinto_if: yes');
push @log, '/if?count=yes stored=3 dropped=0';

for my $early (['Sec-Purpose' => 'prefetch;prerender'],
    ['Sec-Purpose' => 'prefetch;anonymous-client-ip'], [Purpose => 'Prefetch'],
    ['Purpose' => 'preview'], ['X-Moz' => 'prefetch'],
    ['X-Purpose' => 'preview'])
{
    my $pixel = $nginx->get('/g.gif?d=a.example', @$early);
    is($pixel->{status}, 200, "@$early: the pixel is an image all the same");
    is($pixel->{headers}{'x-plausible-dropped'}, 1, 'and says so');
    $expected{'a.example prefetch'}++;
    push @log, '/g.gif?d=a.example stored=0 dropped=1';
}
my $head = Glinto::Http->connect($nginx->port)->request('HEAD',
    '/g.gif?d=a.example', {Connection => 'close'});
is($head->{headers}{'x-plausible-dropped'}, 1, 'HEAD: nobody saw an image');
$expected{'a.example method'}++;
push @log, '/g.gif?d=a.example stored=0 dropped=1';
$nginx->get('/inside');
push @log, '/inside stored=1 dropped=0';
$nginx->post('/e', '{');
$expected{' invalid'} = 1;
push @log, '/e stored=0 dropped=1';
$nginx->get('/other');
push @log, '/other stored=- dropped=-';

my $page = $nginx->get('/s')->{body};
my %sum;
$sum{(split ' ')[-1]} += $expected{$_} for keys %expected;
like($page, qr/"$_": $sum{$_}\b/, "$_ on the status page") for sort keys %sum;
push @log, '/s stored=- dropped=-';

# More sites than the table of counts has room for.
for my $i (1 .. 150) {
    event('/e', "s$i.example", 'User-Agent' => '');
    $expected{"s$i.example bot_headers"}++;
    push @log, '/e stored=0 dropped=1';
}
$nginx->stop;
my %counted;
$counted{"$_->{site} $_->{reason}"} += $_->{n} for $spool->counts;
is_deeply(\%counted, \%expected, 'all counts are in the spool');
is_deeply([split /\n/, slurp($t->path('access.log'))], \@log, 'the access log');

$t->done;
