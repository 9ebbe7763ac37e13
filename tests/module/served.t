#!/usr/bin/perl

# Promise: where "glinto on" is, the worker tells of each page it served,
# without a script, with what nginx knows of the reply, and once in a while
# that a browser fetched a style or image of one; of nothing else, and of no
# page where it is off, nor of a tracking location.  No address and no query
# go with it.  A page has no claim to the spool: events have the last quarter
# of the budget alone, and what was left out is counted.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $back = $t->port;
my $nginx = $t->nginx(spool => 'budget=512k segment=64k',
    main => 'env TZ;', http => <<"EOH", server => <<"EOS");
    proxy_cache_path %%DIR%%/cached keys_zone=c:1m;
    server {
        listen 127.0.0.1:$back;
        default_type text/html;
        location / { return 200 hello; }
        location /bad { return 502; }
    }
EOH
    glinto on;
    glinto_site a.example;
    default_type text/html;
    error_page 404 /404.html;
    location / { return 200 "<p>page</p>"; }
    location = /404.html { internal; return 404 "<p>none</p>"; }
    location /none { return 404; }
    location /gone { return 410; }
    location /forbidden { return 403; }
    location /fails { return 500; }
    location /moved { return 301 /; }
    location /off { glinto off; return 200 "<p>page</p>"; }
    location /not { glinto_if 0; return 200 "<p>page</p>"; }
    location /json { default_type application/json; return 200 "{}"; }
    location /style.css { default_type text/css; return 200 "p{}"; }
    location /loud { default_type Text/HTML; return 200 '<p>page</p>'; }
    location /x.png { default_type image/png; return 200 "x"; }
    location /same { return 304; }
    location /back { proxy_pass http://127.0.0.1:$back/; }
    location /bad { proxy_pass http://127.0.0.1:$back/bad; }
    location /kept { proxy_pass http://127.0.0.1:$back/; proxy_cache c;
        proxy_cache_valid 200 1m; }
    location /twice { mirror /copy; log_subrequest on;
        proxy_pass http://127.0.0.1:$back/; }
    location = /copy { internal; log_subrequest on;
        proxy_pass http://127.0.0.1:$back/; }
    location = /e { glinto_collect; }
    location = /s { glinto_status; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my %ordinary = ('Accept-Language' => 'en', 'Accept-Encoding' => 'gzip',
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0', Host => 'www.A.example:8080');
my %document = (%ordinary, 'Sec-Fetch-Site' => 'none', 'Sec-Fetch-Dest' =>
    'document');
my ($n, $sent) = (0, 0);

# What a request leaves behind, once another one that leaves something is
# there.
sub tells {
    my ($path, %headers) = @_;
    my $before = $spool->served;
    my $r = $headers{method} ? $nginx->post($path, 'x', %ordinary)
        : $nginx->get($path, %ordinary, %headers);
    $nginx->get('/mark' . ++$n, %ordinary);
    my @all;
    $t->until('the mark', sub {
        @all = $spool->served;
        grep { ($_->{path} // '') eq "/mark$n" } @all;
    });
    return grep { ($_->{path} // '') !~ /^\/mark/ } @all[$before .. $#all];
}

sub one {
    my ($name, $path, %headers) = @_;
    my @told = tells($path, %headers);
    is(@told, 1, "$name: told of") or return {};
    return $told[0];
}

my $page = one('a page', '/caf%C3%A9/?utm_source=x&name=eve', %document);
my $visitor = delete $page->{visitor};
my $evidence = delete $page->{evidence};
my ($bytes, $ms) = delete @$page{qw(bytes request_ms)};
is_deeply($page, {schema => 1, kind => 1, site => 'a.example', path =>
    "/caf\xe9/", status => 200, agent => $ordinary{'User-Agent'}, fetched => 1},
    'and so');
cmp_ok($bytes, '>', 100, 'bytes with headers');
cmp_ok($ms // 0, '<', 1000, 'its time');

for (['not found', '/none', 404], ['gone', '/gone', 410],
        ['refused', '/forbidden', 403], ['failed', '/fails', 500],
        ['failed behind', '/bad', 502]) {
    my ($name, $path, $status) = @$_;
    my $told = one($name, $path, %document);
    is("@$told{qw(path status)}", "$path $status", "$name: where, and which");
}
is(one('unchanged', '/same', %document)->{status}, 304, '304 of a document');
is(one('another spelling', '/loud', %document)->{status}, 200, 'is one');
is(one('no browser', '/')->{fetched}, undef, 'without Sec-Fetch-Dest');
is(one('a program', '/', 'Accept-Language' => undef, 'Accept-Encoding' =>
    undef)->{fetched}, 4, 'its headers say so');
ok(one('behind', '/back', %document)->{upstream_ms}, 'its upstream was asked');
is(one('kept', '/kept', %document)->{cache}, 1, 'a miss of the cache');
is(one('mirrored', '/twice', %document)->{path}, '/twice', 'the request alone');
is(one('kept', '/kept', %document)->{cache}, 7, 'a hit');

is(join(' ', tells($_->[1], %{$_->[2] // {}})), '', "$_->[0]: nothing") for
    ['moved', '/moved'], ['off', '/off'], ['not wanted', '/not'],
    ['no HTML', '/json'], ['its tracking location', '/e'],
    ['unchanged, of whatever', '/same'],
    ['another method', '/', {method => 1}],
    ['in advance', '/', {%document, 'Sec-Purpose' => 'prefetch'}],
    ['of a script', '/', {%document, 'Sec-Fetch-Dest' => 'empty'}],
    ['a style for nobody', '/style.css'],
    ['an image of another site', '/x.png', {'Sec-Fetch-Dest' => 'image',
        'Sec-Fetch-Site' => 'cross-site'}];

my %style = ('Sec-Fetch-Dest' => 'style', 'Sec-Fetch-Site' => 'same-origin');
is_deeply(one('a style', '/style.css', %style), {schema => 1, kind => 1,
    site => 'a.example', visitor => $visitor, fetched => 2},
    'of the same visitor, and no more');
is(join(' ', tells('/x.png', %style, 'Sec-Fetch-Dest' => 'image')), '',
    'once is enough');

my $body = '{"n":"pageview","d":"a.example","u":"http://a.example/"}';
$nginx->post('/e', $body, %ordinary);
is(($spool->events)[0]{visitor}, $visitor, 'the same visitor by a script');

# ---- nobody waits for the append of a page ----

$nginx->get('/last', %document);
$nginx->stop;
is(scalar(grep { ($_->{path} // '') eq '/last' } $spool->served), 1,
    'a worker that ends has told of its last page');
$nginx->start;

# ---- the spool fills ----

my $long = 'y' x 1900;
my @status = map { $nginx->get("/$long$_", %document)->{status} } 1 .. 400;
is(scalar(grep { $_ == 200 } @status), 400, 'pages are served all the same');
is($nginx->post('/e', $body, %ordinary)->{status}, 202, 'events have room')
    for 1 .. 20;
my ($left) = $nginx->get('/s')->{body} =~ /"spool_full_page": (\d+)/;
cmp_ok($left, '>', 0, 'some were not told of');
is($left + grep({ ($_->{path} // '') =~ /^\/y{3}/ } $spool->served), 400,
    'and are counted, exactly');
like($nginx->get('/s')->{body}, qr/"spool_full": 0/, 'all of them');
unlike($nginx->log, qr/is full/, 'no outage');
# glintod has read all but the one that is written and the next.
my @oldest = sort { $a->{ordinal} <=> $b->{ordinal} }
    map { $spool->read($_) } $spool->files;
unlink map { $t->path("spool/$_->{name}") } @oldest[0 .. $#oldest - 2];
$t->soon('pages again', sub {
    $nginx->get('/again', %document);
    grep { ($_->{path} // '') eq '/again' } $spool->served;
});
$t->done;
