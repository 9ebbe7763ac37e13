# Promise: a run from a clean clone ends with one line "N passed, N failed",
# the sum of "make test" and "make check", and with 1 when something failed;
# a part that fails, or ends without a line of its own, hides nothing of the
# other.
#
# Method: .ci/run and tests/run with a make of our own.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new;

# A make that does what the shell text CASES say for its last word.
sub fake_make {
    my ($cases) = @_;
    spew($t->path('make'), "#!/bin/sh\nfor last; do :; done\n"
        . "case \"\$*\" in\n$cases\nesac\n");
    chmod 0755, $t->path('make');
}

# (exit status, last line, all of it) of COMMAND with that make in PATH.
sub run {
    my @command = @_;
    my $log = $t->path('out.log');
    unlink $log;
    my $pid = $t->spawn('run', @command,
        {env => {PATH => $t->dir . ":$ENV{PATH}"}, log => $log});
    my $status = $t->ended($pid, 60) >> 8;
    my $text = slurp($log);
    return ($status, (split /\n/, $text)[-1], $text);
}

sub closes {
    my ($test, $check, $status, $line, $name) = @_;
    fake_make("*test) $test ;;\n*check) $check ;;");
    my @got = run($t->root . '/.ci/run');
    is("$got[0]: $got[1]", "$status: $line", $name);
    my @lines = $got[2] =~ /^(\d+ passed, \d+ failed)$/mg;
    is("@lines", $line, '... in one line');
    return $got[2];
}

my $good = 'echo 208 passed, 0 failed';
my $more = 'echo 210 passed, 0 failed';
my $text = closes($good, $more, 0, '418 passed, 0 failed', 'all passed');
like($text, qr/^== make test: 208 passed, 0 failed$/m, 'each part is told');
closes('echo 205 passed, 3 failed; echo Error 1 >&2; exit 2', $more, 1,
    '415 passed, 3 failed', 'the first part fails, the second runs');
closes($good, 'echo 209 passed, 1 failed; exit 2', 1, '417 passed, 1 failed',
    'the second part fails');
closes('echo cannot >&2; exit 2', $more, 1, '210 passed, 1 failed',
    'a part that fails before its line');
closes($good, 'kill -9 $$', 1, '208 passed, 1 failed', 'that is killed');
closes($good, 'exit 0', 1, '208 passed, 1 failed', 'that does nothing');
closes($good, "$more; exit 2", 1, '418 passed, 1 failed',
    'that fails after its line');

# tests/run: what "make check" counts before its tests, of two builds more.
my ($lint, $clang) = ('*" lint "*) ;;', '*CC=clang*) ;;');
for my $case (["$lint\n$clang", 2], [$lint, 1], [$clang, 1], ['', 0]) {
    my ($cases, $passed) = @$case;
    fake_make("$cases\n*) exit 2 ;;");
    my @got = run($t->root . '/tests/run', $t->path('make'), $t->path('b'),
        'gcc', '', '', 'check');
    is("$got[0]: $got[1]", "1: $passed passed, " . (4 - $passed) . ' failed',
        "make check of which $passed parts succeed");
}
$t->done;
