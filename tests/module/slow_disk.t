#!/usr/bin/perl

# Promise: an append that the disk holds for more than a second holds the
# worker once; then events get 503 at once for 2 s, and neither they nor the
# tick touch the spool meanwhile, so that pages are served though the disk is
# frozen.  The pause doubles while appends stay slow, up to 64 s, and is 2 s
# again after a quick one.  Every 503 is counted, with its reason.

# Method: Glinto::Disk is the disk and the boot clock; nothing waits for time.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Disk;
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;
use IO::Select;

my $t = Glinto::Test->new;
plan(skip_all => 'valgrind is no worker of its own') if $t->valgrind;
my $disk = Glinto::Disk->new($t);
my $nginx = $t->nginx(log_level => 'error', env => $disk->env, server => <<'EOS');
    location = /api/event { glinto_collect; }
    location = /page { return 200 page; }
    location = /s { glinto_status; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $n = 0;
my %sent;

sub body {
    return qq({"n":"pageview","d":"a.example","u":"https://a.example/$_[0]"});
}

sub event {
    my $response = $nginx->post('/api/event', body(++$n));
    push @{$sent{$response->{status}}}, "/$n";
    is($response->{headers}{'retry-after'}, 1, 'Retry-After')
        if $response->{status} == 503 && @{$sent{503}} == 1;
    return $response->{status};
}

sub page { $nginx->get('/page')->{status} }

is(event(), 202, 'a quick disk');

# ---- frozen: 1.5 s by the clock ----

$disk->freeze;
my ($first, $second, $reader) =
    map { Glinto::Http->connect($nginx->port) } 1 .. 3;
my $writes = $disk->writes;
$first->send($first->compose('POST', '/api/event', {}, body(++$n)));
$t->until('the worker hangs', sub { $disk->writes > $writes });
push @{$sent{202}}, "/$n";
$second->send($second->compose('POST', '/api/event', {}, body(++$n)));
$reader->send($reader->compose('GET', '/page'));
ok(!IO::Select->new($first->socket, $reader->socket)->can_read(0),
    'events and pages of this worker wait');
$disk->later(1500);
$disk->thaw;
is($first->response->{status}, 202, 'the event that waited is stored');
is($second->response->{status}, 503, 'the next is refused');
push @{$sent{503}}, "/$n";
is($reader->response->{status}, 200, 'the page is served');

$disk->freeze; # frozen again, and nobody minds
is(event(), 503, 'refused at once') for 1 .. 20;
is($nginx->post('/api/event', 'x')->{status}, 400, 'what is no event, too');
my $ticks = $nginx->get('/s')->{body};
is(page(), 200, 'pages do not wait');
like($nginx->get('/s')->{body}, qr/"spool_slow": 21,?$/m, 'counted');
$disk->thaw;
is(scalar(() = $nginx->log =~ /held this worker .* 503 for 2 s/g), 1,
    'said once');

# ---- slow: each append takes 3 s ----

# The count of what was no event is the tick's to write: a quick append.
$disk->later(2000);
$t->until('the count is written', sub { scalar $spool->counts });
$disk->takes(3000);
for my $pause_s (2, 4, 8, 16, 32, 64, 64) {
    $disk->later(64_000);
    is(event(), 202, 'a trial is stored');
    $disk->later(1000 * $pause_s - 1);
    is(event(), 503, "1 ms before $pause_s s are over");
}
$disk->takes(1000);
$disk->later(1);
is(event(), 202, 'quick enough') for 1 .. 3;
$disk->takes(3000);
is(event(), 202, 'slow again');
$disk->later(1999);
is(event(), 503, 'the pause is a first one');
$disk->later(1);
$disk->takes(0);
is(event(), 202, 'and it ends') for 1 .. 2;
$nginx->soon_log(qr/takes events again, \d+ requests got 503/);

$disk->takes(3000);
is(event(), 202, 'slow at the end');
is(event(), 503, 'a drop that waits');
$disk->takes(0);
$nginx->stop;
is(join(' ', sort map { $_->{path} } $spool->events),
    join(' ', sort @{$sent{202}}), '2xx and frames are the same');
is($spool->drops, scalar @{$sent{503}}, 'drops are exact');
$t->done;
