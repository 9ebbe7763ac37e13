#!/usr/bin/perl

# Promise: a request for several sites that is answered 5xx has left nothing in
# the spool: whichever of its frames could not be made, and whatever stood in
# the batch before it.  An append that stores a part of them is answered 202,
# and the rest are drops with a reason.

# Method: the visitor's address is a value that takes memory at each site, and
# memory runs out (Glinto::Memory); an append is cut short (Glinto::Disk).

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Disk;
use Glinto::Http;
use Glinto::Memory;
use Glinto::Spool;
use Glinto::Test;

my $PLACES = 12; # a request has fewer allocations than this
my $ROUNDS = 3;  # the end of an earlier connection may take one
my $SITES = 4;
my $REQUEST_BYTES = 300; # its frames have more, those of counts far fewer

my $t = Glinto::Test->new;
plan skip_all => 'a sanitizer has an allocator of its own'
    if $t->san || $t->valgrind;
$t->allow(qr/\[emerg\].* (?:malloc|posix_memalign)\(.*failed \(12:/);
my $spool = Glinto::Spool->new($t->path('spool'));
my $list = join ',', map { "s$_.example" } 1 .. $SITES;
my $requests = 0;
my $long = 'x' x 6000; # no pool has that at hand

sub nginx {
    my ($env) = @_;
    return $t->nginx(env => $env, server => <<'EOS');
    location = /api/event {
        glinto_collect;
        glinto_client_addr "$remote_addr$http_x_long";
    }
    location = /g.gif {
        glinto_pixel;
        glinto_client_addr "$remote_addr$http_x_long";
    }
    location = /s { glinto_status; }
EOS
}

# (path, text of a request) for the sites of LIST.
sub request {
    my ($c, $kind, $list) = @_;
    my $path = '/' . ++$requests;
    return ($path, $kind eq 'pixel'
        ? $c->compose('GET', "/g.gif?d=$list&u=https://a.example$path",
            {'X-Long' => $long})
        : $c->compose('POST', '/api/event', {'X-Long' => $long},
            qq({"n":"pageview","d":"$list","u":"https://a.example$path"})));
}

sub frames {
    my %n;
    $n{$_->{path}}++ for $spool->events;
    return \%n;
}

# ---- an allocation fails ----

my $memory = Glinto::Memory->new($t);
my $nginx = nginx($memory->env);
is($nginx->get('/s')->{status}, 200, 'the worker has started');

# The N-th allocation from now on fails.
sub trial {
    my ($kind, $n, $end) = @_;
    my $c = Glinto::Http->connect($nginx->port);
    my ($path, $text) = request($c, $kind, $list);
    $memory->runs_out('once', $n);
    my $status = eval {
        $c->send($text);
        $c->response->{status};
    } // 'closed';
    $end->{$path} = $status;
    return $memory->is_back;
}

is(trial('event', $PLACES, {}), 0, 'there are no more places');

for my $kind (qw(event pixel)) {
    my (%end, @wrong);
    trial($kind, $_, \%end) for (1 .. $PLACES) x $ROUNDS;
    my @failed = grep { /^5/ } values %end;
    cmp_ok(scalar @failed, '>=', $SITES, "$kind: " . @failed . ' times 5xx');
    my $frames = frames();
    for my $path (keys %end) {
        my $n = $frames->{$path} // 0;
        my $right = $end{$path} =~ /^2/ ? $n == $SITES
            : $end{$path} =~ /^5/ ? $n == 0 : $n == 0 || $n == $SITES;
        push @wrong, "$path: $end{$path} and $n frames" if !$right;
    }
    is(join("\n", @wrong), '', "$kind: all frames of a request or none");
}
$nginx->stop;
unlink glob $t->path('spool/*');

# ---- an append is cut ----

my $disk = Glinto::Disk->new($t);
$nginx = nginx($disk->env);

# The append of one request stores N bytes; (status, dropped, frames).
sub short {
    my ($n) = @_;
    my $c = Glinto::Http->connect($nginx->port);
    my ($path, $text) = request($c, 'event', $list);
    $disk->cut($n, $REQUEST_BYTES);
    $c->send($text);
    my $r = $c->response;
    return ($r->{status}, $r->{headers}{'x-plausible-dropped'} // 0,
        frames()->{$path} // 0);
}

my ($lost, $refused, %seen) = (0, 0);
for (my $n = 0; $n < 720; $n += 40) {
    my ($status, $dropped, $frames) = short($n);
    $seen{$frames}++;
    is("$status $dropped", $frames ? "202 @{[$SITES - $frames]}" : '503 0',
        "$n bytes: $frames frames");
    $lost += $dropped;
    $refused++ if $status == 503;
}
is(join(' ', sort keys %seen), '0 1 2 3 4', 'every number of frames was met');
like($nginx->get('/s')->{body}, qr/"spool_failed": @{[$lost + $refused]},/,
    'counted');
$nginx->stop;
is($spool->drops, $refused, 'requests refused');
my %sum;
$sum{$_->{reason}} += $_->{n} for $spool->counts;
is($sum{spool_failed}, $lost, 'events lost, by reason');
$t->done;
