# Promise: totals of days from another product's tables have the texts that
# events have: a host, a page, a country of both is one.  What is none is an
# error with file, line and column in Plausible's tables, which somebody can
# mend; of the reports of Matomo and Google Analytics it is left out where the
# row says something without it.  No control character is kept.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['plausible', 'matomo', 'ga4']);
my $agent = $world->agent;
my $days = 0;

# TABLES ({name => text}) of PRODUCT into its site: exit status, sentence.
sub import_tables {
    my ($product, %tables) = @_;
    my $folder = $t->path('tables');
    mkdir $folder;
    unlink glob "$folder/*";
    spew("$folder/$_", $tables{$_}) for keys %tables;
    my ($status, undef, $err) = $agent->glinto('import', '--site',
        "$product.example", '--format', "$product-csv", $folder);
    return ($status, $err);
}

# What the site has of METRIC by DIMENSION, as {text => n}.
sub by {
    my ($site, $dimension, $metric) = @_;
    my $answer = $agent->query({site_id => "$site.example",
        date_range => ['2025-01-01', '2026-12-31'], metrics => [$metric],
        dimensions => [$dimension], include => {imports => JSON::PP::true}});
    return {map { $_->{dimensions}[0] => $_->{metrics}[0] }
        @{$answer->{results}}};
}

# ---- Plausible: the column and its dimension; [typed, kept, or why not] ----

my %head = (
    imported_pages => 'date,hostname,page,visits,visitors,pageviews',
    imported_locations => 'date,country,region,city,visitors,visits,'
        . 'visit_duration,bounces,pageviews',
    imported_sources => 'date,source,referrer,utm_source,utm_medium,'
        . 'utm_campaign,utm_content,utm_term,pageviews,visitors,visits,'
        . 'visit_duration,bounces',
    imported_custom_events => 'date,name,link_url,path,visitors,events',
);
my %default = (hostname => 'plausible.example', page => '/', name => 'n');

sub table { # one row: COLUMN is TEXT, sums are 1
    my ($table, $column, $text) = @_;
    my %cell = (%default, date => sprintf('2025-%02d-%02d', 1 + int $days / 28,
        1 + $days % 28), (map { $_ => 1 } qw(visits visitors
        pageviews visit_duration bounces events)), $column => $text);
    $cell{country} = 'AT' if $column =~ /region|city/;
    return "$head{$table}\n" . join(',', map { $cell{$_} // '' }
        split /,/, $head{$table}) . "\n";
}

for (
    [imported_pages => hostname => 'event:hostname',
        ['WWW.F.test.', 'f.test'], ['f.test:8080', 'f.test'],
        ["B\xc3\x9cCHER.example", 'xn--bcher-kva.example'],
        ["f.test'X'", qr/is not the name of a host/]],
    [imported_pages => page => 'event:page', ["/caf\xc3\xa9", "/caf\x{e9}"],
        ["/a\e[31mb", '/a%1B[31mb'], ["/t\t", '/t'], ['/100%41', '/100%41'],
        ['/' . 'p' x 2000, qr/is over 2000 characters/]],
    [imported_locations => country => 'visit:country', ['at', 'AT'],
        ['ZZ', '(not set)'], ['AUT', qr/must be a code of ISO 3166-1/],
        ['Germany', qr/must be a code/], ['XX', qr/is not a code/],
        ['T1', qr/must be a code/], ['<s', qr/must be a code/],
        ["\e[", qr/must be a code/]],
    [imported_locations => region => 'visit:region', ['at-9', 'AT-9'],
        ['California', qr/must be a code of ISO 3166-2/],
        ['AT-ZZ', qr/is not a code of ISO 3166-2/],
        ['US-CA', qr/is one of another country/]],
    [imported_locations => city => 'visit:city', ['2761369', '2761369'],
        ["C\e", qr/has control characters/]],
    [imported_sources => source => 'visit:source', ["a\eb\tc", 'a%1Bb c'],
        ['s' x 256, qr/is over 255 characters/]],
    [imported_sources => referrer => 'visit:referrer',
        ['https://R.test:80/x/?q=1', 'r.test/x'], ['www.R.test/y', 'r.test/y'],
        ['r.test/z', 'r.test/z']],
    [imported_sources => utm_campaign => 'visit:utm_campaign',
        ["c\x01", 'c%01'], ['u' x 256, qr/is over 255 characters/]],
    [imported_custom_events => name => 'event:name', ["n\e", 'n%1B'],
        ["\xd0\xb6" x 121, qr/is over 120 characters/]],
    )
{
    my ($table, $column, $dimension, @cases) = @$_;
    for (@cases) {
        my ($text, $want) = @$_;
        my $fact = "$column " . substr($text, 0, 20) =~ s/[^ -~]/?/gr;
        $days++;
        my $before = by('plausible', $dimension, 'visitors');
        my ($status, $err) = import_tables('plausible',
            "${table}_20250101.csv" => table($table, $column, $text));
        if (ref $want) {
            isnt($status, 0, "$fact: refused");
            like($err, qr/${table}_20250101.csv, line 2: "$column" $want/,
                'with a sentence');
            next;
        }
        is($status, 0, "$fact: taken") or diag($err);
        my $after = by('plausible', $dimension, 'visitors');
        is($after->{$want}, ($before->{$want} // 0) + 1, "$fact: is one")
            or diag(explain($after));
    }
}

# ---- Matomo ----

my ($status, $err) = import_tables('matomo',
    'Actions.getPageUrls.csv' => "date,label,metadata_url,nb_visits,"
        . "nb_uniq_visitors,nb_hits\n"
        . "2025-02-01,/a%C3%A9,https://WWW.F.test:8080/a%C3%A9?x,1,1,1\n"
        . "2025-02-01,/a\xc3\xa9,https://f.test/a%C3%A9,1,1,1\n"
        . "2025-02-01,/b,https://f.test'X'/b,1,1,1\n",
    'UserCountry.getCountry.csv' => "date,label,metadata_code,nb_visits,"
        . "nb_uniq_visitors,nb_actions\n2025-02-01,Austria,at,1,1,1\n"
        . "2025-02-01,Tibet,ti,1,1,1\n2025-02-01,\e,eur,1,1,1\n");
is($status, 0, 'Matomo: taken') or diag($err);
is_deeply(by('matomo', 'event:page', 'pageviews'),
    {"/a\x{e9}" => 2, '/b' => 1}, 'Matomo: pages are decoded');
is_deeply(by('matomo', 'event:hostname', 'pageviews'),
    {'f.test' => 2, '(not set)' => 1}, 'Matomo: hosts have one name');
is_deeply(by('matomo', 'visit:country', 'visits'),
    {AT => 1, '(not set)' => 2}, 'Matomo: what is no country is left out');
($status, $err) = import_tables('matomo', 'Actions.getPageUrls.csv' =>
    "date,label,nb_visits,nb_uniq_visitors,nb_hits\n2025-02-02,/"
    . 'p' x 2000 . ",1,1,1\n");
like($err, qr/"page" is over 2000 characters/, 'Matomo: a long page is an error');

# ---- Google Analytics 4 ----

($status, $err) = import_tables('ga4', 'pages.csv' => "Date,Page path and "
    . "screen class,Hostname,Total users,Views\n"
    . "20250301,/a%C3%A9,WWW.F.test,1,1\n20250301,/a\xc3\xa9,f.test:80,1,1\n",
    'sources.csv' => "Date,Session source,Session medium,Total users,Sessions,"
    . "Views\n20250301," . 's' x 256 . ",x,1,1,1\n",
    'places.csv' => "Date,Country ID,City,Total users,Sessions,Views\n"
    . "20250301,Germany,C\e,1,1,1\n20250301,de,Kiel,1,1,1\n");
is($status, 0, 'GA4: taken') or diag($err);
is_deeply(by('ga4', 'event:page', 'pageviews'), {"/a\x{e9}" => 2}, 'GA4: pages');
is_deeply(by('ga4', 'event:hostname', 'pageviews'), {'f.test' => 2},
    'GA4: hosts');
is_deeply(by('ga4', 'visit:source', 'visits'), {'(too long)' => 1},
    'GA4: what is too long');
is_deeply(by('ga4', 'visit:country', 'visits'), {DE => 1, '(not set)' => 1},
    'GA4: countries');

$t->done;
