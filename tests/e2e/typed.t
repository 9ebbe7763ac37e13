# Promise: what people and programs type follows the rules of events, so that
# it can match them: names have no control characters, a goal's page may be
# written as an address has it, a filter names a host or a country in any
# spelling.  And no terminal obeys what a file, a name or an argument says.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;

my $SHOWN = "b\xc3\xbccher.example";
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
$agent->site($SHOWN, '--public');
$agent->import_lines('a.example',
    {kind => 'event', name => "Sign\eup", visitor => 'v', country => 'AT',
        region => 'AT-9', host => "B\x{dc}cher.example",
        path => "/caf%C3%A9/x"},
    {kind => 'pageview', visitor => 'v', country => 'AT', region => 'AT-9',
        host => "B\x{dc}cher.example", path => "/caf%C3%A9/x"});

sub ask {
    my (%question) = @_;
    return $agent->query({site_id => 'a.example', date_range => 'all',
        metrics => ['events'], %question})->{results};
}
sub n { my ($rows) = ask(filters => [['is', @_]]); return $rows->[0]{metrics}[0] }

# ---- filters ----

for my $host ('xn--bcher-kva.example', "b\x{fc}cher.example",
    "B\x{dc}CHER.example", 'www.xn--bcher-kva.example.')
{
    my $fact = $host =~ s/[^ -~]/?/gr;
    is(n($_, [$host]), 2, "$_ is $fact")
        for qw(event:hostname visit:entry_page_hostname);
}
is(ask(filters => [['contains', 'event:hostname', ["B\x{fc}cher"]]])
    ->[0]{metrics}[0], 2, 'a part of a host, in letters');
is(n('visit:country', ['at']), 2, 'a country in small letters');
is(n('visit:region', ['at-9']), 2, 'a region, too');
is(n('event:hostname', ['other.example']), 0, 'another host is another');

# ---- what is kept has no control characters, and matches ----

$agent->glinto('goal', 'add', 'a.example', '--event', "Sign\eup");
$agent->glinto('goal', 'add', 'a.example', '--page', '/caf%C3%A9/*');
my %reached = map { $_->{dimensions}[0] => $_->{metrics}[0] }
    @{ask(metrics => ['visitors'], dimensions => ['event:goal'])};
is_deeply(\%reached, {'Sign%1Bup' => 1, "Visit /caf\x{e9}/*" => 1},
    'goals are reached by what they name');
for (['annotation', 'a.example', '--date', '2026-11-01', '--text', "n\e\tn"],
    ['segment', 'a.example', '--name', "n\e\tn", '--filters',
        '[["is","event:page",["/"]]]'],
    ['funnel', 'a.example', '--name', "n\e\tn", '--steps',
        '[{"event":"Sign\u001bup"},{"page":"/caf%C3%A9/x"}]'],
    ['share', 'a.example', '--name', "n\e\tn"])
{
    my ($noun, @args) = @$_;
    $agent->glinto($noun, 'add', @args);
    like($agent->glinto($noun, 'list', 'a.example'), qr/n%1B n/,
        "$noun: as an event's name is kept");
}
is($agent->json('funnel', 'list', 'a.example')->{funnels}[0]{steps}[0]{event},
    'Sign%1Bup', "a step's name, too");
$agent->glinto('account', 'add', "acc\e[31m");
is($agent->json('account', 'list')->{accounts}[0]{name}, 'acc%1B[31m',
    "and an account's");

# ---- terminals ----

spew($t->path('key'), '{"kind":"pageview","visitor":"v","a\u001b[31m\u009bb":1}');
mkdir $t->path('folder');
spew($t->path('folder/imported_pages.csv'),
    "date,visitors,a\e[31m\n2025-01-01,1,1\n");
for (['import', '--site', 'a.example', '--format', 'events', $t->path('key')],
    ['import', '--site', 'a.example', '--format', 'plausible-csv',
        $t->path('folder')],
    ['account', 'add', "\e[31mb"], ['account', 'remove', "\e[31mb", '--yes'],
    ['account', 'remove', "none\e[31m", '--yes'], ['site', 'add', "\e[31m"],
    ['token', 'revoke', "\e[31m"], ["\e[31m"], ['site', "\e[31m"],
    ['site', 'list', "\e[31m"], ['site', 'list', "--\e[31m"],
    ['account', 'list'])
{
    my (undef, $out, $err) = $agent->glinto(@$_);
    my $fact = join(' ', @$_) =~ s/[^ -~]/?/gr;
    unlike($out . $err, qr/[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]/,
        "glinto $fact: no control character");
    cmp_ok(length "$out$err", '>', 5, 'but a sentence');
}

$t->done;
