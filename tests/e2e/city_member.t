# Promise: where a machine takes a server for another primary than it is, it
# sends it nothing and reads nothing of it, says so in "glinto status" as an
# alarm, and goes on when its files are put right, with each event once: a city
# whose "follow" is not that of its "primary", or whose data is of another;
# cluster files that change two primaries, begin with another, or have another
# database by a name; a machine without a cluster file.
#
# Check: it starts PostgreSQL, three times, and seven glintods.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;
use Glinto::Told;

my $t = Glinto::Test->new(limit_s => 400);
my %server = map { $_ => Glinto::Postgresql->new($t, "server-$_")->start
    ->tables } qw(a b c);
sub cluster { # NAME => SERVER...: the file of a machine, as a line
    my ($file, @pairs) = @_;
    my $text = '';
    while (my ($name, $server) = splice @pairs, 0, 2) {
        $text .= "primary $name " . $server{$server}->conninfo . "\n";
    }
    spew($t->path($file), $text);
    return 'cluster ' . $t->path($file) . "\n";
}
my $right = cluster('right.conf', a => 'a', b => 'b');
sub edge {
    my ($name, $conf) = @_;
    return Glinto::Cities->collector($t, $name, undef,
        conf => $conf =~ /^cluster/ ? "${conf}log cluster\n" : $conf);
}
sub city {
    my ($name, $server, $conf) = @_;
    return Glinto::Cities->city($t, $name, $server{$server}, conf => $conf);
}
sub json { $_[0]->world->agent->json('status') }
sub change {
    my ($machine, @words) = @_;
    my ($status, undef, $said) = $machine->world->agent->glinto(@words);
    is($status, 0, "@words") or diag($said);
}
sub member { # what a server knows: names, "*" the first, "+" itself
    return $server{$_[0]}->sql(q{SELECT string_agg(name || CASE WHEN first THEN
        '*' ELSE '' END || CASE WHEN here THEN '+' ELSE '' END, ' ' ORDER BY
        name) FROM member});
}
sub disagrees {
    my ($machine, $regex, $what) = @_;
    my $told = Glinto::Told->new($t, $machine->world->agent);
    my $row;
    $t->soon("$what: an alarm", sub { $row = $told->status('cluster');
        $row && $row->{advice} =~ $regex }, 60)
        or diag($row ? $row->{advice} : $machine->program->log);
    is($told->health, 503, 'nobody takes it for healthy');
    like(scalar $told->people, qr/of PostgreSQL and this machine do not agr/,
        'and who looks is told');
}
sub agrees { # with CONF from now on, or does not
    my ($machine, $conf, $not) = @_;
    my $agent = $machine->world->agent;
    $machine->program->stop;
    $agent->stop;
    $agent->start(conf => $conf =~ s/\n?\z/\n/r . "followed followed\n");
    $machine->program->start;
    return if $not;
    my $told = Glinto::Told->new($t, $agent);
    $t->soon('put right it is well', sub { !$told->status('cluster') }, 30);
}

# ---- machines that agree ----

my $edge = edge('edge', $right);
my %city = map { $_ => city("city-$_", $_, "${right}primary $_\n") } qw(a b);
$t->soon('the first knows all', sub { member('a') eq 'a*+ b' }, 30);
$t->soon('the other itself and the first', sub { member('b') eq 'a* b+' }, 30);
change($edge, qw(account add shop --primary b));
change($edge, qw(site add a.example --public));
change($edge, qw(site add b.example --public --account shop));
my %rows = (a => 0, b => 0);
sub events {
    my ($machine) = @_;
    my $segment = $machine->segment;
    for (qw(a b)) {
        $segment->event(site => "$_.example");
        $rows{$_}++;
    }
    $segment->close;
}
sub everywhere {
    my ($what) = @_;
    for my $name (qw(a b)) {
        $t->soon("$what: $rows{$name} of $name", sub { # a file may be half made
            eval { $city{$name}->world->rows == $rows{$name} } }, 60)
            or diag($city{$name}->world->rows);
    }
}
events($edge);
everywhere('at first');

# ---- a city that follows another ----

my $wrong = city('wrong', 'a', "${right}primary b\n");
disagrees($wrong, qr/^follow: it is primary "a", not "b": /, 'a city of b');
is($wrong->world->rows, 0, 'it reads nothing');
like(json($wrong)->{follow}{why}, qr/^it is primary "a"/, 'status says why');
agrees($wrong, 'follow postgresql ' . $server{b}->conninfo
    . "\n${right}primary b");
$t->soon('it reads b then', sub {
    eval { $wrong->world->rows == $rows{b} } }, 30);
agrees($wrong, 'follow postgresql ' . $server{a}->conninfo
    . "\n${right}primary a", 1);
disagrees($wrong, qr/^follow: it is another log than that which this city has/,
    'data of another primary');
is($wrong->world->rows, $rows{b}, 'it reads nothing');
agrees($wrong, 'follow postgresql ' . $server{b}->conninfo
    . "\n${right}primary b");

# ---- cluster files that differ ----

my $other = edge('other', $right);
$t->soon('an edge knows the sites', sub {
    @{$other->world->agent->json('site', 'list')->{sites}} == 2 }, 30);
my $chunks = sub { join ' ', map { $server{$_}->sql(
    'SELECT count(*) FROM chunk') } qw(a b c) };
my $before = $chunks->();
for (['changed', [a => 'b', b => 'a'], qr/log of a: it is primary "b", not "a"/],
    ['begin', [b => 'b', a => 'a'], qr/log of b: the first primary is "a" th/],
    ['another', [a => 'a', b => 'c'], qr/changes of b: "b" is another databas/])
{
    my ($what, $pairs, $regex) = @$_;
    my $agent = $other->world->agent;
    $other->program->stop;
    $agent->stop;
    $agent->start(conf => cluster("$what.conf", @$pairs)
        . "log cluster\nfollowed followed\n");
    $other->program->start;
    if ($what ne 'another') {
        events($other);
    } else { # those of a go on
        $other->segment->event(site => 'b.example')->close;
        $rows{b}++;
    }
    disagrees($other, $regex, "files that $what");
    $t->soon('its events wait', sub { $what eq 'begin' ? $other->unsplit
        : !$other->unsplit
            && glob $other->stage->path('spool/lanes/b/*.seg') }, 30);
    is($chunks->(), $before, 'none is sent');
    agrees($other, "${right}log cluster\n");
    everywhere("files that $what");
    $before = $chunks->();
}
is(member('c'), '+', 'a database that is no primary is none afterwards');

# ---- none at all ----

my $none = city('none', 'b', '');
disagrees($none, qr/^follow: it is primary "b" of several, and glinto\.conf na/,
    'a city without a cluster file');
is($none->world->rows, 0, 'it reads nothing');
my $single = Glinto::Cities->edge($t, 'single', $server{a});
events($single);
$t->soon('an edge without one sends nothing, since there are accounts of b', sub {
    (($single->told('log') // {})->{why} // '')
        =~ /there are accounts of others/ }, 30);
is($single->waiting, 1, 'its events wait');
$rows{$_}-- for qw(a b);
$server{b}->sql('ALTER TABLE member RENAME TO later');
$city{b}->program->stop;
$city{b}->program->start;
disagrees($city{b}, qr/its tables are of an older version/, 'tables of before');
$server{b}->sql('ALTER TABLE later RENAME TO member');
$t->soon('with them it is known', sub { member('b') eq 'a* b+' }, 30);
events($edge);
everywhere('at last');
$t->done;
