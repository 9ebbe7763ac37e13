#!/usr/bin/perl

# Promise: a page that a browser prepares (speculation rules) is one view once
# somebody opens it, and none as long as nobody does, with our tracker and with
# Plausible's npm package untouched; our tracker keeps what the page calls
# meanwhile until then.  Umami's script does not wait: a page that it is on is
# one view when it is prepared, and none more when it is opened.
#
# Umami's is the stand-in of tests/trackers, or with "make test-trackers
# SCRIPTS=DIR" the original.
#
# Method: Chromium alone, since under a debugger it prepares nothing; the page
# it starts with opens the other.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Hits;
use Glinto::Test;

my $AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 '
    . '(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';
my $ENGAGEMENT = 3;
my $t = Glinto::Test->new(limit_s => 150);
my %server = Glinto::Browser::server($t);
my $pages = $t->root . '/tests/browser/pages';
my $scripts = $ENV{GLINTO_SCRIPTS} // $t->root . '/tests/trackers/stand-in';
$server{http} .= <<'EOH';
    log_format asked '$request_method $request_uri "$http_sec_purpose"';
    log_format ready '$args is ready';
EOH
$server{server} .= <<"EOS";
    access_log %%DIR%%/asked.log asked;
    location = /ready { access_log %%DIR%%/asked.log ready; return 204; }
    location = /asked { access_log off; alias %%DIR%%/asked.log; }
    location /npm-shown/ { root $pages; try_files /npm-shown.html =404; }
    location /shown/ { root $pages; try_files /shown.html =404; }
    location /umami-shown/ { root $pages; try_files /umami-shown.html =404; }
    location = /umami.js { alias $scripts/script.js; }
    location = /api/send { glinto_collect umami; }
EOS
my $nginx = $t->nginx(%server);
my $hits = Glinto::Hits->new($t, $nginx);
my $log = $t->path('asked.log');

sub browse {
    my ($url) = @_;
    return $t->spawn(chromium => $ENV{CHROMIUM} // '/usr/bin/chromium',
        '--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run',
        '--disable-quic', '--disable-component-update', '--disable-sync',
        "--user-agent=$AGENT", '--user-data-dir=' . $t->path('profile'), $url,
        {env => {TMPDIR => $t->dir, HOME => $t->dir}});
}

for my $case (['our tracker', '/shown/', '/shown/opened 1 ',
        '/shown/opened 2 Early'],
    ["Plausible's", '/npm-shown/', '/npm-shown/opened 1 '],
    ["Umami's", '/umami-shown/', '/umami-shown/never 1 ',
        '/umami-shown/opened 1 '])
{
    my ($name, $path, @want) = @$case;
    spew($log, '');
    my $base = 'http://127.0.0.1:' . $nginx->port;
    my $chromium = browse("$base/pages/prepare.html?$path");
    my @events;
    $t->soon("$name: events came", sub {
        push @events, @{$hits->take};
        return @events >= @want;
    }, 30);
    kill 'TERM', $chromium;
    $t->ended($chromium, 30);
    $t->until('end of its processes', sub { !$t->session($chromium) });
    push @events, @{$hits->take};
    is_deeply([sort map { "$_->{path} $_->{kind} " . ($_->{name} // '') }
            grep { $_->{kind} != $ENGAGEMENT } @events],
        \@want, "$name: " . (@want > 1 && $want[0] =~ /never/
            ? 'each page, once' : 'those of the page that was opened, once'));
    my @asked = slurp($log) =~ m{^GET ($path\w+ ".*")$}mg;
    is(join(' ', sort @asked), qq(${path}never "prefetch;prerender" )
        . qq(${path}opened "prefetch;prerender"), "$name: both were prepared");
}
$t->done;
