# Promise: what a site turns away is turned away by every worker within two
# seconds, by address and network, country, page, host, agent and the browser's
# signals, and told by reason; what it does not keep is in no frame and no row,
# by whatever door it comes, each switch by itself; another site of the same
# request keeps it; and "site show" tells each key as "site set" takes it.
#
# Method: nginx with four workers, a keep-alive connection to each one's port
# would tell nothing, so a setting holds when 40 connections in a row say so;
# rows are read in the account's file.
#
# Check: it waits for the workers' next second some twenty times.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use Time::HiRes ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'b'], nginx => {
    workers => 4, server => 'location = /e { glinto_collect;
        glinto_country $http_x_country; glinto_city $http_x_city; }
        location = /count { glinto_collect goatcounter;
        glinto_site $http_x_site; }'});
my ($agent, $nginx) = ($world->agent, $world->nginx);

sub event {
    my ($event, %headers) = @_;
    my %event = (n => 'pageview', d => 'a.example', u => 'https://a.example/',
        %$event);
    my $answer = $nginx->post('/e', JSON::PP::encode_json(\%event), %headers);
    return $answer->{headers}{'x-plausible-dropped'} // 0;
}
sub set { $agent->glinto('site', 'set', 'a.example', @_) }
sub errs {
    my ($sentence, @key) = @_;
    my ($status, undef, $err) =
        $agent->glinto('site', 'set', 'a.example', @key);
    is($status, 2, "@key: refused");
    like($err, qr/^glinto: [^\n]*$sentence/, 'with a sentence');
}
# It is set: all workers turn WRONG away within two seconds, and never RIGHT.
sub holds {
    my ($key, $value, $wrong, $right) = @_;
    set($key, $value);
    my $since = Time::HiRes::time();
    my ($in_a_row, $last) = (0, $since);
    while ($in_a_row < 40 && Time::HiRes::time() < $since + 10) {
        $last = Time::HiRes::time() if !event(@$wrong);
        $in_a_row = event(@$wrong) ? $in_a_row + 1 : 0;
    }
    cmp_ok($last - $since, '<', $t->slow(2), "$key $value: within two seconds");
    is(event(@$_), 0, "$key: another one counts") for @$right;
    set($key, $key eq 'optout' ? 'no' : '');
    $t->until('it is taken back', sub { !grep { event(@$wrong) } 1 .. 40 });
}

my @here = ({}, 'X-Forwarded-For' => '203.0.113.7');
my @there = ({}, 'X-Forwarded-For' => '203.0.114.7');
my @six = ({}, 'X-Forwarded-For' => '2001:db8:1::7');
$t->soon('workers know the site', sub { !event({}) });
holds('block_addresses', '203.0.113.0/24', \@here, [\@there, \@six]);
holds('block_addresses', ' 2001:db8::/32 ', \@six, [\@here]);
holds('block_addresses', '203.0.113.7,::ffff:203.0.113.8', \@here,
    [\@there, [{}, 'X-Forwarded-For' => '203.0.113.9']]);
holds('block_countries', 'at,DE', [{}, 'X-Country' => 'DE'],
    [[{}, 'X-Country' => 'FR'], [{}]]);
holds('block_pages', '/admin/**,/a b*', [{u => 'https://a.example/a%20bc'}],
    [[{u => 'https://a.example/a%20b/c'}], [{u => 'https://a.example/admin'}]]);
holds('block_agents', 'UpTime, zz,y/ ', [{}, 'User-Agent' => 'Mozilla uptime/1'],
    [[{}, 'User-Agent' => 'Mozilla/5.0 (Z11) Firefox/128.0']]);
holds('block_agents', 'zBz', [{}, 'User-Agent' => 'Mozilla Z zzB bz zbZ'],
    [[{}, 'User-Agent' => 'Mozilla zb Bz zz']]);
holds('hosts', 'a.example', [{u => 'https://c.example/'}],
    [[{u => 'https://a.example/'}]]);
holds('optout', $_->[0], [{}, $_->[1] => 1], [[{}, $_->[2] => 1]])
    for ['gpc', 'Sec-GPC', 'DNT'], ['dnt', 'DNT', 'Sec-GPC'];

errs('no address and no network', 'block_addresses', $_)
    for '203.0.113', '203.0.113.0/33', '2001:db8::/129', 'example.com', '1/ 2';
errs('no country', 'block_countries', $_) for 'Germany', 'XX';
errs('no path', 'block_pages', 'admin');
errs('more than 200', 'block_agents', join ',', map { "x$_" } 1 .. 201);
errs('there are keep_referrer', 'keep_cookies', 'no');
errs('yes or no', 'keep_agent', 'perhaps');
errs('gpc, dnt', 'optout', 'some');
errs('number of days', 'retention_days', -1);

# ---- what is told ----

my %sent = (blocked_address => undef, blocked_country => undef, blocked_page =>
    undef, blocked_agent => undef, hostname_not_allowed => undef, opt_out =>
    undef);
my %told;
$t->soon('every reason is told by site', sub {
    my $status = $agent->json('status');
    %told = map { $_->{reason} => $_->{n} }
        grep { $_->{site} eq 'a.example' } @{$status->{not_counted}{sites}};
    return !grep { !$told{$_} } keys %sent;
});
set('block_pages', '/x/**,/y');
set('keep_screen', 'no');
my %shown = map { /^(\S+)\s+(\S.*?)?\s*$/ ? ($1 => $2 // '') : () }
    split /\n/, scalar $agent->glinto('site', 'show', 'a.example');
is_deeply([@shown{qw(block_pages block_addresses keep_screen keep_agent
    optout retention_days)}], ['/x/**,/y', '', 'no', 'yes', 'no', '0'],
    'site show');
is_deeply($agent->json('site', 'show', 'a.example')->{block}{pages},
    ['/x/**', '/y'], 'the same for programs');
set('block_pages', '');
set('keep_screen', 'yes');

# ---- what is not kept ----


# What the row of a path has, of what a site may leave out.
my %COLUMN = (referrer => 'r.referrer', campaign => 'r.utm_source || r.click_id',
    agent => 'a.browser', place => 'p.country || p.city', language => 'l.text',
    screen => 's.text', title => 't.text', props => 'e.props');
my @ALL = sort keys %COLUMN;
sub has {
    my ($domain, $path) = @_;
    my @row;
    $t->until("the row of $domain$path", sub {
        @row = $world->store->rows($world->file($domain), 'SELECT '
            . join(', ', map { "$COLUMN{$_} AS $_" } @ALL) . ' FROM events e '
            . join(' ', map { "LEFT JOIN $_->[0]s $_->[1] ON "
                . "$_->[1].code = e.$_->[0]" } [qw(path w)], [qw(referrer r)],
                [qw(agent a)], [qw(place p)], [qw(language l)], [qw(screen s)],
                [qw(title t)])
            . ' WHERE w.text = ? AND e.site = ?', $path,
            $world->store->value($world->store->meta,
                'SELECT id FROM sites WHERE domain = ?', $domain));
        return @row == 1;
    });
    return join ' ', grep { length($row[0]{$_} // '') } @ALL;
}
my $n = 0;
sub script { # an event for these sites
    my $path = '/script/' . ++$n;
    is(event({d => join(',', map { "$_.example" } @_), r => 'https://r.example/p',
        u => "https://a.example$path?utm_source=letter&gclid=1",
        p => {plan => 'pro'}}, 'X-Country' => 'AT', 'X-City' => 'Wien'), 0, $path);
    return $path;
}
sub counter { # as GoatCounter's script says it
    my ($site) = @_;
    my $path = '/counter/' . ++$n;
    $nginx->get("/count?p=$path&t=Title&s=1920,1080,1&r=https%3A%2F%2Fr.example%2F",
        'X-Site' => "$site.example");
    return $path;
}
sub past { # an event line
    my ($site) = @_;
    my $path = '/past/' . ++$n;
    my ($status, $out, $err) = $agent->import_lines("$site.example", {
        kind => 'event', name => 'x', visitor => 'v', at => '2026-01-02T03:04:05Z',
        path => $path, referrer => 'https://r.example/', utm_source => 'letter',
        browser => 'Firefox', country => 'AT', city => 'Wien', language => 'de',
        screen => '1x1', title => 'T', props => {a => 'b'}, source => 'Given'});
    is($status, 0, "$path $err");
    return $path;
}
sub but { my ($all, $word) = @_; join ' ', grep { $_ ne $word } split / /, $all }

$world->site($_), $agent->glinto('site', 'set', "$_.example", "keep_$_", 'no')
    for @ALL;
$world->site('none');
$agent->glinto('site', 'set', 'none.example', "keep_$_", 'no') for @ALL;
$world->site('last');
$t->soon('workers know them', sub {
    !grep { event({d => 'last.example'}) } 1 .. 40 });

my ($script, $counter) = ('agent campaign language place props referrer',
    'agent language referrer screen title');
my $path = script('b', @ALL, 'none');
is(has('b.example', $path), $script, 'a script: a site keeps all');
is(has("$_.example", $path), but($script, $_), "another no $_") for @ALL;
is(has('none.example', $path), '', 'and one nothing');
is(has("$_.example", counter($_)), but($counter, $_), "another script: no $_")
    for 'b', @ALL;
is(has("$_.example", past($_)), but("@ALL", $_), "an import: no $_")
    for 'b', @ALL;
$agent->glinto('site', 'set', 'none.example', 'keep_title', 'yes');
is(has('none.example', past('none')), 'title', 'switched on again');
$t->done;
