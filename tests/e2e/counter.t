# Promise: pages that show GoatCounter's count of themselves go on: of a public
# site /counter/PATH.json says how many visitors a page had, as it is stored,
# in all or between two days; a page that nobody has seen is 404; of a site
# that is not public nobody learns anything.

use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

my $t = Glinto::Test->new;
my $memory = in_memory($t);
my $world = Glinto::World->new($t);
$world->agent->glinto('site', 'add', 'a.example', '--public');
$world->agent->glinto('site', 'add', 'closed.example');
my %shipped = shipped($t);
$shipped{server} .= 'include %%DIR%%/conf/goatcounter.conf;
    location = /e { glinto_collect; }';
my $nginx = $t->nginx(%shipped);

# Status and count of WHAT, of whom HOST names.
sub counted {
    my ($what, $host, %headers) = @_;
    my $reply = Glinto::Http->connect($nginx->port)->request('GET',
        "/counter/$what", {Host => $host // 'a.example', Connection => 'close',
        %headers});
    my $said = JSON::PP->new->utf8->decode($reply->{body} || '{}');
    my $n = $said->{count} // $said->{error} // '';
    is($said->{count_unique}, $n, "$what: both numbers are one")
        if defined $said->{count};
    return ("$reply->{status} $n", $reply);
}
sub is_counted {
    my ($what, $must, @who) = @_;
    my ($status) = counted($what, @who);
    is($status, $must, $what . (@who ? " of $who[0]" : ''));
}

my $day = 86400;
my $at = time - 3 * $day;
my @lines = ((map { {kind => 'pageview', visitor => "v$_", path => '/many'} }
        1 .. 1234),
    (map { {kind => 'pageview', visitor => "v$_", path => '/twice'},
        {kind => 'pageview', visitor => "v$_", path => '/twice'} } 1 .. 5),
    {kind => 'pageview', visitor => 'v1', path => '/folder/'},
    {kind => 'pageview', visitor => 'v2', path => '/a&b=c d/é.html'},
    {kind => 'pageview', visitor => 'v2', path => '/'},
    {kind => 'event', name => 'banner', visitor => 'v3', path => '/twice'});
spew($t->path('lines'), join '', map { JSON::PP::encode_json({%$_,
    at => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $at)}) . "\n" } @lines);
for my $site ('a.example', 'closed.example') {
    is(($world->agent->glinto('import', '--site', $site, '--format', 'events',
        $t->path('lines')))[0], 0, "$site: visits of three days ago");
}

$t->soon('many visitors', sub {
    (counted('many.json'))[0] eq "200 1\x{202f}234" });
is_counted('%2Ftwice.json', '200 5');
is_counted('/twice.json', '200 5');
is_counted('twice/.json', '200 5');
is_counted('folder.json', '200 1');
is_counted('%2F.json', '200 1');
is_counted('%2Fa%26b%3Dc%20d%2F%C3%A9.html.json', '200 1');
is_counted('banner.json', '200 1');
is_counted('pageview.json', '404 0');
is_counted('none.json', '404 0');
is_counted('TOTAL.json', "200 1\x{202f}234");
is_counted('twice.json', '200 5', $_)
    for 'www.a.example', "A.example:8080";

my ($before, $that, $after) = map { POSIX::strftime('%Y-%m-%d', gmtime $_) }
    $at - 2 * $day, $at, $at + 2 * $day;
is_counted("twice.json?start=$_->[0]", "$_->[1]")
    for ['week', '200 5'], ['month', '200 5'], ['year', '200 5'],
    [$before, '200 5'], [$after, '404 0'], ["$that&end=$that", '200 5'],
    ["$before&end=$before", '404 0'];
is_counted("twice.json?end=$after", '200 5');
is_counted("twice.json?no_branding=1&style=x&end=$before", '404 0');
my $dates = '400 "start" is week, month, year or a date, "end" a date that is '
    . 'not before: 2026-01-31';
is_counted("twice.json?$_", $dates) for 'start=x', 'end=week', 'start=2026-02-30',
    "start=$after&end=$before";
is_counted('twice.svg', '400 the address ends with .json');

my (undef, $reply) = counted('twice.json');
is($reply->{headers}{'access-control-allow-origin'}, '*', 'any page may ask');
is($reply->{headers}{'cache-control'}, 'public, max-age=60', 'and keep it');

# ---- who may ----

my $token = $world->agent->json('token', 'create')->{token};
like((counted('twice.json', 'closed.example'))[0], qr/^401 this site is not public/,
    'a site that is not public');
my ($own, $private) = counted('twice.json', 'closed.example',
    Authorization => "Bearer $token");
is($own, '200 5', 'with a token');
is($private->{headers}{'cache-control'}, 'no-store', 'and nobody keeps it');
like((counted('twice.json', 'closed.example'))[0], qr/^401/, 'nobody else');
like((counted('twice.json', $_))[0], qr/^404/, "no site: $_")
    for 'none.example', '127.0.0.1';
$world->agent->glinto('site', 'set', 'a.example', 'public', 'no');
$t->soon('a site that is closed tells nothing',
    sub { (counted('twice.json'))[0] =~ /^401/ });
$world->agent->glinto('site', 'set', 'a.example', 'public', 'yes');

# ---- how often it is asked ----

$reply = $world->agent->dashboard('GET', '/counter/twice.json', undef,
    {Host => 'a.example'});
is($reply->{headers}{'x-accel-expires'}, 1, 'nginx keeps it for a second');
$t->allow(qr/dashboard\.sock failed/);
$world->agent->stop;
my ($away) = counted('away.json'); # which nginx has not kept
like($away, qr/^503 glintod does not answer/, 'while it is away: a sentence');
$t->done;
