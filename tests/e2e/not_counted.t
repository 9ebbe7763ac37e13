# Promise: what is not counted is told by reason and site, whoever found it:
# "glinto status" has every reason of the one table, conf/README.md too, and
# some of the names that are no site.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'b', 'c'], nginx => {
    http => 'map $arg_count $counted { no 0; default 1; }
        limit_req_zone $arg_often zone=often:1m rate=1r/m;',
    server => 'location = /e { glinto_collect; glinto_if $counted; }
        location = /g.gif { glinto_pixel; }
        location = /closed { glinto_collect; deny all; }
        location = /often { glinto_collect; limit_req zone=often; }'});
my ($agent, $nginx) = ($world->agent, $world->nginx);
$agent->glinto('site', 'set', 'b.example', 'optout', 'yes');
$agent->glinto('site', 'set', 'c.example', 'hosts', 'c.example');

sub event {
    my ($site, $more, %headers) = @_;
    return $nginx->post('/e' . ($more // ''), qq({"n":"pageview","d":"$site",)
        . qq("u":"https://a.example/"}), %headers);
}
$t->until('workers know the sites', sub {
    my $answer = event('c.example', '', Purpose => 'x');
    return ($answer->{headers}{'x-plausible-dropped'} // 0) == 1;
});
my %sent = ('c.example hostname_not_allowed' => undef); # some

event('a.example', '', 'User-Agent' => undef) for 1 .. 3;
event('b.example', '', 'Sec-GPC' => 1) for 1 .. 2;
$nginx->get('/g.gif?d=a.example&u=https%3A%2F%2Fa.example%2F',
    Purpose => 'prefetch');
event('a.example', '?count=no');
event('a.example', '', 'User-Agent' => 'Mozilla/5.0 (compatible; Googlebot/2.1;'
    . ' +http://www.google.com/bot.html)') for 1 .. 4;
event($_) for ('typo.example') x 3, 'other.example';
event("x$_.example") for 1 .. 30;
$nginx->post('/e', '{');
my @by_nginx = map { $nginx->post($_, '{}')->{status} } '/closed',
    '/often?often=1', '/often?often=1', '/closed';
is_deeply(\@by_nginx, [403, 400, 503, 403], 'nginx answers for itself');
%sent = ('a.example bot_headers' => 3, 'b.example opt_out' => 2,
    'a.example prefetch' => 1, 'a.example condition' => 1,
    'a.example bot_agent' => 4);

my $status;
$t->until('all of it is told', sub {
    $status = $agent->json('status');
    my %of = map { $_->{reason} => $_->{n} }
        @{$status->{not_counted}{reasons}};
    return $of{bot_agent} == 4 && $of{invalid} == 2
        && $of{unknown_site} == 34
        && grep { $_->{domain} eq 'typo.example' && $_->{n} == 3 }
            @{$status->{unknown_domains}}; # told once a turn
});
my %by_site = map { ("$_->{site} $_->{reason}" => $_->{n}) }
    @{$status->{not_counted}{sites}};
is($by_site{$_}, $sent{$_}, $_) for sort keys %sent;
cmp_ok($by_site{'c.example hostname_not_allowed'}, '>', 0, 'and its host');
my %of = map { $_->{reason} => $_ } @{$status->{not_counted}{reasons}};

is($of{refused}{n}, 2, 'what nginx refused');
is($of{limited}{n}, 1, 'and what it limited');

# ---- the one table ----

my @words = slurp($t->root . '/schema/reasons.def')
    =~ /^(?:WORKER|LATER)\(\w+, (\w+),/mg;
is(scalar @words, 37, 'the table has been read');
my $readme = slurp($t->root . '/conf/README.md');
for my $word (@words) {
    ok(defined $of{$word}{n}, "$word: in the status");
    ok(length($of{$word}{says} // ''), 'what it means');
    like($readme, qr/^\|[^|]*`$word`/m, 'in the README');
}
is(scalar keys %of, scalar @words, 'and no other');

# ---- for people ----

my $text = $agent->glinto('status');
like($text, qr/^  bot_headers +3  no User-Agent/m, 'a reason');
like($text, qr/^  bot_agent +4  a\.example$/m, 'by site');
like($text, qr/^  refused +2  nginx did not/m, 'of nginx');
unlike($text, qr/^  busy/m, 'none that did not happen');

# ---- what is no site ----

my %unknown = map { $_->{domain} => $_->{n} } @{$status->{unknown_domains}};
is($unknown{'typo.example'}, 3, 'a name that is no site, and how often');
cmp_ok(scalar keys %unknown, '<=', 16, 'not all of them');
like($text, qr/^  typo\.example +3$/m, 'for people, too');
$agent->site('typo.example');
is(event('typo.example')->{status}, 202, 'it is added');

$t->done;
