# Promise: making, moving and removing sites while glintod is killed in the
# middle of it, under load, loses and doubles nothing: every event is a row of
# one account or was of no site and is counted as that, exactly.

# Group: C

# Method: two sites are moved to and fro between two accounts; a third one is
# made, moved and removed.  Workers know no list of sites, so that glintod
# alone decides what is known.  A verb that was cut short is said again.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Oracle;
use Glinto::Test;
use Glinto::World;
use Time::HiRes ();

my $KILL_S = 0.03; # the command starts and its verb runs in this time
my $trials = trials(small => 6, faults => 20, nightly => 300);
my $seed = seed();

my $t = Glinto::Test->new(limit_s => 120 + 8 * $trials);
my $world = Glinto::World->new($t, conf => 'paths_per_day 100000000');
my ($agent, $store) = ($world->agent, $world->store);
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(2, 'load.example');
my $nginx = $oracle->nginx(workers => 2, glinto => <<'EOG',
    glinto_spool %%DIR%%/spool;
    glinto_socket unix:%%DIR%%/events.sock;
    glinto_salt %%DIR%%/salt;
EOG
    server => 'location = /g.gif { glinto_pixel; }');

my (@violations, %load, $there, %in);
my ($loads, $sent, $removed) = (0, 0, 0); # of the third site
$in{"s$_.load.example"} = "a$_" for 0, 1;
my $third = 's0.third.example';

sub start_third {
    $load{third} = Glinto::Load->start($t, port => $nginx->port, rate => 200,
        requests => 5_000_000, seconds => 60 + 8 * $trials, sites => 1,
        site => 'third.example', nonce => 'f36t' . ++$loads, log => 1);
}

sub stop_third {
    $load{third}->stop;
    $sent += $load{third}->wait->{ok};
}

sub rows_of_third {
    my $rows = 0;
    $rows += $_ for map { values %{$oracle->paths("f36t$_")} } 1 .. $loads;
    return $rows;
}


# Rows, events of no site and removed rows are what was sent; its rows.
sub adds_up {
    my ($when) = @_;
    my @sum;
    eval {
        $t->until('the sum', sub {
            @sum = (rows_of_third(), $world->dropped('unknown_site'), $removed);
            return $sum[0] + $sum[1] + $sum[2] == $sent;
        }, 10);
    } or push @violations, "$when: $sent sent, @sum rows, unknown, removed";
    return $sum[0];
}

# A verb, glintod killed meanwhile; then the verb until it is done.
sub under_kill {
    my ($done, @verb) = @_;
    my $pid = $t->spawn('verb', $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), @verb);
    my $moment = Time::HiRes::time() + rand $KILL_S;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment });
    $agent->kill9;
    $t->ended($pid);
    $agent->start;
    eval {
        $t->until("@verb", sub {
            my ($status, undef, $err) = $agent->glinto(@verb);
            return $status == 0 || $err =~ $done;
        }, 20);
    } or push @violations, "@verb: not within 20 s";
}

sub move {
    my ($site) = @_;
    $in{$site} = $in{$site} eq 'a0' ? 'a1' : 'a0';
    under_kill(qr/^$/, 'site', 'move', $site, '--account', $in{$site});
}

sub remove {
    my $still = rand() < 0.5; # nothing comes for it meanwhile: exact
    my $rows = rows_of_third();
    if ($still) {
        stop_third();
        $rows = adds_up('before a removal');
    }
    under_kill(qr/no site/, 'site', 'remove', $third, '--yes');
    stop_third() if !$still;
    if ($still) {
        $removed += $rows;
        adds_up('after a removal');
    } else {
        # Frames before the removal went with it, those behind it are unknown.
        settle();
        my $gone = $sent - $world->dropped('unknown_site') - $removed;
        push @violations, "a removal of $rows rows removed $gone"
            if $gone < $rows;
        $removed += $gone;
    }
    $there = 0;
    start_third();
}

# All answered so far is committed: what came later is a row, and glintod
# answers between two rounds.
sub settle {
    push @violations, $oracle->fresh('s0.load.example');
    $agent->json('status');
}

$load{main} = Glinto::Load->start($t, port => $nginx->port, rate => 400,
    requests => 5_000_000, seconds => 60 + 8 * $trials, visitors => 500,
    sites => 2, site => 'load.example', nonce => 'f36',
    kind => 'visits', log => 1);
start_third();
for my $trial (1 .. $trials) {
    my $what = int rand 4;
    if ($what == 0) {
        move('s' . int(rand 2) . '.load.example');
    } elsif (!$there) {
        $in{$third} = 'a' . int rand 2;
        under_kill(qr/already/, 'site', 'add', $third, '--account',
            $in{$third});
        $there = 1;
    } elsif ($what == 1) {
        remove();
    } else {
        move($third);
    }
}
stop_third();
$load{main}->stop;
$load{main}->wait;
my $rows = adds_up('at the end');
push @violations, $oracle->judge($load{main});
is(rows_of_third(), $rows, 'the sum is as before');
for my $n (1 .. $loads) {
    my $found = $oracle->paths("f36t$n");
    my @twice = grep { $found->{$_} > 1 } sort keys %$found;
    push @violations, "D: @twice[0 .. 0] of the third site" if @twice;
}
is(join("\n", @violations), '', "$trials changes: no violation");
$oracle->report('F36', $trials, scalar @violations, $seed);
$t->done;
