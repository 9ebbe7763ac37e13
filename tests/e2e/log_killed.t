# Promise: an import of access logs that is killed a hundred times, the command
# and glintod by turns, at any moment, comes to the figures of one that is not.
#
# Slow: a hundred kills.
# Check: it takes half a minute.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::AccessLog;
use Glinto::Test;
use Glinto::World;
use IO::Compress::Gzip ();

srand 20261130;
my $KILLS = $ENV{KILLS} // 100;
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => [qw(whole killed)]);
my $agent = $world->agent;
my @lines = map { combined($_) } @{lines(60_000, 5, 1_772_409_600)};
my $half = @lines / 2;
spew($t->path('a.log'), join '', @lines[0 .. $half - 1]);
my $second = join '', @lines[$half .. $#lines];
IO::Compress::Gzip::gzip(\$second => $t->path('b.log.gz'));
my @files = map { $t->path($_) } qw(a.log b.log.gz);

sub command { # SITE
    return ($t->build . '/glinto', '--socket', $t->path('admin.sock'),
        'import', '--site', "$_[0].example", '--format', 'combined', @files);
}
sub figures { # SITE
    my ($site) = @_;
    my @metrics = qw(visitors visits pageviews bounce_rate visit_duration);
    return join '; ', map { join ' ', @{$_->{dimensions}}, @{$_->{metrics}} }
        map { sort { $a->{dimensions}[0] cmp $b->{dimensions}[0] }
        @{$agent->query({site_id => "$site.example",
        date_range => ['2026-03-01', '2026-03-10'], metrics => \@metrics,
        dimensions => [$_], pagination => {limit => 10_000}})->{results}} }
        qw(time:day event:page visit:source visit:entry_page);
}

my $whole = $t->spawn('whole', command('whole'));
is($t->ended($whole, 60), 0, 'one is not killed');

# How much it has read, of everything; the most when it has ended.
sub has_read {
    my ($pid) = @_;
    open my $io, '<', "/proc/$pid/io" or return 1e15;
    my ($bytes) = join('', <$io>) =~ /^rchar: (\d+)/m;
    open my $stat, '<', "/proc/$pid/stat" or return 1e15;
    return <$stat> =~ /\) Z/ ? 1e15 : $bytes // 1e15;
}
my $struck = 0;
my $bytes = 3 * -s $files[0];
for my $n (1 .. $KILLS) {
    my $pid = $t->spawn("import-$n", command('killed'));
    # later and later: else it never comes beyond the beginning
    my $upto = rand $bytes * (0.1 + $n / $KILLS);
    $t->until('some of it', sub { has_read($pid) >= $upto });
    if ($n % 4 == 0) {
        $agent->kill9;
        $agent->start;
    }
    kill KILL => $pid;
    $struck += $t->ended($pid, 20) == 9;
}
my $last = $t->spawn('last', command('killed'));
is($t->ended($last, 60), 0, "after $KILLS kills it ends");
cmp_ok($struck, '>=', $KILLS / 10, "$struck of them met the command");
is(figures('killed'), figures('whole'), 'with the same figures');
isnt(figures('whole'), '', 'which there are');
$t->done;
