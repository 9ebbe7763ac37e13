package Glinto::Bodies;

# Bodies that are valid events with something beside them that costs a parser
# much.
#
#   hostile(KIND, BYTES)     one of so many bytes
#   kinds()                  the kinds there are

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(hostile kinds);

my $EVENT = '{"n":"pageview","u":"https://a.example/p","d":"a.example",';

# What stands once, what is repeated, what ends it.
my %KIND = (
    lists => ['"x":[', '{},', '{}]'],
    deep => ['"x":', '[[[[[[[[[[[[[{}]]]]]]]]]]]]],"x":', '1'],
    string => ['"x":"', 'x', '"'],
    keys => ['', '"k":1,', '"k":1'],
    escapes => ['"x":"', '\\u00e9', '"'],
    text => ['"m":"', '\\"\\ud83d', '"'],
);

sub kinds { return sort keys %KIND }

sub hostile {
    my ($kind, $length) = @_;
    my ($before, $piece, $after) = @{$KIND{$kind}};
    my $room = $length - length("$EVENT$before$after}");
    my $n = int $room / length $piece;
    return $EVENT . $before . $piece x $n
        . ' ' x ($room - $n * length $piece) . "$after}";
}

1;
