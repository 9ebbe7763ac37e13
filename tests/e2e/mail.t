# Promise: on Monday at 06:00 of the site's zone, not before, whoever asked has
# the week in words by mail, in his language, with the numbers of "glinto
# summary": text and HTML, one Message-ID for him and the week, and a link that
# ends it, by one click of a mail program, too.  sendmail that fails is tried
# again later, so many times; a mail whose try was cut off is sent once more
# with the same Message-ID, and "glinto status" says so.  A text of
# summary_command takes its place only if each of its numbers is a fact.
#
# Method: glintod's and glinto-mail's clocks are turned (tests/faults/clock.c);
# sendmail is the test's own.  It runs under no unit of systemd: systemd.t
# does.

use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Mails;
use Glinto::People;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

plan skip_all => 'two clocks and a sanitizer cannot both come first'
    if $ENV{GLINTO_SAN};

my $t = Glinto::Test->new;
my $mails = Glinto::Mails->new($t);
my $world = Glinto::World->new($t, sites => ['a'], conf => $mails->conf(
    'summary_command ' . $t->path('model'), 'public_url https://stats.example/'));
my $agent = $world->agent;
my $json = JSON::PP->new->utf8;
my %CLOCK = (env => {LD_PRELOAD => $t->build . '/tests/faults/clock.so',
    GLINTO_CLOCK => $t->path('ahead')});
my $DAY_S = 86_400;

sub model { spew($t->path('model'), "#!/bin/sh\ncat >$t->{dir}/facts\n$_[0]\n");
    chmod 0755, $t->path('model') }
model('exit 1');
sub status { $agent->json('status')->{mail} }
sub run_mail { $mails->run(%CLOCK) }

# ---- recipients ----

$agent->glinto('site', 'set', 'a.example', 'timezone', 'America/New_York');
for (['ann@mail.example'], ['bob@mail.example', '--language', 'de'],
    ['notes@mail.example', '--gets', 'notices']) {
    is(($agent->glinto('recipient', 'add', '--site', 'a.example', @$_))[0], 0,
        "added: @$_");
}
like($agent->glinto('recipient', 'list'), qr/^ID +ADDRESS +SITE +LANGUAGE/,
    'a list');
is(($agent->glinto('recipient', 'add', $_, '--site', 'a.example'))[0], 2,
    "refused: $_") for 'no address', '-oQ/tmp@x.example', 'a@b@c', 'a@',
    'a,b@c.example', 'a"b@c.example';

# ---- the same on the settings page ----

my %zoe = (Cookie => person($agent, 'zoe', '--role', 'owner'),
    Host => 'localhost', Origin => 'http://localhost', 'Content-Type' =>
    'application/x-www-form-urlencoded');
sub settings {
    my (@form) = @_;
    my $page = $agent->dashboard('GET', '/glinto/a.example/settings', undef,
        \%zoe)->{body};
    return $page if !@form;
    my ($token) = $page =~ /name="token" value="([^"]+)"/;
    return $agent->dashboard('POST', '/glinto/a.example/settings',
        join('&', "token=$token", @form), \%zoe)->{status};
}
like(settings(),
    qr{<b>bob\@mail\.example</b> [^,]* words, and notices, Deutsch<},
    'who gets what');
is(settings('do=recipient.add', 'address=eve%40mail.example', 'language=fr',
    'gets=summary'), 303, 'one more');
my ($eve) = settings() =~ m{<b>eve\@.*?name="id" value="(\w+)"}s;
is(settings('do=recipient.remove', "id=$eve"), 303, 'ended');
unlike(settings(), qr/eve\@/, 'and gone');

# ---- Monday, 06:00 in New York ----

# the Monday after next, 06:00: some weeks ahead of now
my $monday = int(time / $DAY_S);
$monday = $monday - ($monday + 3) % 7 + 14;
local $ENV{TZ} = 'America/New_York';
POSIX::tzset();
sub six { POSIX::mktime(0, 0, 6, (gmtime $_[0] * $DAY_S)[3, 4, 5]) }
my $six = six($monday);
my $first = six($monday - 7); # days of 23 and 25 hours may be in between
sub at { $agent->ahead($_[0] - time) }
is(($agent->import_lines('a.example', map { {kind => 'pageview', visitor =>
    "v$_", at => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time - 3600)),
    path => '/'} } 1 .. 30))[0], 0, 'visits');
at($first + 60);
$t->until('its mails', sub { $agent->glinto('status'); $mails->waiting == 2 });
$mails->next('fail');
is(run_mail(), 75, 'the mail of one of two fails');
is(scalar($mails->sent), 1, 'the other has his');
at($first + 460);
is(run_mail(), 0, 'it is tried again, later');
is(join(' ', sort map { $_->{to} } $mails->sent),
    'ann@mail.example bob@mail.example', 'and each has one');
$t->until('settled', sub { $agent->glinto('status'); !$mails->waiting }, 20);
my $before = $mails->sent;

at($six - 61);
$agent->glinto('status') for 1 .. 3; # each is a turn of the writer
is(scalar($mails->waiting), 0, 'not a minute before six');
at($six + 60);
$t->soon('at six', sub { $agent->glinto('status'); $mails->waiting == 2 }, 20);
is(status()->{waiting}, 2, 'status: they wait');
is(run_mail(), 0, 'glinto-mail');
like($mails->stderr, qr/the text of summary_command is not used: ended with /,
    'a model that fails is told of');
my @sent = ($mails->sent)[$before .. $before + 1];
is(join(' ', sort map { $_->{to} } @sent), 'ann@mail.example bob@mail.example',
    'two mails');
my ($ann, $bob) = sort { $a->{to} cmp $b->{to} } @sent;
my $week = POSIX::strftime('%G-W%V', gmtime(($monday - 7) * $DAY_S));
like($ann->{id}, qr/^$week-[a-z0-9]{12}\@stats\.example$/, 'a Message-ID');
like($ann->{raw}, qr{^MIME-Version: 1\.0$}mi, 'MIME');
like($ann->{raw}, qr{^Content-Type: multipart/alternative}m, 'of two parts');
like($ann->{raw}, qr{^From: Glinto <glinto\@stats\.example>$}m, 'from whom');
like($ann->{raw}, qr{^Auto-Submitted: auto-generated$}m, 'by a program');
like($bob->{parts}{plain}, qr/die Woche|Die Woche/, 'in German');
my $told = $agent->json('summary', '--site', 'a.example', '--week', $week);
for my $one (@{$told->{sentences}}) {
    utf8::encode(my $text = $one->{text});
    like($ann->{parts}{plain}, qr/\Q$text\E/, 'as glinto summary says');
}
like($ann->{parts}{html}, qr{<h1\b}, 'HTML');
unlike($ann->{parts}{html}, qr{<(?:svg|img|link|script)\b|\bsrc=|url\(}i,
    'which loads nothing, and has no picture');
like($ann->{parts}{plain},
    qr{https://stats\.example/glinto/a\.example/summary}, 'a link to the page');
$t->soon('settled', sub { status()->{sent} >= 2 && !$mails->waiting }, 20);

# ---- one click ----

my ($link) = $ann->{raw} =~ /^List-Unsubscribe: <([^>]*)>$/m;
like($ann->{raw}, qr/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m,
    'as RFC 8058 has it');
my ($path) = $link
    =~ m{^https://stats\.example(/glinto/unsubscribe/[\w-]{22})$};
ok(defined $path, 'a link') or diag($link);
is($agent->dashboard('GET', $path)->{status}, 200, 'a page');
is(scalar(@{$agent->json('recipient', 'list')->{recipients}}), 3,
    'which ends nothing: programs look into links');
my $gone = $agent->dashboard('POST', $path, 'List-Unsubscribe=One-Click',
    {'Content-Type' => 'application/x-www-form-urlencoded'});
is($gone->{status}, 200, 'one click');
is(join(' ', sort map { $_->{address} }
    @{$agent->json('recipient', 'list')->{recipients}}),
    'bob@mail.example notes@mail.example', 'and it is over');
is($agent->dashboard('POST', $path, '')->{status}, 200, 'twice is as well');
is($world->store->value($world->store->meta, 'SELECT count(*) FROM audit WHERE
    instr(args, ?)', $path =~ s{.*/}{}r), 0, 'its secret is not in the audit');

# ---- sendmail fails; a try is cut off ----

sub next_week {
    my ($how) = @_;
    $six = six($monday += 7);
    at($six + 3600);
    $t->until('the mail', sub { $agent->glinto('status');
        scalar $mails->waiting });
    my ($id) = $mails->waiting;
    return $id;
}
model('echo "Only words."');
my $id = next_week();
$mails->next('fail');
$before = $mails->sent;
is(run_mail(), 75, 'sendmail fails: later');
is(scalar($mails->sent), $before, 'nothing was sent');
is(run_mail(), 75, 'nor is it tried at once again');
is(scalar(grep { /^try/ } $mails->journal($id)), 1, 'one try');
at($six + 3600 + 400);
is(run_mail(), 0, 'five minutes later it is');
my $last = ($mails->sent)[-1];
like($last->{parts}{plain}, qr/Only words\./, 'with the text of the command');
unlike($last->{parts}{plain}, qr/W[0-9]+ |Besucher/, 'in place of ours');
my $facts = $json->decode(slurp($t->path('facts')));
is($facts->{site}, 'a.example', 'it is told the facts');
ok(!defined $facts->{to} && !defined $facts->{unsubscribe},
    'and not who gets it');
$t->until('settled', sub { status()->{waiting} == 0 });

model('echo "4711 visitors came."');
$id = next_week();
$mails->next('kept');
$before = $mails->sent;
is(run_mail(), 'KILL', 'killed while sendmail works');
like($mails->stderr, qr/"4711" is no number of the facts/,
    'a number that is no fact');
is(status()->{in_doubt}, 1, 'status: in doubt');
like($agent->glinto('status'), qr/^ +in_doubt +1$/m, 'for people, too');
is(run_mail(), 0, 'sent once more');
my @two = ($mails->sent)[$before .. $before + 1];
is($two[0]{id}, $two[1]{id}, 'with the same Message-ID');
is($two[0]{raw}, $two[1]{raw}, 'the same mail');
unlike($two[0]{raw}, qr/4711/, 'without the number');
$t->soon('status counts it', sub { status()->{sent_again} == 1 }, 20);
is(status()->{in_doubt}, 0, 'and has no doubt any more');

$id = next_week();
$mails->next('kept', 'kill');
is(run_mail(), 'KILL', 'killed');
is(run_mail(), 'KILL', 'and again');
is(run_mail(), 0, 'then it is left');
$t->soon('status: left in doubt', sub { status()->{left_in_doubt} == 1 }, 20);

$id = next_week();
$mails->next(('fail') x 9);
for my $try (1 .. 5) {
    is(run_mail(), $try < 5 ? 75 : 0, "try $try");
    at($six + 3600 + 6 * 3600 * $try);
}
$t->soon('status: failed', sub { status()->{failed} == 1 }, 20);
is(scalar($mails->waiting), 0, 'and it is given up');
run_mail();
is(scalar(glob $t->path('journal/2*')), undef, 'no journal is left');

# ---- under a user of its own, with the modes of conf/tmpfiles.conf ----

SKIP: {
    my $other = 65_534;
    skip 'SKIP: only root has other users', 3
        if $> != 0 || system('setpriv --version >/dev/null 2>&1') != 0;
    note('no systemd here: under the user, not under the unit');
    my $mailer = $t->path('mailer'); # the build may lie where nobody else can go
    spew($mailer, slurp($t->build . '/glinto-mail'));
    chmod 0755, $mailer;
    chown 0, $other, $t->path('outbox');
    chmod 02750, $t->path('outbox');
    chown $other, 0, $t->path('journal'), glob($t->path('journal/.lock'));
    chmod 02750, $t->path('journal');
    chmod 0777, $t->path('kept');
    $mails->next;
    chmod 0666, $t->path('kept/next');
    $id = next_week();
    $before = $mails->sent;
    my $command = join ' ', 'setpriv', "--reuid=$other", "--regid=$other",
        '--clear-groups', 'env', (map { "$_=$CLOCK{env}{$_}" }
        sort keys %{$CLOCK{env}}), $mailer, '--conf', $t->path('glinto.conf');
    my $said = qx($command 2>&1);
    is($?, 0, 'another user hands it on') or diag($said);
    is(scalar($mails->sent), $before + 1, 'it is sent');
    $t->soon('and settled', sub { $agent->glinto('status');
        !$mails->waiting }, 20);
}

$t->done;
