# Promise: with the snippet that is shipped and a free database of npm, nginx
# knows the country of an address, of IPv4 and IPv6, and events have it; an
# address that is in no list has none, and what is no code on its list is left
# out, never cut.  No address goes on.
#
# Method: Debian's geoip2 module, the shipped places.conf with its paths
# replaced; codes that are none by a map.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();

my $GEOIP = '/usr/lib/nginx/modules/ngx_http_geoip2_module.so';
plan skip_all => "$GEOIP is not there" if !-e $GEOIP;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site($_, '--timezone', 'UTC') for qw(a.example b.example);
mkdir $t->path('places');
my $file = 'geo-whois-asn-country.mmdb';
symlink $t->root . "/node_modules/\@ip-location-db/geo-whois-asn-country-mmdb/"
    . $file, $t->path("places/$file") or die "symlink: $!\n";
my $nginx = $t->nginx(main => "load_module $GEOIP;", http =>
    here($t, slurp($t->root . '/conf/nginx/places.conf')) . <<'EOH',
    map $http_x_place $of_country { ~^(?<c>[^|]*) $c; }
    map $http_x_place $of_region { ~^[^|]*\|(?<r>[^|]*) $r; }
    map $http_x_place $of_city { ~^[^|]*\|[^|]*\|(?<t>.*) $t; }
EOH
    server => <<'EOS');
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
my @stored = grep { -f } map { glob $t->path($_) }
    qw(spool/* data/* data/acct/*);
is(join(' ', grep { slurp($_) =~ /193\.99\.144\.80|2001:4860/ } @stored), '',
    'no address in any file');
$t->done;
