#!/usr/bin/perl

# Promise: a reload loses and doubles nothing, with requests in flight, another
# spool directory, another size; the old workers leave their segments sealed
# and complete; nothing of ours keeps them alive.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
plan(skip_all => 'one process: nginx cannot reload') if $t->valgrind;
my $nginx = $t->nginx(workers => 2, server => <<'EOS');
    location = /api/event { glinto_collect; }
EOS
my ($n, @accepted) = (0);

sub send_event {
    my ($c) = @_;
    my $path = '/' . ++$n;
    $c->send($c->compose('POST', '/api/event', {},
        qq({"n":"pageview","d":"a.example","u":"https://a.example$path"})));
    return $path;
}

sub take {
    my ($c, $path) = @_;
    my $response = eval { $c->response };
    return 0 if !$response; # the old worker has ended with its connections
    push @accepted, $path if $response->{status} == 202;
    return $response->{status} == 202
        && ($response->{headers}{connection} // '') ne 'close';
}

sub stored {
    my (@dirs) = @_;
    return join ' ', sort map { $_->{path} }
        map { Glinto::Spool->new($t->path($_))->events } @dirs;
}

# Three clients that never stop; whoever is sent away connects again.
my @c;
sub rounds {
    my ($rounds) = @_;
    for my $i (map { (0 .. 2) } 1 .. $rounds) {
        $c[$i] //= Glinto::Http->connect($nginx->port);
        my $path = eval { send_event($c[$i]) };
        $c[$i] = undef if !$path || !take($c[$i], $path);
    }
}

for my $round (1 .. 5) {
    rounds(15);
    my @old = $nginx->workers;
    $nginx->signal('HUP');
    $t->until("new workers $round", sub {
        rounds(2);
        my %now = map { $_ => 1 } $nginx->workers;
        return %now && !grep { $now{$_} } @old;
    });
    $nginx->gone(@old);
}
cmp_ok(@accepted, '>', 100, 'many events were accepted meanwhile');
is(stored('spool'), join(' ', sort @accepted), 'all are there, once');

# A request whose body is half sent when the reload comes.
my $c = Glinto::Http->connect($nginx->port);
my $bytes = $c->compose('POST', '/api/event', {},
    '{"n":"pageview","d":"a.example","u":"https://a.example/half"}');
$c->send_split(substr $bytes, 0, -20);
my @old = $nginx->workers;
$nginx->reload;
$c->send(substr $bytes, -20);
is($c->response->{status}, 202, 'the second half after the reload');
push @accepted, '/half';
$nginx->gone(@old);
is(stored('spool'), join(' ', sort @accepted), 'is there');

mkdir $t->path('other') or die;
$nginx->reload(glinto => <<'EOS');
    glinto_spool %%DIR%%/other budget=1m segment=64k;
    glinto_salt %%DIR%%/salt;
EOS
@c = ();
rounds(20);
is(stored('spool', 'other'), join(' ', sort @accepted), 'another directory');
my $other = Glinto::Spool->new($t->path('other'));
is($_->{segment_bytes}, 65536, 'of another size')
    for map { $other->read($_) } $other->files;

$nginx->reload(glinto => '', server => 'location / { return 204; }');
is($nginx->get('/')->{status}, 204, 'without Glinto');
$nginx->stop;
is(stored('spool', 'other'), join(' ', sort @accepted), 'nothing was lost');

$t->done;
