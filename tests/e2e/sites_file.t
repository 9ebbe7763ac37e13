# Promise: a site that workers could not be told of is counted within seconds
# once the sites file can be written again, without another command; until
# then whoever adds it, and whoever looks after glintod, hears so.
#
# Method: a folder stands where the new file is to be written, which stops
# root, too.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Told;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $told = Glinto::Told->new($t, $agent);
my $nginx = $t->nginx(server => 'location = /api/event { glinto_collect; }');
my ($sites, $in_the_way) = map { $t->path($_) } 'sites', 'sites.new';

sub dropped { # what nginx says of an event of b.example
    my $answer = http_post($nginx->port, '/api/event',
        '{"n":"pageview","u":"https://b.example/","d":"b.example"}');
    return "$answer->{status} "
        . ($answer->{headers}{'x-plausible-dropped'} // 0);
}
sub errors { scalar(() = $agent->log =~ /\[error\] sites file: cannot/g) }

like($agent->site('a.example'), qr/; counted from the next second on$/,
    'a site that workers hear of');
is($told->health, 200, 'all is well');

mkdir $in_the_way or die "cannot make $in_the_way: $!";
my ($status, $out, $err) = $agent->glinto('site', 'add', 'b.example');
is("$status|$out", "0|site b.example added, not public, timezone UTC\n",
    'a site is added, and nothing is said of counting');
like($err, qr{\Aglinto: nginx does not know of it yet: [^\n]+\n\z},
    'one sentence says so');
like($err, qr{ cannot write \Q$in_the_way\E: .*; it is tried again every },
    'why, and what is done');
is(dropped(), '202 1', 'it is not counted');
like($agent->json('site', 'set', 'b.example', 'optout', 'yes')->{note},
    qr/does not know/, 'a setting is told the same for programs');
$agent->site('c.example');
like($agent->json('site', 'remove', 'c.example', '--yes')->{note}, qr/does not know/,
    'and a removal');

my $row = $t->until('the condition', sub { $told->status('sites_file') });
like($row->{text}, qr/^Since \d\d:\d\d UTC the sites file cannot be written: /,
    'an operator hears since when');
like($row->{advice}, qr{^sites file: cannot write \Q$in_the_way\E: .*"sites"},
    'which file, why, and the key');
like($told->people, qr/^Since \d\d:\d\d UTC the sites file cannot /m,
    'and glinto status');
is($told->health, 503, 'the health check fails');
$told->none('sites_file');

my $before = slurp($sites);
$agent->stop; # one that is started now cannot write it either
$agent->start;
$t->soon('a new glintod says so, too', sub { $told->status('sites_file') });
is(slurp($sites), $before, 'the list is the one before');
is(errors(), 2, 'each has logged it once');

rmdir $in_the_way or die "cannot remove $in_the_way: $!";
$t->soon('when it can be written it is', sub {
    slurp($sites) eq "a.example\nb.example optout=1\n" }, 5);
$t->soon('and nothing is told any more', sub {
    !$told->status('sites_file') && $told->health == 200 });
like($agent->log, qr/\[notice\] sites file: \Q$sites\E is written again/,
    'which is logged');
$t->soon('its events are taken', sub { dropped() eq '202 0' });
$t->done;
