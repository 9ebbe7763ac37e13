# Promise: the runner of the fault tests ends with 1 when one fails, says so in
# its results, shows a skipped one with its reason, and replaces no row it did
# not run.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Results;
use Glinto::Test;

my $t = Glinto::Test->new;
mkdir $t->path('full') or die $!;

# A test with this line of TAP and this report.
sub fake {
    my ($name, $group, $tap, $report) = @_;
    spew($t->path("$name.t"), "# Promise: $name holds | always,\n# yes.\n"
        . ($group ? "# Group: $group\n" : '') . "\nuse strict;\n"
        . "print qq(1..1\\n$tap\\n); print STDERR qq($report\\n);\n");
}

# (exit status, output) of the runner.
sub run_faults {
    my ($environment, @words) = @_;
    local %ENV = (%ENV, GLINTO_FAULTS => 'faults', GROUP => '', JOBS => 1,
        FAULTS_DIR => $t->dir, %$environment);
    my $out = `$^X $FindBin::Bin/faults @words 2>&1`;
    return ($? >> 8, $out);
}

sub results { slurp($t->path('RESULTS.md')) }
sub rows_of {
    my ($test) = @_;
    return grep { /\| $test \|/ } split /\n/, results();
}

fake('f07_good', 'A', 'ok 1', '# F7 20 0 1.5 17');
fake('f08_bad', 'B', 'not ok 1', '# F8 20 2 1.5 18');
fake('f09_two', 'A', 'ok 1', "# F9 5 0 1.0 -\n# F10 6 0 1.0 -");
fake('f11_silent', 'C', 'ok 1', '');
fake('f12_lies', 'C', 'ok 1', '# F12 5 1 1 -');
fake('ordinary', '', 'not ok 1', '# F99 1 0 1 -');
spew($t->path('full/f13_skip.t'), "# Promise: f13.\n# Group: A\n\n"
    . "print qq(1..0 # SKIP no loop device here\\n);\n");

my ($status, $out) = run_faults({});
is($status, 1, 'a failed test: ends with 1');
like($out, qr/^F7 20 0 1\.5 17$/m, 'prints the line of a good one');
like($out, qr/^F8 20 2 1\.5 18  \*\*fails\*\*$/m, 'and of a bad one');
like($out, qr/^-- f09_two \(3 of 6, \d+ s so far\)$/m, 'says what is next');
like($out, qr/^3 of 6 tests hold, \d+ s$/m, 'and how many hold');
unlike($out, qr/F99/, 'an ordinary test is not run');
my $row = '| F7 | f07_good | faults | 20 | 0 | 1.5 | 17 | DATE | holds '
    . '| f07_good holds / always, yes. |';
is((rows_of('f07_good'))[0] =~ s/\d{4}-\d\d-\d\d/DATE/r, $row, 'a row');
like(join("\n", rows_of('f08_bad')), qr/\| \*\*fails\*\* \|/, 'a failed row');
is(scalar(rows_of('f09_two')), 2, 'two reports: two rows');
like(join("\n", rows_of('f11_silent')), qr/\| F11 \|.*fails.*no report line/,
    'no report is a failure');
like(join("\n", rows_of('f12_lies')), qr/\| \*\*fails\*\* \|/,
    'a violation is one even when the test says ok');
like(join("\n", rows_of('f13_skip')),
    qr/\| F13 \|.*\| SKIP: no loop device here \|/, 'a skip and its reason');
is(join(' ', results() =~ /^\| (F\d+)/mg), 'F7 F8 F9 F10 F11 F12 F13',
    'rows in the order of their numbers');

my $bad = (rows_of('f08_bad'))[0];
fake('f07_good', 'A', 'ok 1', '# F7 30 0 2.0 19');
($status, $out) = run_faults({}, 'f07');
is($status, 0, 'a good one alone: ends with 0');
like((rows_of('f07_good'))[0], qr/\| 30 \|/, 'its row is replaced');
is((rows_of('f08_bad'))[0], $bad, 'another stays');
($status) = run_faults({GLINTO_FAULTS => 'nightly', GROUP => 'A'});
is($status, 0, 'group A holds');
is(join(' ', map { /\| (faults|nightly) \|/ } rows_of('f07_good')),
    'faults nightly', 'a row for each column');
is(scalar(rows_of('f08_bad')), 1, 'group B was not run');
is(scalar(() = results() =~ /^\| (?:id|---) \|/mg), 2, 'one head');
my $text = merge(results(), 'another machine', rows('f07_good', '',
    "# F7 1 0 1 1\n", 1, 'faults', '2026-01-01'));
is(scalar(() = $text =~ /^\| F/mg), 1, 'rows of another machine go');

# Two meet, by files in the folder, only when they run side by side; the one
# that is to be alone must not find a running one.
my $meet = <<'EOT';
my ($me, $other) = map { "FOLDER/$_" } qw(ME OTHER);
open my $out, '>', $me or die;
my $end = time + 10;
select undef, undef, undef, 0.01 until -e $other || time > $end;
my $ok = -e $other ? 'ok' : 'not ok';
print "1..1\n$ok 1\n";
print STDERR "# F3 1 0 1 -\n";
EOT
for my $pair ([f30 => 'f31'], [f31 => 'f30']) {
    my ($me, $other) = @$pair;
    spew($t->path("${me}_meets.t"), "# Promise: .\n# Group: A\n\n"
        . $meet =~ s/FOLDER/$t->dir/ger =~ s/ME/$me/gr =~ s/OTHER/$other/gr);
}
spew($t->path('f29_alone.t'), "# Promise: .\n# Group: A\n# Alone: yes.\n\n"
    . 'print "1..1\n", (-e "' . $t->path('f30') . '" ? "ok" : "not ok"),'
    . ' " 1\n"; print STDERR "# F29 1 0 1 -\n";');
($status, $out) = run_faults({JOBS => 2}, 'f29', 'meets');
is($status, 0, 'two run side by side') or diag($out);
like($out, qr/f3.*f3.*f29_alone/s, 'and the one that is alone after them');

spew($t->path('full/f14_lost.t'), "# Promise: none.\n\nexit 0;\n");
($status, $out) = run_faults({}, 'f07');
like($out, qr/f14_lost\.t has no line '# Group/, 'a test without a group');
isnt($status, 0, 'is refused');
$t->done;
