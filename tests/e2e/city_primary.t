# Promise: the primary away, read only, slow beyond all patience, its disk
# full, or killed and another promoted: nginx answers each event 2xx meanwhile,
# the spool keeps it and "glinto status" says why, and afterwards a city has
# each event exactly once.
#
# Method: each event has a path of its own.  Slow is a commit that waits for a
# standby that does not come, so that nobody knows whether it was made.
#
# Slow: it waits until the forwarder has lost its patience, 30 s.
# Check: it starts PostgreSQL, twice.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Mounts;
use Glinto::Postgresql;
use Glinto::Test;

private_mounts();
my $t = Glinto::Test->new(limit_s => 900);
my $fra = Glinto::Postgresql->new($t, 'fra', disk => '160m');
$fra->settings("max_wal_size = 64MB\nmin_wal_size = 32MB\n");
$fra->start->tables;
my $ams = $fra->standby('ams')->start;
my $both = 'host=' . join(',', map { $t->path($_) } qw(fra ams))
    . ' port=5432 user=glinto dbname=glinto';
my $home = Glinto::Cities->city($t, 'home', $both, sites => ['a'],
    conf => "log postgresql $both\n",
    nginx => {server => 'location = /api/event { glinto_collect; }'});

my $n = 0;
sub visits {
    my ($what, $more) = @_;
    my %answers;
    for (1 .. $more) {
        $n++;
        $answers{http_post($home->world->nginx->port, '/api/event',
            qq({"n":"pageview","u":"http://a.example/$n","d":"a.example"}),
            'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) '
                . 'Gecko/20100101 Firefox/133.0', 'Accept-Language' => 'en',
            'Accept-Encoding' => 'gzip')->{status}}++;
    }
    is_deeply(\%answers, {202 => $more}, "$what: $more events are answered");
}
sub waits {
    my ($what, $why) = @_;
    my $said;
    $t->soon("$what: they wait, and status says why", sub {
        $said = $home->world->agent->json('status')->{log}{why} // '';
        $said =~ $why }, 60) or diag($said);
}
sub not_all { cmp_ok($home->world->rows, '<', $n, "$_[0]: not all is there") }
sub all_there {
    my ($what) = @_;
    $t->soon("$what: all $n are there", sub { $home->world->rows >= $n }, 120);
    my $store = $home->world->store;
    my @paths = $store->rows($home->world->file('a'), q{SELECT p.text AS path
        FROM events e JOIN paths p ON p.code = e.path});
    is(join(' ', sort { $a <=> $b } map { $_->{path} =~ s{/}{}r } @paths),
        join(' ', 1 .. $n), "$what: each once");
}
visits('at first', 5);
all_there('at first');

$fra->stop;
visits('away', 20);
waits('away', qr/./);
not_all('away');
$fra->start;
all_there('away');

$fra->sql('ALTER DATABASE glinto SET default_transaction_read_only = on');
$fra->stop;
$fra->start;
visits('read only', 20);
waits('read only', qr/./);
not_all('read only');
$fra->sql('SET TRANSACTION READ WRITE; '
    . 'ALTER DATABASE glinto RESET default_transaction_read_only');
all_there('read only');

$fra->settings("synchronous_standby_names = 'nobody'\n");
$fra->reload;
$t->until('it waits for nobody', sub {
    $fra->sql('SHOW synchronous_standby_names') eq 'nobody' });
visits('slow', 20);
waits('slow', qr/no answer in time/); # a wait that is given up may be a commit
visits('still slow', 5);
$fra->settings("synchronous_standby_names = ''\n");
$fra->reload;
all_there('slow');

fill($fra->{dir});
my $took = 0;
$t->until('its disk takes nothing', sub {
    visits('full', 20) if ++$took < 40;
    ($home->world->agent->json('status')->{log}{why} // '') ne '' }, 120);
visits('full', 20);
unlink "$fra->{dir}/ballast" or die "ballast: $!\n";
$fra->start if !$fra->running;
all_there('full');

$fra->settings("synchronous_standby_names = 'ams'\n");
$fra->reload;
$t->until('ams is synchronous', sub {
    $fra->sql('SELECT sync_state FROM pg_stat_replication') eq 'sync' });
visits('before it is killed', 5);
$fra->kill9;
visits('killed', 20);
waits('killed', qr/./);
not_all('killed');
$ams->promote;
all_there('failed over');
$t->done;
