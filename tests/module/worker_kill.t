#!/usr/bin/perl

# Promise: kill -9 of a worker, at any moment, loses no event that was
# answered and doubles none; the next worker starts a segment of its own and
# never touches the dead one's.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
plan(skip_all => 'one process, no worker to kill') if $t->valgrind;
my $nginx = $t->nginx(server => 'location = /e { glinto_collect; }');
my $spool = Glinto::Spool->new($t->path('spool'));
my ($n, %outcome, $killed) = (0);
$t->until('a worker with its name', sub { $nginx->workers > 0 });

for my $round (1 .. 8) {
    my @c = map { Glinto::Http->connect($nginx->port) } 1 .. 4;
    for my $i (1 .. 10 * $round) {
        my $c = $c[$i % 4];
        $c->send($c->compose('POST', '/e', {}, sprintf
            '{"n":"pageview","d":"a.example","u":"https://a.example/%d"}', ++$n));
        push @{$c->{paths}}, "/$n";
    }
    # Some are answered, some are not, when the worker dies.
    $killed = $nginx->kill_worker;
    for my $c (@c) {
        for my $path (@{$c->{paths}}) {
            my $response = eval { $c->response };
            $outcome{$path} = $response ? $response->{status} : 'unknown';
        }
    }
    my $c = Glinto::Http->connect($nginx->port);
    my $status = $c->request('POST', '/e', {}, '{"n":"pageview","d":"a.example",'
        . '"u":"https://a.example/after"}')->{status};
    is($status, 202, "kill $round: the next worker answers");
}

my %stored;
$stored{$_->{path}}++ for $spool->events;
is(delete $stored{'/after'}, 8, 'events between the kills');
my @accepted = grep { $outcome{$_} eq '202' } keys %outcome;
cmp_ok(@accepted, '>', 0, 'some were answered before the kill');
is(scalar(grep { ($stored{$_} // 0) != 1 } @accepted), 0, 'each of them once');
is(scalar(grep { ($stored{$_} // 0) > 1 } keys %outcome), 0, 'none twice');
my %writers;
$writers{$_->{incarnation}}{$_->{pid}}++ for map { $spool->read($_) }
    $spool->files;
is(scalar(grep { keys %$_ != 1 } values %writers), 0,
    'no worker takes another one\'s name');

$t->done;
