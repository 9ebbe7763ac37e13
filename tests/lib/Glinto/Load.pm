package Glinto::Load;

# gl-load (tests/faults/gl_load.c) as a part of a test: a load of tracking
# requests that remembers how each attempt ended.
#
#   my $load = Glinto::Load->start($t, port => $nginx->port, requests => 5000);
#   my $sum = $load->wait;             # {attempts, ok, unavailable, ...}
#   my $ends = $load->outcomes;        # ['2', '2', 'u', ...] with log => 1
#
# start(TEST, ...)   port and any option of gl-load by its name: kind, path,
#                    post, body, token, requests, seconds, rate, connections,
#                    visitors, site, sites, nonce, spin, made-up, document,
#                    keep; log => 1
#                    keeps the outcomes
# run(TEST, ...)     start and wait: the sum
# wait               wait for the end; dies unless gl-load ends with 0
# stop               TERM: it ends as if its time were up; then wait
# running            true while it has not ended
# each(CODE)         after wait, for every attempt: CODE with its number, its
#                    letter, its visitor, the attempt whose number its path
#                    bears, what it was (v r e p g, see gl_load.h), and when
#                    it was answered (with a rate: microseconds, monotonic)
# outcomes           after wait: one letter an attempt (2 5 4 u -)
# nonce              of the load, or undef

use strict;
use warnings;
use Glinto::Test ();
use JSON::PP ();
use POSIX ();

my $runs = 0;

sub start {
    my ($class, $test, %want) = @_;
    my $n = ++$runs;
    my $self = bless {
        test => $test, nonce => $want{nonce}, seconds => $want{seconds} // 60,
        out => $test->path("load-$n.json"), log => $test->path("load-$n.txt"),
    }, $class;
    my $log = delete $want{log};
    my @options = map { ("--$_", $want{$_}) } sort keys %want;
    push @options, '--log', $self->{log} if $log;
    $self->{pid} = $test->spawn('gl-load',
        $test->build . '/tests/faults/gl-load', @options,
        {log => $self->{out}});
    $test->until('start of gl-load', sub { $self->_hears || !$self->running });
    return $self;
}

# Before that, stop would end it without a report.
sub _hears {
    my ($self) = @_;
    my ($caught) = Glinto::Test::slurp("/proc/$self->{pid}/status")
        =~ /^Name:\s+gl-load\n.*^SigCgt:\s+\w*(\w{4})$/ms or return;
    return hex($caught) >> (POSIX::SIGTERM() - 1) & 1;
}

sub run {
    my ($class, @want) = @_;
    return $class->start(@want)->wait;
}

sub nonce { $_[0]{nonce} }
sub running { $_[0]{test}->alive($_[0]{pid}) }

sub stop { kill 'TERM', $_[0]{pid} }

sub wait {
    my ($self) = @_;
    my $status = $self->{test}->ended($self->{pid}, $self->{seconds} + 10);
    my $text = Glinto::Test::slurp($self->{out});
    die "gl-load ended with status $status: $text" if $status;
    return $self->{sum} = JSON::PP::decode_json($text);
}

sub each {
    my ($self, $code) = @_;
    open my $in, '<', $self->{log} or die "no log of the load: $!\n";
    while (<$in>) {
        $code->(split);
    }
}

sub outcomes {
    my ($self) = @_;
    my @ends;
    $self->each(sub { push @ends, $_[1] });
    return \@ends;
}

1;
