# Promise: /glinto/metrics, by the shipped files, has each row of
# schema/metrics.def and no other, with the numbers of what happened; only who
# is let in gets it, and while glintod is away it has the workers' rows all the
# same.  METRICS.md has each row in its words; the alert rules and the Grafana
# dashboard name nothing that is not there.
#
# Method: real events, a question, a WebSocket; the rows read strictly
# (Glinto::Metrics), and by promtool where there is one.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Metrics;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::WebSocket;
use JSON::PP ();

my $EVENTS = 30;
my $t = Glinto::Test->new->one_day;
my $root = $t->root;
my $agent = $t->aggregator;
$t->allow(qr{connect\(\) to unix:\S+dashboard\.sock failed});
my $nginx = $t->nginx(shipped($t));
my %rows = rows($t);
my $promtool = promtool($t);
$agent->site('a.example', '--public', '--timezone', 'UTC');

sub text { $nginx->get('/glinto/metrics')->{body} }
sub value {
    my ($name, $labels) = @_;
    return metrics(text())->{$name}{samples}{$labels // ''};
}
sub promtool_says {
    my ($name, @words) = @_;
    SKIP: {
        skip "$name: no promtool here", 1 if $promtool eq '';
        my $said = qx($promtool @words 2>&1);
        is($? >> 8, 0, $name) or diag($said);
    }
}

# ---- what happened ----

my $json = '{"n":"pageview","d":"a.example","u":"https://a.example/%s"}';
for my $n (1 .. $EVENTS) {
    $t->soon("event $n", sub { $nginx->post('/api/event',
        sprintf($json, $n))->{headers}{'x-plausible-dropped'} ? 0 : 1 })
        if $n == 1;
    $nginx->post('/api/event', sprintf($json, $n)) if $n > 1;
}
$nginx->post('/api/event', sprintf($json, 'bot'), 'User-Agent' =>
    'Googlebot/2.1 (+http://www.google.com/bot.html)');
$t->soon('rows', sub { (value('glinto_rows_total') // 0) >= $EVENTS });
my $rows = value('glinto_rows_total');
for (1 .. 2) {
    my $reply = $agent->admin('POST', '/v1/query', JSON::PP::encode_json({query
        => {site_id => 'a.example', metrics => ['pageviews'],
            date_range => 'day'}}));
    is($reply->{status}, 200, 'a question');
}
my $socket = Glinto::WebSocket->connect($nginx->port,
    '/glinto/a.example/live');

my $all = metrics(text());
is(join(' ', grep { !$rows{$_} } sort keys %$all), '',
    'no row but those of the table');
is(join(' ', grep { !$all->{$_} } sort keys %rows), '',
    'each row of the table');
is(join(' ', grep { $all->{$_}{type} ne $rows{$_}{type}
    || $all->{$_}{help} ne $rows{$_}{help} } sort keys %$all), '',
    'type and help');
is(join(' ', grep { !$all->{"glinto_$_"} } qw(request_duration_seconds
    append_duration_seconds spool_age_seconds spool_fill_ratio
    commit_duration_seconds commit_rows query_duration_seconds site_objects
    site_evictions_total websockets events_dropped_total cache_hits_total)),
    '', 'what operators were promised is among them');
for my $name (sort keys %$all) {
    my @wrong = grep { $rows{$name}{label} eq 'none' ? $_ ne ''
        : !/^\Q$rows{$name}{label}\E="[^"]+"$/ } keys %{$all->{$name}{samples}};
    is("@wrong", '', "$name: its label");
}
spew($t->path('metrics'), text());
promtool_says('promtool check metrics', 'check metrics <',
    $t->path('metrics'));

sub sample { $all->{$_[0]}{samples}{$_[1] // ''} }
is(sample('glinto_events_stored_total') - $rows,
    sample('glinto_events_not_counted_total', 'reason="bot"'),
    'what is stored is a row or a bot');
is(sample('glinto_commit_rows')->{sum}, $rows, 'rows by commit');
cmp_ok(sample('glinto_commit_duration_seconds')->{n}, '>', 0, 'their time');
cmp_ok(sample('glinto_commit_duration_seconds')->{sum}, '<', 60,
    'in seconds');
is(sample('glinto_query_duration_seconds', 'kind="query"')->{n}, 2,
    'questions by kind');
is(sample('glinto_websockets'), 1, 'a WebSocket is open');
is(sample('glinto_site_objects'), 1, 'a site is in memory');
cmp_ok(sample('glinto_cache_hits_total', 'cache="agents"'), '>=', $EVENTS - 1,
    'an agent is parsed once');
cmp_ok(sample('glinto_cache_bytes', 'cache="pages"'), '>', 0,
    'memory of pages of databases');
cmp_ok(sample('glinto_cache_hits_total', 'cache="days"'), '>', 0,
    'the second question finds what the first has made');
my ($rss) = slurp('/proc/' . $agent->pid . '/status') =~ /^VmRSS:\s+(\d+)/m;
cmp_ok(sample('glinto_allocated_memory_bytes'), '>', 1 << 20, 'allocated')
    if !$t->san && !$t->valgrind;
my $memory = sample('glinto_resident_memory_bytes') / 1024;
cmp_ok($memory, '>', $rss / 2, "glintod's memory");
cmp_ok($memory, '<', $rss * 2, 'and not more');
$socket->close;
$t->soon('none is open', sub { value('glinto_websockets') == 0 });

# ---- as JSON ----

my $told = $agent->admin('POST', '/v1/metrics', '{}');
my $numbers = JSON::PP::decode_json($told->{body});
is($numbers->{glinto_rows_total}, $rows, 'the admin socket has them as JSON');

# ---- who may ----

is($nginx->get('/glinto/metrics', 'X-Forwarded-For' => '203.0.113.7')
    ->{status}, 403, 'a stranger may not');
is($nginx->get('/glinto/metrics/glintod')->{status}, 404,
    'nor is the part of glintod to be had alone');

# ---- glintod is away ----

$agent->stop;
$t->soon('the workers tell theirs', sub {
    my $text = text();
    my $left = metrics($text =~ s/^# glintod does not answer\n//mr);
    return !grep { ($rows{$_}{side} eq 'WORKERS') != !!$left->{$_} }
        keys %rows;
});
is($nginx->get('/glinto/metrics')->{status}, 200, 'with 200');

# ---- what else speaks of them ----

my $page = slurp("$root/conf/METRICS.md");
for my $name (sort keys %rows) {
    my $row = $rows{$name};
    my $label = $row->{label} eq 'none' ? '' : "`$row->{label}`";
    my $line = "| `$name` | $row->{type} | $row->{unit} | $label | "
        . "$row->{help} |";
    ok($page =~ /^\Q$line\E$/m, "METRICS.md has $name") or diag($line);
}
is(join(' ', grep { !$rows{$_} } $page =~ /^\| `(glinto_\w+)`/mg), '',
    'and no other');
for my $file (qw(alerts.yml grafana.json)) {
    my $text = slurp("$root/conf/prometheus/$file");
    my @names = map { s/_(?:bucket|sum|count)$//r } $text =~ /(glinto_\w+)/g;
    cmp_ok(scalar @names, '>', 10, "$file names metrics");
    is(join(' ', grep { !$rows{$_} } @names), '', 'which are there');
    my @labels = $text =~ /[{,](\w+)=~?\\?"/g;
    my %known = map { $_->{label} => 1 } values %rows;
    is(join(' ', grep { !/^(?:instance|le)$/ && !$known{$_} } @labels), '',
        'and so are their labels');
}
my @panels = @{JSON::PP::decode_json(slurp(
    "$root/conf/prometheus/grafana.json"))->{panels}};
is(scalar(grep { !@{$_->{targets}} || !$_->{gridPos} } @panels), 0,
    'each panel asks something');
my $rules = qx(node -p 'JSON.stringify(require("$root/node_modules/js-yaml")
    .load(require("fs").readFileSync("$root/conf/prometheus/alerts.yml",
    "utf8")))');
my @rules = map { @{$_->{rules}} } @{JSON::PP::decode_json($rules)->{groups}};
my %alert = map { $_->{alert} => 1 } @rules;
is(scalar keys %alert, scalar @rules, 'each rule has a name of its own');
is(scalar(grep { !$_->{expr} || !$_->{for} || !$_->{labels}{severity}
    || !$_->{annotations}{summary} } @rules), 0, 'and is whole');
is(join(' ', sort keys %alert), join(' ', sort $page =~ /^\| `(Glinto\w+)`/mg),
    'METRICS.md has each');
promtool_says('promtool check rules', 'check rules',
    "$root/conf/prometheus/alerts.yml");
$t->done;
