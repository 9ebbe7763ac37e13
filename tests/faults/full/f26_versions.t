# Promise: old and new segment formats meet in each pair of worker and glintod,
# under random kills of both.  Three pairs work as ever; a new worker with an
# old glintod only waits: nothing it wrote is counted or removed, status says
# so, and the spool's budget holds; the new glintod then counts all of it once.
# The module is replaced under load, with both formats side by side.
#
# Group: C

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use File::Copy ();
use Glinto::Daemon;
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Time::HiRes ();

my $kills = trials(small => 2, faults => 4, nightly => 50); # a pair
my $seed = seed();
my $SITES = 5;
# What kills leave must not fill it: a worker that never had a segment and is
# killed takes its count of 503s with it.
my $budget = 8 + $kills . 'm';

my $t = Glinto::Test->new(limit_s => 240 + 4 * 4 * $kills);
my %agent = (old => undef, new => $t->build . '/next/glintod');
my %worker = map { $_->[0] => $t->build . "$_->[1]/ngx_http_glinto_module.so" }
    ['old', ''], ['new', '/next'];
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts($SITES, 'load.example');
my $module = $t->path('module.so');
install('old');
my $daemon = Glinto::Daemon->start($t, $oracle, workers => 2,
    module => $module, spool => "budget=$budget segment=256k",
    server => 'location = /g.gif { glinto_pixel; }');

# As a package manager does: a new file under the old name.
sub install {
    my ($which) = @_;
    File::Copy::copy($worker{$which}, "$module.new") or die "copy: $!\n";
    rename "$module.new", $module or die "rename: $!\n";
}

sub load {
    my ($nonce, %want) = @_;
    return Glinto::Load->start($t, port => $daemon->nginx->port,
        kind => 'visits', requests => 5_000_000, rate => 1000,
        seconds => 60 + 4 * $kills, visitors => 500, sites => $SITES,
        site => 'load.example', nonce => $nonce, log => 1, %want);
}

sub fault {
    my ($which) = @_;
    # The load goes on for a random moment: this is the fault's time.
    my $moment = Time::HiRes::time() + rand 0.4;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment });
    my $what = int rand 5;
    $agent->kill9 if $what != 0 && $what != 1;
    $daemon->kill_worker if $what < 3;
    $agent->start(program => $agent{$which}) if !$agent->running;
}

sub turn_agent {
    my ($which) = @_;
    $agent->stop;
    $agent->start(program => $agent{$which});
}

# Segments with a frame: one that never had one its worker may take back.
sub segments {
    return grep {
        open my $in, '<:raw', $_;
        my $got = $in && sysseek($in, 4096, 0) && sysread $in, my $hcrc, 4;
        $got && $hcrc ne "\0" x 4;
    } glob $t->path('spool/*.seg');
}

sub pending { $agent->json('status')->{spool}{upgrade_pending} }

my @violations;
sub judge {
    my ($pair, $loads, %want) = @_;
    push @violations, map { "$pair: $_" } $oracle->judge(@$loads, \%want);
}

sub pair {
    my ($name, $which, $under_way) = @_;
    my $load = load('f26.' . $name =~ s/\W//gr);
    $t->until('a load', sub { segments() });
    $under_way->() if $under_way;
    fault($which) for 1 .. $kills;
    $load->stop;
    cmp_ok($load->wait->{ok}, '>', 50 * $kills, "$name: the load went through");
    judge($name, [$load], at_least => 1);
}

pair('old worker, old glintod', 'old');
pair('old worker, new glintod', 'new', sub { turn_agent('new') });
pair('new worker, new glintod', 'new', sub {
    install('new');
    my ($old, $new) = $daemon->second;
    fault('new'); # while both formats are written
    $daemon->retire($old);
    kill 'QUIT', $old;
    $daemon->gone($old);
});

# The wrong order: the new glintod had begun with a segment or two.
my $load = load('f26.wrong');
$t->until('a load', sub { %{$oracle->paths('f26.wrong')} });
turn_agent('old');
my $rows = values %{$oracle->paths('f26.wrong')};
my %seen = map { $_ => 1 } segments();
for (1 .. $kills) {
    fault('old');
    my %now = map { $_ => 1 } segments();
    push @violations, map { "$_ was removed" } grep { !$now{$_} } keys %seen;
    %seen = (%seen, %now);
}
$load->stop;
$load->wait;
my $flood = load('f26.full', rate => 0);
$daemon->nginx->soon_log(qr/glinto: spool .* is full/, 60);
$flood->stop;
cmp_ok($flood->wait->{unavailable}, '>', 0, 'held segments fill the budget');
is(scalar(values %{$oracle->paths('f26.wrong')}), $rows,
    'nothing of theirs is counted meanwhile');
$t->soon('status: an upgrade is pending', sub {
    pending()->{major} == 2 && pending()->{files} >= segments();
});
like($agent->log, qr/newer than aggregator/, 'so does the log');
turn_agent('new');
# Requests under way when the flood was stopped may be drops too.
judge('new worker, old glintod', [$load, $flood], at_least => 1);

is(join("\n", @violations), '', 4 * $kills . ' kills in 4 pairs: no violation');
$oracle->report('F26', 4 * $kills, scalar @violations, $seed);
$t->done;
