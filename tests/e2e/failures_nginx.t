# Promise: with glintod away, the spool full, in another place or closed to the
# workers, a visitor gets a page as ever and a beacon 202 or 503 as is true;
# the status location, the log, the dashboard and "nginx -t" say what is wrong,
# with the exact number of what was not recorded.
#
# The page that nginx shows while glintod is away is in run.t.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Told;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $CLOCK = qr/\d\d:\d\d/;
my $SERVER = <<'EOT';
        location = /api/event { glinto_collect; }
        location = /s { glinto_status; }
        location = /paused { return 200 $glinto_paused; }
        location / { return 200 page; }
EOT
my $world = Glinto::World->new($t, sites => ['a'],
    nginx => {spool => 'budget=256k segment=64k', server => $SERVER});
my ($agent, $nginx) = ($world->agent, $world->nginx);
my $told = Glinto::Told->new($t, $agent);

sub event { # STATUS of a request
    my ($path) = @_;
    return $nginx->post('/api/event', JSON::PP::encode_json({n => 'pageview',
        d => 'a.example', u => "https://a.example$path"}))->{status};
}
sub seen { JSON::PP::decode_json($nginx->get('/s')->{body}) }

# ---- glintod is away ----

is(event('/'), 202, 'a beacon');
is(seen()->{hints}{away_since}, 0, 'the worker knows of glintod');
my $stopped = time;
$agent->stop;
$t->soon('it sees the end without an event', sub {
    my $since = seen()->{hints}{away_since};
    return $since >= $stopped - 1 && $since <= time;
});
is($nginx->get('/paused')->{body} =~ /^$CLOCK UTC$/, 1, 'and says since when');
is(event('/away'), 202, 'a beacon is answered as ever');
my $spool = seen()->{spool};
cmp_ok($spool->{fill_percent}, '>=', 25, 'the fill of the spool');
is($spool->{budget_bytes}, 262_144, 'and its budget');
ok(exists $spool->{oldest_age_s}, 'and its age');

# ---- the spool is full ----

my $refused = 0;
my $n = 0;
while ($refused < 57) {
    $refused += event('/' . ++$n . 'x' x 1900) == 503;
}
is($nginx->get('/')->{body}, 'page', 'a page is served as ever');
is(seen()->{spool}{fill_percent}, 100, 'the status location: full');
is(seen()->{dropped}{spool_full}, $refused, 'the reason, exactly');
$agent->start;
my $live = $told->soon('not_recorded',
    qr/^57 events were not recorded (?:at|between) $CLOCK/);
is($live->{count}, $refused, 'the count is the number of 503s');
my $status = $agent->json('status');
is($status->{requests_refused}, $refused, 'in the status, too');
is($told->health, 503, 'requests were turned away a moment ago');
like($told->status('not_recorded')->{advice}, qr/error log/, 'where to look');
$nginx->stop;

# ---- nginx writes to another folder ----

mkdir $t->path('other') or die;
$nginx = $t->nginx(server => $SERVER, glinto => <<'EOT');
    glinto_spool %%DIR%%/other;
    glinto_socket unix:%%DIR%%/events.sock;
    glinto_salt %%DIR%%/salt;
    glinto_sites %%DIR%%/sites;
EOT
is(event('/elsewhere'), 202, 'a beacon is taken');
$t->soon('the operator hears of the other folder',
    sub { $told->status('elsewhere') });
like($told->people, qr/writes to another spool folder.*\n.*one folder/,
    'and what to do');
like($agent->log, qr/\[error\].*writes to another spool/, 'and in the log');
is($told->health, 503, 'and the health check fails');
$told->none('elsewhere');
$nginx->stop;
$t->soon('and that it is over with the worker',
    sub { !$told->status('elsewhere') });

# ---- a folder the workers may not write ----

SKIP: {
    skip 'root may write everywhere, so workers must be others', 12 if $> != 0;
    my $closed = $t->path('closed');
    mkdir $closed, 0700 or die;
    $nginx = $t->nginx(server => $SERVER, user => 'www-data', glinto => <<'EOT');
    glinto_spool %%DIR%%/closed;
    glinto_socket unix:%%DIR%%/none.sock;
    glinto_salt %%DIR%%/salt;
    glinto_sites %%DIR%%/none;
EOT
    my ($code, $said) = $nginx->test($nginx->conf_text);
    is($code, 0, '"nginx -t" does not refuse it');
    like($said, qr/\[warn\].*closed" is not writable by/, 'but warns');
    is(event('/closed'), 503, 'a beacon gets 503');
    is($nginx->get('/')->{body}, 'page', 'a page is served');
    $nginx->soon_log(qr/open in spool "\S+closed" failed, .* get 503 \(13: Perm/);
    $nginx->stop;

    # The spool itself, with glintod there: no other folder.
    my $spool = $t->path('spool');
    my $mode = (stat $spool)[2] & 07777;
    $agent->stop;
    $agent->start(workers => "$> " . getpwnam 'www-data');
    chmod 0666, $t->path('events.sock');
    chmod 0700, $spool;
    $nginx = $t->nginx(user => 'www-data', server => $SERVER);
    is(event('/own'), 503, 'the spool closed: a beacon gets 503');
    is(seen()->{hints}{connected}, JSON::PP::true, 'the worker knows of glintod');
    chmod $mode | 0777, $spool;
    my $hints = $agent->json('status')->{spool}{hints};
    $t->soon('opened: taken', sub { event('/own') == 202 });
    $t->soon('and told', sub { $agent->json('status')->{spool}{hints} > $hints });
    is($told->status('elsewhere'), undef, 'of no other folder');
    is(scalar(() = $agent->log =~ /another spool/g), 1, 'at no time');
    chmod $mode, $spool;
    $nginx->stop;
}

$t->done;
