# Promise: a visit that goes on while a site is changed is over in time, also
# when nothing more comes to that site.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
sub open_visits {
    return $world->store->sum('SELECT count(*) FROM sessions WHERE open = 1');
}

my $segment = $world->segment;
$segment->event(site => 'a.example', visitor => $_) for 1 .. 3;
$segment->close;
$t->soon('three visits go on', sub { open_visits() == 3 });
is(($agent->glinto('site', 'set', 'a.example', 'public', 'no'))[0], 0,
    'the site is changed');
is(open_visits(), 3, 'they go on');
$agent->ahead(2 * 3600);
$t->soon('they are over', sub { open_visits() == 0 }, 20);
$t->done;
