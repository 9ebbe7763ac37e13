# Promise: whatever a browser sends means the same at every live door: the
# event API as JSON and as a form, the pixel, the scripts and lists of
# GoatCounter, Umami and Matomo, and what servers with a token tell, in event
# lines and in GoatCounter's words.  A host is one name, an own host no source,
# a limit is for what is kept, codes and screens have one spelling, control
# characters go nowhere, JSON is read as browsers write it, an address is one
# visitor, and what nobody has seen is no view.  Event lines refuse, as an
# import does, what another door leaves out.
#
# The import's doors: texts.t, codes.t, names.t, total_texts.t.
#
# Check: 712 questions.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['f.test']);
$world->agent->glinto('site', 'set', 'f.test', 'matomo_id', '7');
my %shipped = shipped($t);
$shipped{server} =~ s/glinto_site a\.example/glinto_site f.test/;
$shipped{server} .= join '', map { "include %%DIR%%/conf/$_.conf;\n" }
    qw(goatcounter umami matomo senders);
my $nginx = $t->nginx(%shipped);
my $file = $world->file('f.test');
my $utf8 = JSON::PP->new->utf8->canonical->allow_nonref;
my $MARK = "\xef\xbb\xbf";
my $AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 '
    . 'Firefox/133.0';
my $token = $world->agent->json('token', 'create', '--scope', 'events:write')
    ->{token};

sub coded { # texts are characters
    my ($text) = @_;
    utf8::encode($text);
    return $text =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger;
}
sub query { my (@pairs) = @_; my @all;
    while (my ($key, $value) = splice @pairs, 0, 2) {
        push @all, "$key=" . coded($value) if defined $value;
    }
    return join '&', @all;
}
sub ask {
    my ($event, $method, $path, $body, $type) = @_;
    return Glinto::Http->connect($nginx->port)->request($method, $path,
        {Host => 'f.test', Connection => 'close', 'Accept-Language' => 'de',
        'User-Agent' => $AGENT, $type ? ('Content-Type' => $type) : (),
        %{$event->{headers} // {}}},
        $body);
}

# ---- the doors: an event becomes a request of its tracker ----

sub json_text { # a text of JSON, with the escapes of RAW as they are
    my ($event, $member) = @_;
    return $event->{"raw $member"} ? "\"$event->{\"raw $member\"}\""
        : defined $event->{$member} ? $utf8->encode($event->{$member}) : undef;
}
sub object {
    my ($event, @pairs) = @_;
    my @all;
    while (my ($key, $text) = splice @pairs, 0, 2) {
        push @all, "\"$key\":$text" if defined $text;
    }
    return '{' . join(',', @all) . '}';
}
sub umami {
    my ($event) = @_;
    return '{"type":"event","payload":' . object($event, website => '"f.test"',
        url => json_text($event, 'url'), title => json_text($event, 'title'),
        referrer => json_text($event, 'referrer'),
        name => json_text($event, 'name'),
        screen => json_text($event, 'screen')) . '}';
}
sub by_token { # a server's request
    my ($event, $path, $body) = @_;
    local $event->{headers} = {Authorization => "Bearer $token"};
    return ask($event, 'POST', "$path?site=f.test", $body, 'application/json');
}
sub whose {
    my ($event) = @_;
    return (user_agent => $utf8->encode($AGENT), ip => $utf8->encode(
        ($event->{headers} // {})->{'X-Forwarded-For'} // '203.0.113.1'));
}
sub line { # an event line
    my ($event) = @_;
    my ($host, $path, $utm) = $event->{url}
        =~ m{^\s*(?:https?://([^/]*))?([^?]*)(?:\?utm_source=)?(.*)}s;
    $utm =~ s/%(..)/chr hex $1/ge;
    utf8::decode($utm);
    return object($event, kind => $event->{name} ? '"event"' : '"pageview"',
        host => $utf8->encode($host // ''), path => $utf8->encode($path),
        utm_source => $utf8->encode($utm), whose($event),
        map { $_ => json_text($event, $_) } qw(referrer title screen name));
}
my $FORM = 'application/x-www-form-urlencoded';
my %doors = (
    json => sub { my ($event) = @_;
        return ask($event, 'POST', '/api/event', $MARK . object($event,
            d => '"f.test"', n => json_text($event, 'name') // '"pageview"',
            u => json_text($event, 'url'),
            r => json_text($event, 'referrer')), 'text/plain') },
    form => sub { my ($event) = @_;
        return ask($event, 'POST', '/api/event', query(d => 'f.test',
            n => $event->{name} // 'pageview', u => $event->{url},
            r => $event->{referrer}), $FORM) },
    pixel => sub { my ($event) = @_;
        return ask($event, 'GET', '/g.gif?' . query(d => 'f.test',
            u => $event->{url}, r => $event->{referrer},
            t => $event->{title})) },
    goatcounter => sub { my ($event) = @_;
        my ($origin, $path) = $event->{url} =~ m{^\s*(https?://[^/]*)(.*)}s;
        my $referer = ($origin // '') . '/from';
        utf8::encode($referer);
        local $event->{headers} = {Referer => $referer,
            %{$event->{headers} // {}}};
        return ask($event, 'GET', '/count?' . query(
            p => $event->{name} // $path // $event->{url},
            e => $event->{name} && 'true', t => $event->{title},
            r => $event->{referrer}, s => $event->{screen}
                && $event->{screen} =~ s/x/,/r)) },
    umami => sub { my ($event) = @_;
        return ask($event, 'POST', '/api/send', $MARK . umami($event),
            'application/json') },
    'umami list' => sub { my ($event) = @_;
        return ask($event, 'POST', '/api/batch', $MARK . ' [' . umami($event)
            . ']', 'application/json') },
    matomo => sub { my ($event) = @_;
        return ask($event, 'GET', '/matomo.php?' . query(idsite => 7, rec => 1,
            url => $event->{url}, urlref => $event->{referrer},
            action_name => $event->{title}, res => $event->{screen},
            $event->{name} ? (e_c => 'C', e_a => $event->{name}) : ())) },
    'matomo list' => sub { my ($event) = @_;
        return ask($event, 'POST', '/matomo.php', "$MARK\n"
            . '{"requests":[' . object($event, idsite => 7, rec => 1,
            url => json_text($event, 'url'),
            urlref => json_text($event, 'referrer'),
            action_name => json_text($event, 'title'),
            res => json_text($event, 'screen'), $event->{name}
            ? (e_c => '"C"', e_a => json_text($event, 'name')) : ()) . ']}',
            'application/json') },
    'event lines' => sub { my ($event) = @_;
        return by_token($event, '/api/events', $MARK . line($event) . "\n") },
    'event list' => sub { my ($event) = @_;
        return by_token($event, '/api/events', "$MARK [" . line($event) . ']') },
    'goatcounter hits' => sub { my ($event) = @_;
        my ($path) = $event->{url} =~ m{^\s*(?:https?://[^/]*)?(.*)}s;
        return by_token($event, '/api/v0/count', $MARK . '{"hits":['
            . object($event, path => json_text($event, 'name')
                // $utf8->encode($path), event => $event->{name} && 'true',
            title => json_text($event, 'title'), whose($event),
            ref => json_text($event, 'referrer'), size => $event->{screen}
                && $utf8->encode($event->{screen} =~ s/x/,/r)) . ']}') },
);
my @ALL = sort keys %doors;
my @EVENTS = ('event lines', 'event list');
my @TOLD = (@EVENTS, 'goatcounter hits');
my @LISTS = ('umami list', 'matomo list');
my @SCREENS = (qw(goatcounter umami matomo), @LISTS, @TOLD);
my @TITLES = ('pixel', @SCREENS);
my @NAMES = ('json', 'form', @SCREENS);
sub but { # the doors without those
    my ($doors, @those) = @_;
    my %those = map { $_ => 1 } @those;
    return [grep { !$those{$_} } @$doors];
}
my @IMAGES = qw(pixel goatcounter matomo);

# ---- what comes of it ----

sub newest {
    my ($row) = $world->store->rows($file, q{SELECT kind, hosts.text AS host,
        paths.text AS path, r.source AS source, r.utm_source AS utm,
        names.text AS name, titles.text AS title, screens.text AS screen,
        events.visitor AS visitor FROM (SELECT max(id) AS id FROM events)
        AS last JOIN events ON events.id = last.id
        LEFT JOIN hosts ON hosts.code = host
        LEFT JOIN paths ON paths.code = path
        LEFT JOIN referrers r ON r.code = events.referrer
        LEFT JOIN names ON names.code = name
        LEFT JOIN titles ON titles.code = title
        LEFT JOIN screens ON screens.code = screen});
    utf8::decode($_) for grep { defined } values %$row;
    return $row;
}

# EVENT at each of DOORS is one row that has what WANT says.
sub stored {
    my ($fact, $doors, $event, $want) = @_;
    for my $door (@$doors) {
        my $before = $world->rows;
        my $reply = $doors{$door}->({url => 'https://f.test/a', %$event});
        ok($reply->{status} < 300, "$door: $fact") or diag($reply->{body});
        $t->until("$door: its row", sub { $world->rows > $before });
        my $row = newest();
        $row->{name} =~ s/^C: // if $door =~ /matomo/ && $row->{name};
        is_deeply({map { $_ => $row->{$_} || undef } keys %$want}, $want,
            "$door: as it is meant") or diag(explain($row));
    }
}

# It is refused, or answered as if it were not, and no row.
sub refused {
    my ($fact, $doors, $event) = @_;
    for my $door (@$doors) {
        my $reply = $doors{$door}->({url => 'https://f.test/a', %$event});
        ok($reply->{status} == 400
            || $reply->{body} =~ /"(?:invalid|errors)":(?:1|\[\{)/,
            "$door: $fact") or diag($reply->{status});
    }
}

# ---- 1, 6, 8: hosts and addresses ----

$t->soon('workers know the token', sub {
    $doors{'event lines'}->({url => 'https://f.test/a'})->{status} == 202 });
stored("page $_", \@ALL, {url => $_}, {host => 'f.test', path => '/a'})
    for 'https://f.test/a', 'https://WWW.F.test.:8443/a', "  http://f.test/a ";
stored('a page in letters', but(\@ALL, 'goatcounter hits'),
    {url => "https://B\x{fc}cher.example/a"},
    {host => 'xn--bcher-kva.example'});
stored("no host in $_", but(\@ALL, @TOLD, 'goatcounter'), {url => $_},
    {host => '(none)', path => '/a'}) for "https://f.test'X'/a", '/a';
refused('no host', \@EVENTS, {url => "https://f.test'X'/a"});
stored('the host is the site\'s', \@TOLD, {url => '/a'},
    {host => 'f.test', path => '/a'});
stored("from $_", \@ALL, {referrer => $_}, {source => undef})
    for 'https://blog.f.test/x', 'https://m.F.TEST.:80/';
stored('from elsewhere', \@ALL, {referrer => 'https://r.test/'},
    {source => 'r.test'});

# ---- 3: limits ----

stored('a long query', but(\@ALL, @EVENTS),
    {url => 'https://f.test/a?' . 'q' x 2050},
    {path => '/a'});
refused('a long path', \@ALL, {url => 'https://f.test/' . 'p' x 2000});
my %long = (campaign => {url => 'https://f.test/a?utm_source=' . 'u' x 256},
    title => {title => "\x{436}" x 1025});
refused("a long $_", \@EVENTS, $long{$_}) for sort keys %long;
stored('a long campaign', but(\@ALL, @EVENTS), $long{campaign},
    {utm => '(too long)'});
stored('a long title', but(\@TITLES, @EVENTS), $long{title},
    {title => '(too long)'});
for my $end ('A', 'B') { # Matomo's begins with "C: "
    my $name = "\x{436}" x 116 . $end;
    stored("a name that ends in $end", \@NAMES, {name => $name},
        {name => $name});
}
refused('a long name', \@NAMES, {name => "\x{436}" x 121});

# ---- 4: codes and control characters ----

stored('screen 1920x1080', \@SCREENS, {screen => '1920x1080'},
    {screen => '1920x1080'});
for my $screen ('0x0', '01920x1080', '<b>x1') {
    stored("screen $screen", but(\@SCREENS, @EVENTS), {screen => $screen},
        {screen => undef});
    refused("screen $screen", \@EVENTS, {screen => $screen});
}
stored('ESC in a path', \@ALL, {url => 'https://f.test/a%1Bb%09c'},
    {path => '/a%1Bb c'});
stored('ESC in a campaign', \@ALL,
    {url => 'https://f.test/a?utm_source=s%1B%C2%9B'},
    {utm => 's%1B%C2%9B'});
stored('ESC in a title', \@TITLES, {title => "a\e[31m\tb\x{85}c"},
    {title => 'a%1B[31m b c'});
stored('ESC in a name', \@NAMES, {name => "a\e\tb"}, {name => 'a%1B b'});
stored('no UTF-8', \@ALL, {url => 'https://f.test/%E9'}, {path => '/%E9'});

# ---- 2: JSON as it is written ----

for (['\ud83d', "\x{fffd}"], ['a\u0000b', 'ab']) {
    my ($raw, $want) = @$_;
    stored("title $raw", ['umami', @LISTS, @TOLD], {'raw title' => $raw},
        {title => $want});
    stored("name $raw", ['json', 'umami', @LISTS, @TOLD], {name => 1,
        'raw name' => $raw}, {name => $want});
}

# ---- 5: what nobody has seen ----

for my $headers ({'Sec-Purpose' => 'prefetch;prerender'},
    {'X-Purpose' => 'preview'}, {Purpose => 'prefetch'})
{
    my ($name) = %$headers;
    my $before = $world->rows;
    is($doors{$_}->({url => 'https://f.test/a', headers => $headers})
        ->{status}, 200, "$_: $name") for @IMAGES;
    stored("sent by a script, with $name", ['json', 'umami', @LISTS],
        {headers => $headers}, {path => '/a'});
    is($world->rows, $before + 4, "$name: no view of an image");
}
for my $path ('/g.gif?d=f.test&u=/head', '/count?p=/head',
    '/matomo.php?idsite=7&rec=1&url=/head')
{
    my $before = $world->rows;
    like(ask({}, 'HEAD', $path)->{status}, qr/^(?:200|405)$/, "HEAD of $path");
    stored('the next one', ['json'], {}, {path => '/a'});
    is($world->rows, $before + 1, 'HEAD is no view');
}

# ---- 7: one address, one visitor ----

for (['198.51.100.7', '::ffff:198.51.100.7', '::FFFF:c633:6407'],
    ['2001:db8::1', '2001:0DB8:0:0::1'])
{
    my %visitors;
    for my $address (@$_) {
        stored($address, \@ALL, {headers => {'X-Forwarded-For' => $address}}, {});
        $visitors{newest()->{visitor}} = 1;
    }
    is(scalar keys %visitors, 1, "$_->[0] is one visitor at every door");
}

# ---- 11: our doors answer themselves ----

for my $path ('/api/event', '/g.gif', '/count?p=/', '/api/send', '/api/batch',
    '/matomo.php', '/api/events', '/api/v0/count')
{
    for (['PUT', '', 405], $path =~ /gif/ ? () : ['POST', 'x' x 70_000, 413]) {
        my ($method, $body, $status) = @$_;
        my $reply = ask({headers => {Origin => 'https://o.test'}}, $method,
            $path, $body);
        is($reply->{status}, $status, "$method $path");
        like($reply->{headers}{'access-control-allow-origin'},
            qr{^(?:\*|https://o\.test)$}, 'with CORS once');
    }
}
unlike(slurp($t->path('error.log')) =~ s/^.*\[info\].*\n//mgr,
    qr/198\.51|2001:|client: /, 'no line has an address');

$t->done;
