#!/usr/bin/perl

# Promise: with "master_process off" everything works as in a worker: events,
# counts, the end.  (nginx itself cannot reload in this mode: its new cycle has
# no connections.)

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $spool = Glinto::Spool->new($t->path('spool'));
for my $how (qw(stop term)) {
    my $nginx = $t->nginx(main => $t->valgrind ? '' : "master_process off;\n",
        server => 'location = /e { glinto_collect; }');
    my $c = Glinto::Http->connect($nginx->port);
    for my $path (map { "/$how/$_" } 1 .. 20) {
        my $body = qq({"n":"pageview","d":"a.example","u":"//a.example$path"});
        is($c->request('POST', '/e', {}, $body)->{status}, 202, $path);
    }
    is($c->request('POST', '/e', {}, '{')->{status}, 400, 'invalid');
    $nginx->$how;
    is(scalar(grep { $_->{path} =~ m{^/$how/} } $spool->events), 20,
        "$how: all are there");
    my @files = $spool->files;
    is(scalar($spool->counts), 1, "$how: and the count");
    unlink map { $t->path("spool/$_") } @files;
}

$t->done;
