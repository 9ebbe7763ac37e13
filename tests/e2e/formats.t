# Promise: what the unit tests promise of segments holds of the next format
# too, with the one before beside it: the same tests, built for major 2.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new(variant => 'next');
my @programs = sort grep { -x } glob $t->build . '/tests/*';
cmp_ok(scalar @programs, '>=', 7, 'tests of the next format are built');
for my $program (@programs) {
    my ($name) = $program =~ m{([^/]+)\z};
    my $log = $t->path("$name.log");
    my $pid = $t->spawn($name, $program, {log => $log});
    my $status = $t->ended($pid, 60);
    my @failed = slurp($log) =~ /^(not ok .*|Bail out.*)$/mg;
    is_deeply([$status, @failed], [0], $name);
}
$t->done;
