package Glinto::Cities::Program;

# A glinto-postgresql beside the glintod of a machine.
#
# new(STAGE, [WORDS])  Glinto::Test of its folder; what stands before its name
# start(ARG...), stop, kill9, running, pid, log

use strict;
use warnings;
use Glinto::Test qw(slurp);

my $NAME = 'glinto-postgresql';

sub new {
    my ($class, $stage, $inside) = @_;
    my $self = bless {stage => $stage, inside => $inside // []}, $class;
    push @{$stage->{parts}}, $self;
    return $self;
}

sub pid { $_[0]{pid} }
sub running { $_[0]{pid} && $_[0]{stage}->alive($_[0]{pid}) }
sub log { slurp($_[0]{stage}->path("$NAME.log")) }

sub start {
    my ($self, @args) = @_;
    my $stage = $self->{stage};
    my %env;
    if ($stage->san) {
        my $log = 'log_path=' . $stage->path("san.$NAME");
        %env = (ASAN_OPTIONS => "detect_leaks=1:$log",
            UBSAN_OPTIONS => "print_stacktrace=1:$log");
    }
    (bless {test => $stage}, 'Glinto::Aggregator')->_add_clock(\%env)
        if $INC{'Glinto/Faults.pm'};
    $self->{pid} = $stage->spawn($NAME, @{$self->{inside}},
        $stage->build . "/$NAME", '-c', $stage->path('glinto.conf'), @args,
        {env => \%env});
    return $self;
}

sub stop {
    my ($self) = @_;
    my $pid = delete $self->{pid};
    kill 'TERM', $pid;
    my $status = $self->{stage}->ended($pid, 20);
    die "$NAME ended with status $status\n" . $self->log if $status;
}

sub kill9 {
    my ($self) = @_;
    my $pid = delete $self->{pid};
    kill 'KILL', $pid;
    $self->{stage}->ended($pid);
}

1;
