# Promise: no client address leaves the worker.  A thousand addresses send
# events, good ones and bad ones; none of them stands in a segment, in a packet
# of the hint socket, in a database, on a page, or in a log of either side, as
# text or (IPv6, long enough to be no accident) as bytes.

use strict;
use warnings;
use File::Find ();
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Hints;
use Glinto::Oracle;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::WebSocket;
use Glinto::World;
use Socket qw(AF_INET6 inet_pton);

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a'],
    nginx => {shipped($t), log_level => 'notice'});
my ($agent, $nginx) = ($world->agent, $world->nginx);
my @addresses = ((map { "198.51.100.$_" } 1 .. 250),
    (map { "203.0.113.$_" } 1 .. 250),
    (map { sprintf '2001:db8:%x:%x:%x::%x', $_ * 7, $_ * 11, $_ * 13, $_ }
        256 .. 755));

# Some are refused, some are dropped, most are counted.
sub send_all {
    my $client = Glinto::Http->connect($nginx->port);
    my %answers;
    for my $i (0 .. $#addresses) {
        my %headers = ('X-Forwarded-For' => $addresses[$i],
            'Content-Type' => 'text/plain');
        $headers{'Transfer-Encoding'} = 'chunked' if $i % 100 == 9;
        my $body = $i % 100 == 7 ? ' ' x 20_000 : $i % 10 == 1 ? '{"n":' : $i % 10 == 3
            ? '{"n":"pageview","u":"https://b.example/","d":"b.example"}'
            : '{"n":"pageview","u":"https://a.example/","d":"a.example"}';
        my $reply = $i % 2
            ? $client->request($i % 100 == 5 ? 'PUT' : 'POST', '/api/event',
                \%headers, $body)
            : $client->request('GET', '/g.gif?d=a.example&u=https%3A%2F%2F'
                . 'a.example%2F', \%headers, undef);
        $answers{$reply->{status}}++;
        $client = Glinto::Http->connect($nginx->port)
            if $reply->{status} == 413 || $i % 100 == 9;
    }
    return \%answers;
}

my $text = join '|', map { quotemeta } @addresses;
my $bytes = join '|', map { quotemeta inet_pton(AF_INET6, $_) }
    grep { /:/ } @addresses;
my $any = qr/(?<![\d.:a-f])(?:$text)(?![\d.:a-f])|$bytes/s;

sub clean {
    my ($what, @texts) = @_;
    my $found = grep { $_ =~ $any } @texts;
    my $length = 0;
    $length += length for @texts;
    is($found, 0, "no address in $what");
    cmp_ok($length, '>', 0, "$what was looked at: $length bytes");
}

like('to 198.51.100.7, and', $any, 'the search finds text');
like("xx" . inet_pton(AF_INET6, $addresses[700]) . "yy", $any,
    'the search finds bytes');

# ---- without glintod: segments and packets stay where we can see them ----

$agent->stop;
my $hints = Glinto::Hints->listen($t->path('events.sock'));
# A worker looks for the socket again every 250 ms, when it has something.
my $answers;
$t->soon('packets came', sub {
    $answers = send_all();
    $hints->read_until(sub { $hints->packets('EVENTS') }, 0.1);
});
cmp_ok($answers->{$_} // 0, '>', 0, "some were answered $_")
    for 200, 202, 400, 405, 413;
clean('the segments', map { slurp($_) } glob $t->path('spool/*.seg'));
clean('the packets of the hint socket', map { $_->{bytes} } $hints->packets);
$hints->close;

# ---- with glintod: databases, pages, logs ----

$agent->start;
send_all();
my $oracle = Glinto::Oracle->new($t, $agent, $nginx);
ok($oracle->empty_spool, 'the spool is empty');
my $drops = $agent->json('status')->{drops};
cmp_ok($drops->{$_} // 0, '>=', 10, "glinto status knows $_")
    for qw(invalid method too_large);
clean('the pages', map { $_->{body} } $nginx->get('/glinto/status'),
    $agent->dashboard('GET', '/glinto/a.example'),
    $agent->admin('GET', '/v1/status'));

# Who opens too much of the dashboard is refused without a word.
sub watch {
    my ($address) = @_;
    return [Glinto::WebSocket->try($nginx->port, '/glinto/a.example/live',
        headers => {'X-Forwarded-For' => $address})];
}
my @watchers = map { my $address = $_; map { watch($address) } 1 .. 66 }
    @addresses[7, 700];
is((grep { $_->[1] == 429 } @watchers), 4, 'those beyond the limit');
$_->[0]->close for grep { $_->[0] } @watchers;

# What is too large for a page, a form or a question, is so, too; whether
# glintod is there or not.
sub too_large {
    my ($method, $path, $i) = @_;
    return Glinto::Http->connect($nginx->port)->request($method, $path,
        {'X-Forwarded-For' => $addresses[$i], Connection => 'close'},
        'x' x 2_000_000);
}
my @doors = ('/glinto/', '/glinto/sign-in', '/glinto/me', '/glinto/share/x',
    '/glinto/embed/x', '/glinto/welcome/x', '/glinto/a.example',
    '/glinto/a.example/settings', '/glinto/a.example/live', '/glinto/mcp',
    '/glinto/assets/x.css', '/api/v2/query', '/api/v1/stats/aggregate',
    '/api/v1/sites', '/js/glinto.js', '/js/script.other.js');
for my $away (0, 1) {
    like(join(' ', map { too_large('POST', $doors[$_], $_)->{status} }
        0 .. $#doors), qr/^(?:413 ){14}/, 'bodies that are too large');
    $agent->stop if !$away;
}
like(too_large('POST', '/api/v2/query', 1)->{body},
    qr/^\{"error":"[^"]+"\}$/, 'a program is told so in JSON');
$nginx->stop;
my @files;
File::Find::find(sub { push @files, $File::Find::name if -f }, $t->dir);
clean('any file that is left', map { slurp($_) } @files);
ok((grep { m{/acct/\w+\.db$} } @files), 'a database was among them');
ok((grep { m{/error\.log$} } @files), 'the log of nginx was among them');

$t->done;
