# Promise: glintod never ends without a word.  Whatever signal ends it, in
# whichever thread, it says so in a line of its log, and one that cannot start
# says why, in a sentence, with a status that is not 0.  After kill -9, which
# leaves no time, the next glintod says it.  A TERM or HUP that comes while it
# starts is not lost; a file that may not grow is no end.

use strict;
use warnings;
use Config;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use IO::Socket::UNIX;
use POSIX ();

my $t = Glinto::Test->new;
plan skip_all => 'a crash is a report there' if $t->san || $t->valgrind;
# A shell's job in the background begins with some of them ignored, and so
# would what it starts.
$SIG{$_} = 'DEFAULT' for qw(INT QUIT);
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my %number;
@number{split ' ', $Config{sig_name}} = split ' ', $Config{sig_num};
my $seen = 0;

# The log since the last look.
sub news {
    my $log = $agent->log;
    my $new = substr $log, $seen;
    $seen = length $log;
    return $new;
}
sub ended { $t->ended(delete $agent->{pid}, 20) }

# ---- signals ----

my @NONE = qw(ZERO KILL STOP TSTP TTIN TTOU CONT CHLD CLD URG WINCH PIPE XFSZ
    TERM INT HUP NUM32 NUM33 IOT POLL RTMIN RTMAX);
my %none = map { $_ => 1 } @NONE;
for my $name (sort grep { !$none{$_} && !/^NUM/ } keys %number) {
    $agent->start if !$agent->running;
    news();
    kill $number{$name}, $agent->pid;
    my $status = ended();
    is($status & 127, $number{$name}, "$name ends it");
    like(news(), qr/^glintod: ended by signal SIG$name$/m, "$name: and it says so");
}

# A thread other than the first: the kernel gives a signal to it alone.
sub threads { map { m{(\d+)$} } glob '/proc/' . $agent->pid . '/task/*' }
my $SYS_tgkill = 234;
if ($Config{archname} =~ /^x86_64/) {
    $agent->start;
    my $n = () = threads();
    cmp_ok($n, '>', 4, "$n threads");
    for my $i (0 .. $n - 1) {
        $agent->start if !$agent->running;
        news();
        my $pid = $agent->pid;
        syscall $SYS_tgkill, $pid + 0, (threads())[$i] + 0, $number{SEGV} + 0;
        is(ended() & 127, $number{SEGV}, "thread $i: it ends");
        like(news(), qr/^glintod: ended by signal SIGSEGV$/m, "thread $i: and says so");
    }
}
$agent->start;
like(news(), qr/\bthe last glintod did not end by itself\b/,
    'the next one says it, too');
$agent->kill9;
$agent->start;
like(news(), qr/\bthe last glintod did not end by itself\b/, 'as after kill -9');
$agent->stop;
like(news(), qr/\[notice\] stopping\n.*\[notice\] stopped\n\z/s, 'a stop: two lines');
$agent->start;
unlike(news(), qr/did not end/, 'after that the next one says nothing');
kill 'XFSZ', $agent->pid;
is($agent->json('status')->{pid} // $agent->pid, $agent->pid,
    'a file that may not grow is no end');
$agent->stop;

# ---- while it starts ----

my $HELD = 0x4003; # TERM, INT, HUP

for my $name (qw(HUP TERM INT)) {
    news();
    $agent->launch;
    my $pid = $agent->pid;
    $t->until('the first thing it does', sub {
        my ($held) = slurp("/proc/$pid/status") =~ /^SigBlk:\s*\S{8}(\S+)/m;
        return (readlink("/proc/$pid/exe") // '') =~ m{/glintod$}
            && (hex($held // 0) & $HELD) == $HELD;
    });
    kill $name, $pid;
    if ($name eq 'HUP') {
        $t->until('it answers', sub { $agent->answers }, 20);
        ok($agent->running, "$name while it starts is not its end");
        $agent->stop;
        next;
    }
    is(ended(), 0, "$name while it starts: a clean end");
    like(news(), qr/\[notice\] stopped\n\z/, "$name: it says so");
}

# ---- it cannot start ----

sub refused {
    my ($what, $why, %want) = @_;
    news();
    $agent->launch(conf => '', env => {}, wrap => [], enrich => undef, %want);
    my $status = ended();
    isnt($status, 0, "$what: it does not start");
    my $news = news();
    like($news, $why, "$what: it says why") or diag("status $status\n", $news);
}
my $dir = $t->dir;
my @full = qw(/bin/sh -c);
refused('a key that is none', qr/^glintod: .*\bnonsense\b.+/m,
    conf => "nonsense 1\n");
refused('no patterns', qr/\[error\] .*\benrich\b.+/, enrich => $t->path('nowhere'));
refused('no memory', qr/\S/, wrap => [@full, 'ulimit -v 60000; exec "$@"', 'sh']);
refused('no descriptors', qr/\[error\] \S.+/,
    wrap => [@full, 'ulimit -n 8; exec "$@"', 'sh']);
rename $t->path('data/meta.db'), $t->path('meta.kept') or die;
spew($t->path('data/meta.db'), 'no database' x 1000);
refused('meta.db is none', qr/\[error\] .*meta\S* .+/);
rename $t->path('meta.kept'), $t->path('data/meta.db') or die;
unlink $t->path('admin.sock');
mkdir $t->path('admin.sock') or die;
refused('a folder in the place of a socket', qr/\[error\] .*admin\.sock.+/);
rmdir $t->path('admin.sock');
rename $t->path('spool'), $t->path('spool.kept') or die;
spew($t->path('spool'), '');
refused('a file in the place of the spool', qr/\[error\] .*spool.+/);
unlink $t->path('spool');
rename $t->path('spool.kept'), $t->path('spool') or die;

my $other = Glinto::Aggregator->new($t);
$other->start;
$agent->launch;
is(ended() >> 8, 75, 'a second one');
like(news(), qr/\[error\] .*: another glintod has this spool$/m, 'says why');
$other->stop;

$t->done;
