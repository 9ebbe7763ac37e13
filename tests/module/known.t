#!/usr/bin/perl

# Promise: the ids of a visitor are the same whether his requests come over one
# connection, one after the other, or each over its own, for events and for
# pages served; on a connection whose visitors change in anything that makes
# one (site, host, address, agent, salt), as behind a proxy, each has the ids
# that are his.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Spool;
use Glinto::Test;
use POSIX ();

my $t = Glinto::Test->new->one_day;
$t->prepare;
my $salt = $t->path('salt/' . POSIX::strftime('%F', gmtime));
my $nginx = $t->nginx(server => <<'EOS');
    location = /e { glinto_collect; }
    location = /x { glinto_collect; glinto_client_addr $http_x_addr; }
    location /page { glinto on; default_type text/html; return 200 page; }
    location /named { glinto on; glinto_site a.example;
        glinto_client_addr $http_x_addr; default_type text/html;
        return 200 page; }
EOS
my $spool = Glinto::Spool->new($t->path('spool'));
my $n = 0;

sub connection { Glinto::Http->connect($nginx->port) }

# One request of WHO over a connection; its path is its number.
sub ask {
    my ($c, %who) = @_;
    my %headers = (Host => $who{host}, 'User-Agent' => $who{agent},
        'Accept-Language' => 'en', 'X-Forwarded-For' => $who{addr},
        'X-Addr' => $who{header});
    $n++;
    my $r = $who{path} =~ m{^/(?:page|named)}
        ? $c->request('GET', "$who{path}$n", \%headers)
        : $c->request('POST', $who{path}, \%headers, sprintf
            '{"n":"pageview","d":"%s","u":"https://%s/%d"}',
            @who{qw(site host)}, $n);
    die "status $r->{status}" if $r->{status} !~ /^20[02]$/;
    return $n;
}

# Both ids of each of these requests, in order.
sub ids {
    my (@numbers) = @_;
    my %of;
    $t->until('all of them in the spool', sub {
        %of = map { ($_->{path} // '') =~ /(\d+)$/ ? ($1 => $_) : () }
            $spool->events, $spool->served;
        return !grep { !$of{$_} } @numbers;
    });
    return map { join ' ', map { $_ // '-' } @{$of{$_}}{qw(visitor
        visitor_before)} } @numbers;
}

my %me = (path => '/page', site => 'a.example', host => 'a.example',
    addr => '192.0.2.1', agent => 'Mozilla/5.0 (X11; Linux) Firefox/1');
# Each differs from the one before, and the same come again.
my @others = map { {%me, %$_} } {}, {agent => 'Mozilla/5.0 (X11; Linux) Firefox/2'},
    {}, {addr => '192.0.2.2'}, {}, {addr => '2001:db8::1'}, {},
    {host => 'b.example'}, {site => 'b.example', path => '/e'}, {path => '/e'},
    {}, {path => '/e', host => 'elsewhere.test'}, {path => '/named'},
    {path => '/named', header => '192.0.2.1'},
    {path => '/named', header => '192.0.2.3'},
    {path => '/x', header => '192.0.2.3:4711'}, {path => '/x', header => '-'},
    {agent => 'M' x 600}, {agent => 'M' x 500}, {agent => 'M'},
    # what lies side by side in memory, parted in another place
    {path => '/e', site => 'a.example', host => 'aa.example'},
    {path => '/e', site => 'a.examplea', host => 'a.example'}, {};

sub compare {
    my ($what, @who) = @_;
    my $c = connection();
    my @kept = map { ask($c, %$_) } @who;
    my @alone = map { ask(connection(), %$_) } @who;
    my @ids = ids(@kept, @alone);
    my $half = @ids / 2;
    is(join("\n", @ids[0 .. $half - 1]), join("\n", @ids[$half .. $#ids]),
        $what);
    return @ids[0 .. $half - 1];
}

my @local = compare('of a salt of the worker', (\%me) x 4);
my $open = connection();
my @before = ids(map { ask($open, %me) } 1 .. 3);
is($before[-1], $local[-1], 'a connection that stays open');
spew("$salt.new", 's' x 32);
rename "$salt.new", $salt;
my ($now) = $t->until('the file is taken', sub {
    my ($id) = ids(ask(connection(), %me));
    return $id ne $local[0] && $id;
});
is((ids(ask($open, %me)))[0], $now, 'the id of the new salt is taken there, too');

my @same = compare('one visitor', (\%me) x 12);
is(scalar(grep { $_ eq $now } @same), 12, 'has one id');
my @ids = compare('each one another', @others);
my %seen = map { ($_ => 1) } @ids;
cmp_ok(scalar keys %seen, '>=', 12, 'who differ have ids that do');
compare('two each', map { ($_, $_) } @others);
compare('after many others he is himself',
    (map { {%me, addr => "198.51.100.$_"} } 1 .. 20), (\%me) x 3);
compare('two in turn', map { $_ % 2 ? {%me, host => 'b.example'} : \%me } 1 .. 9);

$t->done;
