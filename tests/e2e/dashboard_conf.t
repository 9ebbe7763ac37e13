# Promise: who follows conf/README.md has the dashboard as closed as it says:
# with its password recipe no path of it that there is, however it is written,
# gives anything to whoever has not the password, and everything to who has;
# with its token recipe the sites that are not public, too, and no other
# account's; and so does a person whom nginx vouches for.  One address cannot
# take the live connections of all, nor one site's crowd those of other sites.
#
# Method: nginx with the shipped files, the page's own blocks of commands, with
# the paths of the test; and each path of aggregator/serve/paths.def, so that
# a new one is asked for, too.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Paths;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::WebSocket;
use MIME::Base64 qw(encode_base64);

my $EACH = 64; # conf/nginx/dashboard.conf
my $SITE_MAX = 70;
my $t = Glinto::Test->new;
my $agent = $t->aggregator(conf => "watchers_per_site $SITE_MAX\n"
    . 'access_header X-Glinto-Person');
my %shipped = shipped($t);
$shipped{server} .= 'include %%DIR%%/conf/goatcounter.conf;';
my $nginx = $t->nginx(%shipped, log_level => 'error');
$agent->site('open.example', '--public');
$agent->site('hidden.example', '--timezone', 'UTC');
$agent->glinto('account', 'add', 'other');
$agent->site('theirs.example', '--account', 'other', '--timezone', 'UTC');
$nginx->get('/glinto/')->{body} =~ m{(/glinto/assets/style[\w.-]+)} or die;
my $asset = $1;

my @blocks = slurp($t->root . '/conf/README.md') =~ /^```\n(.*?)^```$/msg;

# Do the one block of the page that has WORDS.
sub follow {
    my ($words) = @_;
    my @found = grep { /\Q$words\E/ } @blocks;
    is(scalar @found, 1, "one block with \"$words\"");
    my $commands = here($t, $found[0]);
    $commands =~ s/\bopenssl passwd -apr1\b/$& secret/;
    $commands =~ s/^nginx .*\n//m or die "no reload\n";
    my $socket = $t->path('admin.sock');
    spew($t->path('commands'), "set -e\nchown() { :; }\n"
        . "glinto() { @{[$t->build]}/glinto --socket $socket \"\$@\"; }\n"
        . $commands);
    my $said = qx(bash @{[$t->path('commands')]} 2>&1);
    is($? >> 8, 0, 'the commands do it') or diag($commands, $said);
    $nginx->reload;
}

my %key = (Upgrade => 'websocket', Connection => 'Upgrade',
    Origin => 'http://localhost', 'Sec-WebSocket-Version' => 13,
    'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==');
my $password = 'Basic ' . encode_base64('ann:secret', '');
my %with = (none => {}, wrong => {Authorization => 'Basic '
        . encode_base64('ann:other', '')},
    password => {Authorization => $password},
    token => {Authorization => 'Bearer gl_' . 'x' x 43});

# Status of PATH, a WebSocket's when it ends with /live.
sub ask {
    my ($path, $how) = @_;
    my %headers = %{$with{$how}};
    %headers = (%headers, %key) if $path =~ m{live(?:$|\?)};
    my $client = Glinto::Http->connect($nginx->port);
    return $client->request('GET', $path, \%headers, undef)->{status};
}

# Every way to a path of the dashboard, and what it is when all is open.
my %open = ('/glinto/' => 200, '/glinto/?q=open' => 200,
    '/glinto/open.example' => 200, '/glinto/open.example/live' => 101,
    '/glinto/open.example/live?x=1' => 101, $asset => 200,
    '/glinto/%6fpen.example' => 200, '/glinto/open.example/%6cive' => 404,
    '/glinto/open.example%2flive' => 404, '//glinto/open.example' => 404,
    '/glinto/./open.example' => 404, '/x/../glinto/open.example/live' => 404,
    '/glinto//open.example/live' => 404, '/glinto/open.example/live/' => 404,
    '/glinto/WWW.Open.Example/live' => 101, '/glinto/unknown.example' => 404,
    '/glinto/unknown.example/live' => 404, '/glinto/assets/none.css' => 404);
my %hidden = ('/glinto/hidden.example' => 200,
    '/glinto/hidden.example/live' => 101, '/glinto/theirs.example' => 404,
    '/glinto/theirs.example/live' => 404);
my @all = sort keys %open, keys %hidden;

sub answers {
    my ($how, $want, @paths) = @_;
    my %got = map { $_ => ask($_, $how) } @paths;
    is(join("\n", map { "$_ $got{$_}" } @paths),
        join("\n", map { "$_ $want->{$_}" } @paths), "$how: all as it must be");
}
sub none_gets {
    my ($what) = @_;
    my %refused = map { $_ => 401 } @all;
    answers($_, \%refused, @all) for qw(none wrong token);
    for my $method (qw(HEAD POST OPTIONS)) {
        my $client = Glinto::Http->connect($nginx->port);
        is($client->request($method, '/glinto/open.example', {}, undef)
            ->{status}, 401, "$what: $method");
    }
}

# ---- every path of the table ----

# Numbers for Prometheus are for another location: metrics.t.
my @table = grep { $_->[2] ne '/metrics' } paths($t);
is($nginx->get('/metrics')->{status}, 404, 'which alone leads there');
my %link = map { $_ => $agent->json('share', 'add', $_)->{link} =~ s{.*/}{}r }
    qw(open.example hidden.example theirs.example);
my $address = 0;

# Answer to the row of the table, asked of SITE: each by an address of its own,
# as one may try few links.
sub ask_row {
    my ($row, $site, $how) = @_;
    my ($function, $method, $path, $needs) = @$row;
    my $named = $needs =~ /^(?:ASK|VIEW|CHANGE)$/;
    my $part = $path =~ m{/(?:share|embed)/} ? $link{$site}
        : $path =~ /stats/ ? 'aggregate' : $site;
    my $place = $path =~ s/\*+/$part/r
        . ($function =~ /file$/ ? '?detail=pages'
        : $named && $method eq 'READ' ? "?site_id=$site" : '');
    my %headers = (%{$with{$how}}, $path =~ /live$/ ? %key : (),
        'X-Forwarded-For' => '203.0.113.' . ++$address % 250);
    return Glinto::Http->connect($nginx->port)->request($method eq 'READ'
        ? 'GET' : $method, $place, \%headers, $method =~ /^P/
        ? qq({"site_id":"$site","metrics":["visits"],"date_range":"7d"})
        : undef);
}

# Whoever has no password is told nothing, on no path.
sub none_gets_a_path {
    my ($what) = @_;
    for my $how (qw(none wrong token)) {
        my @through = grep { $_->[1]{status} != 401
            || $_->[1]{headers}{'www-authenticate'} !~ /^Basic/ }
            map { [$_, ask_row($_, 'open.example', $how)] } @table;
        is(join("\n", map { "$_->[0][1] $_->[0][2] $_->[1]{status}" }
            @through), '', "$what, $how: " . @table . ' paths are closed');
    }
}

# The paths that show SITE's numbers or settings to who is let in by nginx.
sub shown {
    my ($site, $needs) = @_;
    return join ' ', map { my $status = ask_row($_, $site, 'password')->{status};
        $status =~ /^(?:200|101)$/ ? "$_->[0]" : () }
        grep { $_->[1] =~ /^(?:READ|POST)$/ && $_->[3] =~ $needs } @table;
}
my $NUMBERS = qr/^(?:SEE|ROWS|ASK|LOOK|VIEW)$/;
sub all_of {
    my ($needs) = @_;
    return join ' ', map { $_->[0] } grep { $_->[1] =~ /^(?:READ|POST)$/
        && $_->[3] =~ $needs } @table;
}

# ---- as shipped ----

# What nginx finds under another name than glintod is not there.
answers('none', \%open, sort keys %open);
answers('none', {map { $_ => 401 } keys %hidden}, sort keys %hidden);

# ---- the password ----

follow('openssl passwd');
none_gets('the password');
none_gets_a_path('the password');
answers('password', \%open, sort keys %open);
answers('password', {map { $_ => 401 } keys %hidden}, sort keys %hidden);

# ---- and the token ----

follow('token=$(glinto token create');
none_gets('the password with the token');
none_gets_a_path('the password with the token');
is(shown('hidden.example', $NUMBERS), all_of($NUMBERS),
    'each path shows the site of the account');
is(shown('theirs.example', $NUMBERS), '', 'none of another account');
answers('password', {%open, %hidden}, @all);
is($nginx->get('/glinto/status')->{status}, 200, 'the status is beside it');

# ---- a person whom nginx vouches for, instead ----

$agent->glinto('person', 'add', 'ann', '--role', 'owner');
my $conf = $t->path('conf/dashboard.conf');
spew($conf, slurp($conf)
    =~ s/^(proxy_set_header Authorization) .*/$1 \$http_authorization;/mr
    =~ s/^#(proxy_set_header X-Glinto-Person)/$1/mr);
$nginx->reload;
none_gets_a_path('a person');
my $PAGES = qr/^(?:SEE|SIGNED|EDIT)$/;
is(shown('hidden.example', $PAGES), all_of($PAGES), 'pages are hers');
is(shown('theirs.example', qr/^(?:SEE|EDIT)$/), '', 'not another account\'s');
is(shown('hidden.example', qr/^(?:ROWS|ASK|LOOK|VIEW)$/), '',
    'programs need a token');

# ---- who has written the guard into the location, as was once advised ----

$nginx->stop;
my %by_hand = shipped($t);
my $locations = $t->path('conf/locations.conf');
spew($locations, slurp($locations) =~ s{^location /glinto/ \{\n}{$&
    auth_basic "x"; auth_basic_user_file @{[$t->path('passwords')]};\n}mr);
$nginx->start;
answers('none', {map { $_ => 401 } @all}, @all);
answers('password', \%open, sort keys %open);

# ---- one address, one site ----

$nginx->stop;
shipped($t);
$nginx->start;
sub watch {
    my ($site, $address) = @_;
    return Glinto::WebSocket->try($nginx->port, "/glinto/$site/live",
        headers => {'X-Forwarded-For' => $address});
}
my @mine = map { [watch('open.example', '198.51.100.7')] } 1 .. $EACH + 3;
is(join(' ', map { $_->[1] } @mine), join(' ', ('101') x $EACH, ('429') x 3),
    "an address has $EACH open");
is($nginx->get('/glinto/', 'X-Forwarded-For' => '198.51.100.7')->{status}, 429,
    'of all the dashboard');
my @others = map { [watch('open.example', "198.51.100.$_")] } 8 .. 17;
my $room = $SITE_MAX - $EACH;
is(join(' ', map { $_->[1] } @others),
    join(' ', ('101') x $room, ('503') x (10 - $room)),
    "another address has its own, until the site has $SITE_MAX");
$agent->glinto('site', 'set', 'hidden.example', 'public', 'yes');
my ($other, $status) = watch('hidden.example', '198.51.100.18');
is($status, '101', 'another site has its own, too');
$other->close;
unlike($nginx->log, qr/198\.51\.100\./, 'no log keeps an address');
$_->[0]->close for grep { $_->[0] } @mine, @others;
$t->soon('what ends makes room', sub {
    my ($ws, $status) = watch('open.example', '198.51.100.7');
    $ws->close if $ws;
    return $status == 101;
});
$t->done;
