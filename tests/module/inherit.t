#!/usr/bin/perl

# Promise: the directives of a request (glinto_site, glinto_country and the
# like) are inherited from http to server to location, the innermost counts,
# and their variables are evaluated for each request; "if" and "limit_except"
# blocks leave the tracker of their location as it is.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(http => <<'EOH', server => <<'EOS');
    glinto_site www.HTTP.example:80;
    glinto_country $http_x_country;
    glinto_region XX-1;
    glinto_max_body 200;
EOH
    glinto_region $arg_region;
    glinto_city Graz;
    location = /plain { glinto_pixel; }
    location = /own { glinto_pixel; glinto_site www.$arg_s.EXAMPLE;
                      glinto_country AT; glinto_city ""; }
    location /nest { glinto_site nest.example; glinto_city Linz;
                     location = /nest/in { glinto_pixel; } }
    location = /small { glinto_collect; }
    location = /large { glinto_collect; glinto_max_body 1k; }
    location = /if { if ($arg_x) { set $y 1; } glinto_pixel; }
    location = /if/body { if ($arg_x) { set $y 1; }
                          glinto_collect; glinto_max_body 1k; }
    location = /except { limit_except POST { allow all; } glinto_pixel; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));

# [request, X-Country, site, country, region, city of its event]
for my $case (
    ['/plain?u=//a.example/', 'DE', 'http.example', 'DE', undef, 'Graz'],
    ['/plain?region=DE-BY', '', 'http.example', undef, 'DE-BY', 'Graz'],
    ['/own?s=mine', 'DE', 'mine.example', 'AT', undef, undef],
    ['/own?s=other&region=AT-9', undef, 'other.example', 'AT', 'AT-9', undef],
    ['/if', 'DE', 'http.example', 'DE', undef, 'Graz'],
    ['/if?x=1', 'DE', 'http.example', 'DE', undef, 'Graz'],
    ['/except', 'DE', 'http.example', 'DE', undef, 'Graz'],
    ['/nest/in', 'CH', 'nest.example', 'CH', undef, 'Linz'],
    ['/nest/in?d=named.example', 'CH', 'named.example', 'CH', undef, 'Linz'])
{
    my ($path, $country, @expected) = @$case;
    is($nginx->get($path, 'X-Country' => $country)->{status}, 200, $path);
    my ($event) = reverse $spool->events;
    is_deeply([@$event{qw(site country region city)}], \@expected,
        "$path: its event");
}

my $body = '{"n":"pageview","u":"https://a.example/","x":"' . 'x' x 200 . '"}';
is($nginx->post('/small', $body)->{status}, 413, 'glinto_max_body of http');
is($nginx->post('/large', $body)->{status}, 202, 'and of a location');
is($nginx->post('/if/body?x=1', $body)->{status}, 202, 'and in its "if"');
is((reverse $spool->events)[0]{site}, 'http.example',
    'glinto_site goes before the host of the page');

$t->done;
