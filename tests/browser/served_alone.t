#!/usr/bin/perl

# Promise: a site of which nginx has served pages, and whose script has told of
# nothing, shows on its page how to install the script, and what nginx knows:
# who blocks scripts, what is slow with its upstream, what is not found.  Its
# first visit opens the whole report, and a report whose list of pages served
# is open goes on with the visits that come.
#
# Check: 4 s in Chromium.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 120)->one_day(120);
my $agent = $t->aggregator;
$agent->site('a.example', '--public', '--timezone', 'UTC');
my $back = $t->port;
my $nginx = $t->nginx(http => <<"EOH", server => <<"EOS");
    map \$http_upgrade \$kind { "" ""; default upgrade; }
    server { listen 127.0.0.1:$back; default_type text/html; return 200 page; }
EOH
        glinto on;
        glinto_site a.example;
        default_type text/html;
        location / { proxy_pass http://127.0.0.1:$back; }
        location /none { return 404; }
        location /style.css { default_type text/css; return 200 'p{}'; }
        location = /api/event { glinto off; glinto_collect; }
        location /glinto/ {
            glinto off;
            proxy_pass http://unix:%%DIR%%/dashboard.sock:;
            proxy_http_version 1.1;
            proxy_set_header Host \$http_host;
            proxy_set_header Connection \$kind;
            proxy_set_header Upgrade \$http_upgrade;
        }
EOS
my %browser = ('Accept-Language' => 'en', 'Accept-Encoding' => 'gzip',
    'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 '
    . 'Firefox/128.0', Host => 'a.example', 'Sec-Fetch-Site' => 'none',
    'Sec-Fetch-Dest' => 'document');
for my $n (1 .. 3) {
    my %of = (%browser, 'X-Forwarded-For' => "10.0.0.$n");
    $nginx->get('/about', %of);
    $nginx->get('/style.css', %of, 'Sec-Fetch-Site' => 'same-origin',
        'Sec-Fetch-Dest' => 'style') if $n > 1;
}
$nginx->get('/none', %browser);
$t->until('the pages', sub {
    my $told = $agent->json('site', 'served', 'a.example');
    $told->{views}{served} == 3 && $told->{replies}{missing} == 1
        && $told->{visitors}{blocks_script} == 2;
});
$agent->shown('/glinto/a.example');

my ($pid, $log) = Glinto::Browser::start($t, 'served_alone',
    'http://127.0.0.1:' . $nginx->port);
for my $n (1 .. 2) {
    $t->soon("it asks for visit $n", sub {
        $t->alive($pid) or die slurp($log);
        return slurp($log) =~ /^visit $n$/m;
    }, 60);
    $nginx->post('/api/event', JSON::PP::encode_json({n => 'pageview',
        d => 'a.example', u => 'http://a.example/about'}), %browser,
        'X-Forwarded-For' => "10.0.1.$n", 'Sec-Fetch-Dest' => 'empty',
        'Sec-Fetch-Site' => 'same-origin');
}
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok \d+$/m, 'to its end');
$t->done;
