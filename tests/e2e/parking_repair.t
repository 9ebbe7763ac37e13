# Promise: what is parked survives whatever an operator does about it: check
# and backup know it, a file repaired in place or moved away and back needs no
# restart, an account whose file is given up begins anew with the parked
# events, and a removed account leaves none of them behind.
#
# Slow: no worker says that there is something; each of its steps is seen by
# listings and tried again, a second apart.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use File::Copy qw(copy);
use File::Find ();
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, conf => 'park_mib 1',
    sites => ['a', ['b', 'other']]);
my ($agent, $store) = ($world->agent, $world->store);
my ($file, $other) = map { $world->file($_) } qw(a b);
my ($id) = $file =~ m{([^/]+)\.db$};
my $sent = 0;


# Bytes from AT on, in the file itself.
sub scribble {
    my ($path, $at, $bytes) = @_;
    open my $out, '+<:raw', $path or die "$path: $!\n";
    seek $out, $at, 0;
    print $out $bytes;
    close $out or die "$path: $!\n";
}

sub write_events {
    my ($n, %field) = @_;
    my $segment = $world->segment;
    for my $i (1 .. $n) {
        $segment->event(site => "$_.example", visitor => $i, %field,
            path => '/' . ++$sent) for qw(a b);
    }
    $segment->close;
}
sub all_is_well {
    my ($what) = @_;
    $t->soon("$what: all rows are there", sub {
        $world->rows('a') * 2 == $sent && $world->rows('b') * 2 == $sent;
    }, 20);
    $t->soon('and nothing waits',
        sub { !$world->segments && !$world->parked('a')
            && !-e $t->path("data/parked/$id") });
}

# ---- locked, and more of the spool held than park_mib ----

write_events(10);
all_is_well('at first');
my $lock = DBI->connect("dbi:SQLite:dbname=$file", '', '',
    {RaiseError => 1, PrintError => 0});
$lock->do('BEGIN IMMEDIATE');
write_events(3);
$t->soon('the other account goes on', sub { $world->rows('b') == 13 });
is(scalar($world->parked('a')), 0, 'one segment held is not much');
write_events(3);
$t->soon('two are', sub { $world->parked('a') == 2 && !$world->segments });
$lock->do('ROLLBACK');
$lock->disconnect;
all_is_well('unlocked');

# ---- moved away while it is in use, and back ----

sub move_away {
    my ($from, $to) = @_;
    for my $end ('', '-wal', '-shm') {
        rename "$from$end", "$to$end" or die "rename $from$end: $!\n"
            if -e "$from$end";
    }
}
move_away($file, $t->path('away.db'));
write_events(5);
$t->soon('only the other one goes on', sub { $world->rows('b') == 21 });
ok($world->segments, 'what was moved away takes no events');
ok(!-e $file, 'and none is made in its place');
move_away($t->path('away.db'), $file);
all_is_well('moved back');

# ---- damaged in place, repaired in place ----

$agent->stop;
my $head = substr slurp($file), 0, 100;
scribble($file, 0, 'x' x 100);
$agent->start;
write_events(20, title => 'Marmalade');
$t->soon('a damaged header: parked', sub { $world->parked('a') == 1 && !$world->segments });
my ($parked) = $world->parked('a');
like(slurp($parked), qr/Marmalade/, 'as it came');
is((stat $parked)[2] & 07777, 0600, 'for nobody else');
sub tries {
    return scalar(() = $agent->log =~ /\] account .* not a database/g);
}
my $tries = tries();
is($tries, 2, 'after the second try, not after one, which a passing error fails');
my (undef, $said) = $agent->glinto('check', 'data');
like($said, qr/not a database/, 'check tells of the damaged file');
unlike($said, qr/parked/, 'and of nothing wrong with the parked one');
my $byte = substr slurp($parked), 5000, 1;
scribble($parked, 5000, chr(1 + ord $byte));
(undef, $said) = $agent->glinto('check', 'data');
like($said, qr/parked segment .*: some of its frames are damaged/,
    'a damaged parked file is told');
scribble($parked, 5000, $byte);
my ($status, $out) = $agent->glinto('backup', $t->path('backup'));
is($status, 1, 'a backup says that it is not whole');
like($out, qr/^not copied: acct\/$id\.db: /m, 'and what is missing');
is(slurp($t->path('backup') . substr $parked, length $t->path('data')),
    slurp($parked), 'what is parked is in it');
my $now = $agent->json('status')->{at};
$t->until('some seconds', sub { $agent->json('status')->{at} > $now + 3_000 });
is(tries(), $tries, 'nothing was tried in between');
scribble($file, 0, $head);
all_is_well('repaired');

# ---- given up: a new file, the parked events go into it ----

$agent->stop;
scribble($file, 0, 'x' x 100);
$agent->start;
write_events(7, title => 'Quicksilver');
$t->soon('damaged again', sub { $world->parked('a') == 1 && !$world->segments });
$agent->stop;
unlink $file, glob "$file-*";
spew($file, '');
$agent->start;
$t->soon('begins anew with what was parked', sub { (eval { $world->rows('a') } // 0) == 7 });
$t->soon('nothing is parked any more', sub { !$world->parked('a') });
like($agent->glinto('check', 'data'), qr/ 0 faults$/m, 'all is right');

# ---- a parked file that is damaged itself ----

$agent->stop;
scribble($file, 0, 'x' x 100);
$agent->start;
write_events(3, title => 'Turpentine');
$t->soon('and again', sub { $world->parked('a') == 1 && !$world->segments });
$agent->stop;
($parked) = $world->parked('a');
scribble($parked, 4200, chr(1 ^ ord substr slurp($parked), 4200, 1));
unlink $file, glob "$file-*";
spew($file, '');
$agent->start;
$t->soon('what it has left is counted', sub { (eval { $world->rows('a') } // 0) == 2 });
$t->soon('and the file is kept', sub { -e "$parked.damaged" });
$t->soon('events of it may be lost, says the status', sub {
    grep { $_->{kind} eq 'lost' && $_->{at_least} }
        @{$agent->json('status')->{conditions}};
});

# ---- removed ----

$agent->glinto('site', 'remove', 'a.example', '--yes');
$agent->glinto('account', 'remove', 'default', '--yes');
my @found;
File::Find::find(sub {
    push @found, $File::Find::name
        if /\Q$id/ || (-f && $File::Find::name !~ /\Q$other/
            && slurp($_) =~ /Marmalade|Quicksilver|Turpentine/);
}, $t->path('data'), $t->path('spool'));
is("@found", '', 'no byte is left of the removed account');
is($world->rows('b') * 2, $sent, 'the other one has lost nothing');
$agent->stop;
is($store->integrity, 'ok', 'its file is whole');

$t->done;
