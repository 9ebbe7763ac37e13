# Promise: a first start that is cut short where the first account's file is
# made says which file that was, and leaves nothing behind: the next one works
# as if it were the first.
#
# Method: the folder of the accounts is read only at first.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Aggregator;
use Glinto::Mounts;
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;

private_mounts();
my $t = Glinto::Test->new;
mkdir $t->path('data'), 0700;
mount_tmpfs($t->path('data/acct'), '1m,ro', 0700);
my $agent = Glinto::Aggregator->new($t);
my $store = Glinto::Store->new($t->path('data'));

for my $try (1, 2) {
    $agent->launch;
    is($t->ended($agent->pid, 20) >> 8, 1, "start $try: it ends with 1");
    like($agent->log,
        qr/the file of account \w{12} cannot be made: Read-only/,
        'and says why');
}
is($store->value($store->meta, 'SELECT count(*) FROM accounts'), 0,
    'no account without a file');

unmount($t->path('data/acct'));
chmod 0700, $t->path('data/acct');
$agent->start;
$agent->site('a.example');
my $segment = Glinto::Segment->create($t->path('spool'));
$segment->event(site => 'a.example', visitor => $_) for 1 .. 3;
$segment->close;
$t->soon('events are counted', sub {
    $store->sum('SELECT count(*) FROM events') == 3;
});
my @files = $store->accounts;
is(scalar @files, 1, 'there is one file');
like($agent->glinto('check', 'data'), qr/ 0 faults$/m, 'all is right');

$t->done;
