# Promise: the oracle of the fault tests can fail.  It is content with a run
# that nothing disturbed, and finds each single thing that a fault might have
# done to the rows, the visits, the visitors or the counters.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(1, 'load.example');
my $nginx = $oracle->nginx(workers => 2,
    server => 'location = /g.gif { glinto_pixel; }');
my $load = Glinto::Load->start($t, port => $nginx->port, kind => 'visits',
    rate => 2000, requests => 3000, visitors => 100, sites => 1,
    site => 'load.example', nonce => 'oracle', log => 1);
is($load->wait->{ok}, 3000, 'all were answered 2xx');
is(join("\n", $oracle->judge($load)), '', 'undisturbed: no violation');
is(join("\n", $oracle->undisturbed), '', 'undisturbed: visits too');
$nginx->stop;
$agent->stop;

my $store = Glinto::Store->new($t->path('data'));
my $file = $store->site('s0.load.example');
for my $what ('kind = 1 AND mark = 1', 'kind = 3 AND mark = 2', 'passive = 1') {
    cmp_ok($store->value($file, "SELECT count(*) FROM events WHERE $what"),
        '>', 10, "the load has rows of $what");
}

# Each is done to a copy, and undone by the next copy.
my $original = slurp($file);
my $last = '(SELECT max(id) FROM events WHERE path IN
    (SELECT code FROM paths WHERE text LIKE "/n/%"))';
my $visit = '(SELECT min(id) FROM sessions WHERE pageviews > 2)';

sub damaged {
    my ($sql) = @_;
    spew($file, $original);
    my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '',
        {RaiseError => 1, PrintError => 0});
    my $rows = $db->do($sql =~ s/LAST/$last/gr =~ s/VISIT/$visit/gr);
    cmp_ok($rows, '>', 0, "done: $sql");
    $db->disconnect;
}

my %rows = (
    L => 'DELETE FROM events WHERE id = LAST',
    D => 'INSERT INTO events (site, at, kind, visitor, host, path) SELECT site,
        at, kind, visitor, host, path FROM events WHERE id = LAST',
    S => 'UPDATE events SET visitor = visitor + 1 WHERE id = LAST',
    X => 'UPDATE paths SET text = "/n/oracle-x" WHERE code =
        (SELECT path FROM events WHERE id = LAST)',
);
for my $letter (sort keys %rows) {
    damaged($rows{$letter});
    my %ids;
    my @said = ($oracle->_judge_load($load, \%ids),
        $oracle->_judge_ids(\%ids));
    like("@said", qr/\b$letter: /, "found: $letter");
}
damaged('UPDATE events SET visitor = (SELECT visitor FROM events
    WHERE visitor <> (SELECT visitor FROM events WHERE id = LAST) LIMIT 1)
    WHERE id = LAST');
my %ids;
like(join(' ', $oracle->_judge_load($load, \%ids),
    $oracle->_judge_ids(\%ids)), qr/S: id \S+ of site \d+ is two visitors'/,
    'found: two visitors in one');

for my $column (qw(site visitor server start referrer agent last seen
    pageviews refreshes events interactive engagement entry_path exit_path)) {
    damaged("UPDATE sessions SET $column = coalesce($column, 0) + 1
        WHERE id = VISIT");
    like(join(' ', Glinto::Visits::visit_differences($store, $file)),
        qr/^1 differences visit \d+ is /, "found: $column of one visit");
}
my %visits = (
    'DELETE FROM sessions WHERE id = VISIT' => qr/visit \d+ is missing/,
    'UPDATE sessions SET id = LAST WHERE id = VISIT' => qr/should not be/,
    'UPDATE events SET mark = 1 WHERE id = (SELECT max(id) FROM events
        WHERE mark IS NULL)' => qr/event \d+ has mark 1, not 0/,
    'UPDATE events SET mark = NULL WHERE id = (SELECT max(id) FROM events
        WHERE mark = 2)' => qr/event \d+ has mark 0, not 2/,
);
for my $sql (sort keys %visits) {
    damaged($sql);
    like(join(' ', Glinto::Visits::visit_differences($store, $file)),
        $visits{$sql}, "found: $visits{$sql}");
}
spew($file, $original);
$t->done;
