# Promise: with the snippet that is shipped and a free database of npm, nginx
# knows the country of an address, of IPv4 and IPv6, and events have it; an
# address that is in no list has none, and what is no code on its list is left
# out, never cut.  With the lines for a database of cities a city is in answers
# and can be asked for, by its name or by the number it came as, beside its
# country and, where the database has codes of them, its region.  No address
# goes on.
#
# Method: Debian's geoip2 module, the shipped places.conf with its paths
# replaced, and its other lines with a small database made here; codes that are
# none by a map.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Mmdb;
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();

my $GEOIP = '/usr/lib/nginx/modules/ngx_http_geoip2_module.so';
plan skip_all => "$GEOIP is not there" if !-e $GEOIP;

my $t = Glinto::Test->new->one_day;
my $agent = $t->aggregator;
$agent->site($_, '--timezone', 'UTC')
    for qw(a.example b.example c.example d.example);
mkdir $t->path('places');
my $file = 'geo-whois-asn-country.mmdb';
symlink $t->root . "/node_modules/\@ip-location-db/geo-whois-asn-country-mmdb/"
    . $file, $t->path("places/$file") or die "symlink: $!\n";
# As DB-IP's and MaxMind's databases have them; DB-IP's regions are no codes.
sub place {
    my ($country, $code, $region, $city, $number) = @_;
    return {country => {iso_code => $country}, city => {names => {en => $city},
        geoname_id => $number}, subdivisions => [{names => {en => $region},
        iso_code => $code}]};
}
write_mmdb($t->path('places/dbip-city-lite.mmdb'),
    '203.0.113.0/25' => place('DE', 'NW', 'North Rhine-Westphalia',
        "K\xc3\xb6ln", '2886242'),
    '203.0.113.128/25' => place('AT', '9', 'Vienna', 'Vienna', '2761369'),
    '2001:db8:1::/48' => place('FR', 'IDF', "\xc3\x8ele-de-France", 'Paris',
        '2988507'),
    '198.51.100.0/24' => place('DEU', 'Nordrhein', 'x', 'x' x 129, '0'));
my $shipped = slurp($t->root . '/conf/nginx/places.conf');
my ($others) = $shipped =~ /^# With DB-IP.*?\n(#geoip2.*)/ms;
my ($region) = $others =~ /^#    (\$glinto_region_code .*)\n#glinto_region/m;
$others =~ s/^#\n.*//ms;
$others =~ s/^#//gm;
$others =~ s/\$glinto_country_code/\$city_country/g; # beside the other lines
my ($cities, $with_city) = $others =~ /^(.*?\}\n)(.*)/s;
$region .= "\n    \$city_number source=\$remote_addr city geoname_id;";
$cities =~ s/\}\n/    $region\n}\n/;
my $nginx = $t->nginx(main => "load_module $GEOIP;", http =>
    here($t, $shipped . $cities) . <<'EOH',
    map $http_x_place $of_country { ~^(?<c>[^|]*) $c; }
    map $http_x_place $of_region { ~^[^|]*\|(?<r>[^|]*) $r; }
    map $http_x_place $of_city { ~^[^|]*\|[^|]*\|(?<t>.*) $t; }
EOH
    server => <<"EOS" . <<'EOS');
    location = /city { glinto_collect; glinto_region "";
        $with_city }
    location = /number {
        glinto_collect;
        glinto_country \$city_country;
        glinto_region \$glinto_region_code;
        glinto_city \$city_number;
    }
EOS
    location = /api/event { glinto_collect; }
    location = /named {
        glinto_collect;
        glinto_country $of_country;
        glinto_region $of_region;
        glinto_city $of_city;
    }
EOS
my %browser = ('Accept-Language' => 'en', 'Accept-Encoding' => 'gzip',
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0');

sub event {
    my ($path, $site, %more) = @_;
    $nginx->post($path, JSON::PP::encode_json({n => 'pageview', d => $site,
        u => "http://$site/"}), %browser, %more);
}
sub by {
    my ($site, @dimensions) = @_;
    my $answer = $agent->query({site_id => $site, metrics => ['pageviews'],
        date_range => 'day', dimensions => \@dimensions});
    return {map { join('|', map { $_ // '' } @{$_->{dimensions}}) =>
        $_->{metrics}[0] } @{$answer->{results}}};
}

my %of = ('193.99.144.80' => 'DE', '8.8.8.8' => 'US', '212.58.244.20' => 'GB',
    '2001:4860:4860::8888' => 'US', '2a02:2e0:3fe:1001:302::' => 'DE',
    '10.0.0.1' => '', 'fd00::1' => '');
event('/api/event', 'a.example', 'X-Forwarded-For' => $_) for sort keys %of;
my $countries;
$t->until('all are counted', sub {
    $countries = by('a.example', 'visit:country');
    my $sum = 0;
    $sum += $_ for values %$countries;
    $sum == keys %of;
});
is_deeply($countries, {DE => 2, US => 2, GB => 1, '(not set)' => 2},
    'countries of addresses');

# ---- codes ----

my @said = ('AT|9|Wien', 'at|AT-9|Wien', 'AUT|9|Wien', 'ZZ|9|Wien', 'AT|99|Wien',
    'AT|Vienna|Wien', '||', 'A|9|');
event('/named', 'b.example', 'X-Place' => $said[$_],
    'X-Forwarded-For' => "10.0.1.$_") for 0 .. $#said;
my $places;
$t->until('all are counted, too', sub {
    $places = by('b.example', 'visit:country', 'visit:region');
    my $sum = 0;
    $sum += $_ for values %$places;
    $sum == @said;
});
is_deeply($places, {'AT|AT-9' => 2, 'AT|(not set)' => 2,
    '(not set)|(not set)' => 4},
    'what is on a list is kept, else left out, and nothing is cut');

# ---- cities ----

my @addresses = ('203.0.113.7', '203.0.113.8', '203.0.113.200', '2001:db8:1::1',
    '198.51.100.1', '10.0.0.1');

# The pageviews of SITE by these dimensions, when all have come.
sub of_cities {
    my ($site, @dimensions) = @_;
    my $found;
    $t->until("all of $site are counted", sub {
        $found = by($site, @dimensions);
        my $sum = 0;
        $sum += $_ for values %$found;
        $sum == @addresses;
    });
    return $found;
}
for (['/city', 'c.example'], ['/number', 'd.example']) {
    my ($path, $site) = @$_;
    event($path, $site, 'X-Forwarded-For' => $_) for @addresses;
}
my $cologne = "K\x{f6}ln";
is_deeply(of_cities('c.example', 'visit:country', 'visit:city_name'),
    {"DE|$cologne" => 2, 'AT|Vienna' => 1, 'FR|Paris' => 1,
        '(not set)|(not set)' => 2},
    'the shipped lines: cities by name; a code of three letters, and a name '
    . 'that is too long, are left out');
is_deeply(of_cities('d.example', 'visit:city', 'visit:region'),
    {'2886242|DE-NW' => 2, '2761369|AT-9' => 1, '2988507|FR-IDF' => 1,
        '0|(not set)' => 1, '(not set)|(not set)' => 1},
    'by number, with codes of regions; no region without its country');
for (['c.example', 'visit:city_name', $cologne], ['c.example', 'visit:city',
    $cologne], ['d.example', 'visit:city', '2886242'])
{
    my ($site, $dimension, $city) = @$_;
    my $answer = $agent->query({site_id => $site, date_range => 'day',
        metrics => ['visitors', 'pageviews'],
        filters => [['is', $dimension, [$city]]]});
    is_deeply($answer->{results}[0]{metrics}, [2, 2],
        "asked for by $dimension at $site");
}

my @stored = grep { -f } map { glob $t->path($_) }
    qw(spool/* data/* data/acct/*);
is(join(' ', grep { slurp($_) =~ /193\.99\.144\.80|2001:4860/ } @stored), '',
    'no address in any file');
$t->done;
