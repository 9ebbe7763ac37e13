# Promise: with glinto_columns.so, sqlite3 reads the sealed days of a copied
# file of an account as tables "visits" and "events", with texts: they say what
# its rows say, also when the rows were let go; a day that has changed since is
# left out, a damaged one is an error.
#
# Method: imported days; the same questions of both, as text.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Sealed;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => [['a', 'one'], ['b', 'one']]);
my $agent = $world->agent;
my $day_s = (int(time / 86400) - 5) * 86400;
my $sealed =
    Glinto::Sealed->new($world, 'a', first_s => $day_s - 2 * 86400, days => 4);
my $json = JSON::PP->new->utf8->canonical;
my $library = "$ENV{GLINTO_BUILD}/glinto_columns.so";
my ($file, $copy) = ($world->file('a'), $t->path('copy.db'));

sub line {
    my ($s, %more) = @_;
    return $json->encode({visitor => 'rich', path => '/shop', kind =>
        'pageview', at => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ',
            gmtime $day_s + $s), %more}) . "\n";
}

sub import_rich {
    my $path = $t->path('rich.jsonl');
    spew($path, join '', line(100, source => 'news', utm_campaign => 'May "4"'),
        line(160, kind => 'engagement', engagement_ms => 4000,
            scroll_depth => 70),
        line(200, kind => 'event', name => 'Buy', revenue =>
            {amount => '12.50', currency => 'EUR'}, props =>
            {note => "a \"b\" \\ c\nd", size => "gr\x{f6}\x{df}e"}),
        line(86000, visitor => 'late'),
        line(86500, visitor => 'late', path => '/over'));
    my ($status, $out, $err) = $agent->glinto('import', '--site', 'b.example',
        '--format', 'events', $path);
    is($status, 0, 'days are imported') or diag($out, $err);
    $t->until('all visits', sub { !$world->late }, 30);
}

# What sqlite3 says of the copy; errors with it.
sub ask {
    my ($sql) = @_;
    spew($t->path('ask.sql'), ".load $library\n$sql;\n");
    return scalar `sqlite3 -readonly -batch $copy <@{[$t->path('ask.sql')]} 2>&1`;
}

sub copy { system('cp', $file, $copy) == 0 or die "cannot copy $file\n" }

sub change {
    my (@sql) = @_;
    system('sqlite3', '-batch', $copy, join ';', @sql) == 0 or die;
}

# The text of a code in a row; a word that is "" is none.
sub of {
    my ($column, $table, $code) = @_;
    return "(SELECT nullif($column, '') FROM main.$table d
        WHERE d.code = r.$code)";
}

my %same = (
    visits => [
        'SELECT site, date, visitor, start, seconds, pageviews, bounced,
            source, channel, utm_campaign, browser, os, device, country, city,
            screen, language, entry_host, entry_page, exit_host, exit_page
            FROM visits',
        "SELECT site, date(start / 1000, 'unixepoch'), visitor, start,
            (last - start) / 1000, pageviews,
            pageviews <= 1 AND ifnull(interactive, 0) = 0, " . join(', ',
            of('source', 'referrers', 'referrer'),
            of('channel', 'referrers', 'referrer'),
            of('utm_campaign', 'referrers', 'referrer'),
            of('browser', 'agents', 'agent'), of('os', 'agents', 'agent'),
            of('device', 'agents', 'agent'), of('country', 'places', 'place'),
            of('city', 'places', 'place'), of('text', 'screens', 'screen'),
            of('text', 'languages', 'language'),
            of('text', 'hosts', 'entry_host'),
            of('text', 'paths', 'entry_path'), of('text', 'hosts', 'exit_host'),
            of('text', 'paths', 'exit_path')) . ' FROM main.sessions r'],
    events => [
        'SELECT site, date, visitor, at, kind, host, path, name, props,
            amount, currency FROM events',
        "SELECT site, date(at / 1000, 'unixepoch'), visitor, at, CASE kind
            WHEN 1 THEN 'pageview' ELSE 'event' END, @{[of('text', 'hosts', 'host')]}, @{[of('text', 'paths', 'path')]},
            @{[of('text', 'names', 'name')]}, (SELECT json_group_object(key, value) FROM
                main.event_props p WHERE p.id = r.id HAVING count(*) > 0),
            CAST(amount AS REAL), currency
            FROM main.events r WHERE kind < 3 AND ifnull(mark, 0) <> 3"],
);

$sealed->import_days;
import_rich();
$t->soon('days that are over are sealed', sub { $sealed->all });
$agent->stop;
copy();
my %of_rows;
for my $table (sort keys %same) {
    my ($ours, $rows) = map { "SELECT * FROM ($_) ORDER BY 1, 2, 3, 4, 5, 6, 7"
        . ', 8, 9' } @{$same{$table}};
    $of_rows{$table} = ask($rows);
    cmp_ok(split(/\n/, $of_rows{$table}) + 0, '>', 100, "there are $table");
    is(ask($ours), $of_rows{$table}, "$table are what the rows say");
}
my $sum = 'SELECT sum(engagement), max(scroll_depth), sum(amount) FROM events';
is(ask($sum), "4000|70|12.5\n", 'engagement and revenue');
like(ask('SELECT props FROM events WHERE amount > 0'),
    qr/^\{"note":"a \\"b\\" \\\\ c d","size":"gr\xc3\xb6\xc3\x9fe"\}$/,
    'properties are JSON');
my $date = POSIX::strftime('%Y-%m-%d', gmtime $day_s + 86400);
is(ask("SELECT path FROM events JOIN visits USING (visit) WHERE visits.site =
    (SELECT max(site) FROM visits) AND events.date = '$date'"), "/over\n",
    'an event after midnight has its own date, and its visit');
is(ask('SELECT count(*) FROM visits v WHERE pageviews <> (SELECT count(*) FROM
    events e WHERE e.visit = v.visit AND kind = \'pageview\')'), "0\n",
    'events are found by their visit');

change('DELETE FROM events', 'DELETE FROM sessions', 'DELETE FROM day_rows');
for my $table (sort keys %same) {
    is(ask("SELECT * FROM ($same{$table}[0]) ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        $of_rows{$table}, "the same $table when the rows were let go");
}

copy();
my $day = $day_s / 86400;
change("UPDATE day_rows SET token = 1 WHERE day = $day");
is(ask("SELECT count(*) FROM visits WHERE date = '@{[
    POSIX::strftime('%Y-%m-%d', gmtime $day_s)]}'"), "0\n",
    'a day that has changed is left out');
change("UPDATE sealed_pieces SET bytes = zeroblob(length(bytes))
    WHERE day = $day + 1");
like(ask('SELECT count(*) FROM visits'), qr/sealed of a day is damaged/,
    'a damaged one is an error');
$copy = $t->path('other.db');
change('CREATE TABLE theirs (a)');
like(ask('SELECT * FROM visits'), qr/no file of an account/,
    'so is another file');
$t->done;
