# Promise: storage that fails holds the events of its account and of no other;
# the account's readers are told what is held since when, all others see
# numbers as ever; the operator hears which file it is and what to do, and the
# health check says 507 for want of room, 503 for damage.  Room or a repair
# brings every event back.
#
# Method: a disk that is really full, a database really overwritten and then
# repaired as the operator is told, files glintod may not open.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Mounts;
use Glinto::Test;
use Glinto::Told;
use Glinto::World;

private_mounts();
my $t = Glinto::Test->new(limit_s => 180)->one_day;
mount_tmpfs($t->path('data'), '16m', 0700);
my $world = Glinto::World->new($t, sites => ['a', ['b', 'other']]);
my $agent = $world->agent;
my $file = $world->file('a');
my $told = Glinto::Told->new($t, $agent);
my $CLOCK = qr/\d\d:\d\d/;

my $n = 0;
sub events { # COUNT of each site
    my ($count) = @_;
    my $segment = $world->segment;
    for (1 .. $count) {
        $n++;
        $segment->event(site => "$_.example", visitor => $n, path => "/$n")
            for qw(a b nobody);
    }
    $segment->close;
}
sub figure { # the number of ID in a page
    my ($site, $id) = @_;
    my $page = $agent->dashboard('GET', "/glinto/$site")->{body};
    return $page =~ /id="$id">([^<]*)</ ? $1 : undef;
}

events(5);
$t->until('the first rows', sub { $world->rows('a') == 5 && $world->rows('b') == 5 });
is($told->health, 200, 'all is well');

# ---- no room ----

# A log that is written back, 10 s after its file was last written, gives room:
# that is over for all of them before the disk is filled.
$t->until('every log is written back', sub {
    !grep { -s } map { glob $t->path("$_/*-wal") } 'data', 'data/acct' }, 30);
fill($t->path('data'));
events(5);
my $full = $told->soon('storage_full',
    qr/^Storage full: new events are held since $CLOCK and will be counted /);
is($told->health, 507, 'the health check: no room');
like($told->status('storage_full')->{advice}, qr{Free some space .*/data},
    'what to do');
is(figure('a.example', 'today-pageviews'), 5, 'the numbers before are shown');
my $meta = $t->soon('meta.db has no room either', sub {
    (grep { !defined $_->{account} && $_->{kind} eq 'storage_full' }
        @{$agent->json('status')->{conditions}})[0];
});
like($meta->{text}, qr/^Storage full: meta\.db cannot be written since /,
    'which is another sentence');
is(scalar(() = $agent->dashboard('GET', '/glinto/a.example')->{body}
    =~ /Storage full/g), 1, 'a page says it once');
my @paragraphs = $told->people =~ /^.*(Storage full.*)$/mg;
is(scalar @paragraphs, 2, 'glinto status once for all accounts and meta.db')
    or diag(join "\n", @paragraphs);
like($told->people, qr/^Accounts (?:default, other|other, default): Storage /m,
    'which names the accounts');
my $no_room = qr{^glinto: storage: there is no room on the disk of \S+/data; };
like(($agent->glinto(@$_))[2], $no_room, "$_->[0] $_->[1] says what is amiss")
    for ['site', 'add', 'c.example'], ['site', 'remove', 'a.example', '--yes'],
        ['account', 'add', 'third'], ['token', 'create'];
like($agent->glinto('backup', $t->path('elsewhere')), qr/^3 files, /,
    'a backup to another disk is made');
like($agent->log, qr/\[error\] backup by uid \d+: without a row in audit: /,
    'its row in audit is not, which is logged');
unlink $t->path('data/ballast');
$t->soon('with room again all is counted',
    sub { $world->rows('a') == 10 && $world->rows('b') == 10 }, 20);
$t->soon('and nothing is told any more', sub {
    !$told->page('a.example', 'storage_full') && $told->health == 200 });

# ---- one database damaged ----

my $backup = $t->path('backup');
$agent->glinto('backup', $backup);
$agent->stop;
open my $out, '+<:raw', $file or die $!;
sysseek $out, 0, 0;
syswrite $out, 'no database any more' x 5;
close $out;
$agent->start;
events(5);
$t->soon('the other account goes on', sub { $world->rows('b') == 15 });
$told->soon('read_only', qr/^Read-only since $CLOCK: this account's data file /);
$told->none('read_only', 'b.example');
is(figure('b.example', 'today-pageviews'), 15, 'its numbers are shown');
is(figure('a.example', 'today-pageviews'), '–',
    'what is not known is a dash, not a zero');
is(figure('a.example', 'recent'), '–', 'also of the last 30 minutes');
unlike($agent->dashboard('GET', '/glinto/a.example')->{body}, qr/data-n=/,
    'and of each of them');
my $live = $t->spawn('live', $t->build . '/glinto', '--socket',
    $t->path('admin.sock'), 'live', 'a.example');
$t->soon('and in the terminal', sub {
    slurp($t->path('live.log')) =~ / - visitors now +- pageviews in 30 min / });
kill 'INT', $live;
$t->ended($live);
is($told->health, 503, 'the health check: not for want of room');
my $status = $told->status('read_only');
is($status->{account}, 'default', 'the account by its name');
like($status->{advice}, qr/\Q$file\E; .* put back the file of a backup/, 'its file, and a repair');

# What the advice says, and nothing else.
$agent->stop;
unlink map { "$file-$_" } qw(wal shm);
my ($name) = $file =~ m{([^/]+)$};
system('cp', "$backup/acct/$name", $file) == 0 or die 'cp';
$agent->start;
$t->soon('repaired: every event is there', sub { $world->rows('a') == 15 }, 20);
is($world->rows('b'), 15, 'and none twice');
$t->soon('and nothing is told any more', sub {
    !$told->page('a.example', 'read_only') && $told->health == 200 });

# ---- files glintod may not open ----

$agent->stop;
SKIP: {
    skip 'only root can become another user', 5 if $> != 0;
    my $nobody = 65_534;
    chmod 0777, $t->dir;
    system('chown', '-R', $nobody, map { $t->path($_) }
        qw(data spool salt sites)) == 0 or die 'chown';
    my $mine = $world->segment;
    chmod 0640, $mine->path;
    $mine->event(site => 'a.example', visitor => 1)->close;
    $agent->start(workers => "0 $nobody", wrap => ['setpriv', '--reuid',
        $nobody, '--clear-groups', '--regid', $nobody]);
    $t->soon('the operator hears of it',
        sub { ($told->status('unreadable') // {})->{count} });
    is($told->health, 503, 'and the health check fails');
    like($agent->log, qr/\[error\].*cannot be opened: Permission denied/,
        'and the log says why');
    mkdir $t->path('roots'), 0700 or die "cannot make roots: $!";
    like(($agent->glinto('backup', $t->path('roots/backup')))[2],
        qr{/roots/backup: glintod's user may not write there$},
        'a backup asked for by root says who may not');
    chmod 0644, $mine->path;
    $t->soon('once it may be read it is counted', sub {
        $world->rows('a') == 16 && !$told->status('unreadable') });
}

$t->done;
unmount($t->path('data')); # before its folder is removed
