# Promise: "glinto import --follow" counts each line of a growing log once:
# within seconds, over a rotation by renaming with lines that still come to the
# old file, over one by copying and cutting, and over one while it was killed;
# lines that a cut loses are told as lost.
#
# Slow: the command looks once a second, and makes visits every ten.
# Check: half a minute of waiting.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::AccessLog;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new->one_day;
my $world = Glinto::World->new($t, sites => ['logs']);
my $agent = $world->agent;
my $log = $t->path('access.log');
my ($n, $page, $pid, $runs) = (0, 0, undef, 0);

sub text { # N lines of now, each a page of its own
    $n += $_[0];
    return join '', map { combined({address => '203.0.113.' . $page % 250,
        agent => $Glinto::AccessLog::PEOPLE[0], at => time,
        uri => '/' . ++$page}) } 1 .. $_[0];
}
sub append {
    my ($file, $text) = @_;
    open my $out, '>>', $file or die "$file: $!\n";
    print {$out} $text;
    close $out;
}
sub follow {
    $pid = $t->spawn('follow-' . ++$runs, $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), 'import', '--follow', '--site',
        'logs.example', '--format', 'combined', $log);
}
sub said { slurp($t->path("follow-$runs.log")) }
sub pages { # how many distinct pages, and how many views
    return $world->store->value($world->file('logs'), q(
        SELECT count(DISTINCT path) || ' ' || count(*) FROM events));
}
sub counted {
    my ($what) = @_;
    $t->until("$what: $n pages", sub { pages() eq "$n $n" }, 30);
    is(pages(), "$n $n", $what);
}

follow();
append($log, text(3));
counted('a log that was not there yet');
append($log, text(1) =~ s/\n//r);
append($log, "\n" . text(20)); # it comes in two writes
counted('it grows');
$t->until('visits', sub { $agent->live('logs.example')->{visitors} == $n }, 30);
is($agent->live('logs.example')->{today}{pageviews}, $n, 'and visits are made');

# ---- renamed ----

rename $log, "$log.1" or die "rename: $!\n";
append("$log.1", text(5));
append($log, text(5));
append("$log.1", text(2));
counted('renamed, with lines that come to the old one');

# ---- copied and cut ----

sub copy { spew($_[1], slurp($_[0])) }
append($log, text(40));
counted('more than a KiB');
append($log, text(3));
copy($log, "$log.2");
truncate $log, 0;
append($log, text(4));
counted('copied and cut: lines that nobody had read are in the copy');
append($log, text(60));
counted('and it goes on');
my @lost = split /^/, text(2);
kill STOP => $pid;
append($log, join '', @lost);
truncate $log, 0;
append($log, text(2));
kill CONT => $pid;
$t->until('the end of the cut log', sub { said() =~ /was cut at byte/ }, 30);
like(said(), qr/^glinto: \S+access\.log was cut at byte \d+ and there is no (?#
    )copy of it beside it: .* is lost, unless you import its copy$/m,
    'cut without a copy: told');
$n -= 2;
counted('and it goes on');

# ---- not there in between ----

append($log, text(30));
counted('many');
kill KILL => $pid;
$t->ended($pid, 10);
append($log, text(5));
rename $log, "$log.3";
system('gzip', "$log.3") == 0 or die "gzip: $?\n";
utime time - 60, time - 60, "$log.3.gz";
append("$log.4", text(6)); # came and went
append($log, text(5));
follow();
$n -= 6;
counted('rotated and compressed while nobody followed');
like(said(), qr/^glinto: \S+access\.log\.4 was never read: its lines are (?#
    )lost, unless you import it$/m, 'twice: told');
$agent->glinto('import', '--site', 'logs.example', '--format', 'combined',
    "$log.4");
$n += 6;
counted('and imported');
kill TERM => $pid;
is($t->ended($pid, 30), 0, 'a signal ends it');
like(said(), qr/^10 lines read into logs\.example/m, 'with a summary');

$t->done;
