# Promise: the unit of glinto-postgresql closes what it does not use:
# systemd-analyze says 1.5 or less, its threads are within TasksMax, it may
# write where it does, and from its start over events, a change, a city's
# reading and the night's job to its end it makes no system call that the
# filter denies.  It may use a network, which glintod's unit may not.
#
# Method: systemd-analyze reads the file; strace lists the calls.
#
# Check: it starts PostgreSQL.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Inject;
use Glinto::Postgresql;
use Glinto::Test;
use Glinto::UnitFile qw(allowed_calls);

my $MOST = 1.5;
my $t = Glinto::Test->new(limit_s => 600);
my $unit = $t->root . '/conf/glinto-postgresql.service';
my $text = slurp($unit);

SKIP: {
    my $said = qx(systemd-analyze security --offline=true $unit 2>&1);
    my ($exposure) = $said =~ /exposure level for \S+: ([\d.]+)/;
    skip 'no systemd-analyze that reads a file', 1 if !defined $exposure;
    cmp_ok($exposure, '<=', $MOST, "exposure $exposure");
}
like($text, qr/^RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6$/m,
    'it may use a network');
like(slurp($t->root . '/conf/glintod.service'),
    qr/^RestrictAddressFamilies=AF_UNIX$/m, 'glintod may not');
like($text, qr/^ExecStartPre=.*check residency --gate$/m,
    'a policy that is enforced is asked first');

my %allowed = allowed_calls($text);

my $fra = Glinto::Postgresql->new($t, 'fra')->start->tables;
my $city = Glinto::Cities->city($t, 'home', $fra, sites => ['a'],
    conf => 'log postgresql ' . $fra->conninfo . "\n");
$city->program->stop;
my $trace = $t->path('calls');
my $traces = Glinto::Inject->allowed && !$t->san && exists $allowed{read};
my $pid = $t->spawn('traced', $traces ? ('strace', '-D', '-f', '-e',
    'status=successful', '-y', '-o', $trace) : (),
    $t->build . '/glinto-postgresql', '-c', $city->stage->path('glinto.conf'));
my $segment = $city->segment;
$segment->event(site => 'a.example', visitor => $_, path => "/$_") for 1 .. 20;
$segment->close;
$t->soon('events come back', sub { $city->world->rows == 20 }, 120);
my ($status) = $city->world->agent->glinto('site', 'add', 'b.example');
is($status // 1, 0, 'a change is made');
my ($tasks) = $text =~ /^TasksMax=(\d+)$/m;
my @threads = glob "/proc/$pid/task/*";
cmp_ok(scalar @threads, '<=', $tasks, @threads . ' threads');
$city->command('night');
kill 'TERM', $pid;
is($t->ended($pid, 60), 0, 'it ends well');

SKIP: {
    skip 'no trace of its calls here', 3 if !$traces;
    my (%made, %wrote);
    for (split /\n/, slurp($trace)) {
        $made{$1}++ if /^\d+ +(\w+)\(/;
        $wrote{$1}++ if m{^\d+ +(?:openat|mkdir|rename|unlink)\w*\((?=.*(?:
            O_WRONLY|O_RDWR|O_CREAT|mkdir|rename|unlink)).*?"([^"]+)"}x;
    }
    cmp_ok(scalar keys %made, '>', 20, keys(%made) . ' kinds of calls');
    delete $made{fchown} if $> == 0; # SQLite calls it for root alone
    is(join(' ', grep { !exists $allowed{$_} } sort keys %made), '',
        'the filter denies none');
    my $here = quotemeta $city->stage->path('');
    is(join(' ', grep { m{^/} && !m{^$here|^/(?:dev|tmp|proc)/} }
        sort keys %wrote), '', 'it writes in the folders of glinto.conf alone');
}
$t->done;
