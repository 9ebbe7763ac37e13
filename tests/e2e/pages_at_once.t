# Promise: many who open the same page at once wait for one that is made, not
# each for their own: of a public site through nginx, of one that a token
# opens, and of a view that nobody keeps; who goes meanwhile takes it from
# nobody; and after a change nobody gets what was begun before it.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Metrics;
use Glinto::Shipped;
use Glinto::Test;

my $READERS = 40;
# Some ask before its live numbers are there, or when it is made already.
my $MOST = $READERS / 2;
my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site('a.example', '--public');
$agent->site('b.example');
my %token = (Authorization => 'Bearer '
    . $agent->json('token', 'create')->{token});
my $nginx = $t->nginx(shipped($t));

sub made {
    my $all = metrics($nginx->get('/glinto/metrics')->{body});
    my $took = $all->{glinto_query_duration_seconds}{samples};
    my ($page) = grep { /"page"/ } keys %$took;
    return $page ? $took->{$page}{n} : 0;
}

# All ask before any is answered; LEAVERS go at once.  The answers of those who
# stay.
sub open_page {
    my ($path, $headers, $leavers) = @_;
    my @all = map { Glinto::Http->connect($nginx->port) } 1 .. $READERS;
    my $asked = $all[0]->compose('GET', $path, {Host => 'localhost',
        'Accept-Language' => 'en', %$headers});
    $_->send($asked) for @all;
    $_->close for splice @all, 0, $leavers // 0;
    return map { $_->response('GET') } @all;
}

sub is_one {
    my ($name, @asked) = @_;
    my $before = made();
    my @answers = open_page(@asked);
    is(join(' ', keys %{{map { ($_->{status} => 1) } @answers}}), 200,
        "$name: for all");
    is(scalar(grep { $_->{body} =~ /<title>.*\.example/s } @answers),
        scalar @answers, 'the whole page');
    my $made = made() - $before;
    cmp_ok($made, '>', 0, 'made');
    cmp_ok($made, '<=', $MOST, 'and not for each');
}

is_one('public', '/glinto/a.example', {});
is_one('private', '/glinto/b.example', \%token);
is_one('a view', '/glinto/b.example?period=7d', \%token);
is_one('the first go', '/glinto/b.example?period=28d', \%token, 10);

# ---- a change ----

open_page('/glinto/b.example?period=6mo', \%token, $READERS);
$agent->glinto('site', 'set', 'b.example', 'timezone', 'Asia/Tokyo');
like($_->{body}, qr/Tokyo/, 'after a change as it is now')
    for (open_page('/glinto/b.example?period=6mo', \%token))[0, -1];
$t->done;
