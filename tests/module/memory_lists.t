#!/usr/bin/perl

# Promise: lists of events and forms, as programs and the scripts of others
# send them, keep a worker within what single events do: at most 32 KiB above
# its body a request, and 64 MiB in all, whatever they hold, however many come
# at one time; what there is no room for is answered 503 and counted.

# Method: as in memory_each.t and memory.t.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Held;
use Glinto::Http;
use Glinto::Test;
use Digest::SHA ();
use JSON::PP ();

my ($EACH_KB, $ALL_KB) = (32, 64 * 1024);
my $BODY = 65_536;

my $t = Glinto::Test->new(limit_s => 60);
plan skip_all => 'a sanitizer and valgrind have memory of their own'
    if $t->san || $t->valgrind;
my $h2 = $t->port;
spew($t->path('sites'), "a.example account=aaaaaaaaaaaa alias=abc alias=matomo:1 currency=EUR\n");
my $TOKEN = 'x' x 46;
mkdir $t->path('salt');
spew($t->path('salt/tokens'), Digest::SHA::sha256_hex($TOKEN) . ' '
    . 'a' x 12 . "\n");
my $nginx = $t->nginx(server => <<"EOS");
    listen 127.0.0.1:$h2 http2;
    location = /umami { glinto_collect umami; glinto_max_body 64k; }
    location = /matomo { glinto_collect matomo; glinto_max_body 64k; }
    location = /events { glinto_collect events; glinto_max_body 64k;
        glinto_site a.example; }
    location = /hits { glinto_collect goatcounter-api; glinto_max_body 64k;
        glinto_site a.example; }
    location = /s { glinto_status; }
EOS

# PIECE again and again between two texts, at most so often as a list may be
# long, and blanks up to the longest body.
sub filled {
    my ($before, $piece, $between, $after, $most) = @_;
    my $n = int(($BODY - length "$before$after") / length "$piece$between");
    $n = $most if $most && $most < $n;
    my $body = $before . join($between, ($piece) x $n) . $after;
    return $body . ' ' x ($BODY - length $body);
}

my $view = '{"type":"event","payload":{"website":"abc","url":"/p"';
my $hit = 'idsite=1&rec=1&url=https%3A%2F%2Fa.example%2F';
my $line = '{"kind":"pageview","visitor":"u1","path":"/p"';
# The path is the first word; a status, what the body is filled with.
my %BODY = (
    'umami: events' => [200, '[', "$view,\"x\":1}}", ',', ']', 500],
    'umami: wrong ones' => [200, '[', $view =~ s/abc/none/r . '}}', ',', ']',
        500],
    'umami: too many' => [400, '[', '{}', ',', ']'],
    'umami: escapes' => [200, "[$view,\"title\":\"", '\\u00e9', '', '"}}]'],
    'umami: keys' => [200, "[$view,\"data\":{", '"k":"\\\\"', ',', '}}}]'],
    'matomo: events' => [200, '{"requests":[', "\"?$hit&e_c=a&e_a=b\"", ',',
        ']}', 500],
    'matomo: wrong ones' => [200, '{"requests":[',
        '"?idsite=9&rec=1&url=https%3A%2F%2Fa.example%2F"', ',', ']}', 500],
    'matomo: escapes' => [200, "{\"requests\":[\"?$hit&action_name=",
        '%C3%A9', '', '"]}'],
    'matomo: a form' => [200, $hit, '&a=%68', '', ''],
    'events: lines' => [202, '', "$line}", "\n", '', 500],
    'events: wrong ones' => [202, '', '{"kind":1}', "\n", '', 500],
    'events: escapes' => [202, "$line,\"title\":\"", '\\u00e9', '', '"}'],
    'events: keys' => [202, "$line,\"props\":{", '"k":"\\"', ',', '}}'],
    'hits: events' => [202, '{"no_sessions":true,"hits":[', '{"path":"/p"}',
        ',', ']}', 500],
    'hits: wrong ones' => [400, '{"hits":[', '{"path":1}', ',', ']}', 500],
);

sub kb {
    my ($worker, $what) = @_;
    return slurp("/proc/$worker/status") =~ /^$what:\s+(\d+) kB/m ? $1 : 0;
}

# N requests at each of C connections, that send their last byte together.
sub together {
    my ($path, $c, $n, $body) = @_;
    my @waiting = map { Glinto::Held->new($h2) } 1 .. $c;
    $_->hold($path, $n, $body, authorization => "Bearer $TOKEN")
        for @waiting;
    $_->release for @waiting;
    my %n;
    for my $one (@waiting) {
        my %more = $one->statuses;
        $n{$_} += $more{$_} for keys %more;
    }
    return join ' ', map { "$_: $n{$_}" } sort keys %n;
}

for my $name (sort keys %BODY) {
    my $path = '/' . $name =~ s/:.*//r;
    my ($status, @list) = @{$BODY{$name}};
    my $body = filled(@list);
    my $worker = $nginx->kill_worker;
    ($worker) = $nginx->workers;
    is($nginx->post($path, $body, Authorization => "Bearer $TOKEN")->{status},
        $status, "$name: understood");
    my $idle = kb($worker, 'VmRSS'); # with what is taken but once
    my $said = together($path, 1, 100, $body);
    is($said, "$status: 100", 'a hundred are');
    my $each = (kb($worker, 'VmHWM') - $idle) / 100;
    cmp_ok($each, '<=', $BODY / 1024 + $EACH_KB, 'memory of each');
    my $more = together($path, 20, 100, $body);
    my $all = kb($worker, 'VmHWM') - $idle;
    cmp_ok($all, '<=', $ALL_KB, '2,000 at one time');
    like($more, qr/^$status: \d+ 503: \d+$/, 'are as well, or refused');
    note sprintf '%s: %.1f KiB each; 2,000: %.1f MiB, %s', $name, $each,
        $all / 1024, $more;
}
my $status = JSON::PP::decode_json($nginx->get('/s')->{body});
cmp_ok($status->{dropped}{busy}, '>', 0, 'what was too much is counted');
$t->done;
