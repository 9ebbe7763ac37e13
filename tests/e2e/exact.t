# Promise: rows + bots + drops = 2xx replies, exactly, and as many visitors as
# came: for 100,000 events through nginx, with glintod killed and started in
# the middle, and with a worker killed (then up to the requests in flight).
#
# Slow: 310,000 events, and each part waits until a worker that hears nothing
# more lets go of its segment, after 5 s.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new(limit_s => 240)->one_day(90);
my @sites = map { "$_.example" } qw(plain event agentkill workerkill);
my $world = Glinto::World->new($t, sites => \@sites, nginx => {workers => 2,
    server => 'location = /g.gif { glinto_pixel; }
        location = /api/event { glinto_collect; }'});
my ($agent, $nginx, $store) = map { $world->$_ } qw(agent nginx store);
my $oracle = Glinto::Oracle->new($t, $agent, $nginx);
my $n = $t->san ? 20_000 : 100_000; # a sanitized build is slow
my $connections = 32;

# What a site's file says, of every kind.
sub accounted {
    my ($site) = @_;
    my $file = $store->site($site);
    my ($id) = map { $_->{id} } $store->rows($store->meta,
        'SELECT id FROM sites WHERE domain = ?', $site);
    my %got;
    for my $table (qw(events bots drops)) {
        my $what = $table eq 'events' ? 'count(*)' : 'coalesce(sum(n), 0)';
        $got{$table} = $store->value($file,
            "SELECT $what FROM $table WHERE site = ?", $id);
        $got{all} += $got{$table};
    }
    $got{visitors} = $store->value($file,
        'SELECT count(DISTINCT visitor) FROM events WHERE site = ?', $id);
    return \%got;
}

sub load_on {
    my ($site, %more) = @_;
    return Glinto::Load->start($t, port => $nginx->port, requests => $n,
        seconds => 60, connections => $connections, visitors => 1000,
        site => $site, log => 1, %more);
}

sub settled {
    my ($what) = @_;
    ok($oracle->empty_spool(20), "$what: the spool directory is empty");
}

my $sum = load_on('plain.example')->wait;
is($sum->{ok}, $n, "$n pixel events were answered 2xx");
settled('plain');
my $got = accounted('plain.example');
is($got->{all}, $sum->{ok}, 'plain: rows + bots + drops = 2xx');
is($got->{visitors}, 1000, 'plain: 1,000 visitors');
diag("$sum->{ok} in $sum->{seconds} s");

$sum = load_on('event.example', kind => 'event', requests => $n / 10)->wait;
settled('event');
$got = accounted('event.example');
is($got->{events}, $sum->{ok}, 'POST /api/event: rows = 2xx');
is($got->{visitors}, 1000, 'POST /api/event: 1,000 visitors');

my $load = load_on('agentkill.example', rate => $n / 5);
my $file = $store->site('agentkill.example');
$t->until('some rows', sub {
    $store->value($file, 'SELECT count(*) FROM events e JOIN hosts h
        ON h.code = e.host WHERE h.text = ?', 'agentkill.example') > $n / 10;
});
$agent->kill9;
ok($load->running, 'glintod was killed in the middle of the load');
$agent->start;
$sum = $load->wait;
settled('glintod killed');
$got = accounted('agentkill.example');
is($sum->{ok}, $n, 'glintod killed: every request was answered 2xx');
is($got->{all}, $n, 'glintod killed: rows + bots + drops = 2xx');
is($got->{visitors}, 1000, 'glintod killed: 1,000 visitors');

$load = load_on('workerkill.example', rate => $n / 5);
$t->until('some rows', sub { accounted('workerkill.example')->{all} > $n / 10 });
$nginx->kill_worker;
ok($load->running, 'a worker was killed in the middle of the load');
$sum = $load->wait;
settled('worker killed');
$got = accounted('workerkill.example');
cmp_ok($got->{all}, '>=', $sum->{ok}, 'worker killed: no 2xx is missing');
cmp_ok($got->{all}, '<=', $sum->{ok} + $sum->{unknown},
    'worker killed: no more than the requests in flight beyond them');
cmp_ok($sum->{unknown}, '<=', $connections, 'in flight: one a connection');

$t->done;
