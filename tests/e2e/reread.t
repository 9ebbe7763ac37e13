# Promise: HUP has glintod read its configuration again: what can change while
# it runs does, the log says what changed and what waits for the next start,
# and a file with a mistake changes nothing and is told by its line.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::WebSocket;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
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
sub hup { # the line that it wrote
    kill 'HUP', $agent->pid;
    $told++;
    my @lines;
    $t->until('HUP is answered', sub {
        @lines = grep { /HUP: / } split /\n/, $agent->log;
        return @lines == $told;
    });
    return $lines[-1] =~ s/^.*?HUP: //r;
}

sub watch {
    return Glinto::WebSocket->try($t->path('dashboard.sock'),
        '/glinto/a.example/live');
}

like(hup(), qr/^\S+ was read again; changed: nothing$/, 'nothing changed');

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

$t->done;
