# Promise: whatever is due when glintod starts, as a mail or a notice of each
# site, it starts: a thread that is slow to come is no end, whichever it is.

# Method: who makes a thread goes on when that one has had time for its first
# turn (first_turn.c).

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Mails;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
plan skip_all => 'a sanitizer makes threads itself' if $t->san || $t->valgrind;
my $library = $t->path('first_turn.so');
system('cc', '-shared', '-fPIC', '-O1', '-o', $library,
    "$FindBin::Bin/first_turn.c") == 0 or die "no library\n";
my $mails = Glinto::Mails->new($t);
my $world = Glinto::World->new($t, conf => $mails->conf, sites => ['a', 'b']);
my $agent = $world->agent;
$agent->glinto('recipient', 'add', "ann\@mail.example", '--site', 'a.example');
my $began = length $agent->log;
for my $life (1 .. 3) {
    $agent->kill9;
    my $up = eval { $agent->start(env => {LD_PRELOAD => $library}) };
    ok($up, "life $life") or diag($@), last;
}
unlike(substr($agent->log, $began), qr/ended by signal/, 'no life broke');
$t->done;
