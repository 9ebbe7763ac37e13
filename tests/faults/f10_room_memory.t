# Promise: a room of glintod that finds no memory says so, breaks and leaks
# nothing, and goes on when there is some.

# Group: B

# Method: rooms.c; with sanitizers it leaks nothing either.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Test;
use Time::HiRes ();

# Every so many-th allocation of those rooms that have many.
my %STEP = (small => 37, faults => 11, nightly => 1);

my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 300);
my $out = $t->path('rooms.log');
my $pid = $t->spawn('rooms', $t->build . '/tests/faults/rooms',
    $STEP{column()}, $t->build . '/enrich', {log => $out});
my $status = $t->ended($pid, 280);
my $text = slurp($out);
my ($trials, $violations) = $text =~ /^# (\d+) (\d+)$/m;
is($status, 0, 'rooms ran to its end') or diag($text);
is($violations, 0, 'no violation');
cmp_ok($trials // 0, '>', 100, 'the shortages');
diag(sprintf 'F10 %d %d %.1f -', $trials // 0, $violations // 1,
    Time::HiRes::time() - $began);
$t->done;
