# Promise: no time tells a secret: what compares with one, the token of a form,
# the mark of an opened link, the code of a telephone, has no branch and no
# address that depends on it, and none of these files calls memcmp or strcmp.
# Passwords are libsodium's to compare; sessions, links and tokens are looked
# up by their hashes (aggregator/access/README.md).
#
# Method: tests/unit/access_secrets.c under valgrind, for which a secret is
# memory without a value; the symbols of the object files.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new;
plan skip_all => 'valgrind and sanitizers do not go together'
    if $t->san || $t->valgrind;
my $build = $t->build;
my $log = $t->path('said');
my $pid = $t->spawn(valgrind => 'valgrind', '-q', '--error-exitcode=0',
    "$build/tests/access_secrets", {log => $log});
is($t->ended($pid, 60), 0, 'every check held') or diag(slurp($log));
like(slurp($log), qr/^ok \d+ - no branch on a secret/m, 'no branch on a secret');
like(slurp($log), qr/^ok \d+ - which valgrind tells/m,
    'and valgrind would have told');

for my $file (qw(form totp password link)) {
    my $symbols = qx{nm -u '$build/obj/aggregator/access/$file.o'};
    is($?, 0, "symbols of $file.o");
    is(join(' ', $symbols =~ /\b((?:mem|str|strn|strcase)cmp)\b/g), '',
        "$file.o compares no bytes by itself");
}
$t->done;
