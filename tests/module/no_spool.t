#!/usr/bin/perl

# Promise: a worker that cannot open its spool folder says which call failed
# and why, once, where Debian's error_log shows it; it asks nothing of a folder
# it has not got; when the folder is there it takes events, tells the other end
# of the hint socket which folder it is, and counts exactly what it refused.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Hints;
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $hints = Glinto::Hints->listen($t->path('events.sock'));
my $late = $t->path('late');
my %refused;

my $nginx = $t->nginx(user => 'www-data', log_level => 'error',
    server => <<'EOS', glinto => <<'EOG');
    location = /e { glinto_collect; }
    location = /s { glinto_status; }
EOS
    glinto_spool %%DIR%%/late budget=1m segment=64k;
    glinto_socket unix:%%DIR%%/events.sock;
    glinto_salt %%DIR%%/salt;
    glinto_sites %%DIR%%/sites;
EOG

sub event {
    return $nginx->post('/e', '{"n":"pageview","d":"a.example",'
        . '"u":"https://a.example/' . 'x' x 1800 . '"}')->{status};
}

# 503s now; afterwards FOLDER is a spool, and takes events.
sub comes_back {
    my ($name, $why, $mend) = @_;
    my $n = 0;
    is(event(), 503, "$name: an event is refused"), $n++ for 1 .. 3;
    my $log = $nginx->log;
    my @said = $log =~ /\[error\].*: (\w+ in spool .*)/g;
    is(scalar @said, 1, "$name: said once");
    like($said[0] // '',
        qr/^open in spool "\Q$late\E" failed, .* 503 \($why\)/,
        "$name: the call and the reason");
    unlike($log, qr/Bad file descriptor/, "$name: nothing is asked of no folder");
    like($nginx->get('/s')->{body}, qr/"writable": false/,
        "$name: the status location says so");
    my ($hello) = reverse $hints->packets('HELLO');
    is("$hello->{dev} $hello->{ino}", '0 0', "$name: HELLO names no folder");
    $mend->();
    $t->soon("$name: events are taken", sub {
        my $status = event();
        $n += $status == 503;
        return $status == 202;
    });
    my ($dev, $ino) = stat $late;
    ok($hints->read_until(sub {
        ($hello) = reverse $hints->packets('HELLO');
        return $hello->{dev} == $dev && $hello->{ino} == $ino;
    }), "$name: HELLO names the folder");
    $nginx->soon_log(qr/\[error\].*takes events again, $n requests got 503/);
    my $spool = Glinto::Spool->new($late);
    $t->soon("$name: drops are exact", sub { $spool->drops == $n });
}

sub make_late {
    mkdir $late or die "cannot make $late: $!";
    chmod 01777, $late;
}

$hints->read_until(sub { $hints->packets('HELLO') });

# What is turned away meanwhile, of more sites than there is room for.
my $SITES = 150;
for my $i (1 .. $SITES) {
    $nginx->post('/e', '{"n":"pageview","d":"s' . $i . '.example",'
        . '"u":"https://a.example/"}', 'User-Agent' => '');
}
comes_back('missing', '2: No such file or directory', \&make_late);

my @counts;
$t->soon('what was turned away meanwhile is counted', sub {
    my $sum = 0;
    @counts = Glinto::Spool->new($late)->counts;
    $sum += $_->{n} for @counts;
    return $sum == $SITES;
});
my ($nameless) = grep { ($_->{site} // '') eq '' } @counts;
is(@counts + ($nameless->{n} // 0) - 1, $SITES,
    'by site, and together beyond the room');

SKIP: {
    skip 'workers must be others than root', 12 if $> != 0 || $t->valgrind;
    $nginx->stop;
    unlink $t->path('error.log'), glob "$late/*";
    chmod 0700, $late;
    my $before = $hints->packets('HELLO');
    $nginx->start;
    $hints->read_until(sub { $hints->packets('HELLO') > $before });
    comes_back('closed', '13: Permission denied', sub { chmod 01777, $late });
}

# A folder put in its place while it takes nothing is told of, too.
SKIP: {
    skip 'workers must be others than root', 2 if $> != 0 || $t->valgrind;
    chmod 0500, $late;
    $t->until('refused', sub { event() == 503 });
    rename $late, $t->path('old') or die "cannot rename $late: $!";
    make_late();
    my ($dev, $ino) = stat $late;
    ok($hints->read_until(sub {
        event();
        my ($hello) = reverse $hints->packets('HELLO');
        return $hello->{dev} == $dev && $hello->{ino} == $ino;
    }), 'replaced: HELLO names the new one');
    $t->soon('replaced: events are taken', sub { event() == 202 });
}

$t->done;
