#!/usr/bin/perl

# Promise: a list of events is stored within the smallest segments, too; when
# the spool takes no more it is answered 503, and of that list nothing is
# there: what was answered as processed is in the spool, once.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Spool;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $nginx = $t->nginx(spool => 'budget=256k segment=64k',
    server => 'location = /batch { glinto_collect umami; glinto_max_body 64k; }
        location = /s { glinto_status; }');
my $spool = Glinto::Spool->new($t->path('spool'));

my ($processed, $refused) = (0, 0);
sub list {
    my ($round) = @_;
    my @events = map { {type => 'event', payload => {website => 'a.example',
        url => "/$round/$_"}} } 1 .. 100;
    return $nginx->post('/batch', JSON::PP->new->encode(\@events),
        'User-Agent' => 'Mozilla/5.0 ' . 'y' x 200);
}

my $first = list(0);
is($first->{status}, 200, 'a list in segments of 64k');
is(JSON::PP->new->decode($first->{body})->{processed}, 100, 'all of it');
is(scalar $spool->events, 100, 'is in the spool');

$processed = 100;
for my $round (1 .. 30) {
    my $reply = list($round);
    if ($reply->{status} == 200) {
        $processed += JSON::PP->new->decode($reply->{body})->{processed};
        next;
    }
    is($reply->{status}, 503, "a full spool: 503") if !$refused++;
    is($reply->{headers}{'retry-after'}, 1, 'for a while') if $refused == 1;
}
cmp_ok($refused, '>', 0, 'the spool became full');
my %paths = map { $_->{path} => 1 } my @there = $spool->events;
is(scalar @there, $processed, 'what was processed is there');
is(scalar keys %paths, $processed, 'each once');
like($nginx->get('/s')->{body}, qr/"spool_full": [1-9]/, 'the rest is counted');

$t->done;
