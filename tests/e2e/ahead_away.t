# Promise: while glintod is away, killed or stopped, a public site still opens
# with its last numbers and says since when they stand; of one that is not
# public nothing is shown but one sentence, with 503, in the reader's language;
# and what was closed before stays closed.
#
# Method: nginx with the shipped files, glintod killed and stopped.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $CLOCK = qr/\d\d:\d\d UTC/;
my $t = Glinto::Test->new;
$t->allow(qr/connect\(\) to unix:\S+dashboard\.sock failed/);
my $agent = $t->aggregator(hosts => '');
my $nginx = $t->nginx(shipped($t));
my @sites = qw(a.example shut.example closed.example);
$agent->site($_, '--public') for @sites[0, 1];
$agent->site($sites[2], '--timezone', 'UTC');
my $token = $agent->json('token', 'create')->{token};
my $at = strftime '%Y-%m-%dT12:00:00Z', gmtime time - 86_400;
for my $site (@sites) {
    spew($t->path('events.jsonl'), join '', map { JSON::PP::encode_json({
        kind => 'pageview', visitor => "v$_", at => $at, path => "/p$_"})
        . "\n" } 1 .. 7);
    $agent->glinto('import', '--site', $site, '--format', 'events',
        $t->path('events.jsonl'));
}

sub ask {
    my ($site, $query, %headers) = @_;
    return $nginx->get("/glinto/$site$query", Host => $site, %headers);
}
sub open_all {
    my ($when) = @_;
    for my $site (@sites) {
        my %token = $site =~ /closed/ ? (Authorization => "Bearer $token") : ();
        $t->soon("$when: $site", sub {
            my $page = ask($site, '', %token);
            return $page->{status} == 200 && $page->{body} =~ /id="plot"/
                && $page->{body} =~ /id="visitors">\d/;
        });
        is(ask($site, '?period=7d', %token)->{status}, 200, 'and another view');
    }
    $agent->glinto('site', 'set', 'shut.example', 'public', 'no');
}
sub is_paused {
    my ($what, $got) = @_;
    is($got->{status}, 503, "$what: 503");
    my ($said) = $got->{body} =~ m{<p role="status">(.*?)</p>}s;
    like($said, qr/^[^.]*paused since $CLOCK[^.]*\.$/s, 'with one sentence');
    (my $rest = $got->{body}) =~ s/<[^>]*>|$CLOCK//gs;
    unlike($rest, qr/\d/, 'and no number');
    like($got->{headers}{'content-security-policy'}, qr/default-src 'none'/,
        'as closed as ever');
    is($got->{headers}{'cache-control'}, 'no-store', 'that nobody keeps');
}
sub is_away {
    my ($how) = @_;
    my $page = ask('a.example', '');
    is($page->{status}, 200, "$how: a public site opens");
    like($page->{body}, qr/id="plot"/, 'with its last report');
    like($page->{body}, qr{role="status">[^<]*paused since $CLOCK},
        'and says since when');
    is($page->{headers}{'cache-control'}, 'no-store', 'that nobody keeps');
    like($page->{headers}{'content-security-policy'}, qr/default-src 'none'/,
        'as closed as ever');
    my @assets = $page->{body} =~ m{(/glinto/assets/[\w.-]+)}g;
    is(join(' ', map { $nginx->get($_)->{status} } @assets),
        join(' ', ('200') x @assets), 'its styles and scripts, too');
    is(ask('a.example', '?period=7d')->{status}, 200,
        'a view that somebody had looked at');
    is_paused("$how: another view", ask('a.example', '?period=6mo'));
    is_paused("$how: on another host",
        $nginx->get('/glinto/a.example', Host => 'evil.test'));
    for my $site (qw(shut.example closed.example none.example)) {
        is_paused("$how: $site", ask($site, ''));
        is_paused("$how: $site, a view", ask($site, '?period=7d'));
        is_paused("$how: $site, with a token",
            ask($site, '', Authorization => "Bearer $token"));
    }
    is_paused("$how: the list", $nginx->get('/glinto/'));
    is(join(' ', map { language_of('/glinto/', 'Accept-Language' => $_) }
        ('de-AT,en', qw(fr es it nl), 'pl,it;q=0.5', 'pl')), 'de fr es it nl it en',
        "$how: in the language that a browser asks for");
    is(language_of('/glinto/?q=a&lang=fr', 'Accept-Language' => 'de'), 'fr',
        'or that was chosen');
    is($nginx->post('/glinto/sign-in', 'name=a&password=b')->{status}, 503,
        'a form, too');
}
sub language_of {
    my ($path, %headers) = @_;
    my $page = $nginx->get($path, %headers)->{body};
    my ($language) = $page =~ /<html lang="(\w\w)">/;
    my %said = (de => 'Gezählt wird weiter', fr => 'Le comptage continue',
        es => 'El recuento continúa', it => 'Il conteggio continua',
        nl => 'Het tellen gaat door', en => 'Counting continues');
    return $page =~ /$said{$language}/ ? $language : $page;
}

open_all('at first');
$agent->kill9;
is_away('killed');
$agent->start;
$agent->glinto('site', 'set', 'shut.example', 'public', 'yes');
unlike(ask('a.example', '')->{body}, qr{role="status">[^<]*paused since},
    'back, it says so no more');
open_all('back');
$agent->stop;
ok(!-e $t->path('pages/sites/a.example/a.example/now.en.html'),
    'stopped, it leaves no page that looks new');
is_away('stopped');

# ---- closed while nobody was there to see ----

system('sqlite3', $t->path('data/meta.db'), 'UPDATE sites SET public = 0') == 0
    or die 'sqlite3';
$agent->start;
is(ask('a.example', '')->{status}, 401, 'a start looks at what it finds');
ok(!-e $t->path('pages/sites/a.example'), 'and leaves nothing that is closed');

# ---- one language for all ----

spew($t->path('glinto.conf'), slurp($t->path('glinto.conf'))
    . "language nl\n");
kill HUP => $agent->pid;
$t->soon('a new configuration', sub {
    slurp($t->path('pages/asides/paused.de.html')) =~ /<html lang="nl">/;
});
$agent->stop;
is(language_of('/glinto/', 'Accept-Language' => 'de'), 'nl',
    'is that of what nginx says, too');
$t->done;
