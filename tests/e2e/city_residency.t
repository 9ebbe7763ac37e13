# Promise: "glinto check residency" asks the servers of PostgreSQL themselves.
# What holds is checked; who streams from outside the policy, without TLS or by
# a certificate of another authority, an archive command to elsewhere, a server
# that shows another authority's certificate or does not answer, and what else
# may send, is refused, each by a sentence of its own, as text and as JSON.  A
# gate asks no server.
#
# Method: a primary and a hot standby at addresses of the test's own, in a data
# file of countries of its own.
#
# Check: it starts PostgreSQL, twice.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Addresses;
use Glinto::Countries;
use Glinto::Postgresql;
use Glinto::Test;
use JSON::PP ();

my ($FRA, $AMS, $FAR) = qw(192.0.2.10 203.0.113.20 198.51.100.30);
private_addresses($FRA, $AMS, $FAR);
my $t = Glinto::Test->new(limit_s => 600);
write_countries($t->path('countries'), '192.0.2.0/24' => 'DE',
    '203.0.113.0/24' => 'NL', '198.51.100.0/24' => 'US');

# ---- certificates ----

sub openssl {
    my $command = join ' ', 'openssl', @_;
    my $said = qx($command 2>&1);
    die "$command: $said\n" if $?;
}
sub authority {
    my ($file, $name) = @_;
    openssl('req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes '
        . "-days 2 -subj '/CN=$name' -keyout", $t->path("$file.key"), '-out',
        $t->path("$file.pem"));
}
sub certificate { # FILE.pem and FILE.key of AUTHORITY
    my ($file, $authority, $addresses) = @_;
    my ($key, $pem, $request) = map { $t->path("$file.$_") } qw(key pem csr);
    openssl('req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '
        . "/CN=glinto -keyout $key -out $request");
    spew($t->path('names'), 'subjectAltName=' . ($addresses // 'DNS:none'));
    openssl("x509 -req -in $request -days 2 -CAcreateserial -CA",
        $t->path("$authority.pem"), '-CAkey', $t->path("$authority.key"),
        '-extfile', $t->path('names'), "-out $pem");
    chown((getpwnam 'postgres')[2, 3], $key, $pem) if !$>;
    chmod 0600, $key;
}
chmod 0755, $t->dir;
authority('ca', 'Glinto CA');
authority('other', 'Other CA');
my $addresses = join ',', map { "IP:$_" } $FRA, $AMS, $FAR;
certificate('server', 'ca', $addresses);
certificate('strange', 'other', $addresses);
certificate('elsewhere', 'ca', 'IP:192.0.2.99');
certificate('standby', 'ca');
certificate('stranger', 'other');
spew($t->path('both.pem'), slurp($t->path('ca.pem')) . slurp($t->path('other.pem')));

# ---- servers ----

my $tls = "ssl = on\nssl_ca_file = '@{[$t->path('both.pem')]}'\n";
sub shows { # CERTIFICATE, as lines of the server's file
    my ($name) = @_;
    return join '', map { "ssl_$_->[0]_file = '@{[$t->path(\"$name.$_->[1]\")]}'\n" }
        ['cert', 'pem'], ['key', 'key'];
}
my $fra = Glinto::Postgresql->new($t, 'fra', listen => "$FRA,$AMS,$FAR");
$fra->settings($tls . shows('server') . "archive_mode = on\n");
spew($t->path('fra/data/pg_hba.conf'), "local all,replication all trust\n"
    . "local replication all trust\nhost all all all trust\n"
    . "host replication all all trust\n");
$fra->start;
$fra->sql('CREATE ROLE reader LOGIN');

# How one that streams from the address AT connects, by CERTIFICATE.
sub from {
    my ($at, $certificate) = @_;
    my $words = "host=$at port=5432 user=glinto sslmode=";
    return $words . 'disable' if !defined $certificate;
    $words .= "verify-ca sslrootcert=@{[$t->path('ca.pem')]}";
    return $words if $certificate eq '';
    return $words . " sslcert=@{[$t->path(\"$certificate.pem\")]}"
        . " sslkey=@{[$t->path(\"$certificate.key\")]}";
}
my $ams = $fra->standby('ams', listen => $AMS, port => 5433);
$ams->streams(from($AMS, 'standby') . ' application_name=ams');
$ams->start;

# Another one that streams, called "far", while DO runs.
sub with_far {
    my ($do, @from) = @_;
    mkdir $t->path('wal');
    my $pid = $t->spawn('far', Glinto::Postgresql::_bin()
        . '/pg_receivewal', '-D', $t->path('wal'), '--no-loop', '-d',
        from(@from) . ' application_name=far');
    $t->until('far streams', sub { $fra->sql('SELECT count(*) FROM '
        . "pg_stat_replication WHERE application_name = 'far'") });
    my @said = $do->();
    kill 'TERM', $pid;
    $t->ended($pid, 20);
    $t->until('far is gone', sub { !$fra->sql('SELECT count(*) FROM '
        . "pg_stat_replication WHERE application_name = 'far'") });
    return @said;
}

# ---- the check ----

spew($t->path('nginx'), "#!/bin/sh\necho '# configuration file /nginx.conf:'\n"
    . "echo 'events {} http {}'\n");
chmod 0755, $t->path('nginx');
spew($t->path('program'), "\0");
$ENV{GLINTO_NGINX} = $t->path('nginx');
$ENV{GLINTO_POSTGRESQL} = $t->build . '/glinto-postgresql';
mkdir $t->path('data');
my $words = "host=$FRA,$AMS port=5432,5433 dbname=glinto user=reader "
    . "connect_timeout=60 sslmode=verify-full sslrootcert=@{[$t->path('ca.pem')]}";
spew($t->path('glinto.conf'), "data @{[$t->path('data')]}\n"
    . "log postgresql $words\nfollow postgresql $words\n");
my $policy = "here DE\nallow $FRA $AMS $FAR\nauthority /CN=Glinto CA\n"
    . "mmdb @{[$t->path('countries')]}\nresidency enforce\n";

sub check { # (exit status, output) with MORE lines of the policy
    my ($more, @args) = @_;
    spew($t->path('residency.conf'), $policy . $more);
    my $command = join ' ', $t->build . '/glinto', 'check residency',
        '--policy', $t->path('residency.conf'), '--conf',
        $t->path('glinto.conf'), '--unit', $t->root . '/conf/glintod.service',
        '--program', $t->path('program'), @args;
    my $said = qx($command 2>&1);
    return ($? >> 8, $said);
}
my (%said, $status, $said);
sub refused { # WHAT: it is, and by a sentence like this
    my ($what, $like, $status, $said) = @_;
    is($status, 1, $what);
    my @lines = $said =~ /^  REFUSED   (.*)$/mg;
    my ($line) = grep { $_ =~ $like } @lines;
    ok(defined $line, '  ' . ($line // 'not said')) or diag($said);
    $said{$line =~ s/^\S+: //r}++ if defined $line;
    is(scalar @lines, 1, '  and by nothing else') or diag($said);
}

($status, $said) = check('');
is($status, 1, 'who is connected must be told');
like($said, qr/log: \Q$FRA\E does not tell this user .* GRANT pg_monitor/, 'how');
$fra->sql('GRANT pg_monitor TO reader');
$t->until('the standby has it, too', sub {
    $ams->sql(q{SELECT pg_has_role('reader', 'pg_monitor', 'USAGE')}) eq 't' });
($status, $said) = check('');
is($status, 0, 'two servers as they should be') or diag($said);
for ("log: $FRA answers, the primary", "log: $AMS answers, a hot standby",
    "log: $FRA (standby ams): $AMS ($AMS) is in NL and allowed",
    "log: $FRA streams to ams by a certificate of /CN=Glinto CA",
    "log: $AMS (its primary): $AMS ($AMS) is in NL and allowed",
    "log: $FRA archives nothing")
{
    like($said, qr/^  checked   \S+glinto\.conf:2: \Q$_\E$/m, $_)
        or diag($said);
}
unlike($said, qr/glinto\.conf:3: follow: \S+ answers/, 'each is asked once');
my $report = JSON::PP::decode_json((check('', '--json'))[1]);
ok($report->{holds}, 'JSON says so');
ok((grep { $_->{kind} eq 'checked' && $_->{says} =~ /streams to ams by/ }
    @{$report->{findings}}), 'and what was checked');

# ---- who streams ----

refused('a standby outside the policy',
    qr/log: \Q$FRA (standby far) sends to $FAR ($FAR) in US, which is not/,
    with_far(sub { check('') }, $FAR, 'standby'));
($status, $said) = with_far(sub { check("countries EEA US\n") }, $FAR, 'standby');
is($status, 0, 'where it may be it passes') or diag($said);
like($said, qr/^  declared  \S+: log: \Q$FRA\E streams to far, .* was not/m,
    'as one that was not asked');
refused('one without TLS', qr/streams to far without TLS/,
    with_far(sub { check('') }, $FRA, undef));
refused('one of another authority', qr{streams to far, whose certificate is }
        . 'of another authority: no "authority" is /CN=Other CA',
    with_far(sub { check('') }, $FRA, 'stranger'));
refused('one without a certificate', qr/streams to far, which showed no/,
    with_far(sub { check('') }, $FRA, ''));
$fra->sql(q{SELECT pg_create_physical_replication_slot('away')});
refused('a slot that waits', qr/keeps its log for the slot away, of which nobody/,
    check(''));
$fra->sql(q{SELECT pg_drop_replication_slot('away')});

# ---- where it archives to ----

sub archives {
    my ($command, $more) = @_;
    $fra->sql("ALTER SYSTEM SET archive_command = '$command'");
    $fra->reload;
    $t->until('it archives so', sub {
        $fra->sql('SHOW archive_command') eq $command });
    return check($more // '');
}
refused('an archive command to elsewhere',
    qr/archives by rsync, and no "program" of the policy names it/,
    archives('rsync %p far.example:/'));
($status, $said) = archives('rsync %p far.example:/', "program rsync\n");
is($status, 0, 'one that the policy names');
like($said, qr/^  declared  \S+: log: \Q$FRA\E archives by rsync, to allowed/m,
    'is declared');
refused('more than one program', qr/archives by more than one program, of which/,
    archives('test -f %p && rsync %p far.example:/', "program test\n"));
is((check('', '--gate'))[0], 0, 'a gate asks no server');
archives('');

# ---- what else may send ----

$fra->sql('CREATE EXTENSION postgres_fdw; CREATE SERVER away FOREIGN DATA '
    . "WRAPPER postgres_fdw OPTIONS (host '$FAR')");
$fra->sql('CREATE SERVER nowhere FOREIGN DATA WRAPPER postgres_fdw');
$fra->sql('CREATE EXTENSION dblink');
$fra->sql("CREATE SUBSCRIPTION one CONNECTION 'host=$FAR' PUBLICATION one "
    . 'WITH (connect = false)');
(undef, $said) = check('');
for ("(foreign server away) sends to $FAR ($FAR) in US, which is not allowed",
    'has the foreign server nowhere, which names no host',
    'has the extension dblink: where its programs send cannot be read',
    'has the subscription one, to a server that it does not tell')
{
    like($said, qr/^  REFUSED   \S+glinto\.conf:2: log: \Q$FRA $_\E/m, $_);
}
$fra->sql($_) for 'DROP EXTENSION postgres_fdw CASCADE', 'DROP EXTENSION dblink',
    'ALTER SUBSCRIPTION one SET (slot_name = NONE)', 'DROP SUBSCRIPTION one';

# ---- who answers ----

sub certified {
    my ($name) = @_;
    $fra->settings(shows($name));
    $fra->reload;
    # each connection reads what its parent has read
    $t->until("it shows $name", sub {
        $fra->sql('SHOW ssl_cert_file') =~ m{/\Q$name\E\.pem$} });
    return check('');
}
$ams->stop;
refused('a server that does not answer',
    qr/log: \Q$AMS\E was not asked where it sends: .*refused/, check(''));
spew($t->path('glinto.conf'), slurp($t->path('glinto.conf'))
    =~ s/,\Q$AMS\E port=5432,5433/ port=5432/gr);
is((check(''))[0], 0, 'named no more it is not asked');
refused('a server of another authority',
    qr/log: \Q$FRA\E shows a certificate of another authority: nothing/,
    certified('strange'));
refused('a server of another name',
    qr/log: \Q$FRA\E shows a certificate of another host: /,
    certified('elsewhere'));
is(join(', ', grep { $said{$_} > 1 } keys %said), '', 'no sentence twice');
$t->done;
