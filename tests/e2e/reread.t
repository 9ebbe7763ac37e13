# Promise: HUP has glintod read its configuration again: what can change while
# it runs does, the log says what changed and what waits for the next start,
# and a file with a mistake changes nothing and is told by its line.  The
# patterns of referrers and agents are read again, too, and the sites file is
# written again.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::WebSocket;
use Glinto::World;

my $t = Glinto::Test->new;
system('cp', '-r', $t->build . '/enrich', $t->path('enrich')) == 0 or die;
my $world = Glinto::World->new($t, sites => ['a'], enrich => 'enrich');
my $agent = $world->agent;
my $conf = $t->path('glinto.conf');
my $before = slurp($conf);

sub write_conf { # MORE lines beside those of before
    my ($more, $text) = @_;
    open my $out, '>', $conf or die "$conf: $!\n";
    print {$out} $text // $before, $more;
    close $out;
}

my $told = 0;
my @more; # lines that the last one had, too
sub hup { # the first line that it wrote: of the configuration
    kill 'HUP', $agent->pid;
    my @lines;
    $t->until('HUP is answered', sub {
        @lines = grep { /HUP: / } split /\n/, $agent->log;
        return @lines > $told
            && $lines[-1] =~ /(?:stays as|stay in)|is written again from it/;
    });
    s/^.*?HUP: // for @lines;
    (my $first, @more) = @lines[$told .. $#lines];
    $told = @lines;
    return $first;
}

sub watch {
    return Glinto::WebSocket->try($t->path('dashboard.sock'),
        '/glinto/a.example/live');
}

like(hup(), qr/^\S+ was read again; changed: nothing$/, 'nothing changed');
my $dir = $t->dir;
is($more[0], "the patterns in $dir/enrich were read again", 'and the patterns');
is($more[1], 'sites and accounts need no reading: nobody but glintod changes '
    . "$dir/data/meta.db; $dir/sites is written again from it",
    'and why no sites');
is(@more, 2, 'nothing else');

my $pid = $agent->pid;
my ($some, $many) = map { (watch())[0] } 1, 2;
ok($many, 'two may watch');
$_->close for $some, $many;
write_conf("watchers_per_site 1\npark_mib 7\n");
like(hup(), qr/changed: park_mib, watchers_per_site$/, 'what changed');
my ($first, $answer) = watch();
is($answer, '101', 'one may watch');
is((watch())[1], '503', 'a second may not, from now on');
write_conf("watchers_per_site 1\npark_mib 7\npaths_per_day 5\n",
    $before =~ s/^data .*$/data elsewhere/mr);
like(hup(), qr/changed: nothing; at the next start: data, paths_per_day$/,
    'what waits for the next start');
ok(!-e $t->path('elsewhere'), 'and it does wait');
like(hup(), qr/at the next start: data, paths_per_day$/, 'still');

write_conf("park_mib many\n");
my $line = () = slurp($conf) =~ /\n/g;
like(hup(),
    qr/^glinto\.conf:$line: park_mib must be .*; all stays as it was$/,
    'a mistake, its line, and nothing changes');
is(@more, 0, 'no patterns');

unlink $conf;
like(hup(), qr/^cannot open .*; all stays as it was$/, 'no file at all');

my $level = $before =~ s/^log_level .*\n//mr;
write_conf("log_level error\n", $level);
like(hup(), qr/changed: .*log_level/, 'the level of the log, which is told');
my $log = $agent->log;
write_conf("log_level debug\n", $level);
like(hup(), qr/changed: log_level/, 'also where it showed errors alone');
$agent->json('status');
like($agent->log, qr/\[debug\] status by /, 'it is in force');
is($agent->pid, $pid, 'the same process');
ok($agent->running, 'which runs');
is($world->rows, 0, 'and answers');

# ---- patterns, the sites file ----

my $segment = $world->segment;
sub source { # of a visit from news.test just now
    my ($n) = @_;
    $segment->event(site => 'a.example', visitor => $n,
        referrer => 'https://news.test/');
    $t->until('its row', sub { $world->rows == $n });
    return $world->store->value($world->file('a'), 'SELECT source FROM events
        JOIN referrers r ON r.code = events.referrer WHERE events.id =
        (SELECT max(id) FROM events)');
}
is(source(1), 'news.test', 'a host that has no name');
my $list = $t->path('enrich/referrers.json');
my $hosts = slurp($list);
spew($list, $hosts =~ s/"hosts":\{/"hosts":{"news.test":["The News","none"],/r);
is(source(2), 'news.test', 'a name in the file is not looked for');
unlink $t->path('sites');
hup();
is(source(3), 'The News', 'HUP reads it');
$t->soon('and the sites file is there again', sub {
    -e $t->path('sites') && slurp($t->path('sites')) eq "a.example\n";
});
spew($list, 'no JSON');
hup();
like($more[0], qr/^\S+enrich \(key "enrich"\): .*; the patterns of before /,
    'a file that cannot be used is told');
is(source(4), 'The News', 'and those of before are used');
is($agent->pid, $pid, 'by the same process');

$t->done;
