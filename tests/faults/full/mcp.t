# Promise: what a program is told by the Model Context Protocol is what the
# Stats API says: 1,000 random questions, by four clients in turn: 0
# differences.

# Group: B

use strict;
use warnings;
use FindBin;

$ENV{QUESTIONS} //= 1000;
my $test = "$FindBin::Bin/../../e2e/mcp.t";
exec $^X, "-I$FindBin::Bin/../../lib", $test or die "cannot run $test: $!\n";
