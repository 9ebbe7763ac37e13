package Glinto::Points;

# Death at a named point of the points build (schema/point.h).
#
#   my $points = Glinto::Points->new($t);
#   my $agent = $t->aggregator(env => $points->env);
#   $points->set('after_commit', deaths => 3, skip => 10);
#   ... until !$points->left;
#
# new(TEST)           no point is set
# env                 for the processes; nginx hands it on to its workers with
#                     "env GLINTO_POINTS;"
# set(NAME, deaths => N, skip => HITS)   let HITS (0) pass, then die N (1)
#                     times, each successor at its first hit
# left                deaths still to come
# names               of all points in the source, sorted

use strict;
use warnings;
use Glinto::Test qw(slurp spew);

my $PLAN = 'a32LL'; # struct gl_point_plan
my $DEATHS_AT = 36;

sub new {
    my ($class, $test) = @_;
    my $self = bless {test => $test, file => $test->path('points')}, $class;
    spew($self->{file}, pack $PLAN, '', 0, 0);
    return $self;
}

sub env { {GLINTO_POINTS => $_[0]{file}} }

# In place, since processes have it mapped; the deaths last, which arm it.
sub set {
    my ($self, $name, %want) = @_;
    open my $plan, '+<:raw', $self->{file} or die "points: $!\n";
    syswrite $plan, pack($PLAN, $name, $want{skip} // 0, 0);
    sysseek $plan, $DEATHS_AT, 0;
    syswrite $plan, pack('L', $want{deaths} // 1);
}

sub left { (unpack $PLAN, slurp($_[0]{file}))[2] }

sub names {
    my ($self) = @_;
    my $root = $self->{test}->root;
    my %names;
    for my $file (glob "$root/{ngx_glinto_module,aggregator/{*,*/*}}/*.c") {
        my $text = slurp($file);
        $names{$_}++ for $text =~ /^ *GL_POINT\("(\w+)"\);/mg;
    }
    return sort keys %names;
}

1;
