#!/usr/bin/perl

# Promise: a new sites file of 100,000 sites, taken instead of as large a one,
# holds a worker for no more than 10 ms at a time: its text, its table, and the
# end of the table before.

# Method: CPU time of each turn of the worker's loop (turns.c), since other
# processes of the machine take none of it.

# Alone: neighbours empty the caches of a turn.
# Check, without sanitizers: it waits twice until a worker looks at the file.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $SITES = 100_000;
my $TURN_MS = 10;

my $t = Glinto::Test->new;
plan skip_all => 'it measures time' if $t->san || $t->valgrind;
my $library = $t->path('turns.so');
system('cc', '-shared', '-fPIC', '-O1', '-o', $library,
    "$FindBin::Bin/turns.c") == 0 or die "no library\n";
my $turns = $t->path('turns');

# The longest turn until CODE is true, in ms.
sub longest_ms {
    my ($what, $code) = @_;
    open my $file, '+<:raw', $turns or die "turns: $!\n";
    syswrite $file, pack 'q3', 0, 0, 0;
    $t->soon($what, $code, 30);
    my ($ns) = unpack 'q', slurp($turns);
    return $ns / 1e6;
}

sub lines {
    my ($part) = @_;
    return join '', map {
        sprintf "%s%06d.example alias=www%s%06d.example.net optout=0 "
            . "hosts=shop%d.example,example.org visitors=%d\n",
            $part, $_, $part, $_, $_, $_ % 100
    } 1 .. $SITES;
}

spew($turns, pack 'q3', 0, 0, 0);
spew($t->path('sites'), "first.example\n");
my $nginx = $t->nginx(log_level => 'error',
    env => {LD_PRELOAD => $library, GLINTO_TURNS => $turns}, server => <<'EOS');
    location = /s { glinto_status; }
EOS

sub replace {
    my ($text) = @_;
    spew($t->path('sites.new'), $text);
    rename $t->path('sites.new'), $t->path('sites');
}

sub knows { $nginx->get('/s')->{body} =~ /"known": $_[0],?$/m }

my $idle_ms = longest_ms('nothing to do', sub { knows(1) });
my @ms;
for my $part (qw(a b)) {
    replace(lines($part) . "$part.example\n" x (ord($part) - 96));
    my $known = $SITES + ord($part) - 96;
    push @ms, longest_ms("$known sites", sub { knows($known) });
}
replace("last.example\n");
push @ms, longest_ms('and one', sub { knows(1) });
diag(sprintf 'longest turns: %s ms, idle %.2f ms',
    join(', ', map { sprintf '%.2f', $_ } @ms), $idle_ms);
cmp_ok($_, '<=', $t->slow($TURN_MS), 'no long turn') for @ms;
$t->done;
