#!/usr/bin/perl

# Promise: while visits come, the headline, the last point of the chart and the
# rows of the lists follow, in place and without a new page; nothing is asked
# for while nothing comes; who has the focus in a list keeps it.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 120)->one_day(120);
my $agent = $t->aggregator;
$agent->site('a.example', '--public');
my $nginx = $t->nginx(
    http => 'map $http_upgrade $kind { "" ""; default upgrade; }',
    server => <<'EOT');
        location = /api/event { glinto_collect; }
        location /glinto/ {
            proxy_pass http://unix:%%DIR%%/dashboard.sock:;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Connection $kind;
            proxy_set_header Upgrade $http_upgrade;
        }
EOT

sub pageview {
    my ($path) = @_;
    return $nginx->post('/api/event', JSON::PP::encode_json({
        n => 'pageview', d => 'a.example', u => "http://a.example$path"}));
}
# Before the worker knows its salt, a visit is dropped.
$t->until('the first visit', sub {
    my $reply = pageview('/first');
    return $reply->{status} == 202 && !$reply->{headers}{'x-plausible-dropped'};
});

$agent->shown('/glinto/a.example');
my ($pid, $log) = Glinto::Browser::start($t, 'follow',
    'http://127.0.0.1:' . $nginx->port);
for my $path ('/second', '/third') {
    $t->soon("the walk waits for $path", sub {
        $t->alive($pid) or die slurp($log);
        return slurp($log) =~ /^\Q$path\E$/m;
    }, 60);
    is(pageview($path)->{status}, 202, $path);
}
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok (?:\d+)$/m, 'to its end');
$t->done;
