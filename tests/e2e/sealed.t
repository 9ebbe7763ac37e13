# Promise: a day that is over is sealed, and that changes no answer: not when
# a fresh glintod reads what is sealed, nor when all of it is deleted or some
# is damaged, which the log and "glinto check" tell; nor when a late event of
# such a day comes, whose new answer is right at once.  What is sealed leaves a
# file with its site.
#
# Method: imported days; the same questions after each change.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Sealed;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => [['a', 'one'], ['b', 'two']]);
my ($agent, $store) = ($world->agent, $world->store);
my $first_s = (int(time / 86400) - 9) * 86400;
my $sealed = Glinto::Sealed->new($world, 'a', first_s => $first_s, days => 3);

sub restart { $agent->stop; $agent->start }
sub check {
    my ($status, $out, $err) = $agent->glinto('check', 'data');
    return "$status $out$err";
}

$sealed->import_days;
my $answers = $sealed->answers;
like($answers, qr/^200 .*"metrics":\[\d\d/, 'there is something to ask');
$t->soon('days that are over are sealed', sub { $sealed->all });
my $status = $agent->json('status')->{ingest};
ok($status->{sealed_days} >= 3, 'status counts them');
cmp_ok(8 * $status->{seal_commits}, '<', $sealed->pieces,
    'many pieces are one commit');
is(check(), "0 4 files checked, 0 faults\n", 'check finds no fault');

restart();
is($sealed->answers, $answers, 'a fresh glintod says the same');
unlike($agent->log, qr/damaged/, 'of what is sealed');

# ---- deleted, damaged ----

$agent->stop;
$sealed->change('DELETE FROM sealed_days', 'DELETE FROM sealed_pieces');
$agent->start;
is($sealed->answers, $answers, 'the same without what is sealed');
$t->soon('it is sealed again', sub { $sealed->all });

$agent->stop;
$sealed->change('UPDATE sealed_pieces SET bytes = zeroblob(length(bytes))
    WHERE day = (SELECT min(day) FROM sealed_days)');
$agent->start;
is($sealed->answers, $answers, 'the same when some is damaged');
like($agent->log, qr/what is sealed of day \d+ of site \d+ is damaged: /,
    'the log tells');
like(check(), qr/\d+ pieces of sealed days that are damaged/, 'so does check');

# ---- changed ----

my $late = $world->segment(wall_ms => 1000 * $first_s);
$late->event(site => 'a.example', visitor => 99, path => '/late',
    at_ms => 1000 * ($first_s + 90_000));
$late->close;
$t->until('the late event', sub {
    $store->value($world->file('a'), "SELECT count(*) FROM events e
        JOIN paths p ON p.code = e.path WHERE p.text = '/late'");
});
my $changed = $sealed->answers;
like($changed, qr{/late}, 'a late event is counted at once');
restart(); # it is folded at once
$t->until('all is folded', sub { !$world->late }, 30);
is($sealed->answers, $changed, 'and the same once it is folded');
$t->soon('the day is sealed again', sub { $sealed->all });
is($sealed->answers, $changed, 'and says the same');

# ---- elsewhere ----

my $before = $world->file('a');
$world->move('a', 'two');
is($sealed->answers, $changed, 'a site that moves says the same');
$t->soon('nothing sealed stays behind', sub {
    !$store->value($before, 'SELECT (SELECT count(*) FROM sealed_days)
        + (SELECT count(*) FROM sealed_pieces)');
});
$t->soon('it is sealed where it is', sub { $sealed->all }, 30);
$agent->glinto('backup', $t->path('copy'));
my ($copy) = $world->file('a') =~ m{([^/]+)$};
is($store->value($t->path("copy/acct/$copy"),
    'SELECT count(*) FROM sealed_pieces'), $sealed->pieces,
    'a backup has it');
$agent->glinto('site', 'remove', 'a.example', '--yes');
$t->soon('and it goes with its site', sub { !$sealed->pieces });
$t->done;
