#!/usr/bin/perl

# Promise: when the budget is used up every tracking request gets 503 with
# "Retry-After: 1" and is counted exactly, in the spool itself; the log says so
# once; everything answered 2xx is in the spool; as soon as a segment is taken
# away events are accepted again.  Workers that come and are killed while the
# spool is full lose nothing of their count.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(spool => 'budget=256k segment=64k', log_level => 'error',
    server => <<'EOS');
    location = /api/event { glinto_collect; }
    location = /g.gif { glinto_pixel; }
    location = /s { glinto_status; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my ($n, %sent) = (0);
my $c = Glinto::Http->connect($nginx->port);

# One event of about 3 KB; its status.
sub event {
    my $path = '/' . ++$n . '/' . 'x' x 1800;
    my $status;
    if ($n % 2) {
        my $body = qq({"n":"pageview","d":"a.example","u":"https://a.example)
            . qq($path","p":{"k":"@{['v' x 1000]}"}});
        $status = $c->request('POST', '/api/event', {}, $body)->{status};
    } else {
        my $response = $c->request('GET', "/g.gif?d=a.example&u=//a.example$path"
            . '&t=' . 't' x 1000, {});
        $status = $response->{status};
        is($response->{headers}{'retry-after'}, 1, 'Retry-After')
            if $status == 503 && !$sent{503};
    }
    push @{$sent{$status}}, $path;
    return $status;
}

sub fill { event() until ($sent{503} // []) && @{$sent{503} // []} }

fill();
cmp_ok($n, '>', 60, 'four segments take some events');
event() for 1 .. 57;
is(@{$sent{503}}, 58, 'all of the following are refused');
my @files = $spool->files;
is(@files, 4, 'as many files as the budget allows');

sub same {
    my ($name) = @_;
    my @accepted = map { @{$sent{$_} // []} } 200, 202;
    is(join(' ', sort map { $_->{path} } $spool->events),
        join(' ', sort @accepted), "$name: what got 2xx is there, once");
    $t->soon("$name: drops are exact",
        sub { $spool->drops == @{$sent{503}} });
}
same('full');
my @said = $nginx->log =~ /(spool "\S+" is full)/g;
is(@said, 1, 'said once');
like($nginx->get('/s')->{body}, qr/"spool_full": 58/, 'on the status page');
like($nginx->get('/s')->{body}, qr/"fill_percent": 100/, 'and how full');

# The aggregator has read the oldest one.
my ($oldest) = sort { $a->{ordinal} <=> $b->{ordinal} }
    map { $spool->read($_) } @files;
my %gone = map { $_->{path} => 1 }
    map { Glinto::Spool::decode($_->{payload}) } @{$oldest->{frames}};
unlink $t->path("spool/$oldest->{name}");
for my $status (200, 202) {
    $sent{$status} = [grep { !$gone{$_} } @{$sent{$status}}];
}
$t->soon('accepted again', sub { event() =~ /^2/ });
like(event(), qr/^2/, 'and again') for 1 .. 3;
$nginx->soon_log(qr/takes events again, \d+ requests got 503/);
same('after room was made');

my $refused = @{$sent{503}};
event() until @{$sent{503}} > $refused;
for (1 .. 2) {
    $nginx->kill_worker;
    $c = Glinto::Http->connect($nginx->port);
    is(event(), 503, 'a new worker has no room either') for 1 .. 5;
    same('after a kill');
}

$t->done;
