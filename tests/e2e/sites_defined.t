# Promise: a program with a token reads, makes and removes what is defined for
# the questions of its account's sites: goals in Plausible's words, funnels,
# segments and annotations; the same asked twice is made once; nothing of
# another account's site is told or changed.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => ['a', ['theirs', 'other']],
    conf => 'token_requests_per_minute 1000');
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;
my $token = $agent->json('token', 'create', '--scope', 'sites:write')->{token};
my $reads = $agent->json('token', 'create')->{token};

sub call {
    my ($method, $rest, $body, %more) = @_;
    my $by = delete $more{by} // $token;
    my $reply = $agent->dashboard($method, "/api/v1/sites/$rest", $body &&
        $json->encode({site_id => 'a.example', %$body}),
        {Authorization => "Bearer $by", %more});
    my $answer = eval { $json->decode($reply->{body}) } // {};
    return wantarray ? ($reply->{status}, $answer)
        : "$reply->{status} $reply->{body}";
}
sub list {
    my ($what, %more) = @_;
    my ($status, $answer) = call('GET', "$what?site_id=a.example"
        . join('', map { "&$_=$more{$_}" } sort keys %more), undef,
        by => $reads);
    is($status, 200, "$what: listed by a token that reads");
    return @{$answer->{$what}}, $answer->{meta};
}

# ---- goals ----

my %PLAIN = (currency => undef, custom_props => {}, event_name => undef,
    page_path => undef, scroll_threshold => undef);
sub put_goal {
    my ($body, %want) = @_;
    my ($status, $answer) = call('PUT', 'goals', $body);
    is("$status " . $json->encode($answer), '200 ' . $json->encode({%PLAIN,
        domain => 'a.example', %want}), "goal: $want{display_name}");
    return;
}
my @signup = ({goal_type => 'event', event_name => 'Signup'}, id => 1,
    goal_type => 'event', event_name => 'Signup', display_name => 'Signup');
put_goal(@signup);
put_goal(@signup);
put_goal({goal_type => 'page', page_path => '/buy/**', event_name => undef},
    id => 2, goal_type => 'page', page_path => '/buy/**',
    display_name => 'Visit /buy/**');
put_goal({goal_type => 'event', event_name => 'Purchase', currency => 'EUR',
    display_name => 'Sale', custom_props => {plan => 'pro'}}, id => 3,
    goal_type => 'event', event_name => 'Purchase', display_name => 'Sale',
    currency => 'EUR', custom_props => {plan => 'pro'});
put_goal({goal_type => 'page', page_path => '/blog', scroll_threshold => 75},
    id => 4, goal_type => 'page', page_path => '/blog', scroll_threshold => 75,
    display_name => 'Scroll 75% on /blog');
put_goal({goal_type => 'event', event_name => 'Purchase', currency => 'EUR',
    display_name => 'Sale', custom_props => {plan => 'pro'}}, id => 3,
    goal_type => 'event', event_name => 'Purchase', display_name => 'Sale',
    currency => 'EUR', custom_props => {plan => 'pro'});

my @goals = list('goals');
is($json->encode(pop @goals), '{"after":null,"before":null,"limit":100}',
    'on one page');
is(join(' ', map { $_->{id} } @goals), '4 3 2 1', 'the newest first');
is($json->encode($goals[3]), $json->encode({%PLAIN, id => 1, goal_type =>
    'event', event_name => 'Signup', display_name => 'Signup'}), 'a goal');
is(join(' ', map { $_->{name} } @{$agent->json('goal', 'list', 'a.example')
    ->{goals}}), 'Signup Visit /buy/** Sale Scroll 75% on /blog',
    'the command says the same');

my @ids;
my %from;
for my $want ('4 3', '2 1') {
    my @page = list('goals', limit => 2, %from);
    my $meta = pop @page;
    is(join(' ', map { $_->{id} } @page), $want, "a page: $want");
    push @ids, $meta;
    %from = (after => $meta->{after}) if $meta->{after};
}
is($ids[0]{before}, undef, 'nothing before the first');
is($ids[1]{after}, undef, 'nothing after the last');
my @back = list('goals', limit => 2, before => $ids[1]{before});
is(join(' ', map { $_->{id} } @back[0 .. $#back - 1]), '4 3', 'and back');

spew($t->path('lines'), join '', map { $json->encode({visitor => "v$_", at =>
    '2026-03-02T10:00:00Z', kind => 'event', name => 'Signup'}) . "\n" } 1 .. 3);
$agent->glinto('import', '--site', 'a.example', '--format', 'events',
    $t->path('lines'));
sub ask {
    my (%query) = @_;
    return $json->decode($agent->dashboard('POST', '/api/v2/query',
        $json->encode({site_id => 'a.example', date_range => ['2026-03-02',
        '2026-03-02'], %query}), {Authorization => "Bearer $reads"})->{body});
}
is($json->encode(ask(metrics => ['visitors'], dimensions => ['event:goal'])
    ->{results}), '[{"dimensions":["Signup"],"metrics":[3]}]',
    'it counts what was before it');

# ---- the others ----

my %funnel = (name => 'Way', steps => [{page => '/'}, 'Signup']);
my ($status, $funnel) = call('PUT', 'funnels', {%funnel});
is($status, 200, 'a funnel');
is($funnel->{domain}, 'a.example', 'of the site');
is((call('PUT', 'funnels', {%funnel}))[1]{id}, $funnel->{id}, 'made once');
is((call('PUT', 'funnels', {%funnel, strict => JSON::PP::true}))[0], 409,
    'another one of that name');
is(ask(funnel => $funnel->{id})->{results}[1]{metrics}[0], 0, 'it is asked');
($status, my $segment) = call('PUT', 'segments', {name => 'Germany',
    filters => [['is', 'visit:country', ['DE']]]});
is(ask(metrics => ['visitors'], filters => [['is', 'segment',
    [$segment->{id}]]])->{results}[0]{metrics}[0], 0, 'so is a segment');
is(call('PUT', 'annotations', {date => '2026-03-02', text => 'New shop'}),
    call('PUT', 'annotations', {date => '2026-03-02', text => 'New shop'}),
    'an annotation, made once');
is(join(' ', map { my @all = list($_); $#all } qw(funnels segments
    annotations)), '1 1 1', 'all are listed');
is((list('annotations'))[0]{text}, 'New shop', 'with its text');

# ---- what is refused ----

my $before = join '', map { $agent->glinto($_, 'list', 'a.example') }
    qw(goal funnel segment annotation);
for my $refused (
    [400, '\"goal_type\" is event or page', {event_name => 'x'}],
    [400, '\"goal_type\" is event or page', {goal_type => 'x'}],
    [400, '\"event_name\" is missing', {goal_type => 'event'}],
    [400, '\"event_name\" is missing', {goal_type => 'event', event_name => 7}],
    [400, '\"page_path\" is missing', {goal_type => 'page'}],
    [400, '\"page_path\" does not go with the type event', {goal_type =>
        'event', event_name => 'x', page_path => '/'}],
    [400, '\"x\" is no key of a goal', {goal_type => 'event', x => 1}],
    [400, '\"currency\" is a code', {goal_type => 'event', event_name => 'x',
        currency => 'XX'}],
    [400, '\"props\" is an object of texts', {goal_type => 'event',
        event_name => 'x', custom_props => {a => 1}}],
    [409, 'another one of that name', {goal_type => 'page', page_path => '/x',
        display_name => 'Signup'}],
    [404, 'no such site', {site_id => 'theirs.example', goal_type => 'event',
        event_name => 'x'}],
) {
    my ($want, $sentence, $body) = @$refused;
    like(scalar call('PUT', 'goals', $body),
        qr/^$want \{"error":"[^\n]*\Q$sentence\E/, "$want: $sentence");
}
like(scalar call('PUT', 'funnels', {name => 'x', steps => ['Signup']}),
    qr/^400 .*steps.* are 2 to 8/, 'a funnel of one step');
like(scalar call('PUT', 'funnels', {steps => ['Signup', 'Sale']}),
    qr/^400 .*name/, 'without a name');
like(scalar call('GET', "goals?site_id=a.example&$_"), qr/^400 /, $_)
    for 'limit=0', 'limit=1001', 'page=2';
like(scalar call('GET', 'goals'), qr/^400 .*site_id/, 'no site');
like(scalar call('DELETE', 'goals/1'), qr/^400 .*site_id/, 'no site');
like(scalar call('GET', 'goals?site_id=theirs.example'), qr/^404 /,
    'of another account');
like(scalar call('DELETE', 'goals/1?site_id=theirs.example'), qr/^404 /,
    'nor removed');
like(scalar call('DELETE', "goals/$_?site_id=a.example"), qr/^404 /,
    "no such goal: $_") for 99, 'x', $funnel->{id};
like(scalar call('PUT', 'goals', {goal_type => 'event', event_name => 'x'},
    by => $reads), qr/^403 .*sites:write/, 'a token that reads makes none');
like(scalar call('DELETE', 'goals/1?site_id=a.example', undef, by => $reads),
    qr/^403 .*sites:write/, 'and removes none');
is((call('PUT', 'goals', {goal_type => 'event', event_name => 'x'}, Origin =>
    'https://evil.example', Host => 'stats.example'))[0], 403,
    'nor does a page of another site');
is(join('', map { $agent->glinto($_, 'list', 'a.example') }
    qw(goal funnel segment annotation)), $before, 'nothing was changed');

# ---- removed ----

is(scalar call('DELETE', 'goals/3?site_id=a.example'), '200 {"deleted":true}',
    'a goal is removed');
is(scalar call('DELETE', "funnels/$funnel->{id}?site_id=a.example"),
    '200 {"deleted":true}', 'a funnel');
is(join(' ', map { $_->{id} } @{(call('GET', 'goals?site_id=a.example'))[1]
    {goals}}), '4 2 1', 'the others stay');
$t->done;
