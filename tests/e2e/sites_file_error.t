# Promise: the list of sites that workers read is whole or the one before, also
# when one of the writes of a long list fails.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Inject;
use Glinto::Test;

my $SITES = 150; # more than a buffer of stdio holds

plan skip_all => 'this machine lets no process be traced'
    if !Glinto::Inject->allowed;
my $t = Glinto::Test->new;
plan skip_all => 'a leak check traces its own process' if $t->san;
my $agent = $t->aggregator;
my $sites = $t->path('sites');
for my $i (1 .. $SITES) {
    $agent->admin('POST', '/v1/site/add', sprintf '{"domain": "%s-%d.example"}',
        'a' x 50, $i);
}
my $whole = slurp($sites);
is(scalar(() = $whole =~ /\n/g), $SITES, 'a long list') or diag($whole);
$agent->stop;

# strace stands before glintod: it is told to stop by its own pid.
$agent->start(wrap => ['strace', '-f', '-qq', '-o', $t->path('strace.txt'),
    '-P', "$sites.new", '-e', 'inject=write:error=EIO:when=1']);
like(slurp($t->path('strace.txt')), qr/write\(.*INJECTED/, 'a write fails');
is(slurp($sites), $whole, 'the list is the one before');
like($agent->log, qr/\[error\] sites file: cannot write/, 'which is told');
my ($glintod) = grep { slurp("/proc/$_/comm") =~ /^glintod/ }
    $t->session($agent->pid);
kill 'TERM', $glintod;
$t->ended(delete $agent->{pid}, 20);
$agent->start(wrap => []);
is(slurp($sites), $whole, 'and whole again');
$t->done;
