# Promise: a new password ends what the old one began: who signed in with that
# one, and was found right before it was changed, is not let in after.
#
# Method: strace holds syncs of glintod, so that the writer has both to do, one
# after the other, long after the old password was found right.
#
# Slow: four commits are held for a second each.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Inject;
use Glinto::People;
use Glinto::Test;

plan skip_all => 'no ptrace here' if !Glinto::Inject->allowed;
my $HELD_S = 1;
my $t = Glinto::Test->new;
my $agent = $t->aggregator;
person($agent, 'ann');
my $link = $agent->json('person', 'link', 'ann')->{link};

my $calls = 'fsync,fdatasync';
my $said = $t->path('strace.said');
my $strace = $t->spawn('strace', 'strace', '-f', '-e', "trace=$calls", '-e',
    "inject=$calls:delay_enter=" . $HELD_S * 1e6, '-o', $t->path('strace.log'),
    '-p', $agent->pid, {log => $said});
$t->until('strace', sub { slurp($said) =~ /attached/ });

sub sends { # without waiting for the answer
    my ($socket, $path, $type, $body) = @_;
    my $one = Glinto::Http->connect($t->path($socket));
    $one->send($one->compose('POST', $path, {Host => 'localhost', Origin =>
        'https://localhost', 'Content-Type' => $type}, $body));
    return $one;
}
sub page { sends('dashboard.sock', $_[0], 'application/x-www-form-urlencoded',
    $_[1]) }
my $busy = sends('admin.sock', '/v1/site/add', 'application/json',
    '{"domain":"new.example"}');
$t->until('the writer is held', sub { slurp($t->path('strace.log')) =~ /sync/ });
my $new = page($link, 'password=quite+another+one');
my $old = page('/glinto/sign-in', 'name=ann&password=password+of+ann');
is($busy->response('POST')->{status}, 200, 'the writer was busy');
is($new->response('POST')->{status}, 303, 'another password is chosen');
is($old->response('POST')->{status}, 403, 'the old one lets nobody in');
kill 'KILL', $strace; # else it ends when the sync does that it holds
$t->ended($strace, 10);
is(form($agent, '/glinto/sign-in', {name => 'ann', password =>
    'quite another one'})->{status}, 303, 'the new one does');
$agent->kill9; # one that was traced cannot look for leaks
$t->done;
