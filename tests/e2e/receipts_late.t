# Promise: a recount takes 60 s at most: meanwhile one is told how long it
# goes on, then the answer is 503, with what is the matter and what helps, and
# another one may begin.

# Method: a visitor whose visits nobody makes again, for whom each recount of
# the day waits.
#
# Slow: it waits for those 60 s.
# Check: the same; it needs no processor.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::HiRes ();

my $LIMIT_S = 60; # GL_RECEIPT_S
my $DAY_S = 86_400;
my $t = Glinto::Test->new(limit_s => 150)->one_day(90);
my $world = Glinto::World->new($t, sites => ['a']);
my ($agent, $store) = ($world->agent, $world->store);
my $json = JSON::PP->new;
my $day = int(time / $DAY_S); # of an earlier one visits are made again at once
my $date = POSIX::strftime('%F', gmtime $day * $DAY_S);
$world->segment->event(site => 'a.example', visitor => 1, path => '/')->close;
$world->empty('the day has an event');

sub late {
    my ($sql) = @_;
    my $file = DBI->connect('dbi:SQLite:dbname=' . $world->file('a'), '', '',
        {RaiseError => 1});
    $file->do($sql, undef, $store->value($store->meta,
        "SELECT id FROM sites WHERE domain = 'a.example'"), $day);
    $file->disconnect;
}
sub ask {
    my $client = Glinto::Http->connect($t->path('admin.sock'));
    $client->send($client->compose('POST', '/v1/receipt', {}, $json->encode({
        query => {site_id => 'a.example', metrics => ['visits'],
            date_range => [$date, $date]}})));
    return $client;
}
sub told {
    my $reply = $agent->admin('POST', '/v1/recount/status',
        $json->encode({site => 'a.example'}));
    return $json->decode($reply->{body});
}

late('INSERT INTO late_visitors VALUES (?, CAST(? AS INTEGER), 99)');
my $began = Time::HiRes::time();
my $waits = ask();
$t->soon('it is told how long it goes on', sub {
    my $told = told();
    return $told->{running} && $told->{seconds} >= 1;
});
$t->until('an end', sub { !told()->{running} }, 2 * $LIMIT_S);
my $took = Time::HiRes::time() - $began;
my $reply = $waits->response('POST');
is($reply->{status}, 503, 'after a while it is refused');
cmp_ok($took, '>=', $LIMIT_S, 'not before its time is over');
like($reply->{body}, qr/are being counted anew; try again in a minute/,
    'with what is the matter, and what helps');

late('DELETE FROM late_visitors WHERE site = ? AND day = CAST(? AS INTEGER)');
is(ask()->response('POST')->{status}, 200, 'another one may begin');
$t->done;
