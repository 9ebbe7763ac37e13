# Promise: all edges have the same salts, by a table that is written to no log
# segment, no standby and no base backup: no key is found in any of their
# files.  After a crash of the primary, which empties it, edges fill it with
# the keys that they had.
#
# Slow: it waits until an edge without a server helps itself.
# Check: it starts PostgreSQL, twice.

use strict;
use warnings;
use File::Find ();
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Postgresql;
use Glinto::Test;
use POSIX ();

my $t = Glinto::Test->new(limit_s => 240)->one_day(90);
my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $ams = $fra->standby('ams')->start;
my @edges = map { Glinto::Cities->edge($t, $_, $fra) } qw(e1 e2);
my @days = map { POSIX::strftime('%F', gmtime(time + 86400 * $_)) } 0 .. 2;

sub keys_of { my $edge = $_[0];
    return map { unpack 'H*', slurp($edge->stage->path("salt/$_")) } @days }
$t->soon('each edge has three keys', sub {
    3 == grep { length == 64 } keys_of($edges[0]) and
    3 == grep { length == 64 } keys_of($edges[1]) }, 20);
my @keys = keys_of($edges[0]);
is(join(' ', keys_of($edges[1])), "@keys", 'the same');
my %mode = map { $_ => (stat $edges[0]->stage->path("salt/$_"))[2] & 0777 } @days;
is(join(' ', map { sprintf '%o', $_ } values %mode), '640 640 640',
    'which workers may read');
my $table = q{SELECT string_agg(encode(key, 'hex'), ' ' ORDER BY day) FROM salt};
is($fra->sql($table), "@keys", 'and so has the table');

# ---- where no key is ----

# Files below FOLDER in which one is, as bytes or in hex.
sub found {
    my ($folder, $like) = @_;
    my @found;
    my @any = map { ($_, uc, pack 'H*', $_) } @keys;
    File::Find::find({no_chdir => 1, wanted => sub {
        return if !-f || !/$like/;
        my $bytes = slurp($_);
        push @found, $_ if grep { index($bytes, $_) >= 0 } @any;
    }}, $folder);
    return "@found";
}
my $edge = $edges[0];
$edge->segment->event(site => 'a.example', visitor => 7)->close;
$t->until('a chunk', sub { !$edge->waiting });
$fra->sql('CHECKPOINT');
$fra->sql('SELECT pg_switch_wal()');
$t->until('the standby has it', sub { $ams->sql('SELECT count(*) FROM chunk') });
$ams->sql('CHECKPOINT');
my $copy = $fra->standby('copy'); # a base backup
is(found("$fra->{dir}/data/pg_wal", qr/./), '', 'none in its log segments');
is(found($ams->{dir}, qr/./), '', 'none on the standby');
is(found($copy->{dir}, qr/./), '', 'none in a base backup');
is(found($t->dir, qr/\.log$/), '', 'none in a log of a program');
my $asked = eval { $ams->sql('SELECT * FROM salt'); 1 };
ok(!$asked, 'a standby cannot read the table');
like($@, qr/unlogged/, 'since it has none of it');

# ---- the primary crashes ----

$fra->kill9;
$fra->start;
$t->soon('the table has the same keys again', sub { $fra->sql($table) eq "@keys" }, 20);
is(join(' ', keys_of($edges[1])), "@keys", 'and the edges, too');

# ---- a machine that comes alone ----

$fra->stop;
isnt(found("$fra->{dir}/data/base", qr/./), '',
    'the search finds keys: in the table of the primary');
my $late = Glinto::Cities->edge($t, 'e3', $fra);
$t->soon('without a server it makes a key for today', sub {
    length slurp($late->stage->path("salt/$days[0]")) == 32 }, 20);
is(slurp($late->stage->path("salt/$days[1]")), '', 'and for no other day');
$fra->start;
$t->soon('from tomorrow on it has that of all', sub {
    join(' ', (keys_of($late))[1, 2]) eq "@keys[1, 2]" }, 20);
isnt((keys_of($late))[0], $keys[0], "today's stays");
$t->done;
