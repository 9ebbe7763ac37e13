#!/usr/bin/perl

# Promise: what Matomo's script sends to matomo.php, in the query, in a form or
# in a list, is an event of the site that its number is another name of, and is
# answered as Matomo does: an image, 204 when it wants none, JSON to a list.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Hits;
use JSON::PP ();

my $t = Glinto::Test->new;
spew($t->path('sites'), "a.example alias=matomo:7 currency=CHF\n"
    . "b.example alias=matomo:8\nc.example alias=matomo:9 currency=LONG\n");
my $nginx = $t->nginx(
    server => 'location = /matomo.php { glinto_collect matomo;
                                        glinto_max_body 64k; }
        location = /s { glinto_status; }');
my $hits = Glinto::Hits->new($t, $nginx);
my $FORM = 'application/x-www-form-urlencoded; charset=UTF-8';
my %view = (site => 'a.example', kind => 1, host => 'a.example', path => '/p');
my $base = 'idsite=7&rec=1&url=https%3A%2F%2Fwww.a.example%2Fp';

my $hit = $hits->get("/matomo.php?$base");
is($hit->{status}, 200, 'the image');
is($hit->{headers}{'content-type'}, 'image/gif', 'its type');
is(length $hit->{body}, 43, 'its length');
is($hit->{headers}{'cache-control'}, 'no-store', 'never from a cache');
is_deeply($hit->{events}, [\%view], 'the event');

$hit = $hits->post("/matomo.php?$base&send_image=0", '', 'Content-Type' =>
    $FORM, Origin => 'https://www.a.example');
is($hit->{status}, 204, 'no image for a beacon');
is($hit->{body}, '', 'nothing at all');
is($hit->{headers}{'access-control-allow-origin'}, 'https://www.a.example',
    'to its origin');
is($hit->{headers}{'access-control-allow-credentials'}, 'true', 'with cookies');
is_deeply($hit->{events}, [\%view], 'the event');

# [what, arguments beside, event beside %view]
my %custom = (kind => 2);
for (
    ['a title', 'action_name=A%20/%20B', {title => 'A / B'}],
    ['a referrer', 'urlref=https%3A%2F%2Fr.example%2Fx%3Fy',
        {referrer => 'https://r.example/x'}],
    ['a screen', 'res=1280x1024', {screen => '1280x1024'}],
    ['a screen that is none', 'res=x', {}],
    ['keys it does not know', '_id=1&uid=eve&cip=1.2.3.4&cvar=%7B', {}],
    ['custom dimensions', 'dimension1=x&dimension10=y&dimension11=z&dimension0='
        . 'z&dimension=z&dimension3=', {props => {dimension1 => 'x',
        dimension10 => 'y'}}],
    ['a campaign as Matomo calls it', 'url=https%3A%2F%2Fa.example%2F%3F'
        . 'mtm_campaign%3Dc%26pk_kwd%3Dk', {path => '/',
        utm_campaign => 'c', utm_term => 'k'}],
    ['timing of a page', 'pf_net=1&pf_srv=2', {}],
    ['an event', 'e_c=A&e_a=B', {%custom, name => 'A: B'}],
    ['half an event', 'e_c=A', {}],
    ['a goal', 'idgoal=12', {%custom, name => 'Goal 12'}],
    ['its revenue', 'idgoal=12&revenue=3.50',
        {%custom, name => 'Goal 12', amount => '3.50', currency => 'CHF'}],
    ['a revenue that is none', 'idgoal=12&revenue=x',
        {%custom, name => 'Goal 12'}],
    ['revenue where no currency is known', 'idgoal=1&revenue=1&idsite=8',
        {%custom, site => 'b.example', name => 'Goal 1'}],
    ['nor one that is one', 'idgoal=1&revenue=1&idsite=9',
        {%custom, site => 'c.example', name => 'Goal 1'}],
    ['a site by its name', 'idsite=B.example', {site => 'b.example'}],
    )
{
    my ($what, $args, $event) = @$_;
    $hit = $hits->get("/matomo.php?$base&$args");
    is($hit->{status}, 200, $what);
    is_deeply($hit->{events}, [{%view, %$event}], "$what: the event");
    $hit = $hits->post('/matomo.php', "$base&$args", 'Content-Type' => $FORM);
    is_deeply($hit->{events}, [{%view, %$event}], "$what, in a form");
}
$hit = $hits->post('/matomo.php?action_name=query', "$base&action_name=form");
is($hit->{events}[0]{title}, 'query', 'the query outranks the form');

for (
    ['nothing', '', 'idsite is neither a number nor a site'],
    ['no url', 'idsite=7&rec=1', 'url is missing'],
    ['another site', $base =~ s/7/6/r, 'idsite is not known'],
    ['no number of a site', $base =~ s/7/1234567890/r, 'idsite is not known'],
    ['no number of a goal', "$base&idgoal=-1", 'idgoal is no number of a goal'],
    ['a long name', "$base&e_a=x&e_c=" . 'x' x 120,
        'e_c is over 120 characters'],
    )
{
    my ($what, $args, $why) = @$_;
    $hit = $hits->get("/matomo.php?$args");
    is($hit->{status}, 400, "$what is refused");
    is($hit->{headers}{'x-glinto'}, $why, 'with a sentence');
    is(length $hit->{body}, 43, 'and an image');
    is(@{$hit->{events}}, 0, 'and no event');
}

for my $args ('ping=1', 'cdt=2020-01-01', 'c_n=Ad', 'ca=1', 'idgoal=0',
    'rec=0')
{
    $hit = $hits->get("/matomo.php?$base&$args");
    is($hit->{status}, 200, "$args is answered");
    is($hit->{headers}{'x-plausible-dropped'}, 1, 'and said to be dropped');
    is(@{$hit->{events}}, 0, 'and no event');
}
like($nginx->get('/s')->{body}, qr/"unsupported": 6\b/, 'and counted');

# ---- lists ----

my $json = JSON::PP->new->canonical;
sub list {
    my ($requests, %more) = @_;
    return $hits->post('/matomo.php', $json->encode({requests => $requests,
        %more}), 'Content-Type' => $FORM);
}
my @all = ("?$base", "https://m.example/matomo.php?$base", $base,
    {idsite => 7, rec => 1, url => 'https://a.example/p'},
    '?rec=1', 5, "?$base&ping=1");
$hit = list(\@all);
is($hit->{headers}{'content-type'}, 'application/json', 'a list: JSON');
is_deeply(JSON::PP->new->decode($hit->{body}), {status => 'success',
    tracked => 5, invalid => 2, invalid_indices => [4, 5]}, 'what became of it');
is_deeply($hit->{events}, [(\%view) x 4], 'its events');
is(list(["?$base"], send_image => 0)->{status}, 204, 'one that wants no answer');
is(list([])->{status}, 200, 'an empty list');
$hit = $hits->post('/matomo.php', '{"requests":5}');
is($hit->{status}, 400, 'no list');
is($hit->{headers}{'x-glinto'}, 'requests is no list', 'with a sentence');

my $c = Glinto::Http->connect($nginx->port);
is($c->request('OPTIONS', '/matomo.php', {})->{status}, 204, 'a preflight');
is($c->request('PUT', '/matomo.php', {})->{status}, 405, 'another method');

$t->done;
