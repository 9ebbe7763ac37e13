# Promise: the build refuses an nginx-dev of another version than nginx, since
# nginx would load such a module and crash later; set-up says what is missing
# when it may not install it, and is silent when nothing is.
#
# Method: the scripts themselves, with a dpkg-query of our own first in PATH.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new;
my $conf = $t->root . '/conf';

# Run COMMAND with the fake dpkg-query that answers with the shell text CASES.
sub with_dpkg {
    my ($cases, @command) = @_;
    my $bin = $t->path('bin');
    mkdir $bin;
    spew("$bin/dpkg-query", <<"EOF");
#!/bin/sh
for last; do :; done
case \$last in
$cases
*) exec /usr/bin/dpkg-query "\$@" ;;
esac
EOF
    chmod 0755, "$bin/dpkg-query";
    my $log = $t->path('out.log');
    unlink $log;
    my $pid = $t->spawn('script', @command,
        {env => {PATH => "$bin:$ENV{PATH}"}, log => $log});
    return ($t->ended($pid, 60) >> 8, slurp($log));
}

my ($status, $said) = with_dpkg('nginx-dev) printf 1.18.0-1 ;;',
    "$conf/module", $t->path('b'), 'gcc', '');
is($status, 1, 'another version of nginx-dev is refused');
like($said, qr/^module: nginx is \S+ but nginx-dev is 1\.18\.0-1; install/,
    'with both versions and the remedy');
ok(!-e $t->path('b'), 'before anything is built');

($status, $said) = with_dpkg('nginx-dev) exit 1 ;;',
    "$conf/module", $t->path('b'), 'gcc', '');
is($status, 1, 'no nginx-dev at all is refused');
like($said, qr/nginx-dev is not installed/, 'with a sentence');

($status, $said) = with_dpkg('none) ;;', "$conf/setup", 'build');
is("$status $said", '0 ', 'set-up says nothing when nothing is missing');

# Not root: a user without rights runs the same script.
my @as = $> == 0 ? ('setpriv', '--reuid=65534', '--clear-groups') : ();
SKIP: {
    skip 'the source tree is closed to other users', 2
        if @as && system(@as, 'test', '-r', "$conf/setup", '-a', '-x',
        $t->root . '/conf') != 0;
    ($status, $said) = with_dpkg('jq | libpsl-dev) exit 1 ;;', @as,
        "$conf/setup", 'build');
    is($status, 1, 'without root set-up gives up');
    like($said, qr/only root may install them: apt-get install libpsl-dev$/m,
        'and names what is missing');
}
$t->done;
