# Promise: the ten tables that Plausible's CSV files have are what the engine
# answers, number by number, day by day of the site's zone, one of 25 hours
# among them; as a folder or as a ZIP of the same, whole or not at all.
#
# Method: made events by seed; each table read back and compared with questions
# of each day by its dimensions.  SEED=N for the same again.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use IO::Uncompress::Unzip ();
use JSON::PP ();
use POSIX ();
use Time::Local qw(timegm);

my $SEED = $ENV{SEED} // int(rand 1e9);
srand $SEED;
my $t = Glinto::Test->new;
diag("SEED=$SEED");
my $FIRST_S = timegm(0, 0, 0, 24, 9, 2026);
my $DAYS = 3;
my $world = Glinto::World->new($t, sites => ['a', 'none']);
my $agent = $world->agent;
$agent->glinto('site', 'set', 'a.example', 'timezone', 'Europe/Berlin');
my $json = JSON::PP->new->canonical->utf8;

sub pick { return $_[int rand @_] }
sub maybe { # KEY of one of VALUES, now and then
    my ($key, @values) = @_;
    return rand() < .5 ? ($key => pick(@values)) : ();
}

# ---- events ----

my %of_event = ( # props of an event, which stand in a column or do not
    'Outbound Link: Click' => 'url', 'File Download' => 'url', 404 => 'path',
    'WP Form Completions' => 'path', signup => 'url', Buy => 'plan');

sub person {
    my ($who) = @_;
    my @lines;
    my $at_s = $FIRST_S + int rand 86_400;
    while ($at_s < $FIRST_S + $DAYS * 86400) {
        my %facts = (maybe(source => 'Google', 'a "b", c'),
            maybe(referrer => 'https://x.example/y'),
            (map { maybe("utm_$_" => "$_ 1", "$_ 2") }
                qw(source medium campaign content term)),
            maybe(browser => qw(Firefox Safari)),
            maybe(browser_version => '1', '2'), maybe(os => qw(Linux iOS)),
            maybe(os_version => '17', '18'), maybe(device => qw(Desktop TV)),
            (rand() < .7 ? (country => 'AT', maybe(region => qw(AT-9 AT-4)),
                maybe(city => '2761369', '2772400')) : ()));
        for (1 .. 1 + rand 5) {
            my $name = pick(undef, undef, keys %of_event);
            push @lines, {kind => defined $name ? 'event' : 'pageview',
                visitor => $who, at => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ',
                    gmtime $at_s), path => pick('/', '/a', "/\x{e9}\nb"),
                host => pick('a.example', 'shop.a.example'), %facts,
                defined $name ? (name => $name, maybe(interactive =>
                    JSON::PP::false), props => {$of_event{$name} =>
                    pick('https://z.example/', '/p')}) : ()};
            $at_s += int rand 400;
        }
        $at_s += 1900 + int rand 50_000;
    }
    return @lines;
}
$agent->import_lines('a.example', map { person("v$_") } 1 .. 60);

# ---- tables ----

sub export_to { # NAME, ARGUMENTS
    my ($name, @args) = @_;
    return $agent->glinto('export', '--site', 'a.example', '--format',
        'plausible-csv', @args, $t->path($name));
}
sub files { # of a folder: {name => text}
    my ($name) = @_;
    return {map { (m{([^/]+)$})[0] => slurp($_) } glob $t->path("$name/*")};
}
sub rows { # of a text: hashes by the names of the first line
    my ($text) = @_;
    my @rows;
    my $row = [];
    utf8::decode($text);
    while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/g) {
        my ($quoted, $bare, $end) = ($1, $2, $3);
        push @$row, defined $quoted ? $quoted =~ s/""/"/gr : $bare;
        next if $end eq ',';
        push @rows, $row;
        $row = [];
    }
    my $names = shift @rows;
    return map { my %row; @row{@$names} = @$_; \%row } @rows;
}

export_to('folder');
my $files = files('folder');
my @tables = map { "imported_$_" } qw(browsers custom_events devices
    entry_pages exit_pages locations operating_systems pages sources visitors);
# In Berlin the last event may be of the next day.
my ($last) = (keys %$files)[0] =~ /_(\d{8})\.csv$/;
is(join(' ', sort keys %$files),
    join(' ', map { "${_}_20261024_$last.csv" } @tables), 'ten tables');
my (%table, %header);
for my $name (keys %$files) {
    my ($table) = $name =~ /^(\w+?)_\d/;
    $table{$table} = [rows($files->{$name})];
    ($header{$table}) = $files->{$name} =~ /\A(.*)\n/;
}
is($header{imported_sources}, join(',', qw(date source referrer utm_source
    utm_medium utm_campaign utm_content utm_term pageviews visitors visits
    visit_duration bounces)), 'the columns of sources');
is($header{imported_pages}, 'date,hostname,page,visits,visitors,pageviews',
    'the columns of pages');

# ---- as the engine has it ----

# A question of each day alone: a visit over midnight has in each the pages of
# that day.
sub answers { # {"date\0dimension..." => {metric => n}}
    my ($metrics, $filters, @dimensions) = @_;
    my %found;
    for my $date (map { POSIX::strftime('%Y-%m-%d', gmtime $FIRST_S
        + 86400 * $_) } 0 .. $DAYS) {
        my $answer = $agent->query({site_id => 'a.example',
            date_range => [$date, $date], metrics => $metrics,
            dimensions => \@dimensions, filters => $filters});
        die $answer->{error} if $answer->{error};
        for my $row (@{$answer->{results}}) {
            my %numbers;
            @numbers{@$metrics} = @{$row->{metrics}};
            next if !grep { $_ } values %numbers;
            $found{join "\0", $date, map { /^\((?:not set|none)\)$/
                || $_ eq 'Direct / None' ? '' : $_ } @{$row->{dimensions}}}
                = \%numbers;
        }
    }
    return \%found;
}

sub round { int(($_[0] * 2 + $_[1]) / (2 * $_[1])) }

# Of rows of FILE by COLUMNS: what question by DIMENSIONS has.
sub check {
    my ($file, $columns, $dimensions, %want) = @_;
    my @metrics = qw(visitors visits pageviews);
    push @metrics, qw(bounce_rate visit_duration) if !$want{plain};
    my $answers = answers($want{metrics} // \@metrics, $want{filters} // [],
        @$dimensions);
    my ($wrong, $n) = (0, 0);
    for my $row (grep { $want{rows} ? $want{rows}->($_) : 1 }
        @{$table{"imported_$file"}}) {
        my $key = join "\0", map { $_ eq 'city' && $row->{city} eq '0' ? ''
            : $row->{$_} } 'date', @$columns;
        my $found = delete $answers->{$key};
        $n++;
        my %is = %$row;
        $is{visits} //= $is{entrances} // $is{exits};
        if (!$want{plain}) {
            $is{bounce_rate} = $is{visits}
                ? round(100 * $is{bounces}, $is{visits}) : 0;
            $is{visit_duration} = $is{visits}
                ? round($is{visit_duration}, $is{visits}) : 0;
        }
        next if $found && !grep { $is{$_} != $found->{$_} } keys %$found;
        $wrong++ < 3 and diag("$file $key\n", $json->encode([\%is, $found]));
    }
    delete $answers->{$_} for grep { $want{but} && /$want{but}/ }
        keys %$answers;
    ok($n > 2 && $wrong == 0 && !%$answers, "$file: $n rows as the engine says")
        or diag("not there: ", join ' ', map { s/\0/|/gr } keys %$answers);
}

check('visitors', [], []);
check('devices', ['device'], ['visit:device']);
check('browsers', [qw(browser browser_version)],
    [qw(visit:browser visit:browser_version)]);
check('operating_systems', [qw(operating_system operating_system_version)],
    [qw(visit:os visit:os_version)]);
check('entry_pages', ['entry_page'], ['visit:entry_page']);
check('exit_pages', ['exit_page'], ['visit:exit_page']);
check('locations', [qw(country region city)],
    [qw(visit:country visit:region visit:city)], but => qr/^[^\0]+\0\0/);
check('pages', ['page'], ['event:page'], plain => 1);
my @events = (plain => 1, metrics => [qw(visitors events)]);
sub named { my %is = map { $_ => 1 } @_; return sub { $is{$_[0]{name}} } }
for (['url', 'link_url', 'Outbound Link: Click', 'File Download'],
    ['path', 'path', '404', 'WP Form Completions']) {
    my ($prop, $column, @names) = @$_;
    check('custom_events', ['name', $column],
        ['event:name', "event:props:$prop"], @events, rows => named(@names),
        filters => [['is', 'event:name', \@names]]);
}
check('custom_events', [qw(name)], ['event:name'], @events,
    rows => named(qw(signup Buy)),
    filters => [['is', 'event:name', [qw(signup Buy)]]]);

# Seven dimensions: visits of each, whatever the others are.
for (['source', 'visit:source'], map { [$_, "visit:$_"] } qw(referrer
    utm_source utm_medium utm_campaign utm_content utm_term)) {
    my ($column, $dimension) = @$_;
    my %sum;
    $sum{"$_->{date}\0$_->{$column}"} += $_->{visits}
        for @{$table{imported_sources}};
    my $answers = answers(['visits'], [], $dimension);
    delete $sum{$_} for grep { !$sum{$_} } keys %sum;
    is_deeply(\%sum, {map { $_ => $answers->{$_}{visits} }
        grep { $answers->{$_}{visits} } keys %$answers},
        "sources: visits by $column");
}
my %most; # page of a day => {host => pageviews}
my $hosts = answers(['pageviews'], [], 'event:page', 'event:hostname');
for (keys %$hosts) {
    my ($date, $page, $host) = split /\0/;
    $most{"$date\0$page"}{$host} = $hosts->{$_}{pageviews};
}
is(scalar(grep { my ($row, $of) = ($_, $most{"$_->{date}\0$_->{page}"});
    grep { $_ > $of->{$row->{hostname}} } values %$of }
    @{$table{imported_pages}}), 0, 'the host of a page has most pageviews');

# ---- a ZIP, a part, nothing ----

export_to('all.zip');
my %zipped;
my $zip = IO::Uncompress::Unzip->new($t->path('all.zip')) or die;
do {
    local $/;
    $zipped{$zip->getHeaderInfo->{Name}} = <$zip>;
} while $zip->nextStream == 1;
is_deeply(\%zipped, $files, 'the ZIP has the same');
export_to('part', '--from', '2026-10-25', '--to', '2026-10-25');
my $part = files('part');
is(join(' ', sort keys %$part), join(' ', map { "${_}_20261025_20261025.csv" }
    @tables), 'a part is named so');
for my $name (keys %$part) {
    my ($table) = $name =~ /^(\w+?)_\d/;
    $part->{$name} = $part->{$name} eq join '', "$header{$table}\n",
        grep { /^2026-10-25,/ } map { "$_\n" } split /\n(?=\d{4}-\d\d-\d\d,)/,
        $files->{"${table}_20261024_$last.csv"} =~ s/\n\z//r;
}
is_deeply([grep { !$part->{$_} } keys %$part], [], 'and has those rows');
is($agent->glinto('export', '--site', 'none.example', '--format',
    'plausible-csv', $t->path('none')) =~ /written/, 1, 'a site of no events');
is(scalar(grep { tr/\n// == 1 } values %{files('none')}), 10,
    'has ten tables of no row');
for ([1, qr/folder is there already/, $t->path('folder')],
    [2, qr/needs a folder/], [1, qr/cannot write/, $t->path('no/where')]) {
    my ($want, $says, @path) = @$_;
    my ($status, undef, $err) = $agent->glinto('export', '--site',
        'a.example', '--format', 'plausible-csv', @path);
    is($status, $want, "exit $want");
    like($err, $says, 'and says why');
}
is(join(' ', glob $t->path('*.part')), '', 'nothing half is left');
$t->done;
