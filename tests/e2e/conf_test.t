# Promise: glintod -t looks at what a start would need: the folders, the data
# files, the sockets' places, the patterns.  It tells every fault with its
# place, changes nothing, and may be asked while glintod runs; root is told
# what the user of glintod would find.
#
# Method: places spoilt one by one.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site('a.example');
my $dir = $t->dir;

# (status, what it says) of -t, with LINES in place of those of the same keys.
sub tried {
    my (%lines) = @_;
    my $text = $agent->conf_text;
    my $no_leaks = delete $lines{no_leaks};
    $text =~ s/^$_ .*/$_ $lines{$_}/m for keys %lines;
    spew($t->path('try.conf'), $text);
    # LeakSanitizer cannot look at a process that has become another user's.
    local $ENV{ASAN_OPTIONS} = 'detect_leaks=0' if $no_leaks;
    my $said = qx(@{[$t->build]}/glintod -t -c $dir/try.conf 2>&1);
    return ($? >> 8, $said =~ s/\Q$dir\E\///gr);
}
sub fault {
    my ($what, $sentence, %lines) = @_;
    my ($status, $said) = tried(%lines);
    is("$status $said", "1 glintod: $sentence\n"
        . "glintod: try.conf is fine, but not the places it names\n", $what);
}
sub listing {
    return join "\n", map { join ' ', $_, (stat)[2, 4, 5, 7, 9] }
        grep { $_ ne "$dir/try.conf" } glob "$dir/* $dir/*/*";
}

is(join(' ', tried()), "0 glintod: try.conf is fine, and so are the places it names\n",
    'all is well while glintod runs');
$agent->stop;
is((tried())[0], 0, 'and while it does not');
is((tried(data => 'new', salt => 'fresh'))[0], 0,
    'a folder that a start makes need not be there');

# ---- folders ----

fault('no spool', 'spool no: No such file or directory', spool => 'no');
fault('data below nothing', 'data no: No such file or directory', data => 'no/data');
fault('sites below nothing', 'sites no: No such file or directory', sites => 'no/sites');
fault('a socket below nothing', 'admin_socket no: No such file or directory',
    admin_socket => 'no/admin.sock');
fault('a file for a folder', 'salt glinto.conf: is not a folder', salt => 'glinto.conf');
fault('a folder for a file', 'sites data: is there and no file', sites => 'data');
fault('a file for a socket', 'events_socket sites: exists and is not a socket',
    events_socket => 'sites');
like((tried(enrich => 'data'))[1], qr/^glintod: enrich data: .*agents/m, 'no patterns');
is(scalar(() = (tried(spool => 'no', salt => 'glinto.conf'))[1] =~ /^glintod: s/mg), 2,
    'every fault is told');

# ---- data files ----

my ($account) = glob "$dir/data/acct/*.db";
my $name = $account =~ s/\Q$dir\E\///r;
for my $file ("$dir/data/meta.db", $account) {
    my $short = $file =~ s/\Q$dir\E\///r;
    my $whole = slurp($file);
    spew($file, 'x' x 5000);
    fault("$short: no database", "$short is not a database");
    spew($file, 'x');
    fault('a short one', "$short is not a database");
    my $newer = $whole;
    substr $newer, 60, 4, pack 'N', 999;
    spew($file, $newer);
    like((tried())[1], qr/^glintod: \Q$short\E has version 999, made by a/m,
        'of a newer glintod');
    spew($file, '');
    is((tried())[0], 0, 'an empty one gets its tables at the start');
    unlink $file;
    mkdir $file;
    like((tried())[1],
        qr/^glintod: \Q$short\E cannot be read and written: Is a dir/m,
        'a folder');
    rmdir $file;
    spew($file, $whole);
}
is((tried())[0], 0, 'all is well again');

# ---- users ----

SKIP: {
    skip 'only root looks as another', 3 if $>;
    my ($uid, $gid) = (getpwnam 'www-data')[2, 3];
    chmod 0755, $dir;
    chown $uid, $gid, $t->path('data');
    my ($status, $said) = tried(no_leaks => 1);
    is($status, 1, 'root looks as the owner of the data');
    like($said, qr/^glintod: data\/meta\.db cannot be .*Permission denied$/m,
        'who may not use a file in it');
    like($said, qr/but not the places it names, for the user www-data$/m, 'and says so');
    chown 0, 0, $t->path('data');
}
my $before = listing();
tried();
is(listing(), $before, 'nothing was changed');
$agent->start;
$t->done;
