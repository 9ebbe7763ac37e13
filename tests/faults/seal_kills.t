# Promise: glintod killed at any call that writes, while days are sealed and
# what was sealed before is deleted, seals them in its next life: no answer
# changes, and nothing half written is believed.

# Group: A

# Method: a copy of days of which some are not sealed, some were changed since
# and some were cut short; from it glintod starts again and again and is struck
# on the way.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Kills;
use Glinto::Sealed;
use Glinto::Test;
use Glinto::Visits;

my $DAYS = 15;
my $kills = Glinto::Kills->new(trials(small => 6, faults => 210,
    nightly => 100_000));
my ($t, $world) = ($kills->test, $kills->world);
my ($agent, $store) = ($world->agent, $world->store);
my $first_s = (int(time / 86400) - 20) * 86400;
my $sealed = Glinto::Sealed->new($world, 'a', first_s => $first_s,
    days => $DAYS);

sub judge {
    my ($what, $answers) = @_;
    my $integrity = $store->integrity;
    $kills->violated($what,
        $sealed->answers eq $answers ? () : 'other answers',
        $integrity eq 'ok' ? () : $integrity,
        $agent->log =~ /damaged|another set/ ? 'something is damaged' : (),
        visit_differences($store, $world->file('a')));
}

$sealed->import_days;
my $answers = $sealed->answers;
$t->until('all is sealed', sub { $sealed->all }, 30);
$agent->stop;
my $first = $first_s / 86400;
$sealed->change(
    "DELETE FROM sealed_pieces WHERE day < $first + 5",
    "DELETE FROM sealed_days WHERE day < $first + 7",
    "UPDATE sealed_days SET token = 1 WHERE day < $first + 11");

$kills->each('all is sealed', sub { $sealed->all }, sub {
    my ($kill) = @_;
    judge("$kill, at once", $answers);
    $t->until('all is sealed', sub { $sealed->all }, 60);
    $agent->stop;
    $agent->start(env => {});
    judge($kill, $answers);
});
$kills->report('S1', 'no answer is another one');
$t->done;
