# Promise: glintod killed at any call that writes, while rows of sealed days
# are let go, lets them go in its next life: no answer changes, each receipt is
# equal, and as many rows were stored as before.

# Group: A

# Method: a copy of sealed days whose rows are due; from it glintod starts
# again and again and is struck on the way.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Kills;
use Glinto::Sealed;
use Glinto::Test;
use JSON::PP ();
use POSIX ();

my $DAYS = 15;
my $kills = Glinto::Kills->new(trials(small => 6, faults => 210,
    nightly => 100_000));
my ($t, $world) = ($kills->test, $kills->world);
my ($agent, $store) = ($world->agent, $world->store);
my $first_s = (int(time / 86400) - 20) * 86400;
my $sealed = Glinto::Sealed->new($world, 'a', first_s => $first_s,
    days => $DAYS);
my $json = JSON::PP->new->canonical->utf8;
my $until = int(time / 86400) - 7; # the first day that is kept

sub done {
    return $store->value($world->file('a'), "SELECT (SELECT count(*) FROM
        let_go WHERE done AND day < $until) = (SELECT count(DISTINCT day)
        FROM day_rows WHERE day < $until) AND NOT EXISTS (SELECT 1 FROM events
        WHERE at < $until * 86400000)");
}

# Whether all is equal, from what, and how many were stored of each kind.
sub receipt {
    my @range = map { POSIX::strftime('%F', gmtime $first_s + 86400 * $_) }
        0, $DAYS;
    my $reply = $agent->admin('POST', '/v1/receipt', $json->encode({query =>
        {site_id => 'a.example', date_range => \@range, metrics =>
        [qw(visitors visits pageviews events)], dimensions =>
        ['event:page', 'visit:source']}}));
    my $receipt = $json->decode($reply->{body})->{meta}{receipt};
    return $json->encode([@$receipt{qw(equal numbers stored_as)}]);
}

sub judge {
    my ($what, $answers, $stored) = @_;
    my $integrity = $store->integrity;
    my $receipt = receipt();
    $kills->violated($what,
        $sealed->answers eq $answers ? () : 'other answers',
        $receipt eq $stored ? () : "a receipt: $receipt",
        $integrity eq 'ok' ? () : $integrity,
        $agent->log =~ /damaged|another set/ ? 'something is damaged' : ());
}

$sealed->import_days;
my $answers = $sealed->answers;
my $stored = receipt();
like($stored, qr/^\[true/, 'a receipt of rows is equal');
$t->until('all is sealed', sub { $sealed->all }, 30);
$agent->glinto('site', 'set', 'a.example', 'keep_rows', 7);
$agent->stop;

# A file whose log is to be recovered cannot be read.
$kills->each('all is let go', sub { eval { done() } }, sub {
    my ($kill) = @_;
    judge("$kill, at once", $answers, $stored);
    $t->until('all is let go', \&done, 60);
    judge($kill, $answers, $stored);
});
$kills->report('S2', 'no answer is another one');
$t->done;
