# Promise: glinto site remove and account remove say how many events and days
# they erase, and ask; without a terminal, and with any answer but yes, nothing
# is removed.  --yes does not ask.  The log has who removed what, and how much.
#
# Method: the commands on a terminal of our own, and without one; counts by
# SQL.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Fcntl qw(O_RDWR O_NOCTTY);
use Glinto::Test;
use Glinto::World;
use POSIX qw(strftime);

my $DAY_S = 86_400;
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t,
    sites => ['stay', 'leave', ['alone', 'other']]);
my $agent = $world->agent;

sub sites { join ' ', map { $_->{domain} } @{$agent->json('site', 'list')->{sites}} }

# A command whose input and errors are a terminal, on which WORDS are typed:
# (status, what the terminal shows).
sub typed {
    my ($words, @command) = @_;
    sysopen my $our, '/dev/ptmx', O_RDWR | O_NOCTTY or die "ptmx: $!\n";
    ioctl $our, 0x40045431, my $unlock = pack 'i', 0 or die "TIOCSPTLCK: $!\n";
    ioctl $our, 0x80045430, my $number = pack 'I', 0 or die "TIOCGPTN: $!\n";
    my $name = '/dev/pts/' . unpack 'I', $number;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        open STDIN, '<', $name or die;
        open STDERR, '>', $name or die;
        open STDOUT, '>', $name or die;
        close $our;
        exec $t->build . '/glinto', '--socket', $t->path('admin.sock'), @command;
    }
    sysopen my $theirs, $name, O_RDWR | O_NOCTTY or die "$name: $!\n";
    syswrite $our, "$words\n";
    waitpid $pid, 0;
    my $status = $? >> 8;
    close $theirs; # the terminal ends when all of it was read
    my $shown = '';
    1 while sysread $our, $shown, 65_536, length $shown;
    return ($status, $shown);
}

spew($t->path('past'), join '', map {
    my $at = strftime('%Y-%m-%dT12:00:00Z', gmtime(time - (2 + $_ % 3) * $DAY_S));
    qq({"kind":"pageview","visitor":"v$_","at":"$at"}\n)
} 1 .. 1200);
$agent->glinto('import', '--site', $_, '--format', 'events', $t->path('past'))
    for qw(stay.example leave.example);

# ---- no terminal ----

my ($status, $out, $err) = $agent->glinto('site', 'remove', 'leave.example');
is($status, 2, 'without a terminal it is refused');
is($err, "Site leave.example has 1,200 events of 3 days.\n"
    . 'glinto: nothing is erased: there is no terminal to ask on; add --yes '
    . "to erase without a question; see glinto site --help\n", 'and says what it would erase');
is(sites(), 'alone.example leave.example stay.example', 'nothing is erased');

# ---- a terminal ----

for my $answer ('no', '', 'y', 'yesterday', 'Yes') {
    my ($refused, $shown) = typed($answer, 'site', 'remove', 'leave.example');
    is("$refused " . sites(), '1 alone.example leave.example stay.example',
        "\"$answer\" removes nothing");
    like($shown, qr/1,200 events of 3 days\..*Type yes: .*nothing is erased/s,
        'it was asked') if $answer eq 'no';
}
my ($removed, $shown) = typed('yes', 'site', 'remove', 'leave.example');
is("$removed " . sites(), '0 alone.example stay.example', 'yes does');
like($shown, qr/site leave\.example removed/, 'and it is said');
like($agent->log, qr/site leave\.example is removed by uid $>: it was site 2 /,
    'the log has who removed it');
like($agent->log, qr/had of site 2 is erased; events: 1200, UTC days: 3$/m,
    'and how much it was');

# ---- accounts ----

my ($full, undef, $why) = $agent->glinto('account', 'remove', 'other');
is($full, 1, 'an account that has sites is refused');
like($why, qr/\Aglinto: account "other" has 1 site; remove or move/, 'without a question');
is(join('', $agent->glinto('site', 'remove', 'alone.example', '--yes')),
    "0site alone.example removed\n", '--yes asks nothing');
like(join('', $agent->glinto('account', 'remove', 'other')),
    qr/\A2Account other has no events\./, 'an empty account asks');
is((typed('yes', 'account', 'remove', 'other'))[0], 0, 'and goes');
like($agent->log, qr/account "other" is removed by uid $>; its files are erased/,
    'the log has it');

# ---- mistakes ----

is(join('', ($agent->glinto('site', 'remove', 'nosuch.example'))),
    "1glinto: there is no site \"nosuch.example\"\n", 'what is not there');
my @help = $agent->glinto('site', '--help');
like($help[1], qr/^  glinto site remove DOMAIN \[--yes\]$/m, 'the help has --yes');
unlike($help[1], qr/erases DOMAIN/, 'and not the verb that counts');
$t->done;
