# Promise: with many sites the file that workers read is not written anew for
# each change, and yet says all of them a moment later, and after a stop.
#
# Method: 1,500 sites are put into meta.db directly; how often the file was
# written is how many times of change it had.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Time::HiRes ();

my $REST_S = 0.25; # between two writings
my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $file = $t->path('sites');
$agent->stop;
my $db = DBI->connect('dbi:SQLite:dbname=' . $t->path('data/meta.db'), '', '',
    {RaiseError => 1, AutoCommit => 0});
my $add = $db->prepare('INSERT INTO sites (domain, account, timezone, public, '
    . 'refresh_window, optout, hosts, created) '
    . q{SELECT ?, id, 'UTC', 0, 0, 0, '', 0 FROM accounts});
$add->execute("s$_.example") for 1 .. 1500;
$db->commit;
$db->disconnect;
$agent->start;

sub add {
    my ($domain) = @_;
    return $agent->admin('POST', '/v1/site/add', qq({"domain":"$domain"}))
        ->{status} =~ /^2/;
}
sub lines_of { scalar grep { /$_[0]/ } split /\n/, slurp($file) }

is(lines_of(qr/^s\d+\.example/), 1500, 'the file has all sites');
my ($began, $added, %written) = (Time::HiRes::time(), 0);
for my $i (1 .. 40) {
    $added += add("new$i.example");
    $written{(Time::HiRes::stat($file))[9]} = 1;
}
my $most = 3 + (Time::HiRes::time() - $began) / $REST_S;
is($added, 40, 'a burst of new sites');
$t->soon('all are in the file', sub { lines_of(qr/^new\d+\.example/) == 40 });
cmp_ok(scalar keys %written, '<=', $most, 'which was not written for each');

add('first.example');
add('last.example');
$agent->stop;
is(lines_of(qr/^last\.example/), 1, 'and before the end, if it had to wait');
$t->done;
