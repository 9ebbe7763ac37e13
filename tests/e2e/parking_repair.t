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
use Glinto::Segment;
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator(conf => 'park_mib 1');
my $store = Glinto::Store->new($t->path('data'));
$agent->glinto('account', 'add', 'other');
$agent->site('a.example');
$agent->site('b.example', '--account', 'other');
my %file = map { $_ => $store->site("$_.example") } qw(a b);
my ($id) = $file{a} =~ m{([^/]+)\.db$};
my $sent = 0;

sub rows { $store->value($file{$_[0]}, 'SELECT count(*) FROM events') }
sub segments { my @left = glob $t->path('spool/*.seg'); return @left }
sub parked { my @there = glob $t->path("data/parked/$id/*.seg"); @there }

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
    my $segment = Glinto::Segment->create($t->path('spool'));
    for my $i (1 .. $n) {
        $segment->event(site => "$_.example", visitor => $i, %field,
            path => '/' . ++$sent) for qw(a b);
    }
    $segment->close;
}
sub all_is_well {
    my ($what) = @_;
    $t->soon("$what: all rows are there",
        sub { rows('a') * 2 == $sent && rows('b') * 2 == $sent }, 20);
    $t->soon('and nothing waits',
        sub { !segments() && !parked() && !-e $t->path("data/parked/$id") });
}

# ---- locked, and more of the spool held than park_mib ----

write_events(10);
all_is_well('at first');
my $lock = DBI->connect("dbi:SQLite:dbname=$file{a}", '', '',
    {RaiseError => 1, PrintError => 0});
$lock->do('BEGIN IMMEDIATE');
write_events(3);
$t->soon('the other account goes on', sub { rows('b') == 13 });
is(scalar(parked()), 0, 'one segment held is not much');
write_events(3);
$t->soon('two are', sub { parked() == 2 && !segments() });
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
move_away($file{a}, $t->path('away.db'));
write_events(5);
$t->soon('only the other one goes on', sub { rows('b') == 21 });
ok(scalar(segments()), 'what was moved away takes no events');
ok(!-e $file{a}, 'and none is made in its place');
move_away($t->path('away.db'), $file{a});
all_is_well('moved back');

# ---- damaged in place, repaired in place ----

$agent->stop;
my $head = substr slurp($file{a}), 0, 100;
scribble($file{a}, 0, 'x' x 100);
$agent->start;
write_events(20, title => 'Marmalade');
$t->soon('a damaged header: parked', sub { parked() == 1 && !segments() });
my ($parked) = parked();
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
scribble($file{a}, 0, $head);
all_is_well('repaired');

# ---- given up: a new file, the parked events go into it ----

$agent->stop;
scribble($file{a}, 0, 'x' x 100);
$agent->start;
write_events(7, title => 'Quicksilver');
$t->soon('damaged again', sub { parked() == 1 && !segments() });
$agent->stop;
unlink $file{a}, glob "$file{a}-*";
spew($file{a}, '');
$agent->start;
$t->soon('begins anew with what was parked', sub { (eval { rows('a') } // 0) == 7 });
$t->soon('nothing is parked any more', sub { !parked() });
like($agent->glinto('check', 'data'), qr/ 0 faults$/m, 'all is right');

# ---- a parked file that is damaged itself ----

$agent->stop;
scribble($file{a}, 0, 'x' x 100);
$agent->start;
write_events(3, title => 'Turpentine');
$t->soon('and again', sub { parked() == 1 && !segments() });
$agent->stop;
($parked) = parked();
scribble($parked, 4200, chr(1 ^ ord substr slurp($parked), 4200, 1));
unlink $file{a}, glob "$file{a}-*";
spew($file{a}, '');
$agent->start;
$t->soon('what it has left is counted', sub { (eval { rows('a') } // 0) == 2 });
$t->soon('and the file is kept', sub { -e "$parked.damaged" });
$t->soon('events of it may be lost, says the status', sub {
    grep { $_->{kind} eq 'lost' && $_->{at_least} }
        @{$agent->json('status')->{conditions}};
});

# ---- removed ----

$agent->glinto('site', 'remove', 'a.example');
$agent->glinto('account', 'remove', 'default');
my @found;
File::Find::find(sub {
    push @found, $File::Find::name
        if /\Q$id/ || (-f && $File::Find::name !~ /\Q$file{b}/
            && slurp($_) =~ /Marmalade|Quicksilver|Turpentine/);
}, $t->path('data'), $t->path('spool'));
is("@found", '', 'no byte is left of the removed account');
is(rows('b') * 2, $sent, 'the other one has lost nothing');
$agent->stop;
is($store->integrity, 'ok', 'its file is whole');

$t->done;
