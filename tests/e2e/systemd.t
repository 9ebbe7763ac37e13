# Promise: under systemd, with the units as the packages install them, all is
# as elsewhere: a visit is counted, a glintod that is killed is back, a policy
# that does not hold stops a start.  Started again and installed again it loses
# no event, and pages wait.  A week in words reaches a mailbox through Postfix,
# whose sendmail writes by a set-group-id bit, and a mail server through Exim,
# whose sendmail is set-user-id root, and through msmtp, with the drop-in that
# closes the unit: each once, as multipart, with its Message-ID and its end by
# one click.  glinto-mail runs as its user, with no capability, behind the
# unit's filter; systemd says that glintod.service has an exposure of 1.5 at
# most, glinto-mail.service 2.5, and with the drop-in 1.5.
#
# Method: a tree made by debootstrap, in which systemd is the first process.
# glintod's clock is turned, so that Mondays come.
#
# Check: it fetches Debian and installs packages.
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Systemd;
use Glinto::Test;
use MIME::QuotedPrint ();

my $t = Glinto::Test->new(limit_s => 600)->one_day(300);
# Packages are made of the plain build, also when this one has sanitizers.
my $build = $t->san ? $t->root . '/build' : $t->build;
plan skip_all => 'there is no plain build: make docs'
    if !-x "$build/glintod" || !-e "$build/docs/.made";
my $said = qx(@{[$t->root]}/conf/deb/build $build @{[$t->path('debs')]} 2>&1);
is($? >> 8, 0, 'packages') or diag($said);
my @debs = glob $t->path('debs/*.deb');
if (my $why = Glinto::Systemd->cannot($build, @debs)) {
    SKIP: { skip $why, 1 }
    $t->done;
    exit;
}
my $debian = Glinto::Systemd->new($t, $build);

sub run_in { # dies unless it is done
    my ($command) = @_;
    my ($status, $said) = $debian->command($command);
    die "$command: $said" if $status != 0;
    return $said;
}
sub packages { run_in("apt-get install -y --no-install-recommends @_") }
sub is_active { ($debian->command("systemctl is-active $_[0]"))[1] =~ s/\s//gr }

# ---- what the packages install ----

run_in('mkdir /srv/debs');
$debian->copy($_, '/srv/debs/' . s{.*/}{}r) for @debs;
packages('curl', 'postfix', '/srv/debs/*.deb');
run_in('glinto setup --site example.com --public --yes');
is(is_active($_), 'active', "$_ is active") for qw(glintod.service
    glintod.socket glinto-mail.path nginx.service);
# As a browser asks.
my $CURL = "curl -s -m 30 -o /dev/null -w '%{http_code}\\n' -H 'Host: "
    . "example.com' -H 'Accept-Language: en' -A 'Mozilla/5.0 (X11; Linux x86_64; "
    . "rv:128.0) Gecko/20100101 Firefox/128.0'";
my $PAGE = 'http://127.0.0.1/glinto/example.com?period=7d';
my $EVENT = q(-d '{"n":"pageview","u":"http://example.com/","d":"example.com"}')
    . ' http://127.0.0.1/api/event';
sub visit { run_in("$CURL $EVENT") =~ s/\n//r }
sub rows {
    my ($n) = ($debian->command('glinto query --json', '{"site_id":'
        . '"example.com","date_range":"day","metrics":["pageviews"]}'))[1]
        =~ /"metrics":\[(\d+)/;
    return $n // 0;
}
$t->until('the site is known', sub { visit() eq '202' });
$t->soon('a visit is counted', sub { rows() == 1 });

sub exposure {
    my ($unit) = @_;
    return (run_in("systemd-analyze security --no-pager $unit")
        =~ /exposure level for \S+: ([\d.]+)/)[0];
}
cmp_ok(exposure('glintod.service'), '<=', 1.5, 'glintod is closed');
cmp_ok(exposure('glinto-mail.service'), '<=', 2.5, 'glinto-mail, too');

# ---- started again, and installed again ----

# Pages and events, one after another until told; a line for each that was not
# answered as it must, then how many events were.
spew($debian->path('/srv/ask'), <<"EOS");
rm -f /srv/stop
while [ ! -e /srv/stop ]; do $CURL '$PAGE'; done >/srv/pages &
while [ ! -e /srv/stop ]; do $CURL $EVENT; done >/srv/events &
for n in 1 2 3 4 5; do systemctl restart glintod; done
DEBIAN_FRONTEND=noninteractive apt-get install -y --reinstall \\
    --no-install-recommends /srv/debs/*.deb >/dev/null 2>&1
touch /srv/stop
wait
grep -v '^200\$' /srv/pages
grep -v '^202\$' /srv/events
[ \$(wc -l </srv/pages) -gt 10 ] || echo few pages
grep -c . /srv/events
EOS
my $had = rows();
my $bad = run_in('bash /srv/ask');
my $events = $bad =~ s/(\d+)\n\z// ? $1 : 0;
my $under_way = $bad =~ s/^503\n//mg || 0;
cmp_ok($under_way, '<=', 6, 'of pages those under way at an end are refused');
is($bad, '', 'others wait, while it starts again and while it is installed');
cmp_ok($events, '>', 10, "nor one of $events events");
$t->soon('which are counted', sub { rows() == $had + $events });

# ---- killed; stopped by a policy ----

my ($pid) = run_in('systemctl show -P MainPID glintod') =~ /(\d+)/;
run_in("kill -9 $pid");
is(visit(), '202', 'an event while it is not there');
$t->soon('it is back, and counts it', sub { rows() == $had + $events + 1 });
run_in('printf "here US\nresidency enforce\n" >/etc/glinto/residency.conf');
isnt(($debian->command('systemctl restart glintod'))[0], 0,
    'a policy that does not hold stops its start');
like(run_in('journalctl -u glintod --no-pager -o cat -n 60'),
    qr/residency\.conf:1: this machine stands in US/, 'the journal says why');
run_in('sed -i s/enforce/report/ /etc/glinto/residency.conf');
run_in('systemctl reset-failed; systemctl restart glintod.socket glintod');
$t->soon('reported alone, it starts', sub { rows() == $had + $events + 1 });

# ---- a mail for each of three programs ----

my $CLOCK = '[Service]\nEnvironment=LD_PRELOAD=/usr/lib/clock.so '
    . 'GLINTO_CLOCK=/var/lib/glinto/ahead\n';
$debian->copy($t->build . '/tests/faults/clock.so', '/usr/lib/clock.so');
for my $unit (qw(glintod glinto-mail)) {
    run_in("mkdir -p /etc/systemd/system/$unit.service.d && printf '$CLOCK' "
        . ">/etc/systemd/system/$unit.service.d/clock.conf");
}
# What hands on also tells what it runs as.
spew($debian->path('/usr/local/bin/hand-on'), "#!/bin/sh\n"
    . "cat /proc/self/status >&2\n"
    . "exec /usr/sbin/sendmail \"\$@\"\n");
run_in('chmod 755 /usr/local/bin/hand-on; echo stats.example >/etc/mailname;'
    . 'adduser --disabled-password --gecos Ann ann; printf "%s\n" '
    . '"outbox /var/lib/glinto/outbox" "mail_command /usr/local/bin/hand-on" '
    . '"mail_from Glinto <glinto@stats.example>" '
    . '>>/etc/glinto/glinto.conf');
my $ahead_s = 0;
sub next_week {
    $ahead_s += 7 * 86_400;
    run_in(sprintf "printf '%%-16s' %d >/var/lib/glinto/ahead; "
        . 'chmod 644 /var/lib/glinto/ahead', 1000 * $ahead_s);
}
next_week();
run_in('systemctl daemon-reload; systemctl restart glintod');

sub sent {
    my ($n) = run_in('glinto status') =~ /^ +sent +(\d+)/m; # a turn of its own
    return $n;
}
# A week's mail, which FILE has in the end.
sub mailed {
    my ($by, $file, $closed) = @_;
    my $before = sent();
    next_week();
    my $mail;
    $t->soon("$by: a mail", sub {
        sent(); # a turn of the writer
        $mail = $debian->file($file);
        $mail =~ /^--=-\w+--\s*\z/m;
    }, 60) or diag(run_in('journalctl -n 40 --no-pager -o cat'));
    $t->soon("$by: told as sent", sub { sent() == $before + 1 });
    my @id = $mail =~ /^Message-Id: <(\d{4}-W\d\d-\w{12}\@example\.com)>/mig;
    is(scalar(@id), 1, "$by: once, with its Message-ID");
    like($mail, qr{^Content-Type: multipart/alternative;}m, "$by: two parts");
    like($mail, qr{^List-Unsubscribe: <https://example\.com/glinto/unsubscri}m,
        "$by: an end");
    like($mail, qr{^List-Unsubscribe-Post: List-Unsubscribe=One-Click}m,
        "$by: by one click");
    like(MIME::QuotedPrint::decode_qp($mail),
        qr{<h1 [^>]*>The week in words, }m, "$by: and HTML");
    my %is = run_in('journalctl -u glinto-mail --no-pager -o cat')
        =~ /^(\w+):[ \t]*(.*)$/mg; # of the last one
    my ($uid, $gid) = run_in('id -u glinto-mail; id -g glinto-mail') =~ /\d+/g;
    is($is{Uid}, join("\t", ($uid) x 4), "$by: by its user");
    is($is{Gid}, join("\t", ($gid) x 4), "$by: and its group");
    like($is{Groups}, qr/^(?:$gid)?\s*$/, "$by: and no other");
    is($is{CapEff}, '0' x 16, "$by: without capabilities");
    is($is{Seccomp}, 2, "$by: behind a filter");
    is($is{NoNewPrivs}, $closed ? 1 : 0, "$by: set-id bits");
    $t->soon("$by: it is over", sub { is_active('glinto-mail') eq 'inactive' })
        or diag(run_in('systemctl status glinto-mail; true'));
}

run_in('postconf -e myhostname=stats.example mydestination=stats.example; '
    . 'systemctl restart postfix');
run_in('glinto recipient add ann@stats.example --site example.com');
mailed('Postfix', '/var/mail/ann');
run_in('glinto recipient remove $(glinto recipient list | sed -n '
    . '"s/ .*ann@.*//p"); glinto recipient add bob@far.test --site example.com');

# A mail server that is not this machine's.
$debian->copy("$FindBin::Bin/mail_server.pl", '/srv/server.pl');
my $PORT = 2525;
run_in("systemd-run -q perl /srv/server.pl $PORT /srv/got");
packages('exim4-daemon-light');
run_in("sed -i 's/^dc_eximconfig_configtype.*/dc_eximconfig_configtype="
    . "smarthost/; s/^dc_smarthost.*/dc_smarthost=127.0.0.1::$PORT/' "
    . '/etc/exim4/update-exim4.conf.conf; sed -i "s/^smarthost:$/&\n  self = '
    . 'send/" /etc/exim4/exim4.conf.template; update-exim4.conf; '
    . 'systemctl restart exim4');
mailed('Exim', '/srv/got');
run_in('rm /srv/got');

packages('msmtp-mta', 'exim4-daemon-light-');
run_in("printf 'account default\nhost 127.0.0.1\nport $PORT\nfrom "
    . "glinto\@stats.example\n' >/etc/msmtprc; cp /usr/share/doc/glinto/"
    . 'glinto-mail-closed.conf /etc/systemd/system/glinto-mail.service.d/; '
    . 'systemctl daemon-reload');
cmp_ok(exposure('glinto-mail.service'), '<=', 1.5, 'with the drop-in, closed');
mailed('msmtp', '/srv/got', 1);
$debian->end;
$t->done;
