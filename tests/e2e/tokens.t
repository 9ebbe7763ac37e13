# Promise: a token that asks too often is told to wait, without harm to others
# and to pages; how often it may ask can be changed while glintod runs.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator(conf => 'token_requests_per_minute 5');
$agent->site('a.example', '--timezone', 'UTC');
my %token = map { $_ => $agent->json('token', 'create')->{token} } 'a', 'b';

sub get {
    my ($token, $path) = @_;
    return $agent->dashboard('GET', $path, undef,
        {Authorization => "Bearer $token{$token}", Host => 'a.example'});
}
sub asks {
    my ($token) = @_;
    return get($token, '/api/v1/stats/aggregate?site_id=a.example');
}
my @status = map { asks('a')->{status} } 1 .. 6;
is("@status", '200 200 200 200 200 429', 'five in a minute');
my $reply = asks('a');
is($reply->{body}, '{"error":"this token asks too often: see '
    . 'token_requests_per_minute in glinto.conf"}', 'a sentence');
is($reply->{headers}{'retry-after'}, 12, 'and when to ask again');
is(get('a', '/glinto/a.example')->{status}, 200, 'a page is not a question');
is(asks('b')->{status}, 200, 'another token has its own');
spew($t->path('glinto.conf'), slurp($t->path('glinto.conf'))
    =~ s/(token_requests_per_minute) 5$/$1 500/mr);
kill HUP => $agent->pid;
$t->soon('more may be asked', sub { asks('a')->{status} == 200 });
$t->done;
