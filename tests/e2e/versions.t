# Promise: a segment of a newer format than glintod's is held: not read, not
# touched, told to the operator; a newer glintod applies it exactly once.  Also
# when the newer one had applied a part of it and was taken back: no site whose
# events it holds changes its account meanwhile, and what the newer one parked
# waits too.

use strict;
use warnings;
use File::Copy qw(copy);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $next = $t->build . '/next/glintod'; # reads formats 2 and 1
my $world = Glinto::World->new($t);
my ($agent, $store) = ($world->agent, $world->store);
my $visitor = 0;

sub segment { $world->segment(major => $_[0]) }
sub events {
    my ($segment, $n) = @_;
    $segment->event(site => 'a.example', visitor => ++$visitor) for 1 .. $n;
    return $segment;
}
sub pending { $agent->json('status')->{spool}{upgrade_pending} }
sub alarms { scalar(() = $agent->log =~ /newer than aggregator/g) }
sub restart {
    my ($program) = @_;
    $agent->stop;
    $agent->start(program => $program);
}

$agent->site('a.example');
my $old = events(segment(1), 3);
my $new = events(segment(2), 5);
$t->soon('the known format is applied', sub { $world->rows == 3 });
is_deeply(pending(), {files => 1, major => 2}, 'status: an upgrade is pending');
is(alarms(), 1, 'the log says so');
my $bytes = slurp($new->path);
$_->close for $old, $new;
$t->soon('the known one goes', sub { !-e $old->path });
events(segment(2), 4)->close;
$t->soon('a second one waits', sub { pending()->{files} == 2 });
is(alarms(), 1, 'without another alarm');
$agent->kill9;
$agent->start;
$t->soon('both wait after a kill', sub { pending()->{files} == 2 });
is($world->rows, 3, 'nothing of them is counted');
ok(slurp($new->path) eq $bytes, 'nothing of them is changed');
restart($next);
$t->soon('a newer glintod applies them', sub { $world->rows == 12 });
$world->empty('and they go');
is_deeply(pending(), {files => 0, major => 0}, 'nothing is pending');

$agent->glinto('account', 'add', 'other');
$new = events(segment(2), 6);
$t->soon('a part of one is applied', sub { $world->rows == 18 });
restart(undef);
$t->soon('the older glintod is back: pending', sub { pending()->{files} == 1 });
events($new, 2);
events(segment(1), 1)->close;
$t->soon('it applies what it knows', sub { $world->rows == 19 });
for my $change (['move', 'a.example', '--account', 'other'],
    ['remove', 'a.example', '--yes']) {
    my ($status, $out, $err) = $agent->glinto('site', @$change);
    isnt($status, 0, "site $change->[0] is refused");
    like("$out$err", qr/cannot read yet/, 'with the reason');
}
ok($agent->site('b.example'), 'a new site is none of theirs');
$agent->kill9;
$agent->start;
$agent->kill9;
$agent->start(program => $next);
$t->soon('the rest once the newer one is there', sub { $world->rows == 21 });
ok($agent->glinto('site', 'move', 'a.example', '--account', 'other'),
    'and the site can move');
events($new, 1)->close;
$world->empty('all is applied once');
is($world->rows, 22, 'each event is one row');
is($store->value($store->site('a.example'),
    'SELECT count(DISTINCT visitor) FROM events'), 22, 'of its visitor');

# ---- parked by the newer one ----

my $file = $store->site('a.example');
my ($id) = $file =~ m{([^/]+)\.db$};
sub parked { my @there = glob $t->path("data/parked/$id/*.seg"); @there }

$agent->stop;
copy($file, $t->path('good.db')) or die "copy: $!\n";
spew($file, 'no database at all' x 1000);
$agent->start;
events(segment(2), 7)->close;
$t->soon('the newer one parks its format', sub {
    parked() == 1 && !$world->segments;
});
$bytes = slurp((parked())[0]);
$agent->kill9;
copy($t->path('good.db'), $file) or die "copy: $!\n";
$agent->start(program => undef);
$t->soon('the older one says that it waits',
    sub { $agent->log =~ /parked file .* newer than this glintod/ });
ok(slurp((parked())[0]) eq $bytes, 'and leaves it as it is');
is($world->rows, 22, 'nothing of it is counted');
my $told;
$t->soon('whoever asks is told of an upgrade', sub {
    ($told) = grep { $_->{kind} eq 'upgrade_pending' && $_->{account} }
        @{$agent->json('status')->{conditions}};
});
is($told->{account}, 'other', 'and for which account');
restart($next);
$t->soon('the newer one counts it', sub { !parked() });
is($world->rows, 29, 'once');
$t->done;
