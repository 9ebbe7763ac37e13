# Promise: a live connection does what RFC 6455 says, with whatever frames it
# meets: every case of Autobahn's categories 1 to 7, 9 and 10 ends as it must,
# at most 3 of them later than a strict server would, and none hangs.
#
# Group: C
#
# Method: the cases are tests/lib/Glinto/Frames.pm; each has a WebSocket of its
# own on the dashboard socket, all at a time.  The server echoes nothing, so
# that a message was understood is seen by a ping behind it and by the close
# that is answered with its own code.  What is not Autobahn's is our limits:
# messages above 4,096 bytes are closed with 1009 and more than ten frames a
# second with 1008; the cases of 9 meet them, the others keep to them.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Errno qw(EAGAIN);
use Glinto::Faults;
use Glinto::Frames;
use Glinto::Oracle;
use Glinto::Test;
use Glinto::WebSocket;
use IO::Poll qw(POLLIN POLLOUT);
use Protocol::WebSocket::Frame;
use Time::HiRes ();

my $FRAMES_MAX = 10; # at once
my $REST_S = 1.2; # then, until the server counts from 0 again
my $EARLY_S = 5; # what can be closed early is, in so long, however busy it is
my $HANG_S = 30; # after the last that was sent or received
my $LATE_MAX = 3;
my $WRITE_MAX = 65_536;

my $seed = seed();
my $t = Glinto::Test->new(limit_s => 300);
my $agent = $t->aggregator(conf => 'watchers_per_site 1000');
my $oracle = Glinto::Oracle->new($t, $agent);
$agent->site('a.example');

# The case's frames; where the connection stays open a ping, and when that is
# answered a close (a pong may be left out once a close has come).
sub begin {
    my ($case) = @_;
    my @frames = @{$case->{frames}};
    push @frames, Glinto::Frames::frame(9, 'end') if $case->{want} eq 'open';
    my $ws = Glinto::WebSocket->connect($t->path('dashboard.sock'),
        '/glinto/a.example/live');
    $ws->socket->blocking(0);
    return {case => $case, socket => $ws->socket, frames => \@frames,
        sent => 0, at => 0, room => $FRAMES_MAX, pongs => [],
        moved => Time::HiRes::time(), in =>
            Protocol::WebSocket::Frame->new(max_payload_size => 1 << 20)};
}

# May it send now?  It waits for its next second, or for an early close.
sub may_send {
    my ($one) = @_;
    my $case = $one->{case};
    return 0 if $one->{gone} || !@{$one->{frames}};
    my $rested = Time::HiRes::time() - $one->{moved};
    return 1 if $one->{at} > 0 || $case->{rush};
    return 0 if defined $case->{early} && $one->{sent} > $case->{early}
        && $rested < $t->slow($EARLY_S);
    $one->{room} = $FRAMES_MAX if $rested > $REST_S;
    return $one->{room} > 0;
}

# A chop a turn.
sub send_some {
    my ($one) = @_;
    my ($bytes, $chop) = @{$one->{frames}[0]}{qw(bytes chop)};
    my $n = syswrite $one->{socket}, $bytes, $chop || $WRITE_MAX, $one->{at};
    if (!defined $n) {
        $one->{gone} = 1 if $! != EAGAIN; # what it said can still be read
        return;
    }
    $one->{moved} = Time::HiRes::time();
    return if ($one->{at} += $n) < length $bytes;
    $one->{at} = 0;
    $one->{room}--;
    $one->{sent}++;
    shift @{$one->{frames}};
}

sub read_some {
    my ($one) = @_;
    my $n = sysread $one->{socket}, my $bytes, 65_536;
    return if !defined $n && $! == EAGAIN;
    return $one->{ended} = 1 if !$n;
    $one->{moved} = Time::HiRes::time() if !$one->{case}{early};
    $one->{in}->append($bytes);
    while (defined(my $payload = $one->{in}->next_bytes)) {
        if ($one->{in}->is_pong) {
            push @{$one->{pongs}}, $payload;
            push @{$one->{frames}}, Glinto::Frames::close_frame(1000)
                if $payload eq 'end';
        } elsif ($one->{in}->is_close) {
            $one->{code} //= length $payload < 2 ? 1005 : unpack 'n', $payload;
            $one->{left} //= @{$one->{frames}};
            @{$one->{frames}} = () if $one->{at} == 0;
            shutdown $one->{socket}, 1 if !@{$one->{frames}};
        }
    }
}

sub turn {
    my ($poll, @all) = @_;
    $poll->mask($_->{socket} => may_send($_) ? POLLIN | POLLOUT : POLLIN)
        for @all;
    $poll->poll(0.05);
    for my $one (@all) {
        my $what = $poll->events($one->{socket});
        send_some($one) if $what & POLLOUT && may_send($one);
        read_some($one) if $what & ~POLLOUT;
        $one->{hung} = 1 if Time::HiRes::time() - $one->{moved} > $HANG_S;
        $poll->remove($one->{socket}) if $one->{ended} || $one->{hung};
    }
}

# A sentence on what is wrong, or ''.
sub judge {
    my ($one) = @_;
    my $case = $one->{case};
    return 'hangs' if $one->{hung};
    my $code = $one->{code} // 1006;
    my $want = $case->{want} eq 'open' ? 1000 : $case->{want};
    return "closed with $code, not $want"
        if !grep { $code == $_ } $want, @{$case->{or} // []};
    return '' if $case->{want} ne 'open';
    my @pongs = (@{$case->{pongs}}, 'end');
    return "@{$case->{pongs}} came as @{$one->{pongs}}"
        if join("\0", @pongs) ne join "\0", @{$one->{pongs}};
    return '';
}

my @cases = grep { column() ne 'small' || $_->{id} !~ /^9\./ }
    Glinto::Frames->cases;
my $began = Time::HiRes::time();
my @all = map { begin($_) } @cases;
my $poll = IO::Poll->new;
while (my @open = grep { !$_->{ended} && !$_->{hung} } @all) {
    turn($poll, @open);
}
my @wrong = map { my $what = judge($_); $what ? "$_->{case}{id} $what" : () }
    @all;
my @late = map { $_->{case}{id} } grep {
    defined $_->{case}{early} && $_->{sent} > $_->{case}{early} + 1
} @all;
is(join("\n", @wrong), '', @cases . ' cases end as they must');
cmp_ok(@late, '<=', $LATE_MAX, "those that end late: @late");
push @wrong, 'late' if @late > $LATE_MAX;
diag(sprintf '%d cases in %.1f s, late: %s', scalar @cases,
    Time::HiRes::time() - $began, "@late" || 'none');
$t->soon('all have left', sub {
    my ($ws, $status) = Glinto::WebSocket->try($t->path('dashboard.sock'),
        '/glinto/a.example/live');
    $ws->close if $ws;
    return $status == 101;
});
$oracle->report('F28', scalar @cases, scalar @wrong, $seed);
$t->done;
