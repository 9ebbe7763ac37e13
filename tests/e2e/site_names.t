# Promise: a site that is called otherwise keeps its numbers; for 72 hours the
# events under the name it had are its own and nobody takes that name; then it
# is free.  A site that is reset begins anew with its settings, and no row, nor
# text, of before stays in any file.

use strict;
use warnings;
use DBI;
use File::Find ();
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['old', 'stay']);
my ($agent, $store) = ($world->agent, $world->store);

sub event { # one of NAME.example, and all are rows
    my ($name, $visitor, %more) = @_;
    my $want = $world->rows + 1;
    my $segment = $world->segment;
    $segment->event(site => "$name.example", visitor => $visitor, %more);
    $segment->close;
    $t->soon("$want rows", sub { $world->rows == $want });
}
sub views {
    my ($name) = @_;
    return $agent->json('query', $t->path('query.json'))
        ->{results}[0]{metrics}[0] if spew($t->path('query.json'),
        qq({"site_id":"$name.example","metrics":["pageviews"],)
        . '"date_range":"all"}') || 1;
}
sub site { # the only one of this name in the list
    my ($name) = @_;
    return (grep { $_->{domain} eq "$name.example" }
        @{$agent->json('site', 'list')->{sites}})[0];
}
sub fails {
    my ($sentence, @words) = @_;
    my ($status, undef, $said) = $agent->glinto(@words);
    isnt($status, 0, "@words: refused");
    like($said, qr/\Q$sentence\E/, 'with a sentence');
}
sub workers_know { join ' ', sort map { /^(\w+)\./ ? $1 : () }
    split /\n/, slurp($t->path('sites')) }

# ---- rename ----

event('old', $_) for 1 .. 3;
my $id = site('old')->{id};
$agent->glinto('site', 'set', 'old.example', 'optout', 'yes');
like($agent->glinto('site', 'rename', 'old.example', 'WWW.New.example'),
    qr/^site old\.example is .* now; .* 72 hours more$/, 'it is told');
my $new = site('new');
is($new->{id}, $id, 'the same site');
is($new->{old_names}[0]{domain}, 'old.example', 'with the name it had');
cmp_ok(abs($new->{old_names}[0]{until} / 1000 - time - 72 * 3600), '<', 120,
    'for 72 hours');
is(workers_know(), 'new old stay', 'workers know both');
is(scalar(() = slurp($t->path('sites')) =~ /^\w+\.example optout=1$/mg), 2,
    'with the same settings');
event('old', 4);
event('new', 5);
is(views($_), 5, "asked as $_: events of both are one site's") for 'new', 'old';
fails('was the name of site "new.example"', 'site', 'add', 'old.example');
fails('was the name of site "new.example"', 'site', 'rename', 'stay.example',
    'old.example');
fails('there is a site "stay.example" already', 'site', 'rename',
    'new.example', 'stay.example');
fails('"a b"', 'site', 'rename', 'new.example', 'a b');
fails('there is no site', 'site', 'rename', 'none.example', 'b.example');

$agent->glinto('site', 'rename', 'new.example', 'third.example');
is(workers_know(), 'new old stay third', 'once more: three names');
$agent->glinto('site', 'rename', 'third.example', 'new.example');
is(workers_know(), 'new old stay third', 'and back');
is(join(' ', map { $_->{domain} } @{site('new')->{old_names}}),
    'old.example third.example', 'which is an old one no more');

$agent->stop;
$agent->start;
event('old', 6);
is(views('new'), 6, 'after a start, too');

# ---- 72 hours later ----

$agent->stop;
my $db = DBI->connect('dbi:SQLite:dbname=' . $store->meta, '', '',
    {RaiseError => 1});
$db->do("UPDATE old_names SET until = 5 WHERE domain = 'old.example'");
$db->disconnect;
$agent->start;
$t->soon('the name is let go', sub { workers_know() eq 'new stay third' });
my $segment = $world->segment;
$segment->event(site => 'old.example', visitor => 7);
$segment->close;
$t->soon('its events are nobody\'s', sub { 1 == ($store->value($store->meta,
    "SELECT sum(n) FROM drops WHERE reason = 'unknown_site'") // 0) });
is(views('new'), 6, 'and not counted');
$agent->site('old.example');
event('old', 8);
is(views('old') . views('new'), '16', 'another site has it');
$agent->glinto('site', 'remove', 'old.example', '--yes');
like($agent->glinto('check', 'data'), qr/ 0 faults$/m, 'all is right');

# ---- reset ----

sub found { # files of the data folder with WORD in them
    my ($word) = @_;
    my $found = 0;
    File::Find::find(sub { $found++ if -f && index(slurp($_), $word) >= 0 },
        $t->path('data'));
    return $found;
}
event('new', 9, path => '/Quicksilver');
event('stay', 1, path => '/Marmalade');
$agent->glinto('goal', 'add', 'new.example', '--event', 'Signup');
cmp_ok(found('Quicksilver'), '>', 0, 'a text of the site is there');
fails('nothing is erased: there is no terminal', 'site', 'reset', 'new.example');
is(views('new'), 7, 'nothing is erased without a yes');
is($agent->glinto('site', 'reset', 'new.example', '--yes'),
    "site new.example begins anew\n", 'reset');
is(views('new'), 0, 'nothing is counted');
is(found('Quicksilver'), 0, 'and no text is in any file');
is(views('stay'), 1, 'another site of the account is as it was');
my $after = site('new');
ok($after->{id} > $id && $after->{optout}, 'under a new id, as it was set');
like($agent->glinto('goal', 'list', 'new.example'), qr/Signup/, 'with its goals');
is($after->{old_names}[0]{domain}, 'third.example', 'with the name it had');
event('third', 1);
event('new', 1);
is(views('new'), 2, 'and it counts');
like($agent->glinto('check', 'data'), qr/ 0 faults$/m, 'all is right');
is($store->value($store->meta, 'SELECT count(*) FROM remains'), 0,
    'nothing remains');

$agent->glinto('site', 'remove', 'new.example', '--yes');
is(workers_know(), 'stay', 'with a site its old names go');
$t->done;
