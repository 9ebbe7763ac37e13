# Promise: clocks that jump by a second, an hour, a day, years, to 1970 or
# beyond 2038, under the workers, under glintod or under both, lose and double
# nothing; no row lies in the future of glintod's clock, and no visit ends
# before it began.  Each jump is taken back.
# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;

my $AHEAD_S = 60; # glintod believes a worker so far ahead
my ($faketime) = glob '/usr/lib/*/faketime/libfaketime.so.1';
plan(skip_all => 'faketime is not installed') if !$faketime;

# The first eight are those of every day; the rest come by night.
my @all = (
    [workers => '-1s'], [workers => '+1h'], [workers => '+365d'],
    [workers => '@1970-01-02 00:00:00'], [workers => '@2040-02-29 12:00:00'],
    [agent => '-1h'], [agent => '-1d'], [both => '-365d'],
    [workers => '+1s'], [workers => '-1h'], [workers => '-1d'],
    [workers => '-365d'], [workers => '@2027-03-28 00:59:58'],
    [agent => '-1s'], [agent => '+1s'], [agent => '+1h'], [agent => '-365d'],
    [agent => '@2027-10-31 00:59:58'], [both => '+1h'], [both => '-1h'],
    [both => '-1d'], [both => '@2028-02-29 23:59:58'],
    [both => '@1970-01-02 00:00:00'], [both => '@2040-01-01 00:00:00'],
);
my $trials = trials(small => 8, faults => 8, nightly => 3 * @all);
my @jumps = map { $all[$_ % @all] } 0 .. $trials - 1;

my $t = Glinto::Test->new(limit_s => 60 + 30 * @jumps);
my %file = map { $_ => $t->path("clock-$_") } qw(workers agent);
spew($_, '+0') for values %file;

# The clock is what the file says, read anew each second; boot and monotonic
# clocks and times of files stay true, as on a machine whose date is set.
sub clock {
    my ($whose) = @_;
    return {LD_PRELOAD => $faketime, TZ => 'UTC', NO_FAKE_STAT => 1,
        FAKETIME_TIMESTAMP_FILE => $file{$whose},
        FAKETIME_CACHE_DURATION => 1, FAKETIME_DONT_FAKE_MONOTONIC => 1};
}

my $agent = $t->aggregator(conf => 'paths_per_day 100000000',
    env => clock('agent'));
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(2, 'load.example');
my $nginx = $oracle->nginx(workers => 2, env => clock('workers'),
    main => join('', map { "env $_;\n" } grep { /FAKE/ }
        keys %{clock('workers')}),
    server => 'location = /g.gif { glinto_pixel; }');
my $store = Glinto::Store->new($t->path('data'));

sub set {
    my ($who, $to) = @_;
    for my $whose ($who eq 'both' ? qw(workers agent) : $who) {
        spew("$file{$whose}.new", $to);
        rename "$file{$whose}.new", $file{$whose};
    }
}

my (@violations, @loads, $n);
for my $jump (@jumps) {
    my $load = Glinto::Load->start($t, port => $nginx->port, rate => 400,
        kind => 'visits', requests => 1600, seconds => 20, visitors => 50,
        sites => 2, site => 'load.example', nonce => 'f24.' . ++$n, log => 1);
    # The jump comes in the load, and its end too.
    my $began = time;
    $t->until('a second', sub { time >= $began + 1 });
    set(@$jump);
    $t->until('two more', sub { time >= $began + 3 });
    set($jump->[0], '+0');
    my $sum = $load->wait;
    is($sum->{ok}, 1600, "@$jump: all answered");
    push @loads, $load;
    push @violations, map { "@$jump: $_" } $oracle->judge($load, {turned => 1});
    my $future = (time + $AHEAD_S) * 1000;
    my %wrong = (
        'rows in the future' => "SELECT count(*) FROM events WHERE at > $future",
        'visits before they began' => 'SELECT count(*) FROM sessions
            WHERE last < start OR seen < start OR engagement < 0',
    );
    for my $what (sort keys %wrong) {
        my $rows = $store->sum($wrong{$what});
        push @violations, "@$jump: $rows $what" if $rows;
    }
}
my $rows = $store->sum('SELECT count(*) FROM events
    WHERE at < (strftime("%s", "now") - 1800) * 1000');
cmp_ok($rows, '>', 100, 'clocks did jump: rows of another time');
is(join("\n", @violations), '', @jumps . ' jumps: no violation');
$oracle->report('F24', scalar @jumps, scalar @violations, '-');
$t->done;
