package Glinto::Faults;

# How much a fault test does, and where its chance comes from.
#
#   trials(small => 20, faults => 150, nightly => 1000)
#       the figure of the running column: GLINTO_FAULTS=faults ("make faults")
#       or nightly ("make faults-nightly"), else small (.ci/run, a test alone).
#       TRIALS=N in the environment outranks all of them.
#   column()    small, faults or nightly
#   seed()      SEED=N of the environment or the time; perl's rand starts
#               from it, so that a run can be had again

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(trials column seed);
my @COLUMNS = qw(small faults nightly);

sub column {
    my $column = $ENV{GLINTO_FAULTS} // 'small';
    grep { $_ eq $column } @COLUMNS
        or die "GLINTO_FAULTS=$column is none of @COLUMNS\n";
    return $column;
}

sub trials {
    my (%figure) = @_;
    if (defined(my $n = $ENV{TRIALS})) {
        $n =~ /^[1-9]\d*$/ or die "TRIALS=$n is not a number of trials\n";
        return $n;
    }
    return $figure{column()} // die 'trials: no figure for ' . column() . "\n";
}

sub seed {
    my $seed = $ENV{SEED} // time;
    srand $seed;
    return $seed;
}

1;
