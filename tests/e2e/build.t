# Promise: the build refuses an nginx-dev of another version than nginx, since
# nginx would load such a module and crash later; set-up says what is missing
# when it may not install it, and is silent when nothing is.  What is built
# asserts in glintod and never in a worker of nginx; a template that is deleted
# is out of it.  What npm fetches is waited for where it is needed, no earlier.
#
# Method: the scripts themselves, with a dpkg-query of our own first in PATH.

use strict;
use warnings;
use File::Path qw(make_path);
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
# ---- where it writes, and where it may lie ----

sub tree { # a copy of what the set-up reads, in a folder of this name
    my ($name) = @_;
    my $tree = $t->path($name);
    mkdir $_ for $tree, "$tree/conf";
    system('cp', "$conf/setup", "$conf/packages", "$tree/conf") == 0 or die;
    system('cp', $t->root . "/$_", $tree) == 0 or die
        for qw(package.json package-lock.json .npmrc Makefile);
    return $tree;
}
my $tree = tree('tree');
mkdir $t->path('home');
mkdir $t->path('fake');
spew($t->path('fake/npm'), "#!/bin/sh\nmkdir -p node_modules\n"
    . "echo \"\$@\" >>@{[$t->path('npm.log')]}\n");
chmod 0755, $t->path('fake/npm');
$said = qx(cd $tree && HOME=@{[$t->path('home')]} \\
    PATH=@{[$t->path('fake')]}:\$PATH conf/setup build 2>&1);
is($?, 0, 'npm packages are fetched') or diag($said);
like(slurp($t->path('npm.log')), qr{^ci .*--cache \Q$tree\E/build/npm$}m,
    "npm's cache is in the tree");
is(join(' ', glob $t->path('home/.*') . ' ' . $t->path('home/*')),
    join(' ', map { $t->path("home/$_") } '.', '..'), 'nothing in the home folder');
my $blank = tree('a tree');
like(qx(cd '$blank' && make run 2>&1),
    qr/cannot work in a folder with a blank in its name: "\Q$blank\E"/,
    'a tree with a blank in its name is refused in a sentence');
like(qx(make -C $tree run 'BUILD=a b' 2>&1), qr/BUILD names one folder/,
    'so is such a BUILD');
like(qx(cd @{[$t->root]} && conf/run @{[$t->build]} '@{[$t->path('a run')]}' 1 2>&1),
    qr/^glinto: RUN=.*a run cannot be used: blanks/m, 'and such a RUN');

# ---- what is deleted is out of the build ----

make_path("$tree/aggregator/$_", "$tree/build") for qw(dashboard language);
system('cp', "$conf/$_", "$tree/conf") == 0 or die for qw(templates messages);
spew("$tree/aggregator/language/en.txt", "hello = Hello\n");
spew("$tree/build/.setup-test", '');
spew("$tree/aggregator/dashboard/$_.html", "<p id=\"$_\"></p>\n") for qw(one two);
for my $want ('one two', 'one') {
    $said = qx(make -C $tree -s build/embed/templates.h 2>&1);
    is($?, 0, 'templates are C') or diag($said);
    my $built = slurp("$tree/build/embed/templates.h");
    is(join(' ', sort $built =~ m{^static void made_(\w+)\(.*;$}gm), $want,
        "templates in the build: $want");
    unlink "$tree/aggregator/dashboard/two.html";
}
# ---- C is compiled while npm fetches ----

spew($t->path('fake/npm'), "#!/bin/sh\nexit 1\n");
unlink "$tree/node_modules/.package-lock.json";
my $make = "PATH=@{[$t->path('fake')]}:\$PATH make -C $tree -s 2>&1";
$said = qx($make build/embed/messages.h);
is("$? $said", '0 ', 'what files include is made without npm');
like(qx($make build/embed/texts.h), qr/npm could not fetch the packages/,
    'texts are not');

my $assertion = qr/it is not so that/; # schema/gl_assert.h
like(slurp($t->build . '/glintod'), $assertion, 'glintod asserts');
unlike(slurp($t->build . '/ngx_http_glinto_module.so'), $assertion,
    'a worker of nginx does not');
$t->done;
