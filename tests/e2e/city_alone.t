# Promise: a machine alone has nothing of PostgreSQL: neither glintod nor
# glinto loads its library, and status says nothing of it.  A "log" that
# nobody can read is told with its line, and glinto-postgresql refuses what is
# not for it.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 60);
my $build = $t->build;

for my $program ('glintod', 'glinto') {
    unlike(scalar qx(ldd $build/$program), qr/libpq|libldap|libgssapi/,
        "$program needs nothing of PostgreSQL");
}
my $agent = $t->aggregator;
my $status = $agent->json('status');
ok(!exists $status->{log} && !exists $status->{follow}, 'status has no such part');
unlike(slurp('/proc/' . $agent->pid . '/maps'), qr/libpq/, 'nothing is loaded');

sub said {
    my ($program, $lines, @args) = @_;
    spew($t->path('other.conf'), $lines);
    my $text = qx($build/$program -t -c @{[$t->path('other.conf')]} @args 2>&1);
    return ($? >> 8, $text);
}
my ($code, $text) = said('glintod', "data data\nlog mysql host=x\n");
is($code, 1, 'another kind of server is refused');
like($text, qr/other\.conf:2: log is "postgresql" and how to connect/, 'by its line');
($code, $text) = said('glinto-postgresql', "data data\n");
is($code, 1, 'without a log there is nothing to do');
like($text, qr/neither "log" nor "follow" is there/, 'and it says so');
($code, $text) = said('glinto-postgresql', "follow postgresql hots=x\n");
is($code, 1, 'libpq reads the words');
like($text, qr/follow: invalid connection option "hots"/, 'and says which is wrong');
($code, $text) = said('glinto-postgresql', "log postgresql host=/run dbname=x\n");
is($code, 0, 'a good one is fine') or diag($text);
like(scalar qx($build/glinto-postgresql --tables),
    qr/^CREATE TABLE IF NOT EXISTS chunk \(/m, 'tables for psql');
$t->done;
