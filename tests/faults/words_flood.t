# Promise: made-up paths, titles, referrers and properties, long ones and a
# million short ones, cost their site 4 MiB of text a day and glintod 16 MiB of
# memory at most; every event is counted, what is too much as "(other)".

# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes qw(time);

my $TEXT_MAX = 4 * 2**20 + 64 * 2**10; # with "(other)" of what is combined
my $n = trials(small => 60_000, faults => 1_000_000, nightly => 1_000_000);
my $PART = 50_000; # about a round
my $began = time;
my $violations = 0;

my $t = Glinto::Test->new(limit_s => 600);
my $agent = $t->aggregator;
my $store = Glinto::Store->new($t->path('data'));
my %file;
for my $name ('long', 'short', 'warm') {
    $agent->glinto('account', 'add', $name);
    $agent->site("$name.example", '--account', $name);
    $file{$name} = $store->site("$name.example");
}

sub value { $store->value($file{$_[0]}, $_[1]) }
sub is_empty {
    $t->until('the spool is empty', sub {
        my @left = glob $t->path('spool/*.seg');
        return !@left;
    }, 120);
}

# Of all dictionaries, as they are stored once.
sub text_bytes {
    my ($name) = @_;
    my %texts = (
        (map { $_ => 'text' } qw(hosts paths names titles languages screens
            prop_keys prop_values)),
        referrers => 'referrer || source || channel || utm_source || utm_medium
            || utm_campaign || utm_content || utm_term || click_id',
        agents => 'browser || browser_version || os || os_version || device',
        places => 'country || region || city');
    my $sum = 0;
    $sum += value($name, "SELECT ifnull(sum(length(CAST($texts{$_} AS BLOB))),
        0) FROM $_") for keys %texts;
    return $sum;
}

sub rss_bytes {
    my ($kib) = slurp('/proc/' . $agent->pid . '/status') =~ /^VmRSS:\s+(\d+)/m;
    return $kib * 1024;
}

sub holds {
    my ($holds, $what) = @_;
    $violations++ if !$holds;
    ok($holds, $what);
}

# ---- long texts at every door ----

my $long = 2_000;
for my $part (1 .. 20) {
    my $segment = Glinto::Segment->create($t->path('spool'));
    for my $i (1 .. $long / 20) {
        my $word = "$part.$i." . 'x' x 500;
        $segment->event(site => 'long.example', visitor => 7, kind => 2,
            host => substr("$word.example", -240) . "$part.$i",
            path => "/$word" . 'y' x 900, title => $word,
            referrer => "https://$part.$i.example/$word", name => substr("n$word", 0, 110),
            language => "l$part.$i", screen => $part . 'x' . $i,
            (map { ("utm_$_" => substr "$word", 0, 250) } qw(source medium
                campaign content term)), city => substr($word, 0, 120),
            country => 'DE',
            props => {map { ("k$part.$i.$_" => "v$_" . substr $word, 0, 60) }
                1 .. 20});
    }
    $segment->close;
}
is_empty();
holds(value(long => 'SELECT count(*) FROM events') == $long,
    "$long events of 5 KB: each is a row");
my $bytes = text_bytes('long');
holds($bytes <= $TEXT_MAX, "and $bytes bytes of text");
holds(value(long => 'SELECT count(*) FROM prop_keys') <= 201,
    'with 200 keys and the other ones');
holds(value(long => 'SELECT max(length(props)) FROM events') < 500,
    'a row is small');
holds(value(long => q(SELECT count(*) FROM events JOIN paths ON code = path
    WHERE text = '(other)')) > 0, 'what was too much is "(other)"');

# ---- very many ----

sub cpu_us {
    my @stat = split ' ', slurp('/proc/' . $agent->pid . '/stat');
    return ($stat[13] + $stat[14]) * 10_000;
}

# EVENTS of one visitor a part on 500 or on as many paths, in parts; glintod's
# memory at most, and its CPU an event.
sub fill {
    my ($site, $events, $unique) = @_;
    my ($most, $cpu) = (0, cpu_us());
    for (my $left = $events; $left > 0; $left -= $PART) {
        my $part = $left < $PART ? $left : $PART;
        system($t->build . '/tests/bench/fill-spool', $t->path('spool'), $site,
            $part, 0, $unique ? $part : 500, 1) == 0
            or die "fill-spool failed\n";
        is_empty();
        my $rss = rss_bytes();
        $most = $rss if $rss > $most;
    }
    return ($most, (cpu_us() - $cpu) / $events);
}
my ($before, $cpu_before) = fill('warm.example', 3 * $PART);
my ($most, $cpu) = fill('short.example', $n, 1);
holds(value(short => 'SELECT count(*) FROM events') == $n,
    "$n events of a few visitors: each is a row");
# Of two days, soon after midnight.
my $days = value(short => 'SELECT count(DISTINCT at / 86400000) FROM events');
holds(value(short => 'SELECT count(*) FROM paths') <= 10_000 * $days + 1,
    'and 10,000 new paths a day');
holds(text_bytes('short') <= $TEXT_MAX, text_bytes('short') . ' bytes of text');
my $grew = $most - $before;
if (!$t->san) {
    holds($grew <= 16 * 2**20, sprintf 'glintod grew by %.1f MiB',
        $grew / 2**20);
}
diag(sprintf 'grew by %.1f MiB; %.0f bytes of the file an event; %.1f us of CPU'
    . ' an event, %.1f where paths are known', $grew / 2**20,
    (-s $file{short}) / $n, $cpu, $cpu_before);
diag(sprintf 'S12 %d %d %.1f -', $n, $violations, time - $began);
$t->done;
