# Promise: the house is as aggregator/README.md draws it: no file of this build
# calls or includes a room above its own, and no files of a room call each
# other in a circle or include each other's header.  What is planted is found.

# Method: tests/rooms, asked of this build; then of a copy of its objects in
# which one calls what it must not, and of a copy of the sources in which one
# includes what it must not.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Path qw(make_path);
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 60);
my $rooms = "$FindBin::Bin/../rooms";
my $build = $t->build;

sub faults {
    my ($of) = @_;
    my $said = qx($^X '$rooms' '$of');
    return $? == 0 ? '' : $said;
}

# A build like this one but for FILE, in which a function calls NAME.
sub plant {
    my ($file, $name) = @_;
    my $copy = $t->path('planted');
    my $object = "$build/obj/$file.o";

    system('rm', '-rf', $copy);
    make_path("$copy/obj", "$copy/nginx");
    symlink "$build/nginx/addon", "$copy/nginx/addon" or die "symlink: $!";
    system('cp', '-a', "$build/obj/aggregator", "$build/obj/schema",
        "$copy/obj") == 0
        or die 'the objects cannot be copied';
    open my $source, '>', "$copy/planted.c" or die "planted.c: $!";
    print {$source} "void $name(void);\n",
        "void planted(void)\n{\n    $name();\n}\n";
    close $source;
    system('cc', '-w', '-c', '-o', "$copy/planted.o", "$copy/planted.c") == 0
        && system('ld', '-r', '-o', "$copy/obj/$file.o", $object,
        "$copy/planted.o") == 0
        or die 'nothing can be planted';
    return faults($copy);
}

# Of sources like ours but for FILE, which includes HEADER, too.
sub include {
    my ($file, $header) = @_;
    my $copy = $t->path('sources');

    system('rm', '-rf', $copy);
    make_path("$copy/tests");
    system('cp', '-a', map({ $t->root . "/$_" } qw(aggregator schema)),
        $copy) == 0 && system('cp', $rooms, "$copy/tests") == 0
        or die 'the sources cannot be copied';
    open my $source, '>>', "$copy/$file" or die "$file: $!";
    print {$source} qq(#include "$header"\n);
    close $source;
    return scalar qx($^X '$copy/tests/rooms' '$build');
}

is(faults($build), '', 'nothing climbs, no circle, nothing unused');

my $said = plant('aggregator/ingest/position', 'gl_ingest_fail_');
like($said, qr{^aggregator/ingest/position\.c: calls in a circle: }m,
    'a circle is found');
like($said, qr{^aggregator/ingest/batch\.c: calls in a circle: }m,
    'and its other end');
like(plant('aggregator/count/visit', 'gl_file_begin'),
    qr{^aggregator/count/visit\.c: calls aggregator/store/}m,
    'a call of a room above is found');
like(plant('aggregator/ingest/expire', 'gl_file_begin'),
    qr{\A\z}, 'a call of a room below is none');
like(include('aggregator/store/site/sites.h', 'ingest/state.h'),
    qr{^aggregator/store/site/sites\.h: includes aggregator/ingest/state\.h}m,
    'so is a header of one');
like(include('aggregator/count/live.c', 'count/site.h'),
    qr{^aggregator/count/live\.c: and aggregator/count/site\.c include each}m,
    'and two files that include each other');
$t->done;
