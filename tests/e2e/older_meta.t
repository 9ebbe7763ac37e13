# Promise: rows of a site are deleted only where they are found in the account
# that has the site, too.  With a meta.db of before a move in its place, no row
# goes: not at the start, and not when the site is moved once more, which puts
# things right where no event came in between.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Basename;
use File::Copy qw(copy);
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['still', 'busy']);
my ($agent, $store) = ($world->agent, $world->store);
$agent->glinto('account', 'add', 'other');
my $was = $world->file('still');

sub restore { # one file of the backup
    my ($file, $name) = @_;
    $agent->stop;
    unlink glob "$file-*";
    copy($t->path("copy/$name"), $file) or die "copy: $!\n";
}
sub counted { # an event more of each of these sites
    my ($n, @sites) = @_;
    my $want = $world->rows + @sites;
    my $segment = $world->segment;
    $segment->event(site => "$_.example", visitor => $n) for @sites;
    $segment->close;
    $t->soon("$want events are counted", sub { $world->rows == $want });
}
sub move { # exit status, stderr
    my ($site) = @_;
    return ($agent->glinto('site', 'move', "$site.example", '--account',
        'other'))[0, 2];
}

counted($_, qw(still busy)) for 1 .. 5;
$agent->glinto('backup', $t->path('copy'));
is((move($_))[0], 0, "$_.example is moved") for qw(still busy);
is($world->rows('still'), 0, 'all rows went');

# ---- rows that were not deleted where they came from ----

restore($was, 'acct/' . basename($was));
is($world->rows('still'), 10, 'all rows are twice');
$agent->start;
$t->soon('one copy goes', sub { $world->rows('still') == 0 });
is($world->rows, 10, 'and no more');

# ---- rows where no copy is ----

restore($store->meta, 'meta.db');
for my $start (1, 2) {
    $agent->start;
    $t->soon("start $start: rows elsewhere are told", sub {
        2 * $start == (() = $agent->log =~
            /has events of site \w+\.example, .* are not all there: /g);
    });
    counted($start, 'busy');
    is($world->rows, 10 + $start, 'and kept');
    $agent->stop;
}

$agent->start;
my ($status, $said) = move('busy');
is($status, 1, 'a move is refused where both have rows of their own');
like($said, qr/each of the two accounts has events of "busy.example"/,
    'and says so');
is((move('still'))[0], 0, 'else it goes to its rows');
is($world->rows, 12, 'no row went');
is($store->value($store->site('still.example'), 'SELECT count(*) FROM events
    WHERE site = 1'), 5, 'they are where the site is');
counted(6, 'still');
like($agent->shown('/glinto/still.example')->{body},
    qr/id="today-pageviews">6</, 'and count with those of now');
like(($agent->glinto('check', 'data'))[1],
    qr/rows of site 2, which is not of this account\n.* 1 faults?$/m,
    'the other one is what a check tells');

$t->done;
