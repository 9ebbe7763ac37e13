package Glinto::Kills;

# glintod killed at calls that write, spread over all that it makes at some
# work: each time from the same copy of its folder.
#
#   my $kills = Glinto::Kills->new($few);
#   my ($t, $world) = ($kills->test, $kills->world);
#   ... a folder with work to do; glintod has ended
#   $kills->each('all is sealed', sub { ... }, sub {
#       my ($kill) = @_;             # "pwrite64 17"; glintod runs again
#       ... $kills->violated("$kill, at once", @sentences);
#   });
#   $kills->report('S1', 'no answer is another one');
#   $t->done;
#
# new(FEW)        so many kills; plans to skip all where no process may
#                 be traced
# test, world     its only site is a.example
# each(WHAT, DONE, CODE)
#                 the work begins with what is in the folder now and is at its
#                 end, which WHAT names, when DONE returns true: a life that
#                 comes so far gets TERM.  CODE is called after each kill.
# violated(WHAT, SENTENCES...)
# report(ROW, PROMISE)
#                 checks, and the row's figures for RESULTS.md

use strict;
use warnings;
use Glinto::Inject;
use Glinto::Test;
use Glinto::World;
use Time::HiRes ();

my @CALLS = qw(pwrite64 fdatasync ftruncate);

sub new {
    my ($class, $few) = @_;
    my $began = Time::HiRes::time();
    plan skip_all => 'SKIP: this machine lets no process be traced'
        if !Glinto::Inject->allowed;
    my $test = Glinto::Test->new(limit_s => 1200);
    my $world = Glinto::World->new($test, sites => ['a']);
    return bless {few => $few, began => $began, test => $test,
        world => $world, inject => Glinto::Inject->new($test), tried => 0,
        struck => 0, violations => []}, $class;
}

sub test { $_[0]{test} }
sub world { $_[0]{world} }

sub _copy {
    my ($self, $from, $to) = @_;
    my $test = $self->{test};
    system('rm', '-rf', $test->path($to)) == 0
        && system('cp', '-a', $test->path($from), $test->path($to)) == 0
        or die "cannot copy $from\n";
}

# One life that is struck at the K-th CALL, if there is one: what it called,
# and whether it was struck.
sub _strike {
    my ($self, $call, $k) = @_;
    my ($test, $inject) = @$self{qw(test inject)};
    my $agent = $self->{world}->agent;
    $self->_copy('before', 'data');
    $agent->launch(env => $inject->env('writer'));
    my $pid = $agent->pid;
    $inject->attach(\@CALLS, $call, $k, 'signal=KILL');
    $test->until("its end, or $self->{what}",
        sub { $inject->ended || $self->{done}->() }, 60);
    kill 'TERM', $pid if !$inject->ended;
    $test->until('the end of strace', sub { $inject->ended });
    $test->ended($pid, 20);
    delete $agent->{pid};
    $self->{tried}++;
    my $is_struck = $inject->how->{injected} // 0;
    $self->{struck} += $is_struck;
    return ($inject->how->{calls}, $is_struck);
}

sub each {
    my ($self, $what, $done, $code) = @_;
    @$self{qw(what done)} = ($what, $done);
    my $agent = $self->{world}->agent;
    $self->_copy('data', 'before');
    my ($calls) = $self->_strike(undef, 0);
    diag(join ', ', map { "$_ " . ($calls->{$_} // 0) } @CALLS);
    for my $n (1 .. $self->{few}) {
        my @all = map { my $call = $_; map { [$call, $_] } 1 .. $calls->{$call}
            } grep { $calls->{$_} } @CALLS;
        my $at = $all[@all * ($n - 0.5) / $self->{few}];
        my ($called, $is_struck) = $self->_strike(@$at);
        # a busy machine makes larger commits of the same work
        $calls = $called if !$is_struck && %$called;
        $agent->start(env => {});
        $code->("@$at");
        $agent->stop;
    }
}

sub violated {
    my ($self, $what, @sentences) = @_;
    diag("$what: $_") for @sentences;
    push @{$self->{violations}}, @sentences;
}

sub report {
    my ($self, $row, $promise) = @_;
    my ($struck, @violations) = ($self->{struck}, @{$self->{violations}});
    is(join("\n", @violations), '', "$struck kills: $promise");
    cmp_ok($struck, '>', $self->{few} / 2, 'most lives were struck');
    diag(sprintf '%s %d %d %.1f -', $row, $self->{tried}, scalar @violations,
        Time::HiRes::time() - $self->{began});
}

1;
