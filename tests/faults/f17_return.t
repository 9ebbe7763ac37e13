# Promise: glintod started on another spool folder and later on the first one
# again, which still held segments, counts nothing twice.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Nginx;
use Glinto::Oracle;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator(conf => 'paths_per_day 100000000');
my $oracle = Glinto::Oracle->new($t, $agent);
$oracle->accounts(1, 'load.example'); # before the workers read the list
mkdir $t->path('other') or die $!;
chmod 01770, $t->path('other');

# One nginx a folder; the second has its own port, process and pid file.
my %want = (server => 'location = /g.gif { glinto_pixel; }');
my $first = $oracle->nginx(%want);
my $text = Glinto::Nginx->new($t, %want)->conf_text;
$text =~ s/127\.0\.0\.1:\d+/127.0.0.1:%%PORT%%/;
$text =~ s/nginx\.pid/second.pid/;
$text =~ s{/spool}{/other};
my $second = $t->nginx(conf => $text);

sub load_on {
    my ($nginx, $nonce, $requests) = @_;
    return Glinto::Load->start($t, port => $nginx->port, rate => 50,
        requests => $requests, sites => 1, site => 'load.example',
        nonce => $nonce, log => 1);
}

# The first folder's segment is applied in part when glintod leaves it.
my $here = load_on($first, 'here', 300);
$t->until('some rows', sub { keys %{$oracle->paths('here')} > 100 });
$agent->stop;
$agent->start(spool => 'other');
my $there = load_on($second, 'there', 100);
is($there->wait->{ok}, 100, 'the other folder took events');
$t->until('their rows', sub { keys %{$oracle->paths('there')} == 100 });
$agent->stop;
$agent->start(spool => 'spool');
is($here->wait->{ok}, 300, 'the first folder took events all the time');
is(join("\n", $oracle->judge($here, $there)), '',
    'back again: no violation');
is(join("\n", $oracle->undisturbed), '', 'and no visit is another one');
$t->done;
