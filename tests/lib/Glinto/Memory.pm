package Glinto::Memory;

# Memory that runs out in processes started with its environment
# (tests/faults/no_memory.c).
#
#   my $memory = Glinto::Memory->new($t);
#   my $nginx = $t->nginx(env => $memory->env);
#   $memory->runs_out('once', 7);   # the 7th allocation from now fails
#   ...
#   $memory->is_back;               # how many failed since
#
# new(TEST)
# env                  for the processes
# runs_out(HOW, N)     from the N-th allocation on HOW many fail: a number,
#                      "once", or "on" (all)
# is_back              nothing fails any more; how many did
# failed               so far

use strict;
use warnings;
use Glinto::Test qw(slurp spew);

my $PLAN = 'LlLL'; # struct plan
my %MANY = (once => 1, on => 0xffff_ffff);

sub new {
    my ($class, $test) = @_;
    my $self = bless {
        file => $test->path('memory'),
        library => $test->build . '/tests/faults/no_memory.so',
    }, $class;
    spew($self->{file}, pack $PLAN, 0, 0, 0, 0);
    return $self;
}

sub env {
    my ($self) = @_;
    return {LD_PRELOAD => $self->{library},
        GLINTO_NO_MEMORY => $self->{file}};
}

sub _write {
    my ($self, $at, $bytes) = @_;
    open my $plan, '+<:raw', $self->{file} or die "memory: $!\n";
    sysseek $plan, $at, 0;
    syswrite $plan, $bytes;
}

sub runs_out {
    my ($self, $how, $n) = @_;
    $self->_write(4, pack 'lLL', $n - 1, $MANY{$how} // $how, 0);
    $self->_write(0, pack 'L', 1);
}

sub is_back {
    my ($self) = @_;
    $self->_write(0, pack 'L', 0);
    return $self->failed;
}

sub failed { (unpack $PLAN, slurp($_[0]{file}))[3] }

1;
