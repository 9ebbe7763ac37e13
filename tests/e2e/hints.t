# Promise: client hints that browsers send tell what a reduced User-Agent does
# not: Windows 11, the version of Android, Brave; a site that does not keep the
# agent keeps none of it; the shipped snippet asks for the version; a browser
# without a window is a bot.
#
# Method: events through nginx with the headers of Chromium, asked back.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site($_, '--timezone', 'UTC') for qw(a.example b.example);
my $nginx = $t->nginx(server => slurp($t->root . '/conf/nginx/hints.conf')
    . <<'EOS');
    default_type text/html;
    location / { return 200 '<p>page</p>'; }
    location = /api/event { glinto_collect; }
EOS
$agent->glinto('site', 'set', 'b.example', 'keep_agent', 'no');

my %browser = ('Accept-Language' => 'en', 'Accept-Encoding' => 'gzip');
my $engine = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0';
my $windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) $engine Safari/537.36";
my $phone = "Mozilla/5.0 (Linux; Android 10; K) $engine Mobile Safari/537.36";
my $chrome = '"Chromium";v="142", "Google Chrome";v="142", '
    . '"Not_A Brand";v="99"';
my $brave = $chrome =~ s/Google Chrome/Brave/r;

sub sends {
    my ($site, $n, $text, $brands, $mobile, $platform, $version) = @_;
    $nginx->post('/api/event', JSON::PP::encode_json({n => 'pageview',
        d => $site, u => "http://$site/"}), %browser, 'User-Agent' => $text,
        'X-Forwarded-For' => "10.0.0.$n", 'Sec-CH-UA' => $brands,
        'Sec-CH-UA-Mobile' => $mobile, 'Sec-CH-UA-Platform' => $platform,
        (defined $version ? ('Sec-CH-UA-Platform-Version' => $version) : ()));
}
sub by {
    my ($site, @dimensions) = @_;
    my $answer = $agent->query({site_id => $site, metrics => ['visitors'],
        date_range => 'day', dimensions => \@dimensions});
    return {map { join('|', @{$_->{dimensions}}) => $_->{metrics}[0] }
        @{$answer->{results}}};
}

my @all = ([$windows, $chrome, '?0', '"Windows"', '"15.0.0"'],
    [$windows, $brave, '?0', '"Windows"', '"10.0.0"'],
    [$windows, $chrome, '?0', '"Windows"'],
    [$windows, $chrome, '?1', '"Android"', '"15.0.0"'],
    [$phone, $chrome, '?1', '"Android"', '"15.0.0"'],
    [$phone, $chrome, '?1', '"Android', '"15.0.0"']);
my $n = 0;
sends($_, ++$n, @{$all[0]}) for 'b.example';
sends('a.example', ++$n, @$_) for @all;
my $systems;
$t->until('all are counted', sub {
    $systems = by('a.example', 'visit:os', 'visit:os_version', 'visit:browser');
    my $sum = 0;
    $sum += $_ for values %$systems;
    $sum == @all;
});
is_deeply($systems, {'Windows|11|Chrome' => 1, 'Windows|10|Brave' => 1,
    'Windows|10|Chrome' => 2, 'Android|15|Chrome' => 1,
    'Android|10|Chrome' => 1}, 'what hints say, and no more');
is_deeply(by('a.example', 'visit:device'), {Desktop => 4, Mobile => 2},
    'classes');
is_deeply(by('b.example', 'visit:os', 'visit:os_version'),
    {'(not set)|(not set)' => 1}, 'a site that keeps no agent');

sends('a.example', 99, $windows, '"HeadlessChrome";v="142"', '?0', '"Windows"');
$t->soon('a browser that nobody looks at', sub {
    grep { $_->{reason} eq 'bot_evidence' }
        @{$agent->json('site', 'bots', 'a.example')->{bots}};
});
is($nginx->get('/')->{headers}{'accept-ch'}, 'Sec-CH-UA-Platform-Version',
    'pages ask for the version');
$t->done;
