# Promise: the glinto.conf that is shipped has every key that glintod knows,
# with its default, and conf/README.md tells of each.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 30);
my $root = "$FindBin::Bin/../..";
my @known = slurp("$root/aggregator/conf.c") =~ /^    \{"(\w+)", KEY_/mg;
cmp_ok(scalar @known, '>', 15, 'the keys of the table');
# A key without a default stands behind a #.
my %shipped = slurp("$root/conf/glinto.conf") =~ /^#?(\w+) (.+)$/mg;
# | `park_mib` | 64 | ..., or several keys in one row
my %told;
for (slurp("$root/conf/README.md") =~ /^(\| `\w+`.*)$/mg) {
    my (undef, $keys, $default) = split / *\| */;
    $told{$_} = $default for $keys =~ /`(\w+)`/g;
}
is(join(' ', grep { !exists $shipped{$_} } @known), '', 'each is shipped');
is(join(' ', grep { !exists $told{$_} } @known), '', 'each is told of');
my %is_known = map { $_ => 1 } @known;
is(join(' ', grep { !$is_known{$_} } sort keys %shipped), '', 'and no other');
is($shipped{$_}, $told{$_} =~ s/`//gr, "$_: the default that is told of")
    for grep { $told{$_} =~ /^\d+$/ } @known;

# What the file leaves out has the value it shows: glintod starts with none.
spew($t->path('none.conf'), "\n");
my $out = qx(@{[$t->build]}/glintod -t -c @{[$t->path('none.conf')]} 2>&1);
like($out, qr/none\.conf is fine/, 'all have a default');
$t->done;
