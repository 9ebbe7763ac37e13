# Promise: pages that nginx serves (glinto on) are counted by glintod exactly
# once, whatever dies meanwhile: visitors by what is known of them, 404 and 5xx
# by page, times by page and day within 5 %, bots by name and page.  They make
# no visit, and no number of the script's changes.  A day keeps as many new
# paths as paths_per_day says.  The command, the API and a tab of the dashboard
# tell the same.  A site may have its page show their numbers first (count).
#
# Method: requests through nginx, which logs $request_time of each; glintod is
# killed among them.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Store;
use Glinto::Test;
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();

my $t = Glinto::Test->new->one_day;
my $agent = $t->aggregator(conf => 'paths_per_day 12');
$agent->site('a.example', '--public', '--timezone', 'UTC');
my $nginx = $t->nginx(http => <<'EOH', server => <<'EOS');
    log_format timed '$status $request_time $uri';
    limit_req_zone $server_name zone=slow:1m rate=40r/s;
EOH
    glinto on;
    glinto_site a.example;
    default_type text/html;
    access_log %%DIR%%/timed.log timed;
    location / { return 200 '<p>page</p>'; }
    location = /slow { limit_req zone=slow burst=100; error_page 418 =200 /;
        try_files /nothing /really; }
    location = /really { internal; return 200 '<p>slow</p>'; }
    location /none { return 404; }
    location /fails { return 500; }
    location /style.css { default_type text/css; return 200 'p{}'; }
    location = /api/event { glinto_collect; access_log off; }
EOS
my %browser = ('Accept-Language' => 'en', 'Accept-Encoding' => 'gzip',
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0', Host => 'a.example', 'Sec-Fetch-Site' => 'none',
    'Sec-Fetch-Dest' => 'document');
my %style = ('Sec-Fetch-Site' => 'same-origin', 'Sec-Fetch-Dest' => 'style');

sub person {
    my ($n, $what) = @_;
    my %of = (%browser, 'X-Forwarded-For' => "10.0.0.$n");
    $nginx->get('/', %of);
    $nginx->get('/style.css', %of, %style) if $what =~ /style/;
    $nginx->post('/api/event', JSON::PP::encode_json({n => 'pageview',
        d => 'a.example', u => 'http://a.example/'}), %of,
        'Sec-Fetch-Site' => 'same-origin', 'Sec-Fetch-Dest' => 'empty')
        if $what =~ /script/;
}

sub served { $agent->json('site', 'served', 'a.example', @_) }
# Until N views are told, and what else comes after them.
sub until_served {
    my ($n, %rest) = @_;
    my $told;
    $t->until("$n views", sub {
        $told = served();
        my $to = $told->{replies} // {};
        !grep { ($to->{$_} // 0) != $rest{$_} } keys %rest
            and ($to->{views} // 0) == $n;
    });
    return $told;
}

person($_, 'style script') for 1 .. 3;
person($_, 'style') for 4 .. 8;
until_served(8);
$agent->kill9;
person($_, 'html') for 9 .. 10;
person(1, 'style script');
person(4, 'style');
$nginx->get('/none/x', %browser) for 1 .. 3;
$nginx->get('/fails?secret=1', %browser);
$agent->start;
my $told = until_served(12, missing => 3, failed => 1);
is_deeply($told->{visitors}, {served => 10, script => 3, blocks_script => 5,
    unexplained => 2, script_alone => 0}, 'visitors, by what is known');
is_deeply($told->{views}, {served => 12, script => 4, blocks_script => 6,
    unexplained => 2, told => 4}, 'their views');
is_deeply($told->{missing}, [{page => '/none/x', n => 3}], '404 by page');
is_deeply($told->{failed}, [{page => '/fails', n => 1}], '5xx, and no query');
is_deeply($told->{by_day}[0]{visitors}, $told->{visitors}, 'of today');
my $live = $agent->live('a.example')->{today};
is("@$live{qw(visitors pageviews)}", '3 4', "the script's own numbers");

# ---- bots ----

my %gpt = (%browser, 'User-Agent' => 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, '
    . 'like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)');
$nginx->get($_, %gpt) for qw(/about /about /none/y);
$nginx->get('/about', 'User-Agent' => undef, Host => 'a.example');
my %bot;
$t->until('four bots', sub {
    %bot = map { +"$_->{bot}|$_->{reason}|$_->{page}" => $_ }
        @{served()->{bots}};
    keys %bot == 3;
});
is(join(' ', @{$bot{'GPTBot|bot_agent|/about'}}{qw(operator kind views)}),
    'OpenAI ai-crawler 2', 'which, whose, what');
is($bot{'GPTBot|bot_agent|/none/y'}{missing}, 1, 'what it did not find');
is(served()->{visitors}{served}, 10, 'none is a visitor');

# ---- the AI loop ----

$nginx->post('/api/event', JSON::PP::encode_json({n => 'pageview', d =>
    'a.example', u => 'http://a.example/about', r => 'https://chatgpt.com/'}),
    %browser, 'X-Forwarded-For' => '10.0.1.1') for 1 .. 2;
my $ai;
$t->until('a visit from there', sub {
    $ai = $agent->json('site', 'ai', 'a.example');
    @{$ai->{people}};
});
is_deeply($ai->{people}, [{source => 'ChatGPT', operator => 'OpenAI',
    visitors => 1, visits => 1}], 'who came from an assistant');
my %claimed = (operator => 'OpenAI', bot => 'GPTBot', identity => 'claimed',
    refused => 0, failed => 0);
is_deeply($ai->{bots}, [{%claimed, views => 2, missing => 1}],
    'who fetched for it');
is_deeply($ai->{pages}, [{%claimed, page => '/about', views => 2, missing => 0},
    {%claimed, page => '/none/y', views => 0, missing => 1}], 'which pages');
like($agent->glinto('site', 'ai', 'a.example'),
    qr/^OpenAI +GPTBot +claimed +- +2 +0 +0 +0 +\/about$/m, 'in words');

# ---- times ----

my @sockets = map {
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort =>
        $nginx->port) or die "connect: $!\n";
    print $s "GET /slow HTTP/1.1\r\nConnection: close\r\n"
        . join('', map { "$_: $browser{$_}\r\n" } keys %browser) . "\r\n";
    $s;
} 1 .. 60;
for my $s (@sockets) { local $/; my $all = <$s>; }
$told = until_served(72);
my @ms = sort { $a <=> $b } map { 1000 * $_ }
    Glinto::Test::slurp($t->path('timed.log')) =~ m{^200 ([\d.]+) /really$}mg;
is(@ms, 60, 'so many in the log');
my ($slow) = @{$told->{slow}};
is("$slow->{page} $slow->{views}", '/slow 60', 'the slowest page');
for my $percent (50, 95) {
    my $is = $ms[POSIX::ceil(@ms * $percent / 100) - 1];
    my $off = abs($slow->{"p${percent}_ms"} - $is) / $is;
    cmp_ok($off, '<=', 0.05, "p$percent of $is ms within 5 %");
}
is($told->{slow_days}[0]{page}, '/slow', 'the same by day');

# ---- caps ----

$nginx->get("/page$_", %browser) for 1 .. 30;
until_served(102);
my $db = Glinto::Store->new($t->path('data'));
is($db->sum('SELECT count(*) FROM served_pages'), 13, 'twelve and (other)');
is($db->sum("SELECT views FROM served_pages WHERE path = '(other)'"), 22,
    'which has the rest');

# ---- told elsewhere ----

my $token = $agent->json('token', 'create', '--account', 'default', '--scope',
    'stats:read')->{token};
my $api = $agent->dashboard('GET', '/api/v1/stats/served?site_id=a.example'
    . '&days=1', undef, {Authorization => "Bearer $token"});
is($api->{status}, 200, 'the API');
is_deeply(JSON::PP::decode_json($api->{body})->{visitors},
    served()->{visitors}, 'tells the same');
my ($status, $out) = $agent->glinto('site', 'served', 'a.example');
like($out, qr/^block scripts +5 +6$/m, 'the command, in words');
like($out, qr/^told by the script +\d+ +\d+$/m, 'beside the script');
like($out, qr/^ +3  \/none\/x$/m, 'and lists');
like($out, qr/^ *[\d.]+ +[\d.]+ +- +- +60  \/slow$/m, 'no upstream, no cache');
my $tab = $agent->shown('/glinto/a.example?behaviour=served&period=day')
    ->{body};
$tab =~ s/<[^>]*>/ /g;
$tab =~ s/\s+/ /g;
like($tab, qr/Block scripts 5 6 .*Told by the script \d+ \d+/, 'a tab');
like($tab, qr{/none/x 3}, 'with pages that are not found');
like($tab, qr/OpenAI 2 0 1 1 /, 'and the AI loop');

# ---- the site chooses what its page shows first ----

sub page {
    return $agent->dashboard('GET', "/glinto/$_[0]", undef,
        {Host => '127.0.0.1'})->{body};
}
sub first {
    my ($more) = @_;
    my $html = page("a.example?period=day$more");
    my ($first) = $html =~ m{<p class="first">(.*?)</p>}s or return '';
    return join ' ', split ' ', $first =~ s/<[^>]*>/ /gr;
}
sub refuses { ($agent->glinto('site', 'set', 'a.example', 'count', @_))[2] }
my ($visitors, $views) = (served()->{visitors}{served},
    served()->{views}{served});
is(first(''), '', 'what the script tells, if nothing is said');
like(refuses('both'), qr/count is script or server/, 'no other word');
is(refuses('server'), '', 'pages served');
is($agent->json('site', 'show', 'a.example')->{site}{count}, 'server', 'told');
is(first('&compare=off'), "Pages served $visitors Visitors $views Views",
    'come first');
my $today = POSIX::strftime('%Y-%m-%d', gmtime);
is(first("&compare=custom&compare_from=$today&compare_to=$today"),
    "Pages served $visitors Visitors 0% was $visitors $views Views 0% was "
    . $views, 'beside those of the days they are compared with');
like(page(''), qr{Told by the script}, 'the list of sites has the other');
is(first('&f=is,visit:country,DE'), '', 'but where a filter holds');
is(refuses('script'), '', 'the script again');
is(first(''), '', 'alone');
unlike(page(''), qr{Told by the script}, 'and in the list of sites');

for my $days (0, 401, 'many') {
    my ($code, undef, $why) = $agent->glinto('site', 'served', 'a.example',
        '--days', $days);
    isnt($code, 0, "$days days: refused");
}

# ---- evidence: both of it, and of this site ----

my ($before) = served();
my @asked = (
    ['a page without Sec-Fetch, and its style', {'Sec-Fetch-Dest' => undef,
        'Sec-Fetch-Site' => undef}, \%style, 'unexplained'],
    ['a page, and a style of another site', {}, {%style,
        'Sec-Fetch-Site' => 'cross-site'}, 'unexplained'],
    ['a page, and what a script fetched', {}, {%style,
        'Sec-Fetch-Dest' => 'empty'}, 'unexplained'],
    ['a page, and its style', {}, \%style, 'blocks_script']);
for my $i (0 .. $#asked) {
    my ($name, $page, $asset, $is) = @{$asked[$i]};
    my %of = (%browser, 'X-Forwarded-For' => "10.0.2.$i");
    $nginx->get('/style.css', %of, %$asset);
    $nginx->get('/', %of, %$page);
    my $now = until_served($before->{replies}{views} + 1)->{visitors};
    my @more = grep { $now->{$_} != $before->{visitors}{$_} } sort keys %$now;
    is("@more", join(' ', sort $is, 'served'), "$name: $is");
    $before = served();
}
is(($agent->glinto('site', 'remove', 'a.example', '--yes'))[0], 0, 'removed');
$t->soon('nothing stays', sub {
    !$db->sum('SELECT (SELECT count(*) FROM served_pages) + (SELECT count(*) '
        . 'FROM served_visitors) + (SELECT count(*) FROM served_bots)');
});
$t->done;
