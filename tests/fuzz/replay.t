#!/usr/bin/perl

# Promise: no input that a fuzzer or a person ever found breaks a door again.
# Every door's target takes its whole corpus, in a build without libFuzzer, by
# any compiler; in the sanitized build every byte is watched.

use strict;
use warnings;
use FindBin;
use File::Temp ();
use Test::More;

# Doors that read files write them first: to memory, where there is some.
$ENV{TMPDIR} //= "/dev/shm" if -d "/dev/shm";

my $programs = "$ENV{GLINTO_BUILD}/tests/fuzz";
my $corpus = "$FindBin::Bin/corpus";
my @doors = map { m{fuzz_(\w+)\.c$} } sort glob "$FindBin::Bin/fuzz_*.c";

# Returns exit status (or signal) and all the program said.
sub replay {
    my ($door, @inputs) = @_;
    my $said = `$programs/$door @inputs 2>&1` // "cannot run: $!";
    return ($?, $said);
}

# The last lines: the input's name and what was said of it.
sub end_of {
    my @lines = split /\n/, $_[0];
    splice @lines, 0, -30 if @lines > 30;
    return join "\n", @lines;
}

ok(@doors > 10, 'there are doors');
# They are made from our tests and tables, as these are now.
my $seeds = File::Temp->newdir;
is(system("$FindBin::Bin/make-corpus", "$seeds"), 0, 'seeds are written');
is_deeply([sort map { m{([^/]+)$} } glob "$seeds/*"], \@doors,
    'each door has some');

for my $door (@doors) {
    my @folders = grep { -d } "$seeds/$door", "$corpus/$door";
    my @inputs = map { glob "$_/*" } @folders;
    my ($status, $said) = replay($door, @folders);
    is($status, 0, "$door: no input breaks it") or diag(end_of($said));
    my $tried = () = $said =~ m{^(?:\Q$seeds\E|\Q$corpus\E)/}mg;
    is($tried, scalar @inputs, "$door: it was given all " . @inputs);
}

# That a broken door would be seen:
my $dir = File::Temp->newdir;
for my $word (qw(fine must end)) {
    open my $out, '>', "$dir/$word" or die "cannot write $dir/$word: $!\n";
    print {$out} $word;
    close $out;
}
is((replay('broken', "$dir/fine"))[0], 0, 'a target that holds passes');
my ($status, $said) = replay('broken', "$dir/must");
isnt($status, 0, 'a check that does not hold is a failure');
like($said, qr{\Q$dir\E/must\n.*does not hold}s, 'which names the input');
($status) = replay('broken', "$dir/end");
if ($ENV{GLINTO_SAN}) {
    isnt($status, 0, 'a byte read behind the input is a failure');
} else {
    is($status, 0, 'a byte read behind the input is seen with sanitizers');
}
is((replay('broken', "$dir/none"))[0] >> 8, 2, 'no input is a failure');

done_testing;
