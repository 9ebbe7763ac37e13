# Promise: a disk of which less than a tenth is free is told once to who looks
# after the machine, by mail and by notify_command, until an eighth is.
#
# Method: the spool is a file system of its own; glintod's clock is turned.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Mounts;
use Glinto::Faults;
use Glinto::Mails;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

plan skip_all => 'two clocks and a sanitizer cannot both come first'
    if $ENV{GLINTO_SAN};
private_mounts();

my $t = Glinto::Test->new;
mount_tmpfs($t->path('spool'), '64m', 01770);
my $mails = Glinto::Mails->new($t);
my $world = Glinto::World->new($t, sites => ['a'],
    conf => $mails->conf('notify_command ' . $t->path('notify')));
my $agent = $world->agent;
my $ahead = 0;
my %CLOCK = (env => {LD_PRELOAD => $t->build . '/tests/faults/clock.so',
    GLINTO_CLOCK => $t->path('ahead')});
$agent->glinto('recipient', 'add', 'ops@mail.example');
$agent->glinto('recipient', 'add', 'ann@mail.example', '--site', 'a.example');

# A minute later: is it told of the spool?
sub held {
    $agent->ahead($ahead += 61);
    $agent->glinto('status') for 1 .. 3;
    return $world->store->value($world->store->meta, 'SELECT count(*) FROM
        notices WHERE kind = ? AND of = ?', 'disk', 'spool');
}
sub ballast {
    my ($mib) = @_;
    spew($t->path('spool/ballast'), 'x' x ($mib << 20));
}
sub told {
    $mails->run(%CLOCK);
    return grep { $_->{of} eq $t->path('spool') }
        map { JSON::PP::decode_json($_) } $mails->told;
}

is(held(), 0, 'an empty disk');
ballast(55);
is(held(), 0, 'a seventh is free: nothing');
ballast(60);
$t->soon('a tenth is not', sub { held() == 1 }, 20);
my @told = told();
is(scalar @told, 1, 'told');
is($told[0]{notice}, 'disk', 'what');
cmp_ok($told[0]{n}, '<', 10, 'with what is free');
my @to = map { $_->{to} } grep { $_->{raw} =~ /^Subject: \S*spool/m }
    $mails->sent;
is("@to", 'ops@mail.example', 'by mail to the machine\'s, and nobody else');
ballast(57);
is(held(), 1, 'a ninth: it holds');
ballast(50);
$t->soon('an eighth: it ends', sub { held() == 0 }, 20);
is(scalar told(), 1, 'it was told once');
$agent->stop;
unmount($t->path('spool'));
$t->done;
