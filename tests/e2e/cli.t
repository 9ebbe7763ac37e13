# Promise: the glinto command does what its help says: exit status 0, 1 or 2,
# answers on standard output, one sentence of error on standard error; and an
# import that is cut off goes on where it stopped.
#
# Method: the command itself against glintod; rows counted in the account's
# database.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Encode ();
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $glinto = $t->build . '/glinto';
my $bares = 0;

# (exit status, output, errors) of a glinto that must not reach our socket.
sub bare {
    my ($env, @args) = @_;
    my $out = $t->path('bare-' . ++$bares);
    my $pid = $t->spawn('bare', '/bin/sh', '-c', 'exec "$0" "$@" 2>&1', $glinto,
        @args, {env => $env, log => $out});
    my $status = $t->ended($pid, 20) >> 8;
    return ($status, slurp($out));
}

sub fails {
    my ($want, $sentence, @args) = @_;
    my ($status, $out, $err) = $agent->glinto(@args);
    is("$status|$out", "$want|", "glinto @args: exit $want, no output");
    like($err, qr/\Aglinto: [^\n]*$sentence[^\n]*\n\z/, 'one sentence why');
}

# ---- help and misuse ----

my ($status, $text) = bare({}, '--help');
is($status, 0, '--help succeeds without glintod');
my @nouns = $text =~ /^  (\w+) {3,}[A-Za-z-]/mg;
is("@nouns", 'account site goal segment funnel annotation token share person '
    . 'import explain export '
    . 'live query rows summary recipient backup check status top usage setup networks',
    'it lists the nouns');
for my $noun (@nouns) {
    ($status, $text) = bare({}, $noun, '--help');
    is($status, 0, "$noun --help");
    like($text, qr/^  glinto $noun[^\n]*\n.*^  glinto $noun/ms,
        'has usage and an example');
    is(join("\n", grep { length > 79 } split /\n/, $text), '',
        'fits a narrow terminal');
    is(join("\n", $text =~ /^ {6}--\S+ [A-Z][^ a-z\n]*[a-z].*/mg), '',
        'no value runs into what it is');
}
is((bare({}))[0], 2, 'no word at all is a misuse');
my @versions = map { `'$_' --version` } $glinto, $t->build . '/glintod';
like($versions[0], qr/^glinto \d+\.\d+\.\d+\n\z/, '--version');
is($versions[1], $versions[0] =~ s/glinto/glintod/r, 'the same as of glintod');
fails(2, 'no "frob"', 'frob');
fails(2, 'there is no "glinto site frob"', 'site', 'frob');
fails(2, 'needs a verb', 'token');
fails(2, '"add" needs DOMAIN; see glinto site --help', 'site', 'add');
fails(2, '"set" needs VALUE; see', 'site', 'set', 'a.example', 'public');
is((bare({}, 'help', 'site'))[1], (bare({}, 'site', '--help'))[1],
    'help as a word');
fails(2, 'one word too many', 'site', 'add', 'a.example', 'b.example');
fails(2, '--colour', 'site', 'list', '--colour');
fails(2, 'needs a value', 'site', 'add', 'a.example', '--timezone');
fails(2, 'needs --account', 'site', 'move', 'a.example');
fails(2, 'events', 'import', '--site', 'a.example', '--format', 'xml', 'f');
fails(2, 'needs --site', 'import', 'f');
fails(2, 'one site', 'live');
($status, $text) = bare({}, '--socket', $t->path('nowhere'), 'status');
is($status, 1, 'without glintod it fails');
like($text, qr/\Aglinto: cannot reach glintod at \S+nowhere[^\n]*\n\z/, 'and why');
($status) = bare({GLINTO_SOCKET => $t->path('admin.sock')}, 'status');
is($status, 0, '$GLINTO_SOCKET names the socket');

# ---- accounts, sites, tokens ----

like($agent->glinto('account', 'add', 'Bäckerei'), qr/^account Bäckerei added/,
    'an account');
fails(1, 'Bäckerei', 'account', 'add', 'Bäckerei');
like($agent->glinto('site', 'add', 'a.example', '--timezone', 'Europe/Berlin',
    '--public'), qr{^site a\.example added, public, timezone Europe/Berlin;},
    'a site');
is($agent->json('site', 'add', 'b.example', '--account',
    'Bäckerei')->{site}{public}, JSON::PP::false, 'one that is not public');
fails(2, 'zone', 'site', 'add', 'c.example', '--timezone', 'Mars/Base');
my %set = (timezone => 'UTC', public => 'no', refresh_window => 10,
    optout => 'yes', hosts => 'x.example,y.example');
$agent->glinto('site', 'set', 'a.example', $_, $set{$_}) for sort keys %set;
my ($site) = grep { $_->{domain} eq 'a.example' }
    @{$agent->json('site', 'list')->{sites}};
is(join(' ', map { "$_=$site->{$_}" } sort keys %set), 'hosts=x.example,'
    . 'y.example optout=1 public=0 refresh_window=10 timezone=UTC', 'settings');
fails(2, 'key', 'site', 'set', 'a.example', 'colour', 'red');
fails(2, 'seconds from 0', 'site', 'set', 'a.example', 'refresh_window', $_)
    for -1, 99_999;
fails(2, 'seconds', 'site', 'set', 'a.example', 'refresh_window', 'ten');
fails(2, 'yes or no', 'site', 'set', 'a.example', 'public', 'perhaps');
fails(1, 'has 1 site;', 'account', 'remove', 'Bäckerei', '--yes');
$agent->glinto('site', 'set', 'a.example', 'hosts', '');

my @lines = split /\n/, Encode::decode('UTF-8', $agent->glinto('site', 'list'));
is(scalar @lines, 3, 'a table: a head and two sites');
my $column = index $lines[0], 'TIMEZONE';
is(substr($_, $column, 3), 'UTC', 'aligned') for @lines[1, 2];
$agent->glinto('site', 'move', 'b.example', '--account', 'default');
is(scalar @{$agent->json('site', 'list', '--account', 'default')->{sites}}, 2,
    'a site is moved');
$agent->glinto('site', 'remove', 'b.example', '--yes');
$agent->glinto('account', 'remove', 'Bäckerei', '--yes');
is(scalar @{$agent->json('account', 'list')->{accounts}}, 1, 'removed');
fails(1, 'default', 'account', 'remove', 'default', '--yes');

($status, $text, my $note) = $agent->glinto('token', 'create', '--name', 'wall');
like($text, qr/\A\S{20,}\n\z/, 'a token alone on standard output');
my ($id) = $note =~ /^id (\w+);/;
like($agent->glinto('token', 'list'), qr/^\Q$id\E +default +wall/m, 'listed');
unlike($agent->glinto('token', 'list'), qr/\Q@{[$text =~ s{\n}{}r]}\E/,
    'but not shown again');
$agent->glinto('token', 'revoke', $id);
is($agent->glinto('token', 'list'), "There is no token yet.\n", 'revoked');

like($agent->glinto('status'), qr/^ingest\n(?:  \w+ +\S.*\n)+/m,
    'status shows rooms');
like($agent->glinto('status'), qr/^parked +none\n/m, 'nothing has a word, too');
like($agent->glinto('status'), qr/^  frames_per_s +0$/m, 'a rate is no time');
is(ref $agent->json('status')->{ingest}, 'HASH', 'also as JSON');
like($agent->glinto('status', '--wait', '5'), qr/^ingest$/m, 'waits for none');
fails(2, '1 to 3600', 'status', '--wait', $_) for '0', '3601', '5s', '';

# ---- import ----

my $N = 60_000;
my $file = $t->path('events.jsonl');
my @now = gmtime(time - 7200); # nobody of them is there now
my $at = sprintf '%04d-%02d-%02dT%02d', $now[5] + 1900, $now[4] + 1, @now[3, 2];
spew($file, join "\n", map {
    sprintf '{"kind":"pageview","visitor":"v%d","at":"%s:%02d:%02dZ",'
        . '"path":"/%d"}', $_ % 500, $at, int($_ / 1000) % 60,
        int($_ / 17) % 60, $_ % 50
} 1 .. $N);
my @import = ('import', '--site', 'a.example', '--format', 'events');

sub rows {
    my ($db) = glob $t->path('data/acct/*.db');
    my $n = `sqlite3 -readonly '$db' 'select count(*) from events'`;
    return $n + 0;
}

fails(1, 'not a regular file', @import, '/dev/null');
fails(1, 'No such file', @import, $t->path('missing'));
fails(1, 'nowhere', 'import', '--site', 'nowhere.example', '--format', 'events',
    $file);

# Cut off after the first chunk.
my $cut = $t->spawn('cut', $glinto, '--socket', $t->path('admin.sock'), @import,
    $file);
$t->until('the first rows', sub { rows() || !$t->alive($cut) });
kill 'KILL', $cut;
$t->ended($cut);
($status, $text, $note) = $agent->glinto(@import, $file);
is($status, 0, 'after a cut the same command succeeds');
like($text, qr/^\S+: 60,000 lines \([\d.]+ MB\) imported into a\.example/,
    'and says how much');
is(rows(), $N, 'every line is a row, once; the last has no line end');
($status, $text, $note) = $agent->glinto(@import, $file);
like($text, qr/was imported into a\.example before, with/,
    'a second import says one thing');
is(rows(), $N, 'adds nothing');

spew($t->path('empty.jsonl'), '');
like($agent->glinto(@import, $t->path('empty.jsonl')),
    qr/\A\S+: 0 lines \(0 bytes\) imported .*; the site has 500 visits now$/,
    'a file with nothing in it');

my $bad = $t->path('bad.jsonl');
spew($bad, qq({"kind":"pageview","visitor":"a"}\n) x 4
    . qq({"kind":"pageview","colour":"red"}\n));
fails(1, 'line 5.*colour', @import, $bad);
is($agent->json('import', '--site', 'a.example', '--format', 'events',
    $file)->{lines}, $N, 'as JSON');

# ---- live ----

my $live = $t->spawn('live', $glinto, '--socket', $t->path('admin.sock'),
    'live', 'a.example', '--json', {log => $t->path('live.out')});
my $human = $t->spawn('human', $glinto, '--socket', $t->path('admin.sock'),
    'live', 'a.example', {log => $t->path('human.out')});
sub newest {
    my ($line) = slurp($t->path('live.out')) =~ /(?:\A|\n)([^\n]+)\n\z/;
    return $line && JSON::PP::decode_json($line);
}
$t->until('the first line', \&newest);
my $before = newest();
is($before->{site}, 'a.example', 'live as JSON');
$t->until('a line for people', sub { slurp($t->path('human.out')) =~ /\n/ });
like(slurp($t->path('human.out')),
    qr/^\d\d:\d\d:\d\d +0 visitors now .* in 30 min  today .* visits?,/,
    'live for people');
spew($file, qq({"kind":"pageview","visitor":"now"}\n));
$agent->glinto(@import, $file);
$t->soon('a change is a line', sub {
    return newest()->{pageviews_30m}[-1] + newest()->{pageviews_30m}[-2] == 1;
});
kill 'INT', $live;
is($t->ended($live, 10) & 127, 2, 'Ctrl-C ends it');
fails(1, 'unknown.example', 'live', 'unknown.example');
$agent->stop;
is($t->ended($human, 10) >> 8, 1, 'the end of glintod ends it, too');
$t->done;
