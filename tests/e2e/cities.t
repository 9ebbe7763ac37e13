# Promise: "make cities" starts four cities with their servers, in the distance
# that they have in life, and two machines that collect.  A city that is cut
# goes on with what it has, and says since when events may be missing; healed
# it has all.  The primary killed and another promoted, events go on to every
# city; also when that one's machine vanishes without a word.  At the end no
# process and no folder is left.
#
# Slow: it waits until a city is 15 s behind.
# Check: it starts four PostgreSQLs, six glintods and six nginxs.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use IPC::Open2 ();

my $t = Glinto::Test->new(limit_s => 900)->one_day(400);
my $pid = IPC::Open2::open2(my $out, my $in, $^X, $t->root . '/tests/cities',
    $t->build);
$in->autoflush(1);
my (%city, %edge);
my ($folder, $networks);
while (defined(my $line = <$out>)) {
    $city{$1} = $2 if $line =~ m{^city (\w+): http://[\d.]+:(\d+)/};
    $edge{$1} = $2 if $line =~ m{^edge (\w+): http://[\d.]+:(\d+)/};
    $networks = 1 if $line =~ /^each city has a network of its own/;
    $folder = $1 if $line =~ /^folder (\S+)/;
    last if $line =~ /^ready/;
}
diag($networks ? 'networks of their own' : 'sockets, held back');
is(join(' ', sort keys %city), 'ams fra mad par', 'four cities')
    or BAIL_OUT('make cities does not start');
is(join(' ', sort keys %edge), 'fra mad', 'two machines that collect');

sub command {
    my ($words) = @_;
    print {$in} "$words\n";
    my $said = <$out> // '';
    is($said, "done: $words\n", $words);
}
sub page {
    return http_get($city{$_[0]}, '/glinto/a.example',
        'Accept-Language' => 'en');
}
sub pageviews {
    my ($text) = page($_[0])->{body} =~ /id="today-pageviews"[^>]*>([^<]*)/;
    return $text;
}
sub everywhere {
    my ($n, @cities) = @_;
    for my $city (@cities) {
        $t->soon("$city has $n pageviews",
            sub { (pageviews($city) // '') eq $n }, 120)
            or diag(pageviews($city));
    }
}
command('visit fra 3');
command('visit mad 2');
everywhere(5, sort keys %city);

command('cut mad');
command('visit fra 4');
everywhere(9, qw(ams fra par));
$t->soon('the city that is cut says since when events may be missing', sub {
    page('mad')->{body} =~ /Events since [^<]* from another machine are not/
}, 60);
is(pageviews('mad'), 5, 'and shows what it has');
command('visit mad');
command('heal mad');
everywhere(10, sort keys %city);

command('kill fra');
command('visit fra 2');
command('promote ams');
everywhere(12, sort keys %city);
# On sockets whoever waits for an answer would wait without end.
if ($networks) {
    command('cut ams');
    command('promote par');
    command('visit mad 2');
    everywhere(14, qw(fra par mad));
}
print {$in} "what\n";
like(scalar <$out>, qr/^not done: there is no "what"; "help"/, 'no command');
close $in;
waitpid $pid, 0;
is($?, 0, 'it ends');
ok(!-e $folder, 'its folder is gone');
is(scalar(grep { slurp($_) =~ m{\Q$folder\E} } glob '/proc/[0-9]*/cmdline'), 0,
    'and its processes are');

# ---- where the kernel does not let it ----

if ($networks) {
    $pid = open my $poor, '-|', 'setpriv', '--inh-caps=-sys_admin',
        '--bounding-set=-sys_admin', $^X, $t->root . '/tests/cities', $t->build
        or die "setpriv: $!\n";
    is(scalar <$poor>, "cities have no networks of their own here: unshare: "
        . "Operation not permitted\n", 'a sentence says why');
    kill 'TERM', $pid;
    close $poor;
}
$t->done;
