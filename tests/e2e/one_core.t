# Promise: however many questions are asked, one processor is free of them: the
# threads that answer may run on all but the first, and let others go before
# them.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $ANSWERING = 5; # questions, recounts, passwords: aggregator/calls/query.h
my $t = Glinto::Test->new;
my $agent = $t->aggregator;

# "0-1,4" -> 0, 1, 4
sub cores {
    my ($path) = @_;
    my ($list) = slurp($path) =~ /^Cpus_allowed_list:\s*(\S+)/m;
    return map { /(\d+)-(\d+)/ ? $1 .. $2 : $_ } split /,/, $list;
}
sub nice {
    my ($task) = @_;
    return (split ' ', slurp("$task/stat") =~ s/.*\) //r)[16];
}

my @all = cores('/proc/self/status');
sub tasks { glob '/proc/' . $agent->pid . '/task/*' }
sub bound { grep { cores("$_/status") < @all } tasks() }
if (@all == 1) {
    is(scalar(() = bound()), 0, 'where there is one processor, all run on it');
} else {
    # each does it itself, as the first thing
    my $loop = nice('/proc/' . $agent->pid . '/task/' . $agent->pid);
    $t->soon('so many threads leave a processor, and are nicer than the one '
        . 'that serves', sub {
            $ANSWERING == grep { nice($_) > $loop } bound();
        });
    is(join(' ', cores("$_/status")), "@all[1 .. $#all]", 'the first one')
        for bound();
    is(scalar(() = bound()), $ANSWERING, 'no other does');
}
$t->done;
