# Promise: editors of a site add and remove its goals, funnels, segments and
# annotations on a page; each refusal is a sentence there; filters of the
# site's page become a segment; every change, by whatever way, stands in the
# list of changes with who made it, for the site's editors, and with those of
# the account for its owners; nothing of another site or account does.
#
# Method: the dashboard socket, asked as a browser asks.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::People;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $t = Glinto::Test->new;
my $agent = $t->aggregator(hosts => 'localhost');
$agent->site('a.example', '--timezone', 'Asia/Kathmandu');
$agent->site('b.example');
$agent->glinto('account', 'add', 'other');
$agent->site('theirs.example', '--account', 'other');
$agent->import_lines('a.example', {kind => 'pageview', visitor => 'v', path =>
    '/', at => strftime('%Y-%m-%dT12:00:00Z', gmtime time - 2 * 86_400)});
my %who = (
    boss => person($agent, 'boss', '--role', 'owner'),
    edit => person($agent, 'edit', '--site', 'a.example', '--role', 'editor'),
    view => person($agent, 'view', '--site', 'a.example'),
);
my $PAGE = '/glinto/a.example/settings';

sub page {
    my ($who, $path) = @_;
    return $agent->dashboard('GET', $path, undef, {Host => 'localhost',
        Cookie => $who{$who}});
}
my %token = map { my ($token) = page($_, $PAGE)->{body}
    =~ /name="token" value="([\w-]+)"/; $_ => $token } qw(boss edit);
sub does {
    my ($who, $do, %fields) = @_;
    return form($agent, $PAGE, {do => $do, token => $token{$who}, %fields},
        {Cookie => $who{$who}});
}
sub fault { ($_[0]{body} =~ /id="fault" role="alert">([^<]*)/)[0] // 'none' }
sub defined_of {
    my ($kind) = @_;
    return @{$agent->json($kind, 'list', 'a.example')->{"${kind}s"}};
}

# ---- added ----

my $REPORTS = "$PAGE/reports";
is(does('edit', 'goal.add', event => 'Order', page => '', currency => 'EUR',
    props => 'plan=pro', scroll => '', name => '')->{headers}{location},
    $REPORTS, 'a goal, and back to the page');
is(does('edit', 'goal.add', page => '/thanks/**', name => 'Thanks')->{status},
    303, 'of pages');
is(does('edit', 'funnel.add', name => 'Sale', steps =>
    "/\r\n /pricing \r\n\r\nOrder pro\n", strict => 'yes')->{status}, 400,
    'a funnel of a goal that there is not');
is(does('edit', 'funnel.add', name => 'Sale', steps =>
    "/\r\n /pricing \r\n\r\nThanks\n", strict => 'yes')->{status}, 303,
    'a funnel, a line a step');
is(does('edit', 'annotation.add', date => '2026-11-02', text => 'A <letter>')
    ->{status}, 303, 'an annotation');
my ($funnel) = defined_of('funnel');
is(JSON::PP->new->canonical->encode($funnel->{steps}),
    '[{"page":"/"},{"page":"/pricing"},"Thanks"]', 'its steps');
ok($funnel->{strict}, 'strict');

# ---- a segment of what a page shows ----

my $shown = $agent->shown('/glinto/a.example?period=7d'
    . '&f=is,visit:country,DE|AT&f1=is,visit:os,iOS&f1=contains,event:page,a',
    {Cookie => $who{edit}})->{body};
my ($filters) = $shown =~ /name="filters" value="([^"]*)"/;
my ($back) = $shown =~ /name="back" value="([^"]*)"/;
my ($form) = $shown =~ /name="token" value="([^"]*)"/;
ok($filters, 'the page has a form to keep its filters');
$filters =~ s/&quot;/"/g;
is($form, $token{edit}, 'with his token');
my $kept = does('edit', 'segment.add', name => 'Apples', filters => $filters,
    back => $back);
like($kept->{headers}{location} // '',
    qr{^/glinto/a\.example\?period=7d&f=is,segment,\d+$},
    'kept, and back to the page with it as its filter')
    or diag("$kept->{status} ", fault($kept));
is(page('edit', $kept->{headers}{location})->{status}, 200, 'which is there');
is(scalar(() = page('view', '/glinto/a.example?f=is,visit:country,DE')->{body}
    =~ /segment\.add|name="token"/g), 0, 'a viewer has no such form');
is(does('edit', 'segment.add', name => 'B', filters => $filters, back =>
    "x\r\nSet-Cookie: a=b")->{headers}{location}, $REPORTS,
    'no other way back');

# ---- on the page ----

my $reports = page('edit', $REPORTS);
is($reports->{status} . ' ' . page('view', $REPORTS)->{status}, '200 403',
    'the page is the editors\'');
like($reports->{body}, $_, "it says $_") for qr/<b>Thanks/, qr/event Order/,
    qr/plan = pro/, qr/revenue in EUR/, qr/page \/thanks\/\*\*/, qr/<b>Sale/,
    qr{/ → /pricing → Thanks}, qr/\(Nothing else between/, qr/<b>Apples/,
    qr/Country is Germany or Austria/, qr/A &lt;letter&gt;/, qr/2026-11-02/;
unlike($reports->{body}, qr/A <letter>/, 'a text is text');

# ---- refused with a sentence ----

for ([['goal.add', event => 'Order', currency => 'EUR'],
    qr/is a goal &quot;Order/],
    [['goal.add', event => 'a', page => '/b'], qr/event.*page/],
    [['goal.add', name => 'nothing'], qr/event.*page/],
    [['goal.add', page => 'x'], qr/begins with/],
    [['funnel.add', name => 'One', steps => '/'], qr/2 to 8|steps/],
    [['annotation.add', date => 'x', text => 'y'], qr/date/],
    [['segment.add', name => 'C', filters => 'x'], qr/filters/],
    [['goal.remove', id => 999_999], qr/has no goal/]) {
    my ($form, $want) = @$_;
    my $reply = does('edit', @$form);
    like($reply->{status} . ' ' . fault($reply), qr/^4\d\d .*$want/,
        "@$form");
    like($reply->{body}, qr/id="goals"/, 'on its page');
}

# ---- removed ----

my $theirs = $agent->json('goal', 'add', 'b.example', '--event', 'x')
    ->{goal}{id};
is(does('edit', 'goal.remove', id => $theirs)->{status}, 404,
    'another site\'s is not here');
for my $kind (qw(funnel segment annotation goal)) {
    is(join(' ', map { does('edit', "$kind.remove", id => $_->{id})->{status} }
        defined_of($kind)), join(' ', (303) x ($kind =~ /goal|segment/ ? 2
        : 1)), "$kind removed");
    is(scalar defined_of($kind), 0, 'and gone');
}

# ---- what is counted ----

my $COLLECTION = "$PAGE/collection";
is(page('edit', $COLLECTION)->{status} . ' ' . page('view', $COLLECTION)
    ->{status}, '200 403', 'what is counted is the editors\' page');
sub shown { $agent->json('site', 'show', 'a.example') }
is(does('edit', 'site.collect', block_countries => 'DE, FR',
    was_block_countries => '', block_pages => '/admin/**',
    block_agents => 'curl', was_block_agents => '')->{headers}{location},
    $COLLECTION, 'shields');
my $json = JSON::PP->new->canonical;
is($json->encode(shown()->{block}), '{"addresses":[],"agents":["curl"],'
    . '"countries":["DE","FR"],"pages":["/admin/**"]}', 'as they are asked for');
is(does('edit', 'site.collect', keep_title => 'no', was_keep_title => 'yes',
    keep_props => 'yes', was_keep_props => 'yes')->{status}, 303, 'switches');
is(join(' ', map { shown()->{site}{keep}{$_} ? 1 : 0 } qw(title props place)),
    '0 1 1', 'as they are set');
is(does('edit', 'site.collect', retention_days => 400, was_retention_days =>
    0, keep_rows => 90, was_keep_rows => 0)->{status}, 303, 'days');
is(shown()->{site}{retention_days}, 400, 'kept so long');
is(shown()->{site}{keep_rows}, 90, 'and their rows');
my $counted = page('edit', $COLLECTION)->{body};
like($counted, $_, "it says $_") for qr/name="block_countries"[^>]*value="DE,FR"/,
    qr/name="keep_title"><option value="yes">[^<]*<\/option><option value="no" selected/,
    qr/name="retention_days"[^>]*value="400"/,
    qr/name="keep_rows"[^>]*value="90"/;
like(fault(does('edit', 'site.collect', keep_rows => 6)), qr/Keep_rows.* 7 /,
    'rows of a week at least');
like(fault(does('edit', 'site.collect', block_addresses => 'x')), qr/x/,
    'what is none is refused with a sentence');
is(fault(does('edit', 'site.collect', keep_title => 'no', was_keep_title =>
    'no')), 'Nothing was chosen.', 'what is as it was is no change');

# ---- what was changed ----

sub changes {
    my ($who, $path) = @_;
    my $body = page($who, $path // "$PAGE/changes")->{body};
    return map { s/<[^>]*>/ /gr =~ s/\s+/ /gr } $body =~ m{<tr>(.*?)</tr>}gs;
}
is(page('view', "$PAGE/changes")->{status}, 403, 'of editors alone');
$agent->glinto('site', 'set', 'a.example', 'hosts', 'www.other.example');
$agent->glinto('site', 'rename', 'a.example', 'new.example');
$PAGE = '/glinto/new.example/settings';
my $edit = join "\n", changes('edit');
my $shell = $> == 0 ? 'root' : $>;
like($edit, $_, "there is $_") for qr/ edit Goal added .*Event Order/,
    qr/ edit Goal removed Order /, qr/ edit Funnel added .*Sale/,
    qr/ edit Funnel removed Sale /, qr/ edit Segment removed Apples /,
    qr/ edit Segment saved Apples Country is Germany or Austria and System is/,
    qr/ $shell, on the server Setting changed Hosts [^<]* www\.other\.example/,
    qr/ edit Setting changed Countries, as DE or FR DE, FR/,
    qr/ edit Setting changed Days that [^<]* 400/,
    qr/ $shell, on the server Site renamed new\.example/,
    qr/ $shell, on the server Site added /,
    qr/ $shell, on the server Person added edit editor/;
unlike($edit, qr/theirs|b\.example|event x|boss|argon2|password \w/,
    'nothing of others, and no secret');
like((changes('edit'))[1], qr/^ \d+ \w+ 20\d\d, \d\d:\d\d /,
    'with the time');
does('boss', 'token.create', name => 'for a script', scope => 'stats:read');
my $all = join "\n", changes('boss');
like($all, qr/ boss Token made for a script default It may read numbers/,
    'an owner of the account sees its changes, too');
like($all, qr/Password chosen boss /, 'what was done to him, too');
unlike($all, qr/theirs|event x/, 'not those of another');
unlike(join("\n", changes('edit')), qr/Token made/, 'an editor does not');

# ---- a page at a time ----

does('edit', 'goal.add', event => "E$_") for 1 .. 70;
does('edit', 'goal.remove', id => $_->{id}) for defined_of_new();
sub defined_of_new { @{$agent->json('goal', 'list', 'new.example')->{goals}} }
my ($older) = page('edit', "$PAGE/changes")->{body}
    =~ m{rel="next" href="([^"]+)"};
like($older // '', qr{^\Q$PAGE\E/changes\?before=\d+$}, 'older ones');
my @first = changes('edit');
my @then = changes('edit', $older);
is(scalar @first, 101, 'a hundred at once');
like($then[-1], qr/Site added/, 'down to the first');
$t->done;
