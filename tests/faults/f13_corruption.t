# Promise: a damaged spool crashes nothing and no altered payload is ever
# accepted; damage to a single byte costs one frame at most, and what is lost
# is told: applied + reported lost = written.

# Group: A

# Method: corrupt.c does it by the thousand, with sanitizers, on the spool's
# own reader; here the same damages meet the whole glintod.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Spool;
use Glinto::Test;

my $EVENTS = 200;
my $cases = trials(small => 1024, faults => 8192, nightly => 65_536);
my $seed = seed();
my ($done, @violations) = (0);

my $t = Glinto::Test->new(limit_s => 300);
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(2, 'load.example');
my $spool = Glinto::Spool->new($t->path('spool'));

# ---- by the thousand ----

my $out = $t->path('corrupt.log');
my $pid = $t->spawn('corrupt', $t->build . '/tests/faults/corrupt', $cases,
    $seed, {log => $out});
my $status = $t->ended($pid, 240);
for my $line (split /\n/, slurp($out)) {
    if ($line =~ /^[a-z]+(?: of \d+)? (\d+)$/) {
        $done += $1;
    } else {
        push @violations, $line;
    }
}
is($status, @violations ? 256 : 0, 'corrupt ran to its end');
cmp_ok($done, '>', 2 * $cases, 'flips, cuts, blocks and splices');

# ---- one at a time, end to end ----

# A sealed segment of a real worker: {path => file, frames => [...]}.
sub segment {
    my ($nonce) = @_;
    my $nginx = $oracle->nginx(server => 'location = /g.gif { glinto_pixel; }');
    Glinto::Load->run($t, port => $nginx->port, requests => $EVENTS,
        rate => 2000, sites => 2, site => 'load.example', nonce => $nonce);
    $nginx->stop;
    my ($name) = $spool->files;
    my @frames = grep { $_->{type} == 1 } $spool->frames;
    @frames == $EVENTS or die "not $EVENTS frames\n";
    return ($t->path("spool/$name"), @frames);
}

sub flip {
    my ($file, $at) = @_;
    my $bytes = slurp($file);
    substr($bytes, $at, 1) ^= chr 1 + int rand 255;
    spew($file, $bytes);
}

# Damage by DAMAGE(file, frames), which returns the frames it hits.
sub trial {
    my ($what, $reported, $said, $damage) = @_;
    my $nonce = 'f13.' . ++$done;
    my $before = $agent->json('status')->{frames_lost};
    $agent->stop;
    my ($file, @frames) = segment($nonce);
    my @hit = $damage->($file, @frames);
    my $damaged = slurp($file);
    my $log = length $agent->log;
    $agent->start;
    push @violations, "$what: the spool is not empty" if !$oracle->empty_spool;
    my %want = map { Glinto::Spool::decode($_->{payload})->{path} => 1 }
        @frames;
    delete $want{Glinto::Spool::decode($_->{payload})->{path}} for @hit;
    is_deeply($oracle->paths($nonce), \%want, "$what: all others, once")
        or push @violations, $what;
    is($agent->json('status')->{frames_lost} - $before, $reported,
        "$what: $reported reported") or push @violations, $what;
    like(substr($agent->log, $log), $said, "$what: the log says so")
        or push @violations, $what;
    return ($file =~ s{/spool/}{/spool/bad/}r, $damaged);
}

sub kept {
    my ($what, $copy, $bytes) = @_;
    ok(slurp($copy) eq $bytes, "$what: bad/ holds the bytes")
        or push @violations, $what;
}

kept('a payload', trial('a payload', 1, qr/1 frames lost to corruption/, sub {
    my ($file, @frames) = @_;
    my $frame = $frames[int rand $#frames];
    flip($file, $frame->{offset} + 24 + int rand length $frame->{payload});
    return $frame;
}));
kept('a head', trial('a head', 1, qr/1 frames lost to corruption/, sub {
    my ($file, @frames) = @_;
    my $frame = $frames[int rand $#frames];
    flip($file, $frame->{offset} + int rand 24);
    return $frame;
}));
kept('the header', trial('the header', 0, qr/has a damaged header/, sub {
    flip($_[0], int rand 108);
    return;
}));
kept('cut off', trial('cut off', 0, qr/is cut off: frames may be lost/, sub {
    my ($file, @frames) = @_;
    my $first = int rand @frames;
    truncate $file, $frames[$first]{offset} + int rand 24 or die "$file: $!\n";
    return @frames[$first .. $#frames];
}));
trial('the last', 0, qr/torn tail/, sub {
    my ($file, @frames) = @_;
    my $frame = $frames[-1];
    flip($file, $frame->{offset} + int rand $frame->{bytes} - 7);
    return $frame;
});

$oracle->nginx(server => 'location = /g.gif { glinto_pixel; }');
push @violations, $oracle->judge;
is(join("\n", @violations), '', "$done damages: no violation");
$oracle->report('F13', $done, scalar @violations, $seed);
$t->done;
