# Promise: after a reboot, which takes the keys of access logs with the memory
# they lay in, each line still counts once; the visitors of that day may count
# once more, and the command says so, but not without a reboot.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::AccessLog;
use Glinto::Test;
use Glinto::World;
use POSIX ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t,
    sites => [map { [$_, $_] } qw(runs rotated follow)]);
my $agent = $world->agent;
my $at = time;
my $day = POSIX::strftime('%Y-%m-%d', gmtime $at);
my $told = qr/^The key of $day is a new one \(.*the machine was started (?#
    )again, .*\): visitors of that day may count once more$/m;

sub text { # PAGE: ten visitors, always the same, look at it
    my ($page) = @_;
    return join '', map { combined({address => "203.0.113.$_", at => $at,
        uri => $page, agent => $Glinto::AccessLog::PEOPLE[0]}) } 1 .. 10;
}
sub append {
    my ($file, $text) = @_;
    open my $out, '>>', $t->path($file) or die "$file: $!\n";
    print {$out} $text;
    close $out;
    utime $at, $at, $t->path($file);
}
sub take { # SITE, FILE...: what it says on standard error
    my ($site, @files) = @_;
    my ($status, undef, $err) = $agent->glinto('import', '--site',
        "$site.example", '--format', 'combined', map { $t->path($_) } @files);
    is($status, 0, "@files") or diag($err);
    return $err;
}
sub counted { # SITE: visitors and pageviews of the day
    my ($site) = @_;
    return join ' ', @{$agent->query({site_id => "$site.example",
        date_range => [$day, $day], metrics => [qw(visitors pageviews)]})
        ->{results}[0]{metrics}};
}
sub reboot { # salts and keys lie in memory
    $agent->kill9;
    unlink glob $t->path('salt') . '/*' or die "no keys: $!\n";
    $agent->start;
}

# ---- one run after the other ----

append('runs.log', text('/first'));
take('runs', 'runs.log');
append('runs.log', text('/second'));
unlike(take('runs', 'runs.log'), qr/once more/, 'without a reboot: nothing');
is(counted('runs'), '10 20', 'and each visitor is one');
reboot();
take('runs', 'runs.log');
append('runs.log', text('/third'));
like(take('runs', 'runs.log'), $told, 'after it: told');
is(counted('runs'), '20 30', 'they count once more, no line does');
append('runs.log', text('/fourth'));
unlike(take('runs', 'runs.log'), qr/once more/, 'the next run has the key');
is(counted('runs'), '20 40', 'and its visitors');

# ---- the log was rotated in between ----

append('r.log.1', text('/first'));
take('rotated', 'r.log.1');
reboot();
append('r.log', text('/second'));
like(take('rotated', 'r.log', 'r.log.1'), $told,
    'of a new log of that day, too');
is(counted('rotated'), '20 20', 'they count once more');

# ---- one that is followed ----

my ($pid, $runs) = (undef, 0);
sub follow {
    $pid = $t->spawn('follow-' . ++$runs, $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), 'import', '--follow', '--site',
        'follow.example', '--format', 'combined', $t->path('f.log'));
}
sub said { slurp($t->path("follow-$runs.log")) }
sub rows {
    my ($n) = @_;
    $t->until("$n rows", sub { $world->rows('follow') == $n }, 30);
}
follow();
append('f.log', text('/first'));
rows(10);
kill KILL => $pid;
$t->ended($pid, 10);
reboot();
append('f.log', text('/second'));
follow();
rows(20);
rename $t->path('f.log'), $t->path('f.log.1') or die "rename: $!\n";
append('f.log', text('/third'));
rows(30);
kill TERM => $pid;
is($t->ended($pid, 30), 0, 'a signal ends it');
like(said(), $told, 'followed: told');
is(() = said() =~ /once more/g, 2, 'at once, and in the summary');
is(counted('follow'), '20 30', 'they count once more, no line does');

$t->done;
