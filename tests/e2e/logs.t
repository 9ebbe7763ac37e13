# Promise: an access log is counted figure for figure as an independent script
# (log-figures.mjs) counts it, whether it comes plain, compressed, in pieces or
# twice; no address of it is anywhere afterwards, and the keys go with the run.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::AccessLog;
use Glinto::Test;
use Glinto::World;
use IO::Compress::Gzip ();
use JSON::PP ();

srand 20261129;
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => [qw(logs part)]);
my $agent = $world->agent;
my $from = 1_772_409_600; # 2026-03-02, a Monday

sub take { # SITE, FILE...: (exit status, stdout, stderr)
    my ($site, @files) = @_;
    return $agent->glinto('import', '--site', "$site.example", '--format',
        'combined', map { $t->path($_) } @files);
}
sub figures { # SITE, FILE...: what the script says
    my ($site, @files) = @_;
    open my $in, '-|', 'node', "$FindBin::Bin/log-figures.mjs",
        "$site.example", map { $t->path($_) } @files or die "node: $!\n";
    return JSON::PP::decode_json(join '', <$in>);
}
sub ask { # SITE, METRICS, DIMENSION: {value => [numbers]} or [numbers]
    my ($site, $metrics, $dimension) = @_;
    my $answer = $agent->query({site_id => "$site.example",
        date_range => ['2026-03-01', '2026-03-10'], metrics => $metrics,
        $dimension ? (dimensions => [$dimension]) : (),
        pagination => {limit => 10_000}});
    my @rows = @{$answer->{results}};
    return $rows[0]{metrics} if !$dimension;
    return {map { $_->{dimensions}[0] => $_->{metrics} } @rows};
}
sub counted { # SITE: all figures
    my ($site) = @_;
    my @metrics = qw(visitors visits pageviews bounce_rate visit_duration);
    my %all;
    @all{@metrics} = @{ask($site, \@metrics)};
    return {%all,
        pages => ask($site, [qw(visitors pageviews)], 'event:page'),
        entries => ask($site, [qw(visitors visits)], 'visit:entry_page'),
        exits => ask($site, [qw(visitors visits)], 'visit:exit_page'),
        sources => ask($site, [qw(visitors visits)], 'visit:source'),
        hours => ask($site, [qw(visitors pageviews)], 'time:hour')};
}
sub expected { # from figures of the script
    my ($said) = @_;
    return {(map { $_ => $said->{$_} }
            qw(visitors visits pageviews pages entries exits sources hours)),
        bounce_rate =>
            sprintf('%.0f', 100 * $said->{bounces} / $said->{visits}),
        visit_duration => sprintf('%.0f', $said->{seconds} / $said->{visits})};
}

# ---- one log, three ways ----

my @lines = map { combined($_) } @{lines(6000, 4, $from)};
my $odd = "nonsense of 203.0.113.99\n" . '2001:db8::77 - - [yesterday] "GET / '
    . "HTTP/1.1\" 200 5 \"-\" \"x\"\n";
my ($first, $second) = (join('', @lines[0 .. 2999]),
    $odd . join('', @lines[3000 .. $#lines]));
spew($t->path('access.log.2'), $first);
IO::Compress::Gzip::gzip(\$first => $t->path('access.log.2.gz'));
spew($t->path('access.log.1'), $second);
my $said = figures('logs', 'access.log.2', 'access.log.1');

my ($status, $out, $err) = take('logs', 'access.log.1', 'access.log.2.gz');
is($status, 0, 'a plain and a compressed log') or diag($err);
is_deeply(counted('logs'), expected($said), 'are what the script says');
my %told = map { /^ +([\d,]+)  (\S+(?: \S+)*?)  /
    ? ($2 => $1 =~ tr/,//dr) : () } split /\n/, $out;
is_deeply(\%told, $said->{kinds}, 'and each line is told for what it is');
like($err, qr/^2 lines could not be read, for example:\n  \S+access\.log\.1,(?#
    ) line 1 does not fit the format: nonsense of ADDRESS\n/m,
    'what could not be read is shown');
unlike($err, qr/203\.0|db8/, 'without its address');

# ---- again ----

for my $files (['access.log.1'], ['access.log.2'], ['access.log.2.gz'],
    ['access.log.2', 'access.log.1'])
{
    (undef, $out) = take('logs', @$files);
    like($out, qr/^0 lines read/, "@$files: nothing is new");
}
is_deeply(counted('logs'), expected($said), 'nothing was added');

# ---- as it grows: a few lines, less than a KiB, more, the rotated copy ----

my ($n, $all) = (0, $first . $second);
for my $upto (100, 300, 700, 1500, 40_000, 500_000) {
    my $cut = substr $all, 0, $upto; # in the middle of a line, as it comes
    spew($t->path('grows.log'), $cut);
    ($status, $out, $err) = take('part', 'grows.log');
    is($status, 0, "$upto bytes") or diag($err);
    like($err, qr/^The key of 2026-03-02 is a new one .* count once more$/m,
        'the run before had ended: told') if $upto == 1500;
}
spew($t->path('grows.log.1'), $all);
IO::Compress::Gzip::gzip($t->path('grows.log.1') => $t->path('grows.log.1.gz'));
take('part', 'grows.log.1.gz');
my $grown = counted('part');
# the run of each piece had its own keys for days that were over long ago
is($grown->{pageviews}, $said->{pageviews}, 'in pieces: each line once');
is_deeply([map { $_->[1] } @{$grown->{pages}}{sort keys %{$said->{pages}}}],
    [map { $_->[1] } @{$said->{pages}}{sort keys %{$said->{pages}}}],
    'page by page');

# ---- compressed by others ----

# One frame of zstd (RFC 8878) of raw blocks; two members of gzip.
sub zstd {
    my ($text) = @_;
    my @blocks = unpack '(a100000)*', $text;
    my $frame = pack 'V C V', 0xfd2fb528, 0xa0, length $text;
    for my $n (0 .. $#blocks) {
        my $head = length($blocks[$n]) << 3 | ($n == $#blocks);
        $frame .= substr(pack('V', $head), 0, 3) . $blocks[$n];
    }
    return $frame;
}
$world->site($_) for qw(zstd members);
spew($t->path('access.log.2.zst'), zstd($first));
my ($one, $two) = (join('', @lines[0 .. 999]), join '', @lines[1000 .. 2999]);
IO::Compress::Gzip::gzip(\$one => \my $member);
IO::Compress::Gzip::gzip(\$two => \my $other);
spew($t->path('members.gz'), $member . $other);
for my $of (['zstd', 'access.log.2.zst'], ['members', 'members.gz']) {
    my ($site, $file) = @$of;
    ($status, $out, $err) = take($site, $file);
    is($status, 0, $file) or diag($err);
    is(counted($site)->{pageviews},
        figures($site, 'access.log.2')->{pageviews}, 'is the log');
}

# ---- standard input ----

$world->site('piped');
my $command = join ' ', $t->build . '/glinto', '--socket',
    $t->path('admin.sock'), 'import --site piped.example --format combined -';
for my $file ('access.log.2.gz', 'access.log.2') {
    open my $to, '|-', "$command >/dev/null" or die "$command: $!\n";
    print {$to} slurp($t->path($file));
    ok(close $to, "$file by standard input");
}
my $piped = figures('piped', 'access.log.2');
is_deeply(counted('piped'), expected($piped), 'is the log, once');

# ---- how far it is, on a terminal ----

# It is shown five times a second; so many pages take half a second or more.
my $page = '203.0.113.9 - - [02/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 '
    . '5 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0"' . "\n";
spew($t->path('long.log'), $page x 300_000);
(my $of_file = $command) =~ s/ -$/ @{[$t->path('long.log')]}/;
my $shown = qx(script -qec "$of_file" /dev/null);
like($shown, qr{\r[\d,]+\ lines\ \ [\d.]+\ MB\ of\ 4[\d.]+\ MB\ \ \d+\ %
    \ \ [\d,]+\ lines/s\ \ \d+\ s\ left}x,
    'lines, bytes of all, percent, rate and time left');
like($shown, qr/^300,000 lines read into piped\.example in [\d.]+ s/m,
    'and its end');
unlink $t->path('long.log');

# ---- what is left ----

is_deeply([glob $t->path('salt/log.*')], [], 'no key is left');
my $found = qx(grep -rlaE '203\\.0\\.[0-9]|2001:db8::' @{[map { $t->path($_) }
    qw(data spool salt glintod.log)]});
is($found, '', 'no address is anywhere');

# ---- what the site counted itself ----

$world->site('live', 'other');
my $segment = $world->segment;
$segment->event(site => 'live.example', visitor => 7, path => '/live');
$t->soon('it is a row', sub { $world->rows('live') == 1 });
my $now = time;
spew($t->path('live.log'), join '', map { combined({at => $now + $_->[0],
    address => '203.0.113.1', uri => $_->[1],
    agent => $Glinto::AccessLog::PEOPLE[0]}) } [-900, '/before'],
    [3600, '/since']);
(undef, $out) = take('live', 'live.log');
like($out, qr/^ +1  counted  .*\n/m, 'pages since the first event are told');
is($world->rows('live'), 2, 'and left out');
unlink $t->path('live.log');
spew($t->path('live.log'), combined({at => $now + 3600, uri => '/since',
    address => '203.0.113.1', agent => $Glinto::AccessLog::PEOPLE[0]}));
$agent->glinto('import', '--beside', '--site', 'live.example', '--format',
    'combined', $t->path('live.log'));
is($world->rows('live'), 3, 'but for --beside');

$t->done;
