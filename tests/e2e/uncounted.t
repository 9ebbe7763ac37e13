# Promise: a tab of a site's page says what was not counted in its time, by
# reason, in the reader's language: bots, and what was left out; most first,
# whatever the filters are.  No such tab is behind a link to one segment.
#
# Method: requests of bots and people through nginx with the shipped files; the
# tab asked as a browser asks.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new->one_day;
my $agent = $t->aggregator(hosts => '127.0.0.1');
my $nginx = $t->nginx(shipped($t));
$agent->site('a.example', '--public', '--timezone', 'UTC');
my $person = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0';
sub event {
    my ($ua) = @_;
    return $nginx->post('/api/event', JSON::PP::encode_json({n => 'pageview',
        d => 'a.example', u => 'http://a.example/'}), 'User-Agent' => $ua,
        'Accept-Language' => 'en');
}
$t->until('a visit', sub {
    event($person);
    $agent->live('a.example')->{today}{pageviews};
});
event('Mozilla/5.0 (compatible; Googlebot/2.1)') for 1 .. 3;
event('curl/8.0');
$nginx->get('/g.gif?d=a.example&u=http%3A%2F%2Fa.example%2F', 'User-Agent' =>
    $person, 'Accept-Language' => 'en', 'Sec-Purpose' => 'prefetch') for 1 .. 2;

sub card {
    my ($query, $path) = @_;
    my $body = $agent->dashboard('GET', ($path // '/glinto/a.example')
        . "?behaviour=uncounted&period=day$query", undef,
        {Host => '127.0.0.1'})->{body};
    my ($card) = $body =~ m{(<section[^>]*\ id="behaviour".*?</p>\s*</section>)}s;
    return ($card // '') =~ s/<[^>]*>/ /gr =~ s/\s+/ /gr;
}
my $text;
$t->until('the counts', sub {
    $text = card('');
    return $text =~ /looked yet 2 / && $text =~ /program 4/;
});
like($text, $_, "it says $_") for
    qr/Bots Events The agent of a bot or a program 4 /,
    qr/Left out Events .*Fetched in advance, and nobody has looked yet 2 /,
    qr/Whole days in UTC/;
is(card('&f=is,visit:country,DE'), $text, 'whatever the filters are');
like(card('&lang=de'), qr/Ein Bot oder ein Programm 4 /, 'in German');
like(card('&compare=off', '/glinto/a.example'), qr/Not counted/, 'a tab');

my $segment = $agent->json('segment', 'add', 'a.example', '--name', 'x', '--filters',
    '[["is","visit:country",["DE"]]]')->{segment}{id};
my $link = $agent->json('share', 'add', 'a.example', '--segment',
    $segment)->{link};
unlike($agent->dashboard('GET', "$link?behaviour=uncounted", undef,
    {Host => '127.0.0.1'})->{body}, qr/>Not counted<|Left out/,
    'none behind a link to a segment');
$t->done;
