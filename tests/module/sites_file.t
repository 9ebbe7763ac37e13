#!/usr/bin/perl

# Promise: with a sites file only its sites, by name or alias, are taken, the
# rest is turned away and said so; a replaced file is in use within seconds,
# whatever its size, and until it is read to the end the old one counts; a new
# worker has read it before its first request; no file means every site.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Spool;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(server => <<'EOS');
    location = /e { glinto_collect; }
    location = /g.gif { glinto_pixel; glinto_site own.example; }
    location = /live { glinto_site $arg_d; return 200 "$glinto_visitors"; }
    location = /s { glinto_status; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $n = 0;

# (dropped, sites of the frames) of an event for these sites.
sub event {
    my ($sites, $host, @headers) = @_;
    $host //= 'a.example';
    my $path = '/' . ++$n;
    my $r = $nginx->post('/e',
        qq({"n":"pageview","d":"$sites","u":"https://$host$path"}), @headers);
    is($r->{status}, 202, "$sites: 202");
    my @got = map { $_->{site} } grep { $_->{path} eq $path } $spool->events;
    return join ' ', $r->{headers}{'x-plausible-dropped'} // 0, @got;
}

sub replace {
    spew($t->path('sites.new'), $_[0]);
    rename $t->path('sites.new'), $t->path('sites');
}

sub known { $nginx->get('/s')->{body} =~ /"known": (\d+)/ ? $1 : 'all' }

is(known(), 'all', 'no file');
is(event('any.example,www.OTHER.example'), '0 any.example other.example',
    'every site is taken');

replace(<<'EOS');
a.example alias=a-number alias=a.example.net optout=0 colour=blue
b.example hosts=b.example,shop.example visitors=17
c.example optout=1
EOS
$t->soon('the file is seen', sub { known() eq '3' });
is(event('a.example'), '0 a.example', 'a known site');
is(event('A.Example'), '0 a.example', 'in any case');
is(event('a-number'), '0 a.example', 'an alias');
is(event('a.example.net'), '0 a.example', 'another alias');
is(event('unknown.example'), '1', 'an unknown one');
is(event('a.exampl'), '1', 'nearly a known one');
is(event('x' x 63 . '.example'), '1', 'a long one');
is(event('a.example,a-number,A.example.net,a.example.:443'), '0 a.example',
    'a site and its aliases are one');
is(event('a.example,u1.example,b.example,u2.example', 'b.example'),
    '2 a.example b.example', 'known and unknown ones');
is(event('b.example', 'shop.example'), '0 b.example', 'an allowed host');
is(event('b.example', 'evil.example'), '1', 'another host');
is(event('c.example'), '0 c.example', 'no opt-out');
is(event('c.example', undef, 'Sec-GPC' => 1), '1', 'opt-out by Sec-GPC');
is(event('c.example', undef, 'DNT' => 1), '1', 'opt-out by DNT');
is(event('c.example', undef, 'DNT' => 0), '0 c.example', 'DNT: 0 is none');
is(event('a.example', undef, 'Sec-GPC' => 1), '0 a.example',
    'a site that does not obey');
is($nginx->get('/g.gif')->{headers}{'x-plausible-dropped'}, 1,
    'an unknown glinto_site');
is($nginx->get('/live?d=b.example')->{body}, 17, '$glinto_visitors');
is($nginx->get('/live?d=a.example')->{body}, '', 'when the file has it');

# Anything in the file but a line feed is some line; none of it harms.
replace("  \n\n=\nd.example\talias=x\ne.example =x hosts= alias= optout=\0\n"
    . 'f.example' . ' alias=' . 'y' x 100_000 . "\n\0\n" . "g.example");
$t->soon('a strange file', sub { known() =~ /^[4-9]$/ });
is(event('e.example'), '0 e.example', 'its good lines count');
is(event('g.example'), '0 g.example', 'the last one without a line feed');

# Several slices: until the new file is complete, the old one is in use.
my $many = join '', map { sprintf "s%06d.example alias=n%06d optout=0\n", $_, $_ }
    1 .. 60_000;
replace($many);
$t->soon('a file of 2 MB', sub {
    my $known = known();
    die "a table half read" if $known > 6 && $known < 60_000;
    return $known == 60_000;
}, 20);
is(event("s000001.example,n060000,s060001.example"),
    '1 s000001.example s060000.example', 'first, last, and the one behind');

$nginx->reload;
is(event('s060001.example'), '1', 'a new worker knows all sites at once');

# Replaced while it is being read.
replace($many . "last.example\n");
replace("only.example\n");
$t->soon('the newest file wins', sub { known() eq '1' }, 20);

unlink $t->path('sites');
$t->soon('the file is taken away', sub { known() eq 'all' });
is(event('s000001.example,other.example'), '0 s000001.example other.example',
    'every site again');

mkdir $t->path('sites');
is(event('a.example'), '0 a.example', 'a directory is no file');
replace("h.example\n") if rmdir $t->path('sites');
$t->soon('a file again', sub { known() eq '1' });

my %sum;
$nginx->stop;
$sum{"$_->{site} $_->{reason}"} += $_->{n} for $spool->counts;
my ($unknown, $named) = (0, 0);
for (grep { / unknown_site$/ } keys %sum) {
    $unknown += $sum{$_};
    $named++ if !/^ /;
}
is($unknown, 8, 'unknown sites are counted');
cmp_ok($named, '>', 0, 'some of them by name');
is($sum{'c.example opt_out'}, 2, 'opt-outs by site');
is($sum{'b.example hostname_not_allowed'}, 1, 'hosts by site');

$t->done;
