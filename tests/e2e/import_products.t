# Promise: the lists of events that Umami and GoatCounter export are counted as
# what they say: who, when, which page, from where, with what; bots, timings
# and what has no place here are left out; an error tells file, line and
# column, and the same file again adds nothing.
#
# The columns are those of their own code: Umami's website_event.csv (3.x) and
# GoatCounter's versions 2 and 1.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use IO::Compress::Gzip ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => [qw(umami goat one wrong)]);
my $agent = $world->agent;

sub import_from { # SITE, FORMAT, NAME: (exit status, stdout, stderr)
    my ($site, $format, $name) = @_;
    return $agent->glinto('import', '--site', "$site.example", '--format',
        $format, $t->path($name));
}
sub by { # SITE, DIMENSION, METRICS: {value => [numbers]}
    my ($site, $dimension, @metrics) = @_;
    my $answer = $agent->query({site_id => "$site.example",
        date_range => ['2026-01-01', '2026-12-31'],
        metrics => \@metrics, dimensions => [$dimension]});
    return {map { $_->{dimensions}[0] => join ' ', @{$_->{metrics}} }
        @{$answer->{results}}};
}
sub csv { # rows of lists
    return join '', map { join(',', map { my $cell = $_ // '';
        $cell =~ /[",\n]/ ? '"' . ($cell =~ s/"/""/gr) . '"' : $cell }
        @$_) . "\n" } @_;
}

# ---- Umami ----

my @umami = qw(website_id session_id visit_id event_id hostname browser os
    device screen language country region city url_path url_query utm_source
    utm_medium utm_campaign utm_content utm_term referrer_path referrer_query
    referrer_domain page_title gclid fbclid msclkid ttclid li_fat_id twclid lcp
    inp cls fcp ttfb event_type event_name tag distinct_id created_at job_id);
sub umami { my %cell = @_; return [map { $cell{$_} } @umami] }
my %anna = (session_id => 'anna', hostname => 'www.umami.example',
    browser => 'edge-chromium', os => 'Windows 10', device => 'laptop',
    screen => '1920x1080', language => 'en-US', country => 'AT',
    region => 'AT-9', city => 'Vienna', referrer_domain => 'news.example',
    referrer_path => '/a');
my %bert = (session_id => 'bert', browser => 'ios', os => 'iOS',
    device => 'mobile', country => 'XX', region => 'nowhere', screen => 'big');
mkdir $t->path('umami');
my @rows = (
    umami(%anna, url_path => '/', page_title => "T, \"q\"\nand more",
        event_type => 1, created_at => '2026-09-21 10:00:00'),
    umami(%anna, url_path => "/caf\xc3\xa9", event_type => 1,
        created_at => '2026-09-21 10:01:00'),
    umami(%anna, url_path => '/', event_type => 2, event_name => 'signup',
        created_at => '2026-09-21T10:02:00.500Z'),
    umami(%anna, url_path => '/', event_type => 5, lcp => 2000,
        created_at => '2026-09-21 10:02:01'),
    umami(%bert, url_path => '/', utm_source => 'mail', gclid => 'abc',
        event_type => 1, created_at => '2026-09-22 23:30:00'),
);
spew($t->path('umami/website_event.csv'), csv(\@umami, @rows));
spew($t->path('umami/event_data.csv'), csv([qw(website_id session_id event_id
    data_key string_value)], ['w', 'anna', 'e', 'plan', 'pro']));
my ($status, $said, $err) = import_from('umami', 'umami-csv', 'umami');
is($status, 0, 'Umami: imported') or diag($err);
is_deeply(by('umami', 'event:page', 'visitors', 'pageviews', 'events'),
    {'/' => '2 2 3', "/caf\x{e9}" => '1 1 1'}, 'pages');
is_deeply(by('umami', 'event:name', 'events'), {pageview => 3, signup => 1},
    'events, without timings');
is_deeply(by('umami', 'event:hostname', 'pageviews'), {'umami.example' => 3},
    'hosts');
is_deeply(by('umami', 'visit:browser', 'visits'),
    {'Microsoft Edge' => 1, Safari => 1}, 'browsers by our names');
is_deeply(by('umami', 'visit:os', 'visits'), {Windows => 1, iOS => 1},
    'systems');
is_deeply(by('umami', 'visit:os_version', 'visits'),
    {10 => 1, '(not set)' => 1}, 'and their versions');
is_deeply(by('umami', 'visit:device', 'visits'), {Desktop => 1, Mobile => 1},
    'devices');
is_deeply(by('umami', 'visit:region', 'visits'),
    {'AT-9' => 1, '(not set)' => 1}, 'a region that is none is left out');
is_deeply(by('umami', 'visit:country', 'visits'),
    {AT => 1, '(not set)' => 1}, 'a country, too');
is_deeply(by('umami', 'visit:screen', 'visits'),
    {'1920x1080' => 1, '(not set)' => 1}, 'and a screen');
is_deeply(by('umami', 'visit:referrer', 'visits'),
    {'news.example/a' => 1, 'Direct / None' => 1}, 'referrers');
is_deeply(by('umami', 'visit:source', 'visits'),
    {'news.example' => 1, mail => 1}, 'sources');
is_deeply(by('umami', 'time:day', 'visits'),
    {'2026-09-21' => 1, '2026-09-22' => 1}, 'days');
($status, $said) = import_from('umami', 'umami-csv', 'umami');
like($said, qr/imported into umami.example before/, 'not twice');
import_from('one', 'umami-csv', 'umami/website_event.csv');
is($world->store->value($world->file('one'), 'SELECT count(*) FROM events'), 8,
    'the list alone is as good as its folder');

# ---- GoatCounter ----

my @goat = ('2Path', 'Title', 'Event', 'UserAgent', 'Browser', 'System',
    'Session', 'Bot', 'Referrer', 'Referrer scheme', 'Screen size',
    'Location', 'FirstVisit', 'Date');
my $text = csv(\@goat,
    ['/a', 'A', 'false', '', 'Firefox 133', 'Linux', 's1', 0, 'x.example/y',
        'h', '1920,1080,1', 'US-TX', 'true', '2026-09-21T10:00:00Z'],
    ['/b', 'B', 'false', '', 'Firefox 133', 'Linux', 's1', 0, '', '',
        '1920,1080,1', 'US-TX', 'false', '2026-09-21T10:00:30Z'],
    ['click', '', 'true', '', 'Firefox 133', 'Linux', 's1', 0, '', '', '',
        'US', 'false', '2026-09-21T10:01:00Z'],
    ['/a', 'A', 'false', '', 'Chrome 120', 'Windows 11', 's2', 0,
        'Hacker News', 'g', '0,0,0', '', 'true', '2026-09-22T10:00:00+02:00'],
    ['/a', 'A', 'false', '', '', '', 's3', 4, '', '', '', '', 'true',
        '2026-09-22T11:00:00Z']);
IO::Compress::Gzip::gzip(\$text, $t->path('goatcounter-export.csv.gz')) or die;
($status, undef, $err) =
    import_from('goat', 'goatcounter-csv', 'goatcounter-export.csv.gz');
is($status, 0, 'GoatCounter: imported') or diag($err);
is_deeply(by('goat', 'event:page', 'visitors', 'pageviews'),
    {'/a' => '2 2', '/b' => '1 1', '/' => '1 0'}, 'pages, without bots');
is_deeply(by('goat', 'event:name', 'events'), {pageview => 3, click => 1},
    'events');
is_deeply(by('goat', 'visit:source', 'visits'),
    {'x.example' => 1, 'Hacker News' => 1}, 'sources');
is_deeply(by('goat', 'visit:browser_version', 'visits'),
    {133 => 1, 120 => 1}, 'browsers with their versions');
is_deeply(by('goat', 'visit:os', 'visits'),
    {'GNU/Linux' => 1, Windows => 1}, 'systems');
is_deeply(by('goat', 'visit:region', 'visits'),
    {'US-TX' => 1, '(not set)' => 1}, 'regions');
is_deeply(by('goat', 'visit:screen', 'visits'),
    {'1920x1080' => 1, '(not set)' => 1}, 'screens');
my @old = ('1Path', 'Title', 'Event', 'Bot', 'Session', 'FirstVisit',
    'Referrer', 'Referrer scheme', 'Browser', 'Screen size', 'Location',
    'Date');
spew($t->path('old.csv'), csv(\@old, ['/old', '', 'false', 0, 's9', 'true',
    '', '', 'Mozilla/5.0', '', 'DE', '2026-03-01T00:00:00Z']));
import_from('goat', 'goatcounter-csv', 'old.csv');
is(by('goat', 'event:page', 'visitors')->{'/old'}, 1, 'version 1, too');

spew($t->path('website_event.csv'), csv(\@umami, umami(%anna,
    session_id => 'long', url_path => '/', event_type => 1,
    utm_campaign => 'u' x 256, created_at => '2026-09-23 10:00:00')));
is((import_from('one', 'umami-csv', 'website_event.csv'))[0], 0,
    'a campaign that is too long');
is(by('one', 'visit:utm_campaign', 'visits')->{'(too long)'}, 1,
    'is told to be so');

# ---- what is wrong ----

for (['umami-csv', csv([@umami[1 .. $#umami]], $rows[0]),
        qr/website_event.csv, line 2: has not as many cells/],
    ['umami-csv', csv(['url_path'], ['/']),
        qr/website_event.csv, line 1: "session_id" is missing/],
    ['umami-csv', csv(\@umami, $rows[0], umami(%anna, url_path => '/',
        event_type => 1, created_at => 'yesterday')),
        qr/website_event.csv, line 4: "created_at" must be a time/],
    ['umami-csv', csv(\@umami, umami(%anna, url_path => '/',
        event_type => 1, created_at => '2999-01-01 00:00:00')),
        qr/website_event.csv, line 2: "created_at" must not lie in the future/],
    ['umami-csv', csv(\@umami, umami(url_path => '/', event_type => 1,
        created_at => '2026-09-21 10:00:00')),
        qr/website_event.csv, line 2: "session_id" is empty/],
    ['umami-csv', csv(\@umami, umami(%anna, url_path => '/' . 'x' x 2001,
        event_type => 1, created_at => '2026-09-21 10:00:00')),
        qr/website_event.csv, line 2: "url_path" is over 2000/]) {
    my ($format, $list, $says) = @$_;
    spew($t->path('website_event.csv'), $list);
    ($status, undef, $err) = import_from('wrong', $format, 'website_event.csv');
    isnt($status, 0, 'refused');
    like($err, $says, 'with file, line and reason');
}
is($world->store->value($world->file('wrong'), "SELECT count(*) FROM events
    WHERE site = (SELECT max(site) FROM imports)"), 0, 'and nothing counted');
$t->done;
