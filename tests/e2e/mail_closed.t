# Promise: with a sendmail that needs no set-id bit, as msmtp's, glinto-mail
# may be closed: the drop-in that we ship leaves it an exposure of 1.5 at most,
# and under its properties (no new privileges, no capability, a user of its
# own, the calls of its filter alone) a mail reaches a mail server, with its
# Message-ID.
#
# Check, without sanitizers: two clocks, and a mail that is made
#
# Method: systemd-analyze reads the unit with the drop-in behind it.  No
# systemd runs the program here (it does in systemd.t): setpriv takes what it
# can, strace lists the calls.  The sendmail is msmtp where the machine has it
# (MSMTP names another), else one of the test's; so is the mail server.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Inject;
use Glinto::Mails;
use Glinto::Test;
use Glinto::UnitFile qw(allowed_calls);
use Glinto::World;
use IO::Socket::INET;

my $MOST = 1.5;
my $NOBODY = 65_534;
my $t = Glinto::Test->new;
plan skip_all => 'two clocks and a sanitizer cannot both come first'
    if $t->san;
my $conf = $t->root . '/conf';

# ---- how far it is closed ----

my $unit = slurp("$conf/glinto-mail.service") =~ s/^\[Install\].*//msr
    . slurp("$conf/glinto-mail-closed.conf");
mkdir $t->path('units');
spew($t->path('units/glinto-mail.service'), $unit);
SKIP: {
    my $said = qx(systemd-analyze security --offline=true ${\
        $t->path('units/glinto-mail.service')} 2>&1);
    my ($exposure) = $said =~ /exposure level for \S+: ([\d.]+)/;
    skip 'no systemd-analyze that reads a file', 1 if !defined $exposure;
    cmp_ok($exposure, '<=', $MOST, "exposure $exposure");
}

# ---- a mail server ----

my $port = $t->port;
my $got = $t->path('got');
my $server = $t->spawn('server', 'perl', "$FindBin::Bin/mail_server.pl", $port,
    $got);
$t->until('a mail server', sub { IO::Socket::INET->new("127.0.0.1:$port") });

# ---- sendmail ----

my ($msmtp) = grep { -x } $ENV{MSMTP} // (), '/usr/bin/msmtp';
my $own = <<'END'; # a client in its own few lines
use IO::Socket::INET;
my $s = IO::Socket::INET->new("127.0.0.1:$ENV{PORT}") or exit 75;
my $mail = do { local $/; <STDIN> } =~ s/\r?\n/\r\n/gr . "\r\n";
for ('', 'HELO a', 'MAIL FROM:<a@b>', "RCPT TO:<$ARGV[-1]>", 'DATA', "$mail.",
    'QUIT') {
    print $s "$_\r\n" if $_ ne '';
    (<$s> // '') =~ /^[23]/ or exit 75;
}
END
my $how = $msmtp ? "exec $msmtp --host=127.0.0.1 --port=$port "
    . "--from=glinto\@stats.example --domain=stats.example"
    : 'PORT=' . $port . " exec perl '" . $t->path('own.pl') . "'";
spew($t->path('own.pl'), $own);
note($msmtp ? `$msmtp --version` =~ s/\n.*//sr : 'SKIP msmtp: none here');

my $mails = Glinto::Mails->new($t);
my $world = Glinto::World->new($t, sites => ['a'], conf => $mails->conf);
my $agent = $world->agent;
spew($t->path('sendmail'), "#!/bin/sh\n$how \"\$@\"\n");
$agent->glinto('recipient', 'add', 'ann@mail.example', '--site', 'a.example');
my $DAY_S = 86_400;
my $today = int(time / $DAY_S);
my $monday = $today + 7 - ($today + 3) % 7;
$agent->ahead(($monday + 0.5) * $DAY_S - time); # at noon
$t->until('a mail', sub {
    $agent->glinto('status');
    $mails->waiting == 1;
}, 30);
my ($id) = slurp($t->path('outbox/' . ($mails->waiting)[0]))
    =~ /"message_id": ?"([^"]+)"/;

# ---- glinto-mail, closed ----

my $trace = $t->path('calls');
my @wrap = Glinto::Inject->allowed ? ('strace', '-f', '-o', $trace) : ();
my $can = $> == 0 && system('setpriv --version >/dev/null 2>&1') == 0;
if ($can) {
    system('chmod', '-R', 'go+rX', $t->dir);
    chown $NOBODY, $NOBODY, $t->path('journal');
    unshift @wrap, 'setpriv', "--reuid=$NOBODY", "--regid=$NOBODY",
        '--clear-groups', '--no-new-privs', '--bounding-set=-all',
        '--inh-caps=-all';
    chmod 0777, $t->dir;
} else {
    note('SKIP setpriv: not root');
}
my $status = $mails->run(wrap => \@wrap, env => {LD_PRELOAD => $t->build
    . '/tests/faults/clock.so', GLINTO_CLOCK => $t->path('ahead')});
is($status, 0, 'it hands on all') or diag($mails->stderr);
my $mail = slurp($got);
like($mail, qr/^Message-ID: <\Q$id\E>\r$/mi, 'the server has the mail');
like($mail, qr/^To: \S*ann\@mail\.example/m, 'for her');
like($mail, qr/^Content-Type: multipart\/alternative/m, 'whole');
kill 'TERM', $server;
$t->ended($server);

SKIP: {
    skip 'no ptrace here', 1 if !Glinto::Inject->allowed;
    my %allowed = allowed_calls($unit);
    skip 'systemd-analyze tells no calls', 1 if !exists $allowed{read};
    my %made = map { /^\d+ +(\w+)\(/ ? ($1 => 1) : () } split /\n/,
        slurp($trace);
    my @denied = grep { !exists $allowed{$_} } sort keys %made;
    is("@denied", '', 'the filter denies none of ' . keys(%made) . ' calls');
}
$t->done;
