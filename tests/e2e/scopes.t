# Promise: a token does what its scopes say and no more, and is told which one
# it lacks; a token of before there were scopes goes on reading.

use strict;
use warnings;
use DBI;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Store;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site('a.example', '--timezone', 'UTC');

my %token = map { $_ => $agent->json('token', 'create', '--name', $_,
    '--scope', $_)->{token} } 'stats:read', 'sites:write', 'events:write',
    'events:write,stats:read';
$token{default} = $agent->json('token', 'create')->{token};

sub asks { # status and body of a question, and of a page that is not public
    my ($token) = @_;
    my %headers = (Authorization => "Bearer $token{$token}",
        Host => 'a.example');
    return map { my $reply = $agent->dashboard('GET', $_, undef, \%headers);
        "$reply->{status} $reply->{body}" }
        '/api/v1/stats/aggregate?site_id=a.example', '/glinto/a.example';
}
for my $token ('stats:read', 'default', 'events:write,stats:read') {
    my ($api, $page) = asks($token);
    like($api, qr/^200 /, "$token: asks");
    like($page, qr/^200 /, "$token: sees");
}
for my $token ('sites:write', 'events:write') {
    my ($api, $page) = asks($token);
    is($api, '403 {"error":"this token has not the scope stats:read: one that '
        . 'has it is made with glinto token create --scope stats:read"}',
        "$token: may not ask");
    like($page, qr/^403 .*scope stats:read/s, "$token: sees nothing");
}

# ---- they are told, and no other is taken ----

my %listed = map { $_->{name} => $_->{scopes} }
    @{$agent->json('token', 'list')->{tokens}};
is($listed{'events:write,stats:read'}, 'stats:read,events:write', 'in order');
is($listed{''}, 'stats:read', 'the default');
like($agent->glinto('token', 'list'),
    qr/^ID +ACCOUNT +NAME +SCOPES +CREATED$/m, 'as a table');
for my $list ('stats:write', '', 'stats:read, sites:write') {
    my ($status, undef, $said) = $agent->glinto('token', 'create', '--scope',
        $list);
    is("$status $said", qq{2 glinto: "$list" is no list of scopes; all of them }
        . "are stats:read,sites:write,events:write\n", "no scope: '$list'");
}

# ---- from before ----

$agent->stop;
my $db = DBI->connect('dbi:SQLite:dbname='
    . Glinto::Store->new($t->path('data'))->meta, '', '', {RaiseError => 1});
$db->do($_) for 'DROP TABLE old_names', 'ALTER TABLE tokens DROP COLUMN scopes',
    'DROP TABLE sizes', 'DROP TABLE definitions',
    'ALTER TABLE accounts DROP COLUMN primary_name',
    'DROP TABLE made_change', (map { "DROP TABLE $_" } qw(roles
        keys shares people recipients unsubscribes mails notices quotas)),
    'DROP TABLE shields', (map { "ALTER TABLE sites DROP COLUMN $_" } qw(umami_id matomo_id currency left_out retention_days
        keep_rows bots_counted count_served)), 'PRAGMA user_version = 4';
$db->disconnect;
$agent->start;
like($_, qr/^200 /, 'a token of before: reads') for asks('sites:write');
is($agent->json('token', 'list')->{tokens}[0]{scopes}, 'stats:read',
    'and that is its scope');
$t->done;
