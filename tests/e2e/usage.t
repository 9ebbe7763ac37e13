# Promise: "glinto usage" tells the events of each account by UTC day and month,
# what was imported beside them, and the bytes of its file; the sums are those
# of the rows; with a file of prices it says what a month costs, to the
# hundredth; a mistake in that file is told with its line.
#
# Method: events by the spool and by import; the account's file read by SQL;
# prices of a second calculator here.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use DBI;
use JSON::PP ();
use POSIX ();

my $t = Glinto::Test->new->one_day;
my $world = Glinto::World->new($t, sites => ['a']);
my $agent = $world->agent;
my $file = $world->file('a');
my $EVENTS = 25;
my $DAY_MS = 86_400_000;

sub day { POSIX::strftime('%Y-%m-%d', gmtime(time - 86_400 * $_[0])) }
sub usage { JSON::PP::decode_json((run('--json', @_))[1])->{usage} }
sub run { $agent->glinto('usage', @_) }
sub fails {
    my ($want, $sentence, @args) = @_;
    my ($status, $out, $err) = run(@args);
    is("$status|$out", "$want|", "@args: exit $want");
    like($err, qr/\Aglinto: [^\n]*$sentence[^\n]*\n\z/, 'and why');
}

# ---- events ----

$agent->glinto('account', 'add', 'other');
my $segment = $world->segment;
$segment->event(site => 'a.example', visitor => $_, path => "/$_",
    $_ % 5 ? () : (name => 'Signup')) for 1 .. $EVENTS;
$t->until('rows', sub { $world->rows('a') >= $EVENTS });
my @past = map { my $ago = $_; map { {kind => 'pageview', visitor => "v$_",
    path => "/$ago", at => day($ago) . "T10:0$_:00Z"} } 1 .. 4 } (40, 3, 2);
is(($agent->import_lines('a.example', @past))[0], 0, 'the past');

my $today = POSIX::floor(time / 86_400);
my %rows = map { $_->{day} => $_ } $world->store->rows($file,
    "SELECT at / $DAY_MS AS day, sum(visitor >= 0) AS live, "
    . 'sum(visitor < 0) AS old FROM events WHERE kind < 3 GROUP BY 1');
my $days = usage('--days', '--months', 3, '--account', 'default');
is(join(' ', map { "$_->{when} $_->{events} $_->{imported}" } @$days),
    join(' ', map { POSIX::strftime('%Y-%m-%d', gmtime(86_400 * $_))
        . " $rows{$_}{live} $rows{$_}{old}" } sort { $a <=> $b } keys %rows),
    'by day, as the rows are');

my %month;
for my $day (keys %rows) {
    my $month = POSIX::strftime('%Y-%m', gmtime(86_400 * $day));
    $month{$month}{$_} += $rows{$day}{$_} for qw(live old);
}
my @months = @{usage('--months', 3)};
is(scalar @months, 6, 'three months of two accounts');
for my $row (grep { $_->{account} eq 'default' } @months) {
    my $is = $month{$row->{when}};
    is("$row->{events} $row->{imported}",
        ($is->{live} // 0) . ' ' . ($is->{old} // 0), "$row->{when}");
}
my ($now) = grep { $_->{account} eq 'default' } @{usage()};
is($now->{when}, POSIX::strftime('%Y-%m', gmtime), 'this month by itself');
my $size = (-s $file) + (-s "$file-wal" // 0);
cmp_ok(abs($now->{storage_bytes} - $size), '<', 1_000_000, 'bytes of its file');

# ---- storage of days that are over ----

$agent->stop;
my $db = DBI->connect('dbi:SQLite:dbname=' . $world->store->meta, '', '',
    {RaiseError => 1});
my ($id) = $file =~ m{([^/]+)\.db$};
$db->do('INSERT INTO sizes VALUES (?, ?, ?)', {}, $id, $today - $_->[0],
    $_->[1]) for [70, 1000], [41, 2000], [3, 3000];
$db->disconnect;
$agent->start;
$t->soon('the size of today is noted', sub { $world->store->value(
    $world->store->meta, "SELECT count(*) FROM sizes WHERE day = $today") == 2 });
my %size = map { $_->{when} => $_->{storage_bytes} } grep {
    $_->{account} eq 'default' } @{usage('--days', '--months', 3)};
is($size{day(41)}, 2000, 'of a day on which it was noted');
is($size{day(40)}, 2000, 'of a later day the same');
is($size{day(3)}, 3000, 'until it was another');
is($size{day(2)}, 3000, 'and so on');
cmp_ok($size{day(0)}, '>', 3000, 'of today what it is');
my ($last) = grep { $_->{account} eq 'default' } @{usage('--months', 2)};
my ($month_end) = grep { POSIX::strftime('%d', gmtime(86_400 * ($_ + 1)))
    eq '01' } reverse $today - 70 .. $today - 1;
is($last->{storage_bytes}, $month_end < $today - 41 ? 1000
    : $month_end < $today - 3 ? 2000 : 3000, 'of a month that of its end');

my (undef, $table) = run('--months', 2);
like($table, qr/^ACCOUNT +MONTH +EVENTS +IMPORTED +STORAGE$/m, 'as a table');
like($table, qr/^default +\d{4}-\d\d +\d+ +\d+ +[\d.]+ [kM]B$/m, 'with rows');

# ---- prices ----

my $prices = $t->path('prices');
sub list { spew($prices, join "\n", @_, '') }
my $PICO = 1_000_000;
sub cost { # in hundredths, by big whole numbers
    my ($base, $storage, $events, $bytes, @tiers) = @_;
    my ($sum, $before) = ($base * 1e3, 0); # thousandths of a millionth
    for (@tiers) {
        my ($upto, $each) = @$_;
        my $n = ($upto < $events ? $upto : $events) - $before;
        $sum += $n * $each if $n > 0;
        $before = $upto if $n > 0;
    }
    $sum += $bytes / 1e6 * $storage;
    return sprintf '%.2f', POSIX::floor($sum / 1e7 + 0.5) / 100;
}
list('# of 2026', 'currency EUR', 'base 9', 'events 10 0',
    'events 20 1234.5', 'events more 0.5 # beyond', 'storage 7000');
my ($priced) = grep { $_->{account} eq 'default' } @{usage('--prices', $prices)};
is($priced->{price}, cost(9 * $PICO, 7000 * $PICO, $priced->{events},
    $priced->{storage_bytes}, [10, 0], [20, 1234.5 * $PICO],
    [9e15, 0.5 * $PICO]), "a month costs $priced->{price}");
is($priced->{currency}, 'EUR', 'in its currency');
my ($other) = grep { $_->{account} eq 'other' } @{usage('--prices', $prices)};
cmp_ok($other->{price}, '>=', 9, 'who used nothing pays the base');
like((run('--prices', $prices))[1], qr/STORAGE +EUR$/m, 'as a table');

for (['events 10 x', 'prices:2: the line needs a price'],
    ['events ten 1', 'prices:2: the line needs a number of events'],
    ['base', 'prices:2: the line has no value'],
    ['base 1 2', 'prices:2: the line has one word too many'],
    ['colour red', 'prices:2: the line is currency, base'],
    ["events 10 1\nevents 10 2", 'prices:3: .* more events than'],
    ['events 10 1', 'prices:2: .*ends without "events more'])
{
    list('currency EUR', $_->[0]);
    fails(1, $_->[1], '--prices', $prices);
}
list('base 1');
fails(1, 'prices:1: .*ends without "currency', '--prices', $prices);
fails(1, 'No such file', '--prices', $t->path('none'));
fails(2, '--month is one such as', '--month', '2026-13');
fails(2, '--months is 1 to 36', '--months', 0);
fails(1, 'no account "nobody"', '--account', 'nobody');
$t->done;
