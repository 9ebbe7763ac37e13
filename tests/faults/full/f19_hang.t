# Promise: a worker or glintod that hangs (SIGSTOP) for 5 s, by night for a
# minute, loses and doubles nothing; meanwhile the other worker answers every
# request at once, and while a worker hangs, what the other one took is a row
# within 1 s.
# Group: B
# Alone: it times replies.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Http;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use Time::HiRes ();

my $hangs = int trials(small => 2, faults => 6, nightly => 10) / 2; # of each
my $hang_s = column() eq 'nightly' ? 60 : 5;
my $ANSWER_S = 0.5; # of a new connection; far below a hang
my $ROW_S = 1;

my $t = Glinto::Test->new(limit_s => 60 + 2 * $hangs * ($hang_s + 5));
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(5, 'load.example');
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');
my $store = Glinto::Store->new($t->path('data'));
my $file = $store->site('s0.load.example');
my ($probes, @violations) = (0);

sub is_row {
    my ($path) = @_;
    return $store->value($file, 'SELECT count(*) FROM events e
        JOIN paths p ON p.code = e.path WHERE p.text = ?', $path);
}

# One request on a connection of its own; its path.
sub probe {
    my ($what) = @_;
    my $path = '/probe/' . ++$probes;
    my $began = Time::HiRes::time();
    my $status = http_get($nginx->port, '/g.gif?d=s0.load.example'
        . "&u=https%3A%2F%2Fs0.load.example$path")->{status};
    my $took = Time::HiRes::time() - $began;
    push @violations, "$what: $status after $took s"
        if $status != 200 || $took > $ANSWER_S;
    return $path;
}

# PID hangs; CODE is called again and again until it may go on.
sub hang {
    my ($pid, $code) = @_;
    kill 'STOP', $pid;
    $t->until('the stop', sub { slurp("/proc/$pid/stat") =~ /\) T/ });
    my $end = Time::HiRes::time() + $hang_s;
    $t->until('the end of the hang', sub {
        $code->();
        return Time::HiRes::time() >= $end;
    }, $hang_s + 5);
    kill 'CONT', $pid;
}

my $load = Glinto::Load->start($t, port => $nginx->port, rate => 500,
    requests => 5_000_000, seconds => 30 + 2 * $hangs * ($hang_s + 5),
    connections => 64, kind => 'visits', visitors => 500, sites => 5,
    site => 'load.example', nonce => 'f19', log => 1);
for my $n (1 .. $hangs) {
    my @workers;
    $t->until('two workers', sub { 2 == (@workers = $nginx->workers) });
    hang($workers[$n % 2], sub {
        my $path = probe("hang $n of a worker");
        eval { $t->until('a row', sub { is_row($path) }, $ROW_S) }
            or push @violations, "hang $n of a worker: no row within $ROW_S s";
    });
    hang($agent->pid, sub { probe("hang $n of glintod") });
}
$load->stop;
my $sum = $load->wait;
cmp_ok($sum->{ok}, '>', 100 * $hang_s * $hangs, 'the load went through');
cmp_ok($probes, '>', 2 * $hangs, "$probes probes while something hung");
push @violations, $oracle->judge($load);
is(join("\n", @violations), '', "$hangs hangs of each: no violation");
$oracle->report('F19', 2 * $hangs, scalar @violations, '-');
$t->done;
