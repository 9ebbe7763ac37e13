# Promise: through nginx with the shipped files who has signed in sees what is
# his and leaves nothing of it to others: no cache, no log keeps it; an address
# that tries passwords is slowed down.  nginx may say who it is, and nobody but
# nginx.
#
# Method: what conf/README.md says, done to the shipped files.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::People;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::WebSocket;
use MIME::Base64 qw(encode_base64);

my $t = Glinto::Test->new;
my $agent = $t->aggregator(conf => 'access_header X-Glinto-Person');
$agent->site('hidden.example', '--timezone', 'UTC');
$agent->site('open.example', '--public');
my $cookie = person($agent, 'ann', '--role', 'owner');
my $log = $t->path('access.log');
my %conf = shipped($t);
$conf{server} .= " access_log $log;";
my $nginx = $t->nginx(%conf);
my $HIDDEN = '/glinto/hidden.example';

sub get { $nginx->get(@_) }
sub post {
    my ($path, $body, %headers) = @_;
    return $nginx->post($path, $body, Host => 'localhost',
        Origin => 'https://localhost',
        'Content-Type' => 'application/x-www-form-urlencoded', %headers);
}

# ---- nothing is left to others ----

for my $round (1, 2) {
    is(get($HIDDEN, Cookie => $cookie)->{status} . ' ' . get($HIDDEN)->{status},
        '200 401', "round $round: a page is whose it is");
    like(get('/glinto/', Cookie => $cookie)->{body}, qr/>ann</, 'his list');
    unlike(get('/glinto/')->{body}, qr/>ann<|hidden\.example/, 'is not others\'');
    is(get("$HIDDEN/settings", Cookie => $cookie)->{status} . ' '
        . get("$HIDDEN/settings")->{status}, '200 401', 'his settings');
}
my $share = $agent->json('share', 'add', 'hidden.example')->{link};
my $welcome = $agent->json('person', 'link', 'ann')->{link};
is(join(' ', map { get($_)->{status} } $share, $share =~ s/share/embed/r,
    $welcome), '200 200 200', 'links, by nginx');
is((Glinto::WebSocket->try($nginx->port, "$share/live"))[1], 101, 'live, too');
my @secrets = map { s{.*[/=]}{}r } $share, $welcome, $cookie;
get('/glinto/open.example');
$t->until('a line', sub { slurp($log) =~ m{/glinto/open} });
for my $secret (@secrets) {
    is(index(slurp($log), $secret), -1, 'no log has a secret');
    is(system('grep', '-rqF', '--', $secret, $t->path('cache')) >> 8, 1,
        'nor a cache');
}

# ---- nobody but nginx says who it is ----

for my $name ('X-Glinto-Person', 'x-glinto-person', 'X_Glinto_Person') {
    is(get($HIDDEN, $name => 'ann')->{status}, 401, "$name of a browser");
}
my $conf = $t->path('conf/dashboard.conf');
my $hash = qx(openssl passwd -apr1 secret);
spew($t->path('passwords'), "ann:${hash}bob:$hash");
spew($conf, slurp($conf) =~ s/^#(auth_basic|proxy_set_header X-Glinto)/$1/mgr);
$nginx->reload;
my %as = map { $_ => 'Basic ' . encode_base64("$_:secret", '') } qw(ann bob);
is(get($HIDDEN, Authorization => $as{ann})->{status}, 200, 'nginx does');
is(get($HIDDEN, Authorization => $as{bob}, 'X-Glinto-Person' => 'ann')
    ->{status}, 401, 'as it knows him');
is(get($HIDDEN, 'X-Glinto-Person' => 'ann')->{status}, 401, 'not else');
my $page = get("$HIDDEN/settings", Authorization => $as{ann});
my ($token) = $page->{body} =~ /name="token" value="([\w-]+)"/;
is(join(' ', map { post("$HIDDEN/settings", "do=site.set&optout=yes&token=$_",
    Authorization => $as{ann})->{status} } '', 'x' x 22, $token // ''),
    '403 403 303', 'a form needs its token, too');

# ---- tries ----

my @tries = map { post('/glinto/sign-in', "name=n$_&password=wrong",
    Authorization => $as{ann})->{status} } 1 .. 6;
is("@tries", '403 403 403 403 403 429', 'the sixth try in a minute is refused');
my $slow = post('/glinto/sign-in?lang=de', 'name=n&password=wrong',
    Authorization => $as{ann});
like("$slow->{status} $slow->{headers}{'cache-control'} $slow->{body}",
    qr/^429 no-store .*<html lang="de">.*Zu viele Anfragen/s,
    'with a page in his language');
is(get('/glinto/sign-in', Authorization => $as{ann})->{status}, 200,
    'its page is not');
$t->done;
