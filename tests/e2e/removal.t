# Promise: a removed site leaves no byte of its visitors' texts in the file it
# shared with others, whose numbers stay; a removed account leaves no file, and
# is there to be removed again while it may have left one.  With a damaged one
# goes what was told of it.
#
# Method: texts of one word that occurs nowhere else; after the removal every
# file of the data folder is read for it.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Find ();
use Glinto::Test;
use Glinto::World;

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['stay', 'leave', ['alone', 'other']]);
my ($agent, $store) = ($world->agent, $world->store);

# Files of the data folder with WORD in them.
sub found {
    my ($word) = @_;
    my @found;
    File::Find::find(sub {
        push @found, $_ if -f && index(slurp($_), $word) >= 0;
    }, $t->path('data'));
    return scalar @found;
}

my %word = ('stay.example' => 'Marmalade', 'leave.example' => 'Quicksilver',
    'alone.example' => 'Turpentine');
sub visit {
    my ($n) = @_;
    my $segment = $world->segment;
    for my $i (1 .. $n) {
        for my $site (sort keys %word) {
            my $text = $word{$site} . ($i * 7919 % 10_007);
            $segment->event(site => $site, visitor => 1 + $i % 90,
                path => "/$text", title => "$text " x 3,
                referrer => "https://$text.example/");
        }
        $segment->event(site => $_, kind => 2, name => "$word{$_}Signup",
            visitor => 1 + $i % 90) for sort keys %word;
    }
    $segment->close;
    $world->empty('events are rows', 30);
}
visit(900); # fits into one segment
my $file = $store->site('stay.example');
my $other = $store->site('alone.example');
cmp_ok(found($_), '>', 0, "$_ is found while it is there")
    for sort values %word;

sub kept {
    return join ' ', map { $store->value($file, $_) }
        'SELECT count(*) FROM events WHERE site = 1',
        'SELECT count(*) FROM sessions WHERE site = 1',
        'SELECT count(DISTINCT text) FROM events JOIN paths ON code = path
            WHERE site = 1';
}
my $before = kept();
$agent->glinto('site', 'remove', 'leave.example', '--yes');
is(found('Quicksilver'), 0, 'no text of the removed site is in any file');
is(kept(), $before, 'the other site of the file is as it was');
is($store->integrity, 'ok', 'the files are whole');

visit(50);
is($store->value($file, 'SELECT count(*) FROM events WHERE site = 1'), 1_900,
    'it goes on counting');
like($agent->glinto('check', 'data'), qr/ 0 faults$/m,
    'words and sums are right');

$agent->glinto('site', 'remove', 'alone.example', '--yes');
is(found('Turpentine'), 0, 'nothing of the last site of an account');
$agent->glinto('account', 'remove', 'other', '--yes');
my ($id) = $other =~ m{([^/]+)\.db$};
my @left = glob $t->path("data/*/$id*");
is("@left", '', 'and no file of a removed account');

# ---- a removal that is cut short ----

$agent->glinto('account', 'add', 'again');
$agent->site('again.example', '--account', 'again');
my $again = $store->site('again.example');
$agent->glinto('site', 'remove', 'again.example', '--yes');
$agent->stop;
unlink $again, glob "$again-*" or die "unlink: $!\n";
mkdir $again or die "mkdir: $!\n"; # it cannot be unlinked
$agent->start;
my ($status, undef, $said) = $agent->glinto('account', 'remove', 'again', '--yes');
is($status, 1, 'a file that stays is told');
like($said, qr/file is still there; remove it again/, 'with what to do');
like($agent->glinto('account', 'list'), qr/again/, 'the account is there');
rmdir $again or die "rmdir: $!\n";
$agent->glinto('account', 'remove', 'again', '--yes'); # dies when it fails
unlike($agent->glinto('account', 'list'), qr/again/, 'and it is gone');
like($agent->glinto('check', 'data'), qr/ 0 faults$/m, 'all is right');

# ---- an account whose file is damaged ----

$agent->glinto('account', 'add', 'broken');
my $broken = $store->value($store->meta,
    'SELECT id FROM accounts WHERE name = ?', 'broken');
$agent->stop;
unlink glob $t->path("data/acct/$broken.db-*");
spew($t->path("data/acct/$broken.db"), 'no database' x 1000);
$agent->start;
$t->soon('a damaged file is told', sub { scalar(() = $world->told) });
$agent->glinto('account', 'remove', 'broken', '--yes');
$t->soon('no more, once the account is removed', sub { !(() = $world->told) });
visit(1);
is(join(' ', $world->told), '', 'nor later');
$agent->stop;
is(found('Quicksilver') + found('Turpentine'), 0, 'nor after a stop');

$t->done;
