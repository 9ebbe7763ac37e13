package Glinto::Paths;

# What can be asked of the dashboard socket: aggregator/serve/paths.def.
#
#   paths(TEST)     [function, method, path, needs] ..., as it has them: the
#                   method READ is GET and HEAD, '*' a part of a path

use strict;
use warnings;
use Exporter 'import';
use Glinto::Test qw(slurp);

our @EXPORT = qw(paths);

sub paths {
    my ($t) = @_;
    my $text = slurp($t->root . '/aggregator/serve/paths.def')
        =~ s{^/\*.*?\*/}{}msr;
    my @rows = map { [/(\w+), (\w+), "([^"]+)", (\w+)/] }
        $text =~ /^PATH\((.*)\)$/mg;
    my $n = () = $text =~ /^PATH\(/mg;

    die "a row of paths.def is not understood\n"
        if !$n || $n != grep { @$_ == 4 } @rows;
    return @rows;
}

1;
