#!/usr/bin/perl

# Promise: at midnight UTC the next day's salt is in use at once, read ahead of
# time; for half an hour events carry the id under yesterday's salt as well, so
# that a visit goes on, and not a second longer, on open connections, too.  So
# does what is told of pages served: its visitor has the ids of his events.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;
use POSIX ();
use Time::HiRes ();
use Time::Local 'timegm';

my $t = Glinto::Test->new;
plan(skip_all => 'two libraries cannot both be loaded first')
    if $t->san || $t->valgrind;
my ($faketime) = glob '/usr/lib/*/faketime/libfaketime.so.1';
plan(skip_all => 'faketime is not installed') if !$faketime;
$t->prepare;
my $spool = Glinto::Spool->new($t->path('spool'));
my $clock = $t->path('clock');
my ($n, $nginx, $began) = (0);

sub salts {
    unlink glob $t->path('salt/*');
    spew($t->path(sprintf "salt/2026-03-%02d", $_), chr($_) x 32) for @_;
}

# The clock of nginx goes on from TIME, "DAY HH:MM:SS"; timers have another.
sub turn_to {
    my ($time) = @_;
    my ($day, $h, $m, $s) = split /[ :]/, $time;
    my $at = timegm($s, $m, $h, $day, 2, 2026);
    # what the file says is of the start
    $at -= int(Time::HiRes::time() - $began);
    spew("$clock.new", POSIX::strftime("\@%F %T\n", gmtime $at));
    rename "$clock.new", $clock or die "$clock: $!\n";
}

sub start {
    my ($time) = @_;
    $began = Time::HiRes::time();
    turn_to($time);
    my %faked = (FAKETIME_TIMESTAMP_FILE => $clock, FAKETIME_NO_CACHE => 1,
        FAKETIME_DONT_FAKE_MONOTONIC => 1);
    $nginx = $t->nginx(server => 'location = /g.gif { glinto_pixel; }
        location = /s { glinto_status; }
        location /page { glinto on; glinto_site a.example;
            default_type text/html; return 200 page; }',
        main => join('', map { "env $_;\n" } sort keys %faked),
        env => {LD_PRELOAD => $faketime, TZ => 'UTC', %faked});
}

# Over a connection of its own, or over C.
sub event {
    my ($c) = @_;
    $n++;
    my $path = "/g.gif?d=a.example&u=//a.example/$n";
    $c ? $c->request('GET', $path, {}) : $nginx->get($path);
    my ($event) = grep { $_->{path} eq "/$n" } $spool->events;
    return $event;
}

# The ids of a page served are those of an event beside it.
sub same_ids {
    my ($what) = @_;
    my ($page, @ids);
    $t->until("ids $what", sub {
        my $before = event();
        $nginx->get("/page$n", Host => 'a.example');
        my $after = event();
        my $path = '/page' . ($n - 1);
        ($page) = grep { $_->{path} eq $path } $spool->served;
        @ids = map { join ' ', map { $_ // '-' }
            @$_{qw(visitor visitor_before)} } $before, $page, $after;
        return $ids[0] eq $ids[2]; # no boundary between them
    });
    is($ids[1], $ids[0], "a page served $what: the ids of an event");
}

salts(9, 10, 11);
start('09 12:00:00');
my $ninth = event();
ok(!exists $ninth->{visitor_before}, 'at noon: one id');
same_ids('at noon');
$nginx->stop;

start('09 23:59:10');
my $evening = event();
my $open = Glinto::Http->connect($nginx->port);
is(event($open)->{visitor}, $evening->{visitor}, 'a connection stays open')
    for 1 .. 3;
is($evening->{visitor}, $ninth->{visitor}, 'just before midnight: the same');
ok(!exists $evening->{visitor_before}, 'one id');
$t->until('tomorrow\'s salt in memory',
    sub { $nginx->get('/s')->{body} =~ /"ahead": true/ });
unlink $t->path('salt/2026-03-10');
turn_to('09 23:59:58');
my $morning = $t->until('midnight', sub {
    my $event = event();
    return $event->{visitor} != $evening->{visitor} && $event;
});
is($morning->{visitor_before}, $evening->{visitor}, 'after midnight: both');
ok(!(($morning->{evidence} // 0) & 64), 'read ahead of time');
is(join(' ', @{event($open)}{qw(visitor visitor_before)}),
    join(' ', @$morning{qw(visitor visitor_before)}), 'both there, too');
$nginx->stop;

salts(9, 10, 11);
start('10 00:10:00');
my $early = event();
is($early->{visitor}, $morning->{visitor}, 'a restart: the same id');
is($early->{visitor_before}, $evening->{visitor}, 'and the same old one');
same_ids('by night');
$nginx->stop;

start('10 00:29:00');
is(event()->{visitor_before}, $evening->{visitor}, 'at 0:29 both');
$open = Glinto::Http->connect($nginx->port);
is(event($open)->{visitor_before}, $evening->{visitor}, 'on one that is open')
    for 1 .. 2;
turn_to('10 00:29:58');
my $later = $t->until('half past', sub {
    my $event = event();
    return !exists $event->{visitor_before} && $event;
});
is($later->{visitor}, $morning->{visitor}, 'at 0:30 today\'s alone');
ok(!exists event($open)->{visitor_before}, 'there, too');
$nginx->stop;

salts(10);
start('10 00:10:00');
my $lonely = event();
is($lonely->{visitor}, $morning->{visitor}, 'without yesterday\'s file: today\'s');
ok(!exists $lonely->{visitor_before}, 'alone');

$t->done;
