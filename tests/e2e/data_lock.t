# Promise: one glintod writes to a data folder: a second one, with a spool and
# sockets of its own, ends with 75 and says which folder it is.  A backup and a
# check are not in its way, and a killed glintod leaves no lock behind.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my ($agent, $store) = ($world->agent, $world->store);

sub counted { # one more event of the spool
    my ($n) = @_;
    my $segment = $world->segment;
    $segment->event(site => 'a.example', visitor => $n);
    $segment->close;
    $t->soon("event $n is counted", sub {
        $world->rows == $n;
    });
}
sub second {
    my $pid = $t->spawn('second', $t->build . '/glintod', '-c',
        $t->path('second.conf'), {log => $t->path('second.log')});
    my $status = $t->ended($pid, 20) >> 8;
    return ($status, slurp($t->path('second.log')));
}

mkdir $t->path('spool2'), 01770;
my $conf = $agent->conf_text;
$conf =~ s/^spool .*/spool spool2/m;
$conf =~ s/(\w+)\.sock$/$1-2.sock/mg;
spew($t->path('second.conf'), $conf);

counted(1);
my ($status, $said) = second();
is($status, 75, 'a second glintod ends with 75');
like($said, qr{another glintod has the data folder \S*data$}m, 'and says why');
counted(2);

$agent->glinto('backup', $t->path('copy'));
ok(-e $t->path('copy/meta.db'), 'a backup is made');
like($agent->glinto('check', 'data'), qr/ 0 faults$/m, 'and a check');
is((second())[0], 75, 'the lock is still there after both');

$agent->kill9;
$agent->start;
counted(3);
$agent->stop;
is($store->integrity, 'ok', 'the files are whole');

$t->done;
