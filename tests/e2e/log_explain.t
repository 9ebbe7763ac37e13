# Promise: "glinto explain" says, hour by hour of the site's clock, what the
# lines of a log are, what of its pages Glinto counted, and where the
# difference went: other hosts, files, redirects, errors, bots, clients that
# are rather programs, blocked scripts; and nothing is counted by it.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::AccessLog;
use Glinto::Test;
use Glinto::World;
use POSIX ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t);
my $agent = $world->agent;
$agent->site('logs.example', '--timezone', 'Europe/Berlin');
my $FIREFOX = $Glinto::AccessLog::PEOPLE[0];
my $noon = 1_772_449_200; # 2026-03-02 11:00 UTC, 12:00 in Berlin
my (@log, @events);

sub line { # HOST, SECONDS, ADDRESS, URI, more
    my ($host, $s, $address, $uri, %more) = @_;
    push @log, "$host " . combined({at => $noon + $s, address => $address,
        uri => $uri, agent => $FIREFOX, %more});
}
sub own { line('logs.example', @_) }
sub counts { # NAME, SECONDS, PATH: Glinto has it, too
    my ($name, $s, $path) = @_;
    push @events, {kind => 'pageview', visitor => $name, path => $path,
        at => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $noon + $s)};
}

# of 10 with the page's style 6 run the script; one hour later of 4 all
for my $n (1 .. 10) {
    own(60 * $n, "203.0.113.$n", '/');
    own(60 * $n + 1, "203.0.113.$n", '/a.css');
    counts("v$n", 60 * $n + 1, '/') if $n <= 6;
}
for my $n (1 .. 4) {
    own(3600 + 60 * $n, "203.0.113.$n", '/b');
    counts("v$n", 3600 + 60 * $n, '/b');
}
own(600 + $_, "198.51.100.$_", '/') for 1 .. 3; # nothing but pages
own(700 + $_, '192.0.2.1', '/', agent => 'Googlebot/2.1') for 1 .. 5;
own(800, '203.0.113.1', '/old', status => 301);
own(801, '203.0.113.1', '/gone', status => 404);
own(802, '203.0.113.1', '/form', method => 'POST');
line('other.example', 900 + $_, '203.0.113.1', '/') for 1 .. 2;
push @log, "no line\n";
spew($t->path('access.log'), join '', @log);
$agent->import_lines('logs.example', @events);
my $rows = $world->rows('logs');
my @command = ('explain', '--site', 'logs.example', '--format', 'vcombined',
    '--log', $t->path('access.log'));

my $told = $agent->json(@command);
is_deeply($told->{hours}, [
    {hour => '2026-03-02 12:00', lines => 33, hosts => 2, methods => 1,
        assets => 10, redirects => 1, errors => 1, bots => 5, pages => 13,
        bare => 3, counted => 6, missing => 7},
    {hour => '2026-03-02 13:00', lines => 4, hosts => 0, methods => 0,
        assets => 0, redirects => 0, errors => 0, bots => 0, pages => 4,
        bare => 0, counted => 4, missing => 0}], 'hour by hour');
is($told->{unreadable}, 1, 'what could not be read, too');
my ($status, $out, $err) = $agent->glinto(@command);
is($status, 0, 'for people');
like($out, qr/^2026-03-02 12:00 +33 +2 +1 +10 +1 +1 +5 +13 +3 +6 +7$/m,
    'a table');
for my $sentence ('17  are pages that people saw',
    '10  pageviews Glinto counted in these hours',
    '7  pages were not counted:',
    '3    of clients that look like browsers and fetched nothing else',
    '4    of browsers: the script was blocked')
{
    like($out, qr/^ +\Q$sentence\E/m, $sentence);
}
unlike($out . $err, qr/203\.0|198\.51|192\.0/, 'without addresses');
is($world->rows('logs'), $rows, 'nothing was counted');
($status, $out, $err) = $agent->glinto('explain', '--site', 'none.example',
    '--log', $t->path('access.log'));
is($status, 1, 'a site that is none');
like($err, qr/none\.example/, 'is told so');

$t->done;
