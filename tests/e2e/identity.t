# Promise: who fetched a page is told as proved where the request has a valid
# signature of Web Bot Auth by a key that the owner has put there, by network
# where it comes from a network that its operator publishes, else as claimed,
# and why a signature proves nothing.  A browser that comes with either is a
# bot; so is one that asks for what is not there to find a way in, or for more
# pages than a person.  The address stays in nginx.
#
# Method: nginx's geo with lists made by "glinto networks"; requests signed by
# node with the key of RFC 9421, B.1.4.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use IPC::Open2 ();
use JSON::PP ();

my $t = Glinto::Test->new;
my $KEYID = 'poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U';
mkdir $t->path($_) or die "mkdir: $!\n" for qw(keys networks);
sub put { spew($t->path($_[0]), $_[1]) }

# ---- lists of networks ----

put('networks/openai-gptbot.json', '{"creationTime": "2026-10-01T00:00:00",
    "prefixes": [{"ipv4Prefix": "10.1.0.5/24"}, {"ipv6Prefix":
    "2001:db8:1::/48"}]}');
put('networks/google.txt', "# crawlers\n10.2.0.0/16\n10.2.0.0/16 # twice\n");
put('networks/aws.json', '{"prefixes": [{"ip_prefix": "10.3.0.0/24"}],
    "ipv6_prefixes": [{"ipv6_prefix": "2001:db8:3::/48"}]}');
my $glinto = $t->build . '/glinto';
my $folder = $t->path('networks');
my $out = $t->path('networks.conf');
is(system($glinto, 'networks', $folder, '--out', $out), 0, 'lists are read');
is(join('|', sort(slurp($out) =~ /^(\w.*);$/mg)),
    '10.1.0.0/24 openai|10.2.0.0/16 google|10.3.0.0/24 aws|'
    . '2001:db8:1::/48 openai|2001:db8:3::/48 aws', 'as nginx has them');
my $before = slurp($out);
for (['x.txt', "10.0.0.0/8\n300.1.1.1/24\n"], ['x.txt', "0.0.0.0/0\n"],
    ['x.txt', "10.0.0.0/33\n"], ['x.txt', "2001:db8::/8\n"],
    ['x.json', '{"prefixes": ['], ['X.txt', "10.0.0.0/24\n"],
    ['x.json', '{"prefixes": [{"ipv4Prefix": "here"}]}'])
{
    put("networks/$_->[0]", $_->[1]);
    chomp(my $said = qx($glinto networks $folder --out $out 2>&1));
    isnt($?, 0, "refused: $said");
    unlink $t->path("networks/$_->[0]");
}
put('networks/x.txt', join '', map { '10.' . ($_ >> 8 & 255) . '.' . ($_ & 255)
    . ".0/24\n" } 0 .. 20000);
like(qx($glinto networks $folder 2>&1), qr/more than 20000 networks/,
    'there is a limit');
unlink $t->path('networks/x.txt');
is(slurp($out), $before, 'nothing was written');

# ---- requests ----

put('keys/openai-agent.json', '{"keys": [{"kty": "OKP", "crv": "Ed25519",
    "x": "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}]}');
my $agent = $t->aggregator(conf => 'bot_keys keys');
$agent->site('a.example', '--timezone', 'UTC');
my $snippet = slurp($t->root . '/conf/nginx/networks.conf')
    =~ s{/etc/glinto/networks[.]conf}{$out}gr;
my $nginx = $t->nginx(http => $snippet, server => <<'EOS');
    glinto on;
    glinto_site a.example;
    default_type text/html;
    location / { return 200 '<p>page</p>'; }
    location /private { return 403; }
    location = /wp-login.php { return 404; }
    location = /api/event { glinto_collect; }
EOS
my %browser = ('Accept-Language' => 'en', 'Accept-Encoding' => 'gzip',
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0', Host => 'a.example');
my %gpt = (%browser, 'User-Agent' => 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, '
    . 'like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)');

my ($node, $to, $from) = (undef, undef, undef);
$node = IPC::Open2::open2($from, $to, 'node', "$FindBin::Bin/sign.mjs");
sub sign {
    my ($base) = @_;
    print {$to} JSON::PP->new->allow_nonref->encode($base), "\n";
    $to->flush;
    chomp(my $signature = <$from>);
    return $signature;
}
my $now = time;
sub signed {
    my (%with) = (created => $now, expires => $now + 300, keyid => $KEYID,
        tag => 'web-bot-auth', host => 'a.example', @_);
    my $params = "(\"\@authority\" \"user-agent\");created=$with{created}"
        . ";keyid=\"$with{keyid}\";alg=\"ed25519\";expires=$with{expires}"
        . ";tag=\"$with{tag}\"";
    my $signature = sign("\"\@authority\": $with{host}\n\"user-agent\": "
        . "$with{agent}\n\"\@signature-params\": $params");
    return ('Signature-Input' => "sig1=$params", Signature =>
        "sig1=:$signature:", 'Signature-Agent' => '"https://a.test"',
        'User-Agent' => $with{agent});
}
sub from { return ('X-Forwarded-For' => $_[0]) }
sub told { $agent->json('site', 'ai', 'a.example') }
sub pages {
    return {map { +"$_->{page} $_->{bot} $_->{operator}" => join ' ',
        grep { defined } @$_{qw(identity why)} } @{told()->{pages}}};
}

$nginx->get('/network', %gpt, from('10.1.0.77'));
$nginx->get('/ipv6', %gpt, from('2001:db8:1::9'));
$nginx->get('/claimed', %gpt, from('10.9.0.1'));
$nginx->get('/other', %gpt, from('10.2.3.4'));
$nginx->get('/browser', %browser, from('10.1.0.78'));
$nginx->get('/proved', %gpt, signed(agent => $gpt{'User-Agent'}));
$nginx->get('/agent', %browser, signed(agent => $browser{'User-Agent'}));
my %why = (
    expired => [expires => $now - 1],
    not_yet_valid => [created => $now + 600],
    unknown_key => [keyid => 'nobody'],
    wrong_signature => [host => 'b.example'],
    other_tag => [tag => 'else'],
);
$nginx->get("/$_", %gpt, signed(agent => $gpt{'User-Agent'}, @{$why{$_}}))
    for sort keys %why;
$nginx->get('/malformed', %gpt, Signature => 'sig1=:AAAA:');
$nginx->get('/private', %gpt, from('10.1.0.77'));
my $pages;
$t->until('all are told', sub { $pages = pages(); keys %$pages == 14 });
is_deeply($pages, {
    (map { ("/$_ GPTBot OpenAI" => 'network') } qw(network ipv6 private)),
    (map { ("/$_ GPTBot OpenAI" => 'claimed') } qw(claimed other)),
    '/browser OpenAI OpenAI' => 'network', '/agent OpenAI OpenAI' => 'proved',
    '/proved GPTBot OpenAI' => 'proved',
    (map { ("/$_ GPTBot OpenAI" => "claimed $_") } keys %why, 'malformed'),
}, 'who it was, and how that is known');
my %bots = map { +"$_->{bot} $_->{identity} " . ($_->{why} // '') => $_ }
    @{told()->{bots}};
is(join(' ', @{$bots{'GPTBot network '}}{qw(views refused missing failed)}),
    '2 1 0 0', 'what they were served');
like(($agent->glinto('site', 'ai', 'a.example'))[1],
    qr/^OpenAI +GPTBot +claimed +expired +1 +0 +0 +0$/m, 'in words');

# ---- a flood of signatures ----

my $flood = 130;
my %same = signed(agent => $gpt{'User-Agent'});
$nginx->get('/flood', %gpt, %same) for 1 .. $flood;
my %sum;
$t->until('the flood is told', sub {
    %sum = ();
    $sum{$_->{why} // $_->{identity}} += $_->{views}
        for grep { $_->{page} eq '/flood' } @{told()->{pages}};
    ($sum{proved} // 0) + ($sum{too_many} // 0) == $flood;
});
cmp_ok($sum{proved}, '>', 0, 'of a flood some are verified');

# ---- as a reason ----

sub reasons {
    return {map { +"$_->{reason} $_->{bot} $_->{operator} $_->{page}" => $_->{n} }
        @{$agent->json('site', 'bots', 'a.example')->{bots}}};
}
sub script {
    $nginx->post('/api/event', JSON::PP::encode_json({n => 'pageview', d =>
        'a.example', u => 'http://a.example/'}), %browser, from($_[0]));
}
sub rows { $agent->json('status')->{ingest}{rows} }
script('10.1.0.78');
script('10.9.0.78');
$t->until('a visit', sub { rows() == 1 });
is_deeply(reasons(), {'bot_network OpenAI OpenAI home' => 1},
    'a browser out of such a network is a bot');
my $served = sub { $agent->json('site', 'served', 'a.example') };
$nginx->get('/wp-login.php', %browser, from('10.9.0.79'));
my %probe;
$t->until('a probe', sub {
    %probe = map { +"$_->{reason}" => $_ } @{$served->()->{bots}};
    $probe{bot_probe};
});
is(join(' ', @{$probe{bot_probe}}{qw(page missing)}), '/wp-login.php 1',
    'who looks for a way in');
$agent->glinto('site', 'set', 'a.example', "bot_$_", 'no')
    for qw(network probe);
script('10.1.0.78');
$t->until('a visit more', sub { rows() == 2 });
$nginx->get('/wp-login.php', %browser, from('10.9.0.79'));
$t->soon('a page that is not there', sub {
    grep { $_->{page} eq '/wp-login.php' } @{$served->()->{missing}};
});

# ---- how many ----

$nginx->get('/many', %browser, from('10.9.0.80')) for 1 .. 1003;
my $rate;
$t->soon('three pages too many', sub {
    ($rate) = grep { $_->{reason} eq 'bot_rate' } @{$served->()->{bots}};
    $rate && $rate->{views} == 3;
});
$agent->glinto(qw(site set a.example bot_probe yes));
$nginx->get('/wp-login.php', %browser, from('10.9.0.80'));
$t->soon('of who asks too much the first rule that finds it is told', sub {
    %probe = map { +"$_->{reason}" => $_ } @{$served->()->{bots}};
    $probe{bot_probe}{missing} == 2 && $probe{bot_rate}{views} == 3;
});

# ---- no address ----

my @files = grep { -f } map { glob $t->path($_) }
    qw(spool/* data/* data/acct/*);
cmp_ok(scalar @files, '>', 2, 'files of the spool and of storage');
for my $address ('10.9.0.80', '10.1.0.77', '2001:db8:1::9') {
    is(join(' ', grep { index(slurp($_), $address) >= 0 } @files), '',
        "$address is in none");
}
close $to;
waitpid $node, 0;
$t->done;
