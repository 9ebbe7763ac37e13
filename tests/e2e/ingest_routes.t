# Promise: adding, moving and removing a site while its frames are under way
# counts every frame once, in the account that had the site when the frame was
# read; a segment read again after a kill changes nothing, and one that was
# read in part and cannot be read now holds its sites where they are.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t);
my ($agent, $store) = ($world->agent, $world->store);
my $segment = $world->segment;

sub events {
    my ($n) = @_;
    $segment->event(site => 'a.example', visitor => $_, path => "/$_")
        for 1 .. $n;
}
sub again { # the segment is read from its first frame
    $agent->kill9;
    $agent->start;
}

events(5);
$t->soon('unknown: counted as such', sub { $world->dropped('unknown_site') == 5 });
$agent->site('a.example');
events(7);
again();
$t->soon('added: rows from then on', sub { $world->rows == 7 });
is($world->dropped('unknown_site'), 5, 'what came before is not counted again');

$agent->glinto('account', 'add', 'other');
events(4);
$agent->glinto('site', 'move', 'a.example', '--account', 'other');
events(3);
again();
$t->soon('moved: old and new rows', sub { $world->rows == 14 });
my $file = $store->site('a.example');
is($store->value($file, 'SELECT count(*) FROM events'), 14,
    'all of them in the new account');
is($store->value($file, 'SELECT count(*) FROM sessions'), 7,
    'and their visits');
is($store->value($file, 'SELECT count(*) FROM sessions s JOIN events e
    ON e.id = s.id AND e.visitor = s.visitor AND e.at = s.start'), 7,
    'each with its first event');

# The owner is a worker no more, and again: a key of glinto.conf, say.
sub owner {
    my ($uid) = @_;
    $agent->kill9;
    chown $uid, -1, $segment->path or die "chown: $!\n";
    $agent->start;
}
SKIP: {
    skip 'only root gives files away', 5 if $>;
    owner(12_345);
    $t->soon('a segment that was read in part is refused',
        sub { $agent->json('status')->{spool}{refused} == 1 });
    for my $change (['move', 'a.example', '--account', 'default'],
        ['remove', 'a.example', '--yes']) {
        my ($status, $out, $err) = $agent->glinto('site', @$change);
        like("$out$err", qr/cannot read yet/,
            "site $change->[0] has to wait for it");
    }
    owner($>);
    $t->soon('read again', sub { !$agent->json('status')->{spool}{refused} });
    is($world->rows, 14, 'nothing of it is counted twice');
}

events(2);
$agent->glinto('site', 'remove', 'a.example', '--yes');
events(6);
again();
$t->soon('removed: unknown again', sub { $world->dropped('unknown_site') == 11 });
is($world->rows, 0, 'and no row is left');

$segment->close;
$t->soon('the spool is empty', sub {
    my @left = glob $t->path('spool/*.seg');
    return !@left;
});
is($world->dropped('unknown_site'), 11, 'nothing was counted twice');
my @verbs = map { $_->{verb} } $store->rows($store->meta,
    'SELECT verb FROM audit ORDER BY id');
is("@verbs", 'site.add account.add site.move site.remove',
    'every change stands in the audit table');

$t->done;
