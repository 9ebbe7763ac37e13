package Glinto::Demo;

# A site with thirteen months of made-up visits (conf/demo/visits).
#
# visits(TEST, AGENT, DOMAIN)   imports them, up to now
# define(AGENT, DOMAIN)         goals, a funnel, a segment, an annotation
# views(TEST, SCRIPT, LIMIT_S)  tests/browser/SCRIPT.mjs finds no fault in
#                 what is public: a.example, which has these visits and one of
#                 each thing that is defined, and new.example, which has none

use strict;
use warnings;
use Glinto::Browser;
use Glinto::Test;
use POSIX ();

my @DEFINED = (['goal', '--event', 'Order', '--currency', 'EUR'],
    ['goal', '--page', '/pricing.html'],
    ['funnel', '--name', 'Order', '--steps',
        '[{"page": "/"}, {"page": "/pricing.html"}, "Order"]'],
    ['segment', '--name', 'Austria', '--filters',
        '[["is", "visit:country", ["AT"]]]'],
    ['annotation', '--text', 'A letter',
        '--date', POSIX::strftime('%Y-%m-%d', gmtime time - 5 * 86_400)]);

sub visits {
    my ($t, $agent, $domain) = @_;
    my $lines = $t->path('demo.jsonl');
    my $made = $t->root . '/conf/demo/visits ' . time . ' demo.example';
    system("$made >$lines") == 0 or die "no visits are made\n";
    my ($status, undef, $why) = $agent->glinto('import', '--site', $domain,
        '--format', 'events', $lines);
    is($status, 0, 'visits of the past') or diag($why);
}

sub define {
    my ($agent, $domain) = @_;
    for (@DEFINED) {
        my ($noun, @how) = @$_;
        is(($agent->glinto($noun, 'add', $domain, @how))[0], 0, "a $noun");
    }
}

sub views {
    my ($t, $script, $limit_s) = @_;
    my $agent = $t->aggregator;
    $agent->site($_, '--public') for 'a.example', 'new.example';
    my $nginx = $t->nginx(Glinto::Browser::dashboard());
    visits($t, $agent, 'a.example');
    define($agent, 'a.example');
    $agent->shown("/glinto/$_.example") for 'a', 'new';
    my ($pid, $log) = Glinto::Browser::start($t, $script,
        'http://127.0.0.1:' . $nginx->port);
    is($t->ended($pid, $t->slow($limit_s)), 0, 'no fault') or diag(slurp($log));
}

1;
