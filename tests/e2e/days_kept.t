# Promise: what is older than a site's retention_days is erased, rows, visits,
# tallies and bytes of the file; what is younger, and other sites, are not
# touched, and answers about what is kept stay as they were.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use POSIX ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'b']);
my $agent = $world->agent;
my $file = $world->file('a');
my $DAYS = 30;

sub day { POSIX::strftime('%Y-%m-%d', gmtime(time - 86_400 * $_[0])) }
sub lines {
    my ($name) = @_;
    return map { my $ago = $_; map { {kind => 'pageview', visitor => "v$_",
        path => "/$name-$ago-days", at => day($ago) . "T10:0$_:00Z"} } 1 .. 3 }
        (400, 45, $DAYS + 2, $DAYS - 2, 5, 2);
}
sub days { # path => rows
    my ($name) = @_;
    return join ' ', sort map { $_->{path} =~ /^\/$name-(\d+)/ ? $1 : () }
        $world->store->rows($file, 'SELECT DISTINCT p.text AS path FROM events e '
            . 'JOIN paths p ON p.code = e.path');
}
sub asked {
    my ($site) = @_;
    return join ' ', map { join ' ', @{$_->{metrics}} } @{$agent->query({
        site_id => "$site.example", metrics => [qw(visitors visits pageviews)],
        date_range => [day($DAYS - 1), day(0)]})->{results}};
}

for my $site ('a', 'b') {
    my ($status, undef, $err) =
        $agent->import_lines("$site.example", lines($site));
    is($status, 0, "the past of $site $err");
}
my ($a, $b) = (asked('a'), asked('b'));
is($a, '3 9 9', 'what is young');
$agent->glinto('site', 'set', 'a.example', 'retention_days', $DAYS);
is(days('a'), join(' ', sort 400, 45, 32, 28, 5, 2), 'nothing goes by day');
$agent->stop;
$agent->start;
$t->soon('the old is gone', sub { days('a') eq join ' ', sort 28, 5, 2 }, 20);
is(days('b'), join(' ', sort 400, 45, 32, 28, 5, 2), 'of the other site nothing');
$t->soon('it is erased', sub { $agent->log =~ /what it had of site \d+ is erased/ });
is(asked('a'), $a, 'what is kept answers as before');
is(asked('b'), $b, 'and so does the other site');
my $until = POSIX::floor(time / 86_400) - $DAYS;
for my $table (qw(day_rows sealed_days dirty_days new_words)) {
    is($world->store->value($file, "SELECT count(*) FROM $table "
        . "WHERE day < $until AND site = (SELECT min(site) FROM day_rows)"), 0,
        "$table: none of the old");
}
is($world->store->value($file, 'SELECT count(*) FROM sessions WHERE site = '
    . "(SELECT min(site) FROM day_rows) AND start < $until * 86400000"), 0,
    'nor a visit');
$agent->stop;
unlike(slurp($file), qr/a-400-days/, 'nor its bytes');
like(slurp($file), qr/b-400-days/, 'of the other site they are there');
is($world->store->integrity, 'ok', 'the file is whole');
$t->done;
