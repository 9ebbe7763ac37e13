package Glinto::Measure;

# Measuring on a noisy machine: CPU time from the kernel's accounting, in
# pairs, variant and yardstick in turn in the same processes, medians.
#
#   cpu_ns(PID...)      CPU nanoseconds of all threads of these processes
#   faults(PID)         minor page faults so far
#                       (both die when there is no such process)
#   median(LIST), quartiles(LIST)   the second: "low..high"
#   pairs(N, A, B, METER)   A and B (code) in turn, N times, order swapped each
#                       time; METER->() is read before and after each; returns
#                       the N ratios A / B
#   tasks(PID)          ids of its threads;  thread_ns(PID, NAME) CPU of one
#                       thread by its name
#   on_core(CORE, COMMAND...)   the command bound to one processor
#   machine             one line: processor, cores, kernel, versions
#   syscalls(T, PID, CODE)      {name => calls} by strace while CODE runs

use strict;
use warnings;
use Exporter 'import';
use Glinto::Test qw(slurp);

our @EXPORT_OK = qw(cpu_ns faults median quartiles pairs on_core machine
    syscalls);

sub cpu_ns {
    my $sum = 0;
    for my $pid (@_) {
        my @tasks = glob "/proc/$pid/task/*/schedstat"
            or die "process $pid is gone\n";
        $sum += (split ' ', slurp($_))[0] // 0 for @tasks;
    }
    return $sum;
}

sub faults {
    my ($pid) = @_;
    my ($rest) = slurp("/proc/$pid/stat") =~ /\) (.*)/s
        or die "process $pid is gone\n";
    return (split ' ', $rest)[7];
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    my $half = int @sorted / 2;
    return @sorted % 2 ? $sorted[$half]
        : ($sorted[$half - 1] + $sorted[$half]) / 2;
}

sub quartiles {
    my @sorted = sort { $a <=> $b } @_;
    return sprintf '%.4g..%.4g', $sorted[@sorted / 4], $sorted[@sorted * 3 / 4];
}

sub pairs {
    my ($n, $variant, $yardstick, $meter) = @_;
    my @ratios;
    for my $i (1 .. $n) {
        my %took;
        my @order = (['a', $variant], ['b', $yardstick]);
        @order = reverse @order if $i % 2;
        for my $one (@order) {
            my $before = $meter->();
            $one->[1]->();
            $took{$one->[0]} = $meter->() - $before;
        }
        push @ratios, $took{a} / $took{b};
    }
    return @ratios;
}

sub on_core {
    my ($core, @command) = @_;
    return ('taskset', '-c', $core, @command);
}

sub machine {
    my ($cpu) = slurp('/proc/cpuinfo') =~ /^model name\s*:\s*(.*)/m;
    my ($kernel) = slurp('/proc/sys/kernel/osrelease') =~ /(\S+)/;
    my $cores = () = slurp('/proc/cpuinfo') =~ /^processor/mg;
    my ($nginx) = `nginx -v 2>&1` =~ m{nginx/(\S+)};
    my ($sqlite) = `sqlite3 --version` =~ /(\S+)/;
    return "$cpu, $cores cores, Linux $kernel, nginx $nginx, SQLite $sqlite";
}

sub syscalls {
    my ($test, $pid, $code) = @_;
    my $out = $test->path('strace.txt');
    my $tracer = $test->spawn('strace', 'strace', '-qq', '-c', '-f', '-p',
        $pid, '-o', $out);
    $test->until('strace attached', sub {
        slurp("/proc/$pid/status") =~ /^TracerPid:\s*[1-9]/m;
    });
    $code->();
    kill 'INT', $tracer;
    $test->ended($tracer);
    my %calls;
    for (split /\n/, slurp($out)) {
        my @column = split;
        next if @column < 5 || $column[0] !~ /^[\d.]+$/ || /total$/;
        $calls{$column[-1]} = $column[3];
    }
    return \%calls;
}

1;
