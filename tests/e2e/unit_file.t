# Promise: the unit closes what glintod does not use: systemd-analyze says 1.5
# or less, and glintod makes no system call that the unit's filter denies, from
# its start over events, questions, a seal and a backup to its end.  It has no
# call that starts a program or asks for the address of a name; the gate of
# residency, which does, is the unit's, as root.  Sockets that systemd opened
# are taken over: who connected before glintod started is answered, and their
# files stay when it ends.
#
# Method: systemd-analyze reads the file; nm lists what glintod calls of
# others, strace its system calls; the test opens the sockets and hands them
# over as systemd does.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Aggregator;
use Glinto::Http;
use Glinto::Inject;
use Glinto::Segment;
use Glinto::Test;
use Glinto::UnitFile qw(allowed_calls);
use IO::Socket::UNIX;
use POSIX ();
use Socket qw(SOCK_SEQPACKET SOCK_STREAM);

my $MOST = 1.5;
my $t = Glinto::Test->new;
my $unit = $t->root . '/conf/glintod.service';

# ---- how far it is closed ----

SKIP: {
    my $said = qx(systemd-analyze security --offline=true $unit 2>&1);
    my ($exposure) = $said =~ /exposure level for \S+: ([\d.]+)/;
    skip 'no systemd-analyze that reads a file', 1 if !defined $exposure;
    cmp_ok($exposure, '<=', $MOST, "exposure $exposure");
}

# ---- its calls ----

my @calls = map { /\bU (\w+)/ ? $1 : () }
    split /\n/, qx(nm -D -u @{[$t->build]}/glintod);
cmp_ok(scalar @calls, '>', 300, @calls . ' calls of libraries');
is(join(' ', grep { /^(?:exec|fexec|posix_spawn|system$|popen|v?fork$
    |g_spawn|g_subprocess|getaddrinfo|gethostby|getnameinfo|res_n?)/x }
    @calls), '', 'none starts a program or asks for an address');
my ($gate) = slurp($unit) =~ /^ExecStartPre=(.*)$/m;
is($gate, '+/usr/bin/glinto check residency --gate',
    'the gate of residency is before it, as root');

SKIP: {
    skip 'no ptrace here', 2 if !Glinto::Inject->allowed;
    skip 'a leak check traces its own process', 2 if $t->san;
    my %allowed = allowed_calls(slurp($unit));
    skip 'systemd-analyze tells no calls', 2 if !exists $allowed{read};
    my $trace = $t->path('calls');
    my $agent = $t->aggregator(wrap => ['strace', '-D', '-f', '-o', $trace]);
    $agent->site('a.example');
    my $segment = Glinto::Segment->create($t->path('spool'));
    $segment->event(site => 'a.example', visitor => $_, path => "/$_")
        for 1 .. 20;
    $segment->close;
    $t->until('rows', sub { $agent->json('status')->{ingest}{rows} == 20 });
    spew($t->path('q.json'), '{"site_id":"a.example","date_range":"day",'
        . '"metrics":["visitors"],"dimensions":["event:page"]}');
    $agent->glinto('query', $t->path('q.json'));
    $agent->glinto('backup', $t->path('backup'));
    $agent->glinto('check', 'data');
    $agent->glinto('site', 'reset', 'a.example', '--yes');
    $agent->stop;
    my %made;
    for (split /\n/, slurp($trace)) {
        $made{$1}++ if /^\d+ +(\w+)\(/;
    }
    cmp_ok(scalar keys %made, '>', 30, keys(%made) . ' kinds of calls');
    delete $made{fchown} if $> == 0; # SQLite calls it for root alone
    my @denied = grep { !exists $allowed{$_} } sort keys %made;
    is("@denied", '', 'the filter denies none');
}

# ---- sockets that are handed over ----

my %TYPE = ('events.sock' => SOCK_SEQPACKET, 'dashboard.sock' => SOCK_STREAM);
my @names = sort keys %TYPE;
my $starter = <<'EOP';
$ENV{LISTEN_PID} = $$;
$ENV{LISTEN_FDS} = 2;
exec @ARGV;
EOP
unlink map { $t->path($_) } @names;
my @sockets = map {
    my $socket = IO::Socket::UNIX->new(Type => $TYPE{$_}, Listen => 8,
        Local => $t->path($_)) or die "$_: $!";
    chmod 0660, $t->path($_);
    $socket;
} @names;
my $early = Glinto::Http->connect($t->path('dashboard.sock'));
$early->send("GET /glinto/ HTTP/1.1\r\nHost: a.example\r\n"
    . "Connection: close\r\n\r\n");
my $agent = Glinto::Aggregator->new($t);
POSIX::dup2(fileno $sockets[$_], 100 + $_) for 0, 1;
spew($t->path('start.pl'), "use POSIX ();\nPOSIX::dup2(100 + \$_, 3 + \$_) "
    . "for 0, 1;\n$starter");
$agent->start(wrap => ['perl', $t->path('start.pl')]);
like($early->response->{body} // '', qr/</, 'who was early is answered');
like($agent->json('status')->{at}, qr/^\d+$/, 'the admin socket is its own');
$agent->stop;
ok(-S $t->path($_), "$_ stays") for @names;
ok(!-e $t->path('admin.sock'), 'its own is gone');
chmod 0666, $t->path('dashboard.sock');
my $open = eval { $agent->start; 1 };
ok(!$open, 'one that is open to all is refused');
like($agent->log, qr/is open to more users than mode 0660 allows/, 'and why');
$t->done;
