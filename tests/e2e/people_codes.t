# Promise: who has chosen so signs in with a code of his telephone beside the
# password, each code once; nobody chooses it for him; it ends when he says so,
# or with a link for a new password.
#
# Method: codes by a second hand (RFC 6238 in Perl); steps of 30 s around now,
# so that no time has to pass.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::SHA qw(hmac_sha1);
use Glinto::People;
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my %cookie = map { $_ => person($agent, $_) } 'ann', 'bob';

sub me {
    my ($name) = @_;
    my $body = $agent->dashboard('GET', '/glinto/me', undef,
        {Host => 'localhost', Cookie => $cookie{$name}})->{body};
    my %form;
    for my $field ('token', 'key') {
        ($form{$field}) = $body =~ /name="$field"[^>]* value="([^"]*)"/;
    }
    return \%form;
}
sub code {
    my ($key, $steps) = @_;
    my $bits = join '', map { sprintf '%05b', index
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', $_ } split //, $key;
    my $hash = hmac_sha1(pack('Q>', int(time / 30) + $steps),
        pack 'B*', $bits);
    my $at = ord(substr $hash, -1) & 15;
    return sprintf '%06d',
        (unpack('N', substr $hash, $at, 4) & 0x7fffffff) % 1_000_000;
}
sub choose {
    my ($name, %fields) = @_;
    return form($agent, '/glinto/me', {password => "password of $name",
        %fields}, {Cookie => $cookie{$name}})->{status};
}
sub sign_in {
    my ($name, $code) = @_;
    return form($agent, '/glinto/sign-in', {name => $name,
        password => "password of $name", code => $code})->{status};
}

my $form = me('ann');
my $key = $form->{key};
like($key, qr/^[A-Z2-7]{32}$/, 'a key of 160 bits');
isnt(me('ann')->{key}, $key, 'another each time');
my $store = Glinto::Store->new($t->path('data'));
is(choose('ann', %$form, code => '000000'), 403, 'not without a code of it');
is(choose('ann', %$form, code => code($key, 0), password => 'wrong'), 403,
    'nor without the password');
is(choose('bob', %$form, code => code($key, 0)), 403, 'nor for somebody else');
is($store->value($store->meta, 'SELECT count(*) FROM people
    WHERE length(totp) > 0'), 0, 'none of it did anything');
is(choose('ann', %$form, code => code($key, 0)), 303, 'taken from now on');
is(sign_in('ann', ''), 403, 'no code');
my $next = code($key, 1);
# Five tries a name: the rest by a link that makes them anew.
is(sign_in('ann', $next), 303, 'the right one');
is(sign_in('ann', $next), 429, 'a name has five tries');
is(sign_in('bob', ''), 303, 'others need none');
unlike(me('ann')->{key} // '', qr/[A-Z]/, 'the key is not shown again');

$form = me('bob');
$key = $form->{key};
is(choose('bob', %$form, code => code($key, 0)), 303, 'another person');
$next = code($key, 1);
is(sign_in('bob', $next) . ' ' . sign_in('bob', $next), '303 403',
    'a code is taken once');
$cookie{bob} = welcome($agent, $agent->json('person', 'link', 'bob')->{link},
    'password of bob');
like(me('bob')->{key}, qr/^[A-Z2-7]{32}$/, 'a link takes codes back');
is(index(slurp($t->path('glintod.log')), $key), -1, 'no log has a key');
is($store->value($store->meta, "SELECT count(*) FROM audit
    WHERE args LIKE '%$key%'"), 0, 'nor the audit');
$t->done;
