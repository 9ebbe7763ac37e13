package Glinto::Verbs;

# The table of verbs, aggregator/admin/verbs.def, as a script reads it.
#
#   Glinto::Verbs::table($t->root)
#       [name, kind, [[needed, key, type, usage], ...], has help], ...

use strict;
use warnings;
use Glinto::Test qw(slurp);

sub table {
    my ($root) = @_;
    my $text = slurp("$root/aggregator/admin/verbs.def");
    $text =~ s{/\*.*?\*/}{}gs;
    my @verbs;
    for my $verb (split /^VERB\(/m, $text) {
        my ($name, $kind) = $verb =~ /\A\w+, "([\w.]+)", (\w+),/ or next;
        my @args;
        while ($verb =~ /(NEED|MAY)\((\w+), (\w+), (?:"([^"]+)"|0),/g) {
            push @args, [$1 eq 'NEED', $2, $3, $4];
        }
        push @verbs, [$name, $kind, \@args, $verb !~ /, 0\)\s*\z/];
    }
    return @verbs;
}

1;
