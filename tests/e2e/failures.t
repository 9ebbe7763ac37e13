# Promise: whatever happens to the spool, the machine or nginx's way to it, the
# reader of a dashboard and the operator are told what the numbers lack, in
# plain words and with the exact count where there is one; nothing is told that
# is not so.
#
# Method: each failure is made to happen, then the page, the live numbers, the
# status and the health check are read.
#
# Slow: no worker says that there is something; each of its steps is seen by
# listings, a second apart.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use Glinto::Segment;
use Glinto::Test;
use Glinto::Told;
use Glinto::World;
use JSON::PP ();
use Time::HiRes ();

my $t = Glinto::Test->new(limit_s => 180);
my $world = Glinto::World->new($t);
my ($agent, $store) = ($world->agent, $world->store);
my $told = Glinto::Told->new($t, $agent);
my $CLOCK = qr/\d\d:\d\d/;
my $zone = $t->forenoon;
$agent->site('a.example', '--timezone', $zone, '--public');
$agent->site('b.example', '--timezone', $zone, '--public');

# A segment made elsewhere, so that glintod sees it only when it is done.
mkdir $t->path('away');
sub away { Glinto::Segment->create($t->path('away'), @_) }
sub arrive { # its name
    my ($segment) = @_;
    my $name = $segment->path =~ s{.*/}{}r;
    $segment->close;
    rename $segment->path, $t->path("spool/$name") or die "rename: $!\n";
    return $name;
}
sub now_ms { int 1000 * Time::HiRes::time() }
sub poke { # BYTES into FILE at OFFSET
    my ($file, $offset, $bytes) = @_;
    open my $out, '+<:raw', $file or die "$file: $!\n";
    sysseek $out, $offset, 0;
    syswrite $out, $bytes;
    close $out;
}
sub in_meta {
    my ($sql, @bind) = @_;
    my $db = DBI->connect('dbi:SQLite:dbname=' . $store->meta, '', '',
        {RaiseError => 1, PrintError => 0});
    $db->do($sql, undef, @bind);
    $db->disconnect;
}

# ---- nothing is wrong ----

is($told->health, 200, 'a new glintod is healthy');
$t->soon('and says so, when it has looked at everything',
    sub { $told->people =~ /\AAll is well\.$/m });
is_deeply($agent->json('status')->{conditions}, [], 'to programs, too');

# ---- a busy site goes quiet ----

my $quiet = away(wall_ms => now_ms() - 2 * 3_600_000);
my $last_ms = now_ms() - 11 * 60_000;
$quiet->event(site => 'a.example', visitor => $_,
    at_ms => $last_ms - (120 - $_) * 27_000) for 1 .. 120;
# A newsletter's readers, and nobody else.
$quiet->event(site => 'b.example', visitor => $_,
    at_ms => $last_ms - (120 - $_) * 2_000) for 1 .. 120;
arrive($quiet);
$t->until('the rows', sub { $world->rows == 240 });
my $page;
$t->soon('a busy site: no events since', sub {
    $page = $told->page('a.example', 'silent');
    return ($page // '') =~ /^No events received since $CLOCK\.$/;
});
is($told->live('a.example', 'silent')->{since}, $last_ms, 'since the last one');
$told->none('silent', 'b.example');
is($told->live('a.example', 'silent')->{since}, $last_ms, 'still');
$told->none('silent', 'b.example');
is($told->health, 200, 'a quiet site is no fault of glintod');

# ---- damaged bytes: an exact count, and a copy ----

my $damaged = away();
my @frames = map { $damaged->event(site => 'a.example', visitor => $_)->last }
    1 .. 9;
poke($damaged->path, $frames[$_]{offset} + 30, "\xff\xff\xff\xff") for 3, 4;
my $name = arrive($damaged);
my $lost = $told->soon('lost',
    qr/^2 events were lost to damage on the disk, found at $CLOCK\.$/);
is($lost->{count}, 2, 'the count is exact');
ok(-s $t->path("spool/bad/$name"), 'a copy is in bad/');
like($told->status('lost')->{advice}, qr{/spool/bad}, 'and where it is told');
$t->soon('all other frames are rows', sub { $world->rows == 247 });

# The same where what follows cannot be told from the end.
$damaged = away();
$damaged->event(site => 'a.example', visitor => 50 + $_) for 1 .. 5;
truncate $damaged->path, $damaged->last->{offset} + 40;
$name = arrive($damaged);
$told->soon('lost', qr/^At least 2 events were lost /);
is($told->status('lost')->{at_least}, JSON::PP::true(), 'so for programs');
$t->soon('what can be read is rows', sub { $world->rows == 251 });

# ---- a frame that cannot be applied ----

my $poison = away();
$poison->frame(1, "\xc1 no msgpack")->event(site => 'a.example', visitor => 70);
$name = arrive($poison);
$told->soon('rejected', qr/^1 event was rejected at $CLOCK and set aside\.$/);
is($agent->json('status')->{drops}{undecodable}, 1, 'one more in its counter');
my ($id) = $name =~ /^(\w+)/;
is(slurp($t->path("spool/bad/$id-1.frame")), "\xc1 no msgpack",
    'the frame is saved');

# ---- a clock that jumped ----

my $ahead = away(wall_ms => now_ms() + 3 * 86_400_000);
$ahead->event(site => 'a.example', visitor => 80)
    ->event(site => 'a.example', visitor => 81);
arrive($ahead);
$told->soon('clock', qr/^The clock jumped: 2 events since $CLOCK came with /);
is($agent->json('status')->{ingest}{clock_suspect}, 2, 'its counter');
is($told->health, 200, 'all these are news, not faults');

# ---- a newer format ----

my $newer = away(major => 9);
$newer->event(site => 'a.example', visitor => 90);
$name = arrive($newer);
$told->soon('upgrade_pending', qr/^Upgrade pending: since $CLOCK events wait /);
is($told->health, 503, 'an operator is asked for');
like($agent->log, qr/\[error\].* $name has format 9/, 'an alarm in the log');
ok(-e $t->path("spool/$name"), 'the file is held');
unlink $t->path("spool/$name");
$t->soon('no longer told once it is gone',
    sub { !$told->page('a.example', 'upgrade_pending') });

# ---- files that are not of a worker ----

my $foreign = away();
$foreign->event(site => 'a.example', visitor => 95);
chown 65_534, -1, $foreign->path;
$name = arrive($foreign);
SKIP: {
    skip 'only root can give files away', 3 if $> != 0;
    $t->soon('the operator hears of files that may not be read', sub {
        ($told->status('unreadable') // {})->{count} });
    $told->none('unreadable');
    like($agent->log, qr/\[error\].* $name refused: owned by a user/, 'why');
}
unlink $t->path("spool/$name");

# ---- the machine went down under glintod ----

sub boots { # the next glintod starts on a machine that was started anew
    in_meta('UPDATE life SET boot = ?', 'another boot');
}
$agent->kill9;
$agent->start;
$told->none('power_cut');
$agent->stop;
boots();
$agent->start;
$told->none('power_cut');
$agent->kill9;
boots();
$agent->start;
$told->soon('power_cut', qr/^The server stopped without warning before $CLOCK\. /);
like($told->page('a.example', 'power_cut'), qr/; how many is not known\.$/,
    'a count that is not known is told as such');
is($told->status('power_cut')->{count}, undef, 'and is no number');

# ---- a backlog ----

$agent->stop;
my $many = 6 * 65_536; # six rounds
my $fill = $t->spawn('fill', $t->build . '/tests/bench/fill-spool',
    $t->path('spool'), 'b.example', $many);
is($t->ended($fill, 60), 0, 'a backlog');
$agent->start;
my ($said, $rate) = ('', 0);
$t->soon('the page says what is left', sub {
    $said = $told->page('b.example', 'catching_up') // $said;
    $rate ||= $agent->json('status')->{ingest}{frames_per_s};
    return $said && $rate;
});
like($said, qr/^Catching up: (?:at least [\d,]+ events|(?#
    )[\d,]+ events, about \d+ s)\.$/, $said);
my ($left) = map { s/,//gr } $said =~ /([\d,]+) events/;
cmp_ok($left, '<=', $many, 'no more than there were');
cmp_ok($left, '>', 0, 'and not none');
cmp_ok($rate, '>', 1000, 'the operator sees the rate');
$t->soon('nothing of it once all is read', sub {
    !$told->page('b.example', 'catching_up') }, 60);

$t->done;
