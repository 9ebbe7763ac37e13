# Promise: memory that runs out in a worker at any one allocation of a
# request, or from any one on, costs that request and nothing else: the worker
# lives, what it answered 2xx is a row once, and no good request is called
# bad.

# Group: B

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Memory;
use Glinto::Oracle;
use Glinto::Store;
use Glinto::Test;
use JSON::PP ();

my $N_MAX = 1000; # no request has more allocations than this

my $seed = seed();
my $t = Glinto::Test->new(limit_s => 300);
plan skip_all => 'a sanitizer has an allocator of its own'
    if $t->san || $t->valgrind;
my $memory = Glinto::Memory->new($t);
my $agent = $t->aggregator;
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(2, 'a.example');
my $nginx = $oracle->nginx(env => $memory->env,
    server => 'location = /g.gif { glinto_pixel; }
        location = /js/script.js { glinto_script; }
        location = /status { glinto_status; }');
$t->allow(qr/\[emerg\].* (?:malloc|posix_memalign)\(.*failed \(12:/);
# A worker just started has no title yet.
my $worker = $t->until('a worker', sub { ($nginx->workers)[0] });
my $store = Glinto::Store->new($t->path('data'));
my ($requests, %end, @wrong) = (0);

# ---- what is asked, each with a path of its own ----

sub event {
    my ($path, %more) = @_;
    return JSON::PP->new->utf8->canonical->encode({n => 'pageview',
        u => "https://s0.a.example$path", d => 's0.a.example', %more});
}

sub post {
    my ($body, $type) = @_;
    return http_post($nginx->port, '/api/event', $body,
        'Content-Type' => $type // 'application/json');
}

my %props = map { ("key $_" => "\x{e9}\n" x 110) } 1 .. 12;
my %asked = (
    pixel => sub { http_get($nginx->port,
        "/g.gif?d=s0.a.example&u=https%3A%2F%2Fs0.a.example$_[0]") },
    event => sub { post(event($_[0])) },
    'text plain' => sub { post(event($_[0]), 'text/plain') },
    'long texts' => sub { post(event($_[0], p => \%props)) },
    'many numbers' => sub { post(event($_[0],
        p => {map { ("k$_" => $_ + 0.5) } 1 .. 30})) },
    'props as text' => sub { post(event($_[0], n => 'Sale',
        props => JSON::PP::encode_json({map { ($_ => "v$_") } 1 .. 20}),
        '$' => JSON::PP::encode_json({amount => 5, currency => 'EUR'}))) },
    'two sites' => sub { post(event($_[0],
        d => 's0.a.example,s1.a.example')) },
    form => sub { post("n=Sale&d=s0.a.example&p[a]=1&p[b]=%C3%A9"
        . "&u=https%3A%2F%2Fs0.a.example$_[0]",
        'application/x-www-form-urlencoded') },
    # a wide S, and a host that takes what a combining mark does as well
    letters => sub { post(event($_[0], d => "\x{ff33}0.a.example",
        u => "https://bu\x{308}cher.example$_[0]")) },
    'no event' => sub { post("[$_[0]]") },
    script => sub { http_get($nginx->port, '/js/script.js') },
    status => sub { http_get($nginx->port, '/status') },
);

# 1 when an allocation failed: there may be one more.
sub ask {
    my ($what, $how, $n) = @_;
    my $path = '/m/' . ++$requests;
    $memory->runs_out($how, $n);
    my $status = eval { $asked{$what}->($path)->{status} } // 'closed';
    my $failed = $memory->is_back;
    push @wrong, "$what, $how $n: $status"
        if $status =~ /^4/ && $what ne 'no event';
    $end{$path} = [$what, $status];
    my @now = $nginx->workers;
    BAIL_OUT("$what, $how $n ended the worker") if "@now" ne $worker;
    return $failed;
}

my $trials = 0;
for my $what (sort keys %asked) {
    for my $how (qw(once on)) {
        my $n = 1;
        $n++ while $n < $N_MAX && ask($what, $how, $n);
        cmp_ok($n, '<', $N_MAX, "$what, $how: $n times");
        $trials += $n;
    }
}

# ---- the tick, while the list of sites changes ----

$memory->runs_out('on', 1);
$agent->site('new.a.example');
$t->soon('the tick meets it', sub { $memory->failed });
$memory->is_back;
$trials++;
$t->soon('and the next one reads the list',
    sub { $nginx->get('/status')->{body} =~ /"known": 3\b/ });

is_deeply([$nginx->workers], [$worker], 'the worker is the first one');
is(join("\n", @wrong), '', 'no good request is called bad');
ok($oracle->empty_spool, 'the spool is empty');
my %rows;
for my $file ($store->accounts) {
    $rows{$_->{path}} += $_->{n} for $store->rows($file, <<'SQL');
SELECT p.text AS path, count(*) AS n FROM events e
JOIN paths p ON p.code = e.path WHERE p.text GLOB '/m/*' GROUP BY e.path
SQL
}
my @lost;
for my $path (sort keys %end) {
    my ($what, $status) = @{$end{$path}};
    my $rows = $rows{$path} // 0;
    my $whole = $what eq 'two sites' ? 2
        : $what =~ /^(?:no event|script|status)$/ ? 0 : 1;
    my $right = $status =~ /^2/ ? $rows == $whole
        : $status =~ /^5/ ? $rows == 0 : $rows <= $whole;
    push @lost, "$what, $status: $rows rows" if !$right;
}
is(join("\n", @lost), '', 'what was answered 2xx is there once');
my @violations = (@wrong, @lost, $oracle->fresh('new.a.example'));
is(join("\n", @violations), '', "$trials shortages: no violation");
$oracle->report('F10', $trials, scalar @violations, $seed);
$t->done;
