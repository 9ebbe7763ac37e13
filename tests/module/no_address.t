#!/usr/bin/perl

# Promise: no client address leaves the worker.  1,000 addresses, IPv4 and
# IPv6, in the places where they come in (X-Forwarded-For, another header,
# ports and brackets around them), are found in no file of the spool, no packet
# of the hint socket, no salt, no line of our log.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Hints;
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;
use Socket qw(AF_INET6 inet_aton inet_pton);

my $t = Glinto::Test->new;
my $hints = Glinto::Hints->listen($t->path('events.sock'));
my $nginx = $t->nginx(log_level => 'debug', server => <<'EOS');
    location = /e { glinto_collect; error_log %%DIR%%/request.log info; }
    location = /x { glinto_collect; glinto_client_addr $http_x_client;
                    error_log %%DIR%%/request.log info; }
    location = /g.gif { glinto_pixel; error_log %%DIR%%/request.log info; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));

srand 11;
my (@addresses, %seen);
while (@addresses < 1000) {
    my $address = @addresses % 2
        ? sprintf('2001:db8:%x:%x::%x:%x', map { 1 + int rand 65535 } 1 .. 4)
        : sprintf('%d.%d.%d.%d', map { 10 + int rand 240 } 1 .. 4);
    push @addresses, $address if !$seen{$address}++;
}

my $c = Glinto::Http->connect($nginx->port);
my %status;
for my $i (0 .. $#addresses) {
    my $address = $addresses[$i];
    my $shown = $address =~ /:/ ? "[$address]:4711" : "$address:4711";
    my $body = '{"n":"pageview","d":"a.example","u":"https://a.example/"}';
    my @request = $i % 3 == 0 ? ('POST', '/e', {'X-Forwarded-For' => $address})
        : $i % 3 == 1 ? ('POST', '/x', {'X-Client' => $shown})
        : ('GET', '/g.gif?d=a.example', {'X-Forwarded-For' => $address});
    $request[2]{Purpose} = 'prefetch' if $i % 17 == 0;
    $body = '{' if $i % 19 == 0;
    my $response = $c->request(@request, $request[0] eq 'POST' ? $body : undef);
    $status{$response->{status}}++;
    $hints->read_until(sub { 1 }) if $i % 10 == 0;
    my $turn = 0;
    $hints->read_until(sub { $turn++ }) if $i % 10 == 0;
}
is(join(' ', sort keys %status), '200 202 400', 'accepted and refused ones');
$nginx->stop;
my $turn = 0;
$hints->read_until(sub { $turn++ > 20 });

my %visitors = map { $_->{visitor} => 1 } $spool->events;
cmp_ok(keys %visitors, '>', 850, 'they were told apart');
cmp_ok($hints->packets('EVENTS'), '>', 10, 'hints were sent');

my %where = (
    'the spool' => join('', map { slurp($_) } glob $t->path('spool/*')),
    'the hints' => join('', map { $_->{bytes} } $hints->packets),
    'the salts' => join('', map { slurp($_) } glob $t->path('salt/*')),
    'our log lines' => join('', map { "$_\n" }
        map { slurp($t->path($_)) =~ /^(.*glinto.*)$/mg }
        qw(error.log request.log)),
);
for my $place (sort keys %where) {
    my $text = $where{$place};
    cmp_ok(length $text, '>', 100, "$place: is there") if $place ne 'the salts';
    my @text = grep { index($text, $_) >= 0 } @addresses;
    is("@text", '', "$place: no address as text");
    # In the order of bytes of the network; four bytes can be chance.
    my @binary = grep { index($text, inet_pton(AF_INET6, $_)) >= 0 }
        grep { /:/ } @addresses;
    is("@binary", '', "$place: no IPv6 address as bytes");
}
my $spooled = $where{'the spool'};
my @four = grep { index($spooled, inet_aton($_)) >= 0 }
    grep { !/:/ } @addresses;
cmp_ok(@four, '<=', 1, 'nor, but by chance, IPv4 addresses as bytes');

$t->done;
