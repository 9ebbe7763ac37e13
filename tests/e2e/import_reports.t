# Promise: reports that Matomo and Google Analytics 4 export become totals of
# days that say what they said, told where imports are asked for; a bad column
# or date names file, line and reason, and leaves nothing; the same file again
# adds nothing; days of which the site has events are refused with the dates.
#
# The columns are those of their own code and documents: aggregator/import/
# README.md says which.

use strict;
use warnings;
use Encode qw(encode);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => [qw(matomo google wrong live)]);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;

sub import_from { # SITE, FORMAT, NAME, MORE: (exit status, stdout, stderr)
    my ($site, $format, $name, @more) = @_;
    return $agent->glinto('import', '--site', "$site.example", '--format',
        $format, @more, $t->path($name));
}
sub by { # SITE, DIMENSIONS, METRICS: {values => [numbers]}
    my ($site, $by, @metrics) = @_;
    my $reply = $agent->admin('POST', '/v1/query', $json->encode({query => {
        site_id => "$site.example", date_range => ['2026-01-01', '2026-12-31'],
        metrics => \@metrics, dimensions => [$by // ()],
        include => {imports => JSON::PP::true}}}));
    my $answer = $json->decode($reply->{body});
    return $answer->{error} // {map { join(' ', @{$_->{dimensions}}) =>
        join ' ', map { 0 + $_ } @{$_->{metrics}} } @{$answer->{results}}};
}
sub folder { # NAME, FILE => TEXT
    my ($name, %files) = @_;
    mkdir $t->path($name);
    unlink glob $t->path($name) . '/*';
    spew($t->path("$name/$_"), $files{$_}) for keys %files;
    return $name;
}
my @all = qw(visitors visits pageviews bounce_rate visit_duration);

# ---- Matomo: UTF-16, "label", a file called like its method ----

my $visits = 'nb_uniq_visitors,nb_users,nb_visits,nb_actions,'
    . 'nb_visits_converted,bounce_count,sum_visit_length,max_actions';
my $report = 'label,nb_uniq_visitors,nb_visits,nb_actions,bounce_count,'
    . 'sum_visit_length';
my %matomo = (
    'API.get.csv' => "date,$visits,nb_pageviews,bounce_rate,avg_time_on_site\n"
        . "2026-03-01,3,0,4,12,1,2,400,6,10,50%,100\n"
        . "2026-03-02,,,,,,,,,,,\n2026-03-03,1,0,1,2,0,0,60,2,2,0%,60\n",
    'Actions.getPageUrls.csv' => 'date,label,nb_visits,nb_uniq_visitors,nb_hits,'
        . "sum_time_spent,exit_nb_visits,metadata_url\n"
        . "2026-03-01,/index,3,3,6,10,1,http://matomo.example/\n"
        . "2026-03-01,\"/a,\"\"b\"\"?x=1\",2,2,4,10,1,http://matomo.example/a\n"
        . "2026-03-03,Others,1,1,2,10,1,\n",
    'Actions.getEntryPageUrls.csv' => 'date,label,entry_nb_uniq_visitors,'
        . 'entry_nb_visits,entry_nb_actions,entry_sum_visit_length,'
        . "entry_bounce_count\n2026-03-01,/index,3,4,12,400,2\n",
    'Actions.getExitPageUrls.csv' => "date,label,exit_nb_uniq_visitors,"
        . "exit_nb_visits\n2026-03-01,/index,3,4\n",
    'Referrers.getAll.csv' => "date,$report,metadata_referer_type\n"
        . "2026-03-01,Google,2,2,6,1,100,2\n",
    'Events.getAction.csv' => "date,label,nb_uniq_visitors,nb_events\n"
        . "2026-03-01,play,2,5\n",
    'UserCountry.getCountry.csv' => "date,$report,metadata_code\n"
        . "2026-03-01,Austria,2,3,9,1,300,at\n"
        . "2026-03-01,Unknown,1,1,3,1,100,xx\n",
    'DevicesDetection.getType.csv' => "date,$report\n"
        . "2026-03-01,Smartphone,2,3,9,1,300\n2026-03-01,Desktop,1,1,3,1,100\n"
        . "2026-03-01,Phablet,1,1,1,1,0\n",
    'DevicesDetection.getBrowsers.csv' => "date,$report\n"
        . "2026-03-01,Chrome,3,4,12,2,400\n",
    'DevicesDetection.getOsFamilies.csv' => "date,$report\n"
        . "2026-03-01,GNU/Linux,3,4,12,2,400\n");
folder('matomo', map { $_ => "\xff\xfe" . encode('UTF-16LE', $matomo{$_}) }
    keys %matomo);
my ($status, $said, $err) = import_from('matomo', 'matomo-csv', 'matomo');
is($status, 0, 'Matomo: imported') or diag($err);
is_deeply(by('matomo', 'time:day', @all), {'2026-03-01' => '3 4 10 50 100',
    '2026-03-03' => '1 1 2 0 60'}, 'days, and none of one without data');
is_deeply(by('matomo', 'event:page', qw(visitors visits pageviews)),
    {'/index' => '3 3 6', '/a,"b"' => '2 2 4', '(other)' => '1 1 2'},
    'pages');
is_deeply(by('matomo', 'event:hostname', 'pageviews'),
    {'matomo.example' => '10', '(not set)' => '2'}, 'hosts');
is_deeply(by('matomo', 'visit:entry_page', @all[0, 1, 3, 4]),
    {'/index' => '3 4 50 100'}, 'entry pages');
is_deeply(by('matomo', 'visit:exit_page', 'visitors', 'visits'),
    {'/index' => '3 4'}, 'exit pages');
is_deeply(by('matomo', 'visit:source', @all), {'Google' => '2 2 6 50 50'},
    'sources');
is_deeply(by('matomo', 'event:name', 'visitors', 'events')->{play}, '2 5',
    'events');
is_deeply(by('matomo', 'visit:country', 'visits'),
    {AT => '3', '(not set)' => '1'}, 'countries by their codes');
is_deeply(by('matomo', 'visit:device', 'visits'),
    {Mobile => '4', Desktop => '1'}, 'devices by our names');
is_deeply(by('matomo', 'visit:os', 'visits'), {'GNU/Linux' => '4'}, 'systems');
($status, $said) = import_from('matomo', 'matomo-csv', 'matomo');
like($said, qr/imported into matomo.example before/, 'not twice');
folder('again', 'API.get.csv' => $matomo{'API.get.csv'});
($status, undef, $err) = import_from('matomo', 'matomo-csv', 'again');
like("$status $err", qr/^1 .*2026-03-01 to 2026-03-03: an earlier import has/,
    'nor the same days of another file');

# ---- Google Analytics: remarks, dates without dashes, a grand total ----

my $remarks = "# ----------------------------------------\n# a.example, \"x\"\n"
    . "# Free form-Free form 1\n# 20260301-20260302\n"
    . "# ----------------------------------------\n\n";
my %google = (
    'days.csv' => "Date,Total users,Active users,Sessions,Views,Bounce rate,"
        . "Average session duration,New users\n,9,8,6,20,0.3,50,7,Grand total\n"
        . "20260301,3,2,4,12,0.25,100.5,1\n20260302,1,1,2,8,50%,30,0\n",
    'pages.csv' => 'Date,Hostname,Page path and screen class,Total users,Views,'
        . "Sessions,Event count\n20260301,www.a.example,/a?q=1,2,7,3,20\n"
        . "20260302,a.example,(not set),1,5,1,9\n",
    'landing.csv' => "Date,Landing page,Sessions,Total users,Bounce rate\n"
        . "20260301,/,4,3,0.5\n",
    'sources.csv' => 'Date,Session source,Session medium,Session campaign,'
        . "Total users,Sessions\n20260301,google,organic,(not set),2,3\n"
        . "20260301,(direct),(none),(not set),1,1\n",
    'events.csv' => "Event name,Date,Total users,Event count\n"
        . "page_view,20260301,3,12\nsign_up,20260301,1,2\n",
    'places.csv' => "Date,Country,Country ID,City,Total users,Sessions\n"
        . "20260301,Austria,AT,Vienna,2,3\n20260301,(not set),(not set),,1,1\n",
    'devices.csv' => "Date,Device category,Total users,Sessions\n"
        . "20260301,mobile,2,3\n20260301,smart tv,1,1\n",
    'browsers.csv' => "Date,Browser,Browser version,Total users,Sessions\n"
        . "20260301,Edge,120,2,3\n",
    'systems.csv' => "Date,Operating system,OS version,Total users,Sessions\n"
        . "20260301,Macintosh,14,2,3\n");
folder('google', map { $_ => "\xef\xbb\xbf$remarks$google{$_}" } keys %google);
($status, $said, $err) = import_from('google', 'ga4-csv', 'google');
is($status, 0, 'Google Analytics: imported') or diag($err);
is_deeply(by('google', 'time:day', @all), {'2026-03-01' => '3 4 12 25 101',
    '2026-03-02' => '1 2 8 50 30'}, 'days, without the grand total');
is_deeply(by('google', 'event:page', qw(visitors visits pageviews)),
    {'/a' => '2 3 7', '(not set)' => '1 1 5'}, 'pages without their queries');
is_deeply(by('google', 'visit:entry_page', qw(visitors visits bounce_rate)),
    {'/' => '3 4 50'}, 'landing pages');
is_deeply(by('google', 'visit:source', 'visits'),
    {google => '3', 'Direct / None' => '1'}, 'sources');
is_deeply(by('google', 'visit:utm_medium', 'visits'),
    {organic => '3', '(not set)' => '1'}, 'and their mediums');
is_deeply(by('google', 'event:name', 'events'), {sign_up => '2'},
    'events, but those of every visit');
is_deeply(by('google', 'visit:country', 'visits'),
    {AT => '3', '(not set)' => '1'}, 'countries');
is_deeply(by('google', 'visit:device', 'visits'), {Mobile => '3', TV => '1'},
    'devices');
is_deeply(by('google', 'visit:browser', 'visits'), {'Microsoft Edge' => '3'},
    'browsers');
is_deeply(by('google', 'visit:os', 'visits'), {Mac => '3'}, 'systems');
($status, $said) = import_from('google', 'ga4-csv', 'google');
like($said, qr/imported into google.example before/, 'not twice');

# ---- beside events ----

spew($t->path('lines'), $json->encode({kind => 'pageview', visitor => 'v',
    at => '2026-03-02T10:00:00Z'}) . "\n");
$agent->glinto('import', '--site', 'live.example', '--format', 'events',
    $t->path('lines'));
for (['matomo-csv', 'matomo'], ['ga4-csv', 'google']) {
    my ($format, $name) = @$_;
    ($status, undef, $err) = import_from('live', $format, $name);
    like("$status $err", qr/^1 .*2026-03-02 to 2026-03-02: the site has events/,
        "$format: days of events are refused, with the dates");
}
is((import_from('live', 'matomo-csv', 'matomo', '--before-first-event'))[0], 0,
    'but the days before are taken');
is_deeply(by('live', 'time:day', 'visitors'), {'2026-03-01' => '3',
    '2026-03-02' => '1'}, 'those alone');

# ---- what is wrong ----

for (['matomo-csv', 'Export.csv', "date,nb_visits\n2026-03-01,1\n",
        qr/Export.csv is no report that is read, as its name says/],
    ['matomo-csv', 'API.get.csv', "label,nb_visits\n/,1\n",
        qr/API.get.csv, line 1: "date" is missing/],
    ['matomo-csv', 'API.get.csv', "date,nb_uniq_visitors\nMarch,1\n",
        qr/API.get.csv, line 2: "date" must be a date/],
    ['matomo-csv', 'API.get.csv', "date,nb_visits\n2026-03-01,1\n",
        qr/API.get.csv, line 1: "visitors" is missing/],
    ['matomo-csv', 'API.get.csv',
        "date,nb_uniq_visitors\n2026-03-01,1\n2026-03-02,1.5\n",
        qr/API.get.csv, line 3: "nb_uniq_visitors" must be a whole number/],
    ['matomo-csv', 'Actions.getPageUrls.csv',
        "date,nb_uniq_visitors\n2026-03-01,1\n",
        qr/getPageUrls.csv, line 1: "label" is missing/],
    ['matomo-csv', 'API.get.csv', "\xff\xfed\0a\0t", qr/within a character/],
    ['ga4-csv', 'x.csv', "${remarks}Page path,Views\n/,1\n",
        qr/x.csv, line 7: "Date" is missing/],
    ['ga4-csv', 'x.csv', "${remarks}Date,Views\n2026-03-01,1\n",
        qr/x.csv, line 8: "Date" must be a date/],
    ['ga4-csv', 'x.csv', "Date,Total users\n20260230,1\n",
        qr/x.csv, line 2: "Date" must be a date/],
    ['ga4-csv', 'x.csv', "Date,Language,Total users\n20260301,en,1\n",
        qr/x.csv, line 2: "Language" is no column that is read/],
    ['ga4-csv', 'x.csv', "Date,Country,Total users\n20260301,Austria,1\n",
        qr/x.csv, line 2: "Country" is no column/],
    ['ga4-csv', 'x.csv', "Date,Total users,Sessions,Bounce rate\n"
        . "20260301,1,2,much\n", qr/x.csv, line 2: "Bounce rate" must be a num/],
    ['ga4-csv', 'x.csv', "Date,Total users\n20260301,-1\n",
        qr/x.csv, line 2: "Total users" must be a whole number/]) {
    my ($format, $file, $text, $says) = @$_;
    folder('wrong', $file => $text);
    ($status, undef, $err) = import_from('wrong', $format, 'wrong');
    isnt($status, 0, 'refused');
    like($err, $says, 'with file, line and reason');
}
is($world->store->value($world->file('wrong'), 'SELECT count(*) FROM'
    . ' day_totals d JOIN total_imports i ON i.id = d.import JOIN imports m'
    . ' ON m.hash = i.hash AND m.site = i.site WHERE m.done = 1'
    . ' AND i.site = ' . $world->store->value($world->store->meta,
    "SELECT id FROM sites WHERE domain = 'wrong.example'")), 0,
    'and nothing counted');
$t->done;
