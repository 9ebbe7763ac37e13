#!/usr/bin/perl

# Promise: what another product's script calls a site is another name of it, in
# every worker within two seconds of "glinto site set", as long as no other
# site is called so; and its currency is one of ISO 4217.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use Time::HiRes ();

my $ID = '4fb7fa4c-5b46-438d-94b3-3a8fb9bc2e8b';
my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', 'b'], nginx => {workers => 2,
    server => 'location = /m { glinto_collect matomo; }'});
my $agent = $world->agent;
my $nginx = $world->nginx;

sub set { return $agent->glinto('site', 'set', @_) }
sub refused {
    my ($why, @what) = @_;
    my ($status, undef, $err) = set(@what);
    isnt($status, 0, "@what[1, 2] is refused");
    like($err, $why, 'with a sentence');
}
sub line { return (grep { /^$_[0]\.example/ } split /\n/,
    slurp($t->path('sites')))[0] }

set('a.example', 'umami_id', uc $ID);
set('a.example', 'matomo_id', '7');
set('a.example', 'currency', 'chf');
is(line('a'), "a.example alias=$ID alias=matomo:7 currency=CHF",
    'workers are told');
my ($site) = grep { $_->{domain} eq 'a.example' }
    @{$agent->json('site', 'list')->{sites}};
is_deeply([@$site{qw(umami_id matomo_id currency)}], [$ID, 7, 'CHF'],
    'so is who asks');

refused(qr/another site is called that/, 'b.example', 'umami_id', $ID);
refused(qr/another site is called that/, 'b.example', 'matomo_id', '7');
refused(qr/umami_id is what the script has/, 'b.example', 'umami_id', $_)
    for 'x', "${ID}0", $ID =~ s/-//gr, $ID =~ s/f/g/r;
refused(qr/matomo_id is the number/, 'b.example', 'matomo_id', $_)
    for 'x', '-1', '1x', '1000000000';
refused(qr/currency is a code of ISO 4217/, 'b.example', 'currency', $_)
    for 'XYZ', 'euro', '1';
is(line('b'), 'b.example', 'nothing of that is there');

# A reset keeps them, a removal frees them.
$agent->glinto('site', 'reset', 'a.example', '--yes');
is(line('a'), "a.example alias=$ID alias=matomo:7 currency=CHF",
    'a site that begins anew is called the same');
set('a.example', 'matomo_id', '0');
set('a.example', 'umami_id', '');
set('a.example', 'currency', '');
is(line('a'), 'a.example', 'taken back');
set('b.example', 'matomo_id', '7');
like(line('b'), qr/ alias=matomo:7$/, 'another site may have it then');

# Both workers, within two seconds.
my $began = Time::HiRes::time();
set('a.example', 'matomo_id', '12345');
$t->until('a worker knows', sub { $nginx->get('/m?idsite=12345&rec=1&url=/x')
    ->{status} == 200 }, 10) for 1 .. 4;
cmp_ok(Time::HiRes::time() - $began, '<', $t->slow(2), 'within two seconds');

# After a start of glintod they are as they were.
$agent->stop;
$agent->start;
like(line('a'), qr/ alias=matomo:12345$/, 'also after a start');

$t->done;
