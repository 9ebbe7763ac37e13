# Promise: each headline number of a site's page, each point of its chart in
# the chart's table, and the first number of each row of its lists, is a link
# to its receipt: a page that shows it counted again from the rows, says
# whether that is the same, what else came on these days, and the rows.  It is
# for who has signed in and may see the site; who may not is shown the way in,
# and no row.  A page behind a link has no such links.
#
# Method: the dashboard socket, asked as a browser asks; one row changed behind
# glintod's back.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::People;
use Glinto::Store;
use Glinto::Test;
use POSIX qw(strftime);

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'localhost');
$agent->site('a.example', '--public', '--timezone', 'UTC');
my $noon = strftime('%Y-%m-%dT12:00:00Z', gmtime time - 2 * 86_400);
my %event = (at => $noon, path => '/', country => 'DE', city => 'Berlin',
    browser => 'Firefox', os => 'Linux', device => 'Desktop');
$agent->import_lines('a.example',
    (map { {%event, kind => 'pageview', visitor => "d$_"} } 1 .. 3),
    {%event, kind => 'pageview', visitor => 'f', country => 'FR', city => '',
        path => '/<b>&', source => 'Google'},
    {%event, kind => 'event', visitor => 'd1', name => 'Order'});
my $viewer = person($agent, 'viewer', '--site', 'a.example');

sub get {
    my ($path, $cookie) = @_;
    return $agent->dashboard('GET', $path, undef, {Host => 'localhost',
        defined $cookie ? (Cookie => $cookie) : ()});
}
sub text { $_[0] =~ s/<[^>]*>/ /gr =~ s/\s+/ /gr }

# ---- the way there ----

my $page = $agent->shown('/glinto/a.example?period=7d')->{body};
my @proofs = $page =~ m{class="proof" href="(/glinto/a\.example/rows[^"]*)"}g;
is(scalar @proofs, 6, 'each headline number has a link');
my ($row) = $page =~ m{Germany.*?<td\ class="amount"><a
    \ href="(/glinto/a\.example/rows[^"]*)"[^>]*>3</a>}xs;
ok($row, 'and that of a row');
$row =~ s/&amp;/&/g;
my ($all) = get('/glinto/a.example?period=7d&amp;detail=countries')->{body}
    =~ m{<td class="amount"><a href="(/glinto/a\.example/rows[^"]*)"};
ok($all, 'of a whole list, too');
my ($point) = $page =~ m{<td><a\ href="(/glinto/a\.example/rows[^"]*)"
    \ title="[^"]*">4</a></td>}xs;
ok($point, 'and that of a point of the chart, in its table');
$point =~ s/&amp;/&/g;
my $share = $agent->json('share', 'add', 'a.example')->{link};
my $embed = $share =~ s/share/embed/r;
unlike(get($_)->{body}, qr{/rows}, 'none behind a link') for $share, $embed;

# ---- who may ----

my $closed = get($proofs[0]);
is($closed->{status}, 401, 'not for everybody where the page is');
unlike($closed->{body}, qr/Berlin|Firefox/, 'no row');
like($closed->{body}, qr{href="/glinto/sign-in\?site=a\.example"},
    'but the way in');

# ---- the receipt ----

my $receipt = get($proofs[0], $viewer);
is("$receipt->{status} $receipt->{headers}{'cache-control'}", '200 no-store',
    'a receipt');
my $told = text($receipt->{body});
like($told, $_, "it says $_") for qr/Counted again from the rows: the same/,
    qr/Visitors 4 4 ✓ the same/, qr/Pageviews 4 4 ✓/, qr/Visits 4 4 ✓/,
    qr/5 events came 5 stored: 4 pageviews, 1 custom event 5 rows read/,
    qr/5 rows\./, qr{\d 12:00:00 [0-9a-f]{8} Order / Direct / None},
    qr/Berlin, Germany Firefox, Linux, Desktop/, qr/Google France/;
like($receipt->{body}, qr{/&lt;b&gt;&amp;}, 'a text is text');
like($receipt->{body}, qr{href="/glinto/a\.example\?period=7d"}, 'and back');
$told = text(get($row, $viewer)->{body});
like($told, qr/Country is Germany/, 'of a row, that of its filter');
like($told, qr/Visitors 3 3 ✓/, 'counted again');
like($told, qr/4 rows\./, 'and its rows');
$told = text(get($point, $viewer)->{body});
like($told, qr/Visitors 4 4 ✓.*5 rows\./, 'of a point, the rows of its day');
is(get('/glinto/a.example/rows?f=is,event:nothing,x', $viewer)->{status}, 400,
    'a filter that there is not');
like(text(get('/glinto/a.example/rows?period=custom&from=2020-01-01'
    . '&to=2020-01-02', $viewer)->{body}), qr/the same.*No row\./, 'of nothing');

# ---- one row is changed behind glintod's back ----

my $store = Glinto::Store->new($t->path('data'));
my $account = $store->value($store->meta, 'SELECT id FROM accounts');
my $db = DBI->connect('dbi:SQLite:dbname=' . $t->path('data')
    . "/acct/$account.db", '', '', {RaiseError => 1});
$db->do('UPDATE events SET visitor = visitor + 1 WHERE kind = 1 AND id =
    (SELECT max(id) FROM events WHERE kind = 1)');
$db->disconnect;
$told = text(get($proofs[0], $viewer)->{body});
like($told, qr/not the same/, 'it says so');
$t->done;
