package Glinto::Victim;

# nginx and glintod at work, and one of them struck at its k-th system call:
# again and again in one folder, each time with sixty events of its own which
# are judged at once.
#
#   my $victim = Glinto::Victim->new($t);
#   for my $who ($victim->all) {
#       $victim->turn_to($who);
#       my $calls = $victim->count(@names);      # {name => how many there are}
#       my $end = $victim->strike('pwrite64', 17, 'signal=KILL');
#       # {injected, line, signal, status ... of Glinto::Inject,
#       #  bad: [sentences], crash: a sentence, or undef,
#       #  refused: 1 when glintod did not start and said why}
#   }
#
# all             worker (from its fork to its end after QUIT), ingest (the
#                 thread of glintod that owns the data, from its first call to
#                 the end after TERM), main (the other one, from before main())
# turn_to(WHO)
# calls(NAMES...) what is traced from now on
# count           an undisturbed run of all three acts
# strike(CALL, K, FAULT)
# age             strikes in this folder
# renew           in an empty folder from here on, since what glintod reads
#                 grows with what it has; sentences about the old one
#                 (undisturbed)
# finish          nginx ends, and no worker waits any more
# trials, sent    how many strikes, how many events were answered 2xx
# oracle
#
# The acts of glintod: a third of the events waits for its start, then two
# workers come and go; after the segments' end, the directory's sync and some
# more events it gets TERM.  A run that outlives its strike is a whole one.

use strict;
use warnings;
use File::Path ();
use Glinto::Aggregator;
use Glinto::Inject;
use Glinto::Oracle;
use Glinto::Sixty;
use Glinto::Store;
use Glinto::Test qw(slurp);

my $DOMAIN = 'load.example';
my $SITES = 3;
my $QUIET_S = 20; # what a failed transaction may wait for its next try, twice
my $START_S = 30; # SQLite alone may try a lock for 10 s

sub new {
    my ($class, $test) = @_;
    my $agent = Glinto::Aggregator->new($test,
        conf => "paths_per_day 100000000\n")->start;
    my $oracle = Glinto::Oracle->new($test, $agent);
    $oracle->accounts($SITES, $DOMAIN);
    my $inject = Glinto::Inject->new($test);
    return bless {test => $test, agent => $agent, oracle => $oracle,
        inject => $inject, store => Glinto::Store->new($test->path('data')),
        trials => 0, born => 0, sent => 0, unavailable => 0,
    }, $class;
}

sub all { qw(worker ingest main) }
sub oracle { $_[0]{oracle} }
sub age { $_[0]{trials} - $_[0]{born} }
sub trials { $_[0]{trials} }
sub sent { $_[0]{sent} }

sub calls {
    my ($self, @names) = @_;
    $self->{calls} = \@names;
}

sub turn_to {
    my ($self, $who) = @_;
    $self->{who} = $who;
    $self->finish;
    $self->{gated} = $who eq 'worker';
    # An nginx whose worker waits at its gate answers nobody, but listens.
    $self->{nginx} = $self->{oracle}->nginx(spool => 'budget=8m segment=64k',
        server => 'location = /g.gif { glinto_pixel; }',
        env => $self->{gated} ? $self->{inject}->env('child') : {});
    my $agent = $self->{agent};
    $agent->start(env => {}) if $self->{gated} && !$agent->running;
    $agent->stop if !$self->{gated} && $agent->running;
}

sub renew {
    my ($self) = @_;
    my ($test, $agent, $oracle) = @$self{qw(test agent oracle)};
    $self->finish;
    my @bad = $oracle->undisturbed;
    $agent->stop;
    File::Path::remove_tree(map { $test->path($_) } qw(data spool sites));
    $test->prepare;
    $agent->ahead(0);
    $agent->start;
    $oracle->accounts($SITES, $DOMAIN);
    @$self{qw(born unavailable)} = ($self->{trials}, 0);
    $self->turn_to($self->{who});
    return @bad;
}

sub finish {
    my ($self) = @_;
    my $nginx = delete $self->{nginx} or return;
    $self->{inject}->open if $self->{gated};
    $nginx->stop;
}

# Twice: the first one finds files to be made.
sub count {
    my ($self) = @_;
    $self->strike;
    my $end = $self->strike;
    die join "\n", "undisturbed, and yet:", @{$end->{bad}}, ''
        if @{$end->{bad}};
    return $end->{calls};
}

sub strike {
    my ($self, $call, $k, $fault) = @_;
    my $n = $self->{trials}++;
    my $sixty = $self->{sixty} = Glinto::Sixty->new($self->{nginx}->port,
        "k$n", $DOMAIN, $SITES, $self->{gated});
    my $end = $self->{gated} ? $self->_worker($call, $k, $fault)
        : $self->_agent($call, $k, $fault);
    my $oracle = $self->{oracle};
    $end->{bad} = [@{$end->{bad}}, $oracle->judge($sixty,
        {fresh => $self->{gated} ? 0 : undef,
        earlier => $self->{unavailable}})];
    $end->{refused} //= 0;
    $self->{sent} += $sixty->ok;
    # As they are: one that is missing is told once.
    $self->{unavailable} = $self->{store}->value($self->{store}->meta,
        'SELECT coalesce(sum(total), 0) FROM incarnations');
    # An end with all written back, or the logs would grow with every run, and
    # the number of calls with them.
    $self->{agent}->stop if !$self->{gated};
    return $end;
}

# ---- a worker ----

sub _worker {
    my ($self, $call, $k, $fault) = @_;
    my ($inject, $test) = @$self{qw(inject test)};
    $inject->attach($self->{calls}, $call, $k, $fault);
    my $pid = $inject->pid;
    $self->{sixty}->send(60, sub { $inject->ended });
    kill 'QUIT', $pid if !$inject->ended;
    $test->until('the end of the worker', sub { $inject->ended });
    my $end = $inject->how;
    $end->{crash} = "the worker ended with "
        . ($end->{signal} // $end->{status} // 'nothing')
        if ($end->{status} // 1) != 0;
    $inject->open; # the next one, left alone
    my $next = $inject->pid;
    $end->{bad} = [$self->{oracle}->fresh];
    kill 'QUIT', $next;
    $self->{nginx}->gone($next);
    return $end;
}

# ---- glintod ----

sub _alive { !$_[0]{inject}->ended }

# All events so far are in segments that their writer has let go of.
sub _retire_worker {
    my ($self) = @_;
    my $nginx = $self->{nginx};
    my ($old, $new) = $nginx->workers;
    kill 'QUIT', $old;
    $self->{test}->until('the next worker', sub {
        ($new) = $nginx->workers;
        return $new && $new != $old;
    });
}

sub _until_settled {
    my ($self) = @_;
    my $oracle = $self->{oracle};
    return eval { $self->{test}->until('an empty spool', sub {
        !$self->_alive || $oracle->is_spool_empty }, $QUIET_S) };
}

sub _until_synced {
    my ($self) = @_;
    my $log = $self->{inject}->log;
    return if $self->{who} ne 'ingest';
    eval { $self->{test}->until('a sync of the directory', sub {
        !$self->_alive || slurp($log) =~ /^unlink.*\.seg.*^fsync/ms }, 5) };
}

sub _play {
    my ($self) = @_;
    my ($agent, $sixty) = @$self{qw(agent sixty)};
    my $never = sub { 0 };
    $sixty->send(20, $never);
    $self->_retire_worker;
    $sixty->send(10, $never);
    $self->_retire_worker;
    eval { $agent->dashboard('GET', $_) } for '/glinto/', '/glinto/status',
        "/glinto/s0.$DOMAIN";
    $self->_until_settled or return "V: the spool is not empty in $QUIET_S s";
    $self->_until_synced;
    $sixty->send(10, $never);
    $self->_retire_worker;
    $self->_until_settled or return "V: the spool is not empty in $QUIET_S s";
    return;
}

sub _agent {
    my ($self, $call, $k, $fault) = @_;
    my ($inject, $test, $agent) = @$self{qw(inject test agent)};
    $self->{sixty}->send(20, sub { 0 });
    $agent->launch(
        env => $inject->env($self->{who} eq 'main' ? 'main' : 'writer'));
    my $pid = $agent->pid;
    $inject->attach($self->{calls}, $call, $k, $fault);
    my $answered;
    $test->until('start or end',
        sub { ($answered = $agent->answers) || !$self->_alive }, $START_S);
    my @bad = $self->_play;
    kill 'TERM', $pid if $self->_alive;
    my $status = eval { $test->ended($pid, $QUIET_S) } // do {
        push @bad, "V: glintod does not end in $QUIET_S s";
        $test->forget($pid);
        0;
    };
    $test->until('the end of strace', sub { !$self->_alive });
    delete $agent->{pid};
    my $end = $inject->how;
    @$end{qw(status bad)} = ($status, \@bad);
    my ($last) = (split /\n/, $agent->log)[-1];
    # A lock that cannot be had is another glintod's: 75 for its supervisor.
    my $said = ($end->{line} // '') =~ /^flock.*EAGAIN/ ? 75 : 1;
    $end->{refused} = 1 if !$answered && $status == $said << 8
        && $last =~ /\[error\] |^glintod: /;
    $end->{crash} = "glintod ended with status $status: $last"
        if $status && !$end->{refused};
    $agent->start(env => {});
    return $end;
}

1;
