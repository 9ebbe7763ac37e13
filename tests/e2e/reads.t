# Promise: what changes nothing does not wait for the writer.  While it is held
# in one commit for seconds, each verb of the table that asks or reads is
# answered within half a second, and the health check too: with what was
# committed and told before.  When it is not held, numbers and counters are
# those of the question's time, not of the second before.
#
# Method: strace holds every sync of glintod; one site more is added, and its
# answer comes after all of theirs.
# Alone: it times answers.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Inject;
use Glinto::Segment;
use Glinto::Test;
use Glinto::Verbs;
use IO::Select;
use JSON::PP ();
use POSIX ();
use Time::HiRes ();

plan skip_all => 'no ptrace here' if !Glinto::Inject->allowed;
my $HELD_S = 6;
my $AT_ONCE_S = 0.5;
my $EVENTS = 20;
my $t = Glinto::Test->new->one_day;
my $agent = $t->aggregator;
my $json = JSON::PP->new;
$agent->site('a.example');
$agent->json('account', 'add', 'empty');
my $token = $agent->json('token', 'create')->{id};

sub ask {
    my ($verb, $args) = @_;
    my $path = $verb =~ tr{.}{/}r;
    my $began = Time::HiRes::time();
    my $reply = $agent->admin('POST', "/v1/$path", $json->encode($args));
    return ($reply->{status}, $json->decode($reply->{body}),
        Time::HiRes::time() - $began);
}
sub ms { sprintf '%.0f', 1000 * $_[0] }

# ---- not held: the answer is newer than the question ----

my $segment = Glinto::Segment->create($t->path('spool'));
for my $n (1 .. $EVENTS) {
    $segment->event(site => 'a.example', visitor => $n, path => "/$n");
    $t->until('its row', sub {
        my (undef, $live) = ask('live.get', {site => 'a.example'});
        return ($live->{today}{pageviews} // 0) == $n;
    });
    my (undef, $status) = ask('status', {});
    is($status->{ingest}{rows}, $n, "event $n: who saw it finds it counted");
}

my ($status, $check) = ask('check.start', {});
is($status, 200, 'a check');
$t->until('its end', sub {
    !(ask('check.status', {id => $check->{id}}))[1]{running};
});

# ---- held ----

my $account = $agent->json('account', 'list')->{accounts}[0]{id};
my %args = (
    'site.get' => {domain => 'a.example'},
    'site.show' => {domain => 'a.example'},
    'share.list' => {domain => 'a.example'},
    'site.page' => {of => $account},
    'site.defined' => {domain => 'a.example'},
    'site.audit' => {domain => 'a.example'},
    'site.bots' => {domain => 'a.example'},
    'site.served' => {domain => 'a.example'},
    'site.ai' => {domain => 'a.example'},
    'site.erases' => {domain => 'a.example'},
    'account.erases' => {name => 'empty'},
    (map { +"$_.list" => {domain => 'a.example'} }
        qw(goal segment funnel annotation)),
    'live.get' => {site => 'a.example'},
    privacy => {site => 'a.example', page => JSON::PP::true},
    'recount.status' => {site => 'a.example'},
    mcp => {tool => 'list_sites', arguments => {}, account => $account},
    'backup.status' => {id => $check->{id}},
    'check.status' => {id => $check->{id}},
    'export.chunk' => {site => 'a.example'},
    'export.totals' => {site => 'a.example'},
    'query' => {query => {site_id => 'a.example', metrics => ['pageviews'],
        date_range => 'day'}},
    summary => {site => 'a.example'},
    'summary.mail' => {site => 'a.example', language => 'de',
        week => POSIX::strftime('%G-W%V', gmtime(time - 7 * 86400))},
    stats => {kind => 'aggregate', params => {site_id => 'a.example',
        metrics => 'pageviews', period => 'day'}},
    map { $_ => {} } qw(account.list site.list token.list person.list
        recipient.list status metrics drops health),
);
my @reads = grep { $_->[1] =~ /^(?:ASKS|READS)$/ }
    Glinto::Verbs::table($t->root);
is(join(' ', sort map { $_->[0] } @reads), join(' ', sort keys %args),
    'all that change nothing are asked here');
my $calls = 'fsync,fdatasync,syncfs';
my $said = $t->path('strace.said');
my $strace = $t->spawn('strace', 'strace', '-f', '-e', "trace=$calls", '-e',
    "inject=$calls:delay_enter=" . $HELD_S * 1e6, '-o', '/dev/null', '-p',
    $agent->pid, {log => $said});
$t->until('strace', sub { slurp($said) =~ /attached/ });
my $change = Glinto::Http->connect($t->path('admin.sock'));
my $at = (ask('status', {}))[1]{at};
$change->send($change->compose('POST', '/v1/site/add',
    {'Content-Type' => 'application/json'}, '{"domain":"new.example"}'));
$t->until('the writer is held', sub {
    my (undef, $one) = ask('status', {});
    my (undef, $two) = ask('status', {});
    return $one->{at} == $two->{at};
});

my (%answer, @late);
for my $verb (map { $_->[0] } @reads) {
    my ($code, $answer, $took) = ask($verb, $args{$verb});
    note("$verb: " . ms($took) . ' ms');
    is($code, 200, "$verb is answered");
    push @late, "$verb " . ms($took) . ' ms' if $took > $t->slow($AT_ONCE_S);
    $answer{$verb} = $answer;
}
my $began = Time::HiRes::time();
is($agent->admin('GET', '/health')->{status}, 200, 'and the health check');
push @late, 'health' if Time::HiRes::time() - $began > $t->slow($AT_ONCE_S);
my $held = !IO::Select->new($change->socket)->can_read(0);
is(join(', ', @late), '', 'at once');
ok($held, 'while the writer was held');
is(scalar @{$answer{'site.list'}{sites}}, 1, 'the site list has what was committed');
is($answer{'token.list'}{tokens}[0]{id}, $token, 'so has that of tokens');
is($answer{'live.get'}{today}{pageviews} // $EVENTS, $EVENTS,
    'live numbers are the last that were told, or none');
is($answer{query}{results}[0]{metrics}[0], $EVENTS, 'a question has its rows');
is($answer{status}{ingest}{rows}, $EVENTS, 'the status what was told last');
kill 'KILL', $strace; # else it ends when the sync does that it holds
$t->ended($strace, 10);
$agent->kill9; # one that was traced cannot look for leaks
$segment->close;
$t->done;
