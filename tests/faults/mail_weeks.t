# Promise: over 53 weeks, a new year and all changes of summer time, in three
# zones, each week's mail is made on Monday at 06:00 of the zone and not a
# minute before; with a kill in every mail, of glinto-mail or of glintod, none
# is lost, and a second copy comes only where the kill was between sendmail and
# the journal's line about it: with the same Message-ID, and counted in "glinto
# status".
#
# Method: both clocks go on from one Monday to the next.  sendmail kills before
# or after it keeps a mail; strace kills glinto-mail at calls before and after;
# glintod is killed when a mail appears.
#
# Group: C
# Slow: some kills a week, and turns of two clocks
# Check, without sanitizers: that many mails

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Inject;
use Glinto::Mails;
use Glinto::Test;
use Glinto::World;
use POSIX ();
use Time::HiRes ();

plan skip_all => 'two clocks and a sanitizer cannot both come first'
    if $ENV{GLINTO_SAN};

my $WEEKS = trials(small => 6, faults => 53, nightly => 53);
my %ZONE = (york => 'America/New_York', berlin => 'Europe/Berlin',
    howe => 'Australia/Lord_Howe');
my $DAY_S = 86_400;
my $t = Glinto::Test->new(limit_s => 60 + 20 * $WEEKS);
my $seed = seed();
my $began = Time::HiRes::time();
my $mails = Glinto::Mails->new($t);
my $world = Glinto::World->new($t, conf => $mails->conf,
    sites => [map { [$_, undef, '--timezone', $ZONE{$_}] } sort keys %ZONE]);
my $agent = $world->agent;
my $traces = Glinto::Inject->allowed;
my %CLOCK = (LD_PRELOAD => $t->build . '/tests/faults/clock.so',
    GLINTO_CLOCK => $t->path('ahead'));
$agent->glinto('recipient', 'add', "$_\@mail.example", '--site', "$_.example")
    for sort keys %ZONE;

# When it is 06:00 on the Monday DATE (days since 1970) in ZONE.
sub six {
    my ($zone, $date) = @_;
    local $ENV{TZ} = $ZONE{$zone};
    POSIX::tzset();
    my $s = POSIX::mktime(0, 0, 6, (gmtime $date * $DAY_S)[3, 4, 5], 0, 0, -1);
    return $s;
}
sub at { $agent->ahead($_[0] - time); $agent->glinto('status') }
# A few turns of the writer.
sub turns { $agent->glinto('status') for 1 .. 3 }

# Before: (what sendmail does, a command before glinto-mail).
sub at_call { [qw(strace -f -o), $t->path('trace'), '-e', "trace=$_[0]", '-e',
    "inject=$_[0]:signal=KILL:when=$_[1]"] }
my %KILLS = (
    # between "try" and "sent": nobody knows
    kept => sub { (['kept'], []) },
    kill => sub { (['kill'], []) },
    # before, and after
    $traces ? (before => sub { ([], at_call('write', 1)) },
        after => sub { ([], at_call('unlink', 1)) }) : (),
    glintod => sub { ([], []) },
);
my (%done, %copies, @wrong);

sub kill_one {
    my ($how) = @_;
    my ($next, $wrap) = $KILLS{$how}->();
    if ($how eq 'glintod') {
        $agent->kill9;
        $agent->start;
        turns();
    }
    $mails->next(@$next);
    my $ended = $mails->run(env => \%CLOCK, wrap => $wrap);
    push @wrong, "$how: glinto-mail ended with $ended"
        if ($ended eq 'KILL') != ($how =~ /^(?:kept|kill|before)$/)
            && $how ne 'after';
    $done{$how}++;
    for (1 .. 3) {
        last if $mails->run(env => \%CLOCK) eq '0';
    }
}

my $monday = int(time / $DAY_S);
$monday += 14 - ($monday + 3) % 7;
# the one before is over when it begins
at(six('york', $monday - 7) + 3600);
$t->until('the mails of before', sub { turns(); $mails->waiting == 3 }, 30);
$mails->run(env => \%CLOCK);
my $first = $mails->sent;
for my $week (0 .. $WEEKS - 1) {
    my $date = $monday + 7 * $week;
    for my $zone (sort { six($a, $date) <=> six($b, $date) } keys %ZONE) {
        my $six = six($zone, $date);
        my @hows = sort keys %KILLS;
        my $how = $hows[rand @hows];
        at($six - 61);
        $t->until('the last one is settled', sub { turns(); !$mails->waiting },
            30);
        push @wrong, "$zone, week $week: too early" if $mails->waiting;
        my $before = $mails->sent;
        at($six + 60);
        $t->until("$zone, week $week: its mail", sub { turns();
            $mails->waiting == 1 }, 30);
        kill_one($how);
        my @new = ($mails->sent)[$before .. $mails->sent - 1];
        my $id = POSIX::strftime('%G-W%V', gmtime(($date - 7) * $DAY_S));
        my $want = $how eq 'kept' ? 2 : 1;
        push @wrong, "$zone, $id, $how: " . @new . ' copies' if @new != $want;
        push @wrong, "$zone, $id, $how: to $_->{to}, $_->{id}" for grep {
            $_->{to} ne "$zone\@mail.example" || $_->{id} !~ /^$id-/ } @new;
        push @wrong, "$zone, $id: other copies" if keys %{{map {
            $_->{raw} => 1 } @new}} > 1;
        $copies{$_->{id}}++ for @new;
    }
}
at(six('york', $monday + 7 * ($WEEKS - 1)) + 3600);
$t->until('all are settled', sub { turns(); !$mails->waiting }, 30);

diag("SEED=$seed, ", join ', ', map { "$_: $done{$_}" } sort keys %done);
is(scalar keys %copies, 3 * $WEEKS, "$WEEKS weeks in three zones: none lost");
is_deeply([@wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]], [],
    'each once, or twice where the kill was in the window');
my $status = $agent->json('status')->{mail};
is($status->{sent_again}, ($done{kept} // 0) + ($done{kill} // 0),
    'status counts those');
is($status->{sent}, 3 * $WEEKS + $first, 'and all that were sent');
is($status->{failed} + $status->{left_in_doubt} + $status->{in_doubt}, 0,
    'none is in doubt');
diag(sprintf 'M53 %d %d %.1f %d', 3 * $WEEKS, scalar @wrong,
    Time::HiRes::time() - $began, $seed);
$t->done;
