# Promise: one site more costs what it costs beside few, also beside 20,000:
# the file that workers read is not written anew for each change, and yet says
# all of them a moment later, and after a stop.
#
# Method: the sites are put into meta.db directly; CPU is compared in one run,
# and how often the file was written is how many times of change it had.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Measure qw(cpu_ns);
use Glinto::Test;
use Time::HiRes ();

my $MANY = 20_000;
my $REST_S = 0.25; # between two writings
my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $file = $t->path('sites');

sub add {
    my ($domain) = @_;
    return $agent->admin('POST', '/v1/site/add', qq({"domain":"$domain"}))
        ->{status} =~ /^2/;
}
sub lines_of { scalar grep { /$_[0]/ } split /\n/, slurp($file) }

my $before = cpu_ns($agent->pid);
add("few$_.example") for 1 .. 40;
my $beside_few = cpu_ns($agent->pid) - $before;
$agent->stop;
my $db = DBI->connect('dbi:SQLite:dbname=' . $t->path('data/meta.db'), '', '',
    {RaiseError => 1, AutoCommit => 0});
my $add = $db->prepare('INSERT INTO sites (domain, account, timezone, public, '
    . 'refresh_window, optout, hosts, created) '
    . q{SELECT ?, id, 'UTC', 0, 0, 0, '', 0 FROM accounts});
$add->execute("s$_.example") for 1 .. $MANY;
$db->commit;
$db->disconnect;
$agent->start;

is(lines_of(qr/^s\d+\.example/), $MANY, 'the file has all sites');
$before = cpu_ns($agent->pid);
my ($began, $added, %written) = (Time::HiRes::time(), 0);
for my $i (1 .. 40) {
    $added += add("new$i.example");
    $written{(Time::HiRes::stat($file))[9]} = 1;
}
my $beside_many = cpu_ns($agent->pid) - $before;
my $most = 3 + (Time::HiRes::time() - $began) / $REST_S;
is($added, 40, 'a burst of new sites');
note(sprintf 'CPU of one: %.0f us beside few, %.0f us beside many',
    $beside_few / 40e3, $beside_many / 40e3);
cmp_ok($beside_many, '<', 4 * $beside_few, 'costs what it costs beside few');
$t->soon('all are in the file', sub { lines_of(qr/^new\d+\.example/) == 40 });
cmp_ok(scalar keys %written, '<=', $most, 'which was not written for each');

add('first.example');
add('last.example');
$agent->stop;
is(lines_of(qr/^last\.example/), 1, 'and before the end, if it had to wait');
$t->done;
