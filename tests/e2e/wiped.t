# Promise: a password is in glintod's memory only while it is looked at:
# chosen, right, wrong, that of a link; so is the key of a telephone's codes;
# afterwards no copy is left of it, nor of a link that let somebody in, nor of
# a token once it was told.
#
# Method: every readable mapping of the process is searched for the bytes.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::SHA qw(hmac_sha1);
use Glinto::People;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'localhost');
$agent->site('a.example', '--timezone', 'UTC');

# How often TEXT is in the memory of glintod.
sub copies {
    my ($text) = @_;
    my $n = 0;
    no warnings 'portable'; # addresses have 64 bits
    open my $mem, '<:raw', '/proc/' . $agent->pid . '/mem' or die "mem: $!\n";
    for (split /\n/, slurp('/proc/' . $agent->pid . '/maps')) {
        my ($from, $to) = /^(\w+)-(\w+) rw/ or next;
        ($from, $to) = (hex $from, hex $to);
        next if $to - $from > 1 << 30 || !sysseek $mem, $from, 0;
        sysread $mem, my $bytes, $to - $from or next;
        $n += () = $bytes =~ /\Q$text\E/g;
    }
    return $n;
}
sub code {
    my ($key) = @_;
    my $bits = join '', map { sprintf '%05b', index
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', $_ } split //, $key;
    my $hash = hmac_sha1(pack('Q>', int(time / 30)), pack 'B*', $bits);
    return sprintf '%06d', (unpack('N', substr $hash,
        ord(substr $hash, -1) & 15, 4) & 0x7fffffff) % 1_000_000;
}

my $added = $agent->json('person', 'add', 'ann', '--role', 'owner');
my ($secret) = $added->{link} =~ m{([\w-]{22})$};
my $cookie = welcome($agent, $added->{link}, 'chosen horse battery');
is(form($agent, '/glinto/sign-in', {name => 'ann',
    password => 'wrong horse battery'})->{status}, 403, 'a wrong one');
is(form($agent, '/glinto/sign-in', {name => 'ann',
    password => 'chosen horse battery'})->{status}, 303, 'the right one');

my $page = $agent->dashboard('GET', '/glinto/me', undef,
    {Host => 'localhost', Cookie => $cookie});
my %me = map { $_ => ($page->{body} =~ /name="$_"[^>]* value="([^"]*)"/)[0] }
    'token', 'key';
is(form($agent, '/glinto/me', {%me, password => 'chosen horse battery',
    code => code($me{key})}, {Cookie => $cookie})->{status}, 303, 'codes');

my $PAGE = '/glinto/a.example/settings';
my $settings = $agent->dashboard('GET', $PAGE, undef,
    {Host => 'localhost', Cookie => $cookie});
my ($form) = $settings->{body} =~ /name="token" value="([\w-]+)"/;
sub does {
    return form($agent, $PAGE, {token => $form, @_}, {Cookie => $cookie});
}
my ($path) = does(do => 'share.add', name => 'board',
    password => 'linked horse battery')->{body} =~ m{(/glinto/share/[\w-]{22})};
is(form($agent, $path, {password => 'linked horse battery'})->{status}, 303,
    'a link is opened');
my ($token) = does(do => 'token.create', name => 'x', scope => 'stats:read')
    ->{body} =~ m{(gl_[\w-]{43})};
ok($token, 'a token');

# What is searched for is found where it is.
is(copies('aggregator_' . 'no such text') . ' ' . (copies('a.example') > 0),
    '0 1', 'the search finds what is there');
is(copies($_->[1]), 0, "no copy of $_->[0]")
    for ['a password', 'chosen horse'], ['it as a form', 'chosen%20horse'],
    ['a wrong password', 'wrong horse'], ['it as a form', 'wrong%20horse'],
    ['a link\'s password', 'linked horse'], ['it as a form', 'linked%20horse'],
    ['a key of codes', $me{key}], ['a link that was used', $secret],
    ['a token', $token];
$t->done;
