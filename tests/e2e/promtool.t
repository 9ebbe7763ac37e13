# Promise: Prometheus' own checker finds nothing in what /glinto/metrics says,
# whole and while glintod is away, nor in the alert rules; and the questions of
# the Grafana dashboard are ones that Prometheus understands.  Each alert fires
# where it must, and only there.
#
# Method: promtool of Debian's package; each question of the dashboard is made
# a rule; two series that promtool plays, one of a machine that is well.
#
# Check: it fetches a package.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Metrics;
use Glinto::Shipped;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $promtool = promtool($t, 1);
plan skip_all => 'no promtool here, and it cannot be fetched'
    if $promtool eq '';
my $folder = $t->root . '/conf/prometheus';

sub finds_nothing {
    my ($name, $words, $in) = @_;
    my $said = qx('$promtool' $words @{[defined $in ? "<'$in'" : '']} 2>&1);
    is($? >> 8, 0, $name) or diag($said);
    return $said;
}

# ---- what is measured ----

my $agent = $t->aggregator;
$t->allow(qr{connect\(\) to unix:\S+dashboard\.sock failed});
my $nginx = $t->nginx(shipped($t));
$agent->site('a.example', '--public');
my $event = '{"n":"pageview","d":"a.example","u":"https://a.example/"}';
$t->soon('an event', sub { !$nginx->post('/api/event', $event)
    ->{headers}{'x-plausible-dropped'} });
sub text { spew($t->path('text'), $nginx->get('/glinto/metrics')->{body});
    return $t->path('text') }
$t->soon('a row', sub { slurp(text()) =~ /^glinto_rows_total [1-9]/m });
is(finds_nothing('metrics', 'check metrics', text()), '', 'nothing to say');
$agent->stop;
is(finds_nothing('without glintod', 'check metrics', text()), '',
    'nothing to say');

# ---- rules, and the dashboard's questions ----

finds_nothing('alert rules', "check rules '$folder/alerts.yml'");
my $dashboard = JSON::PP::decode_json(slurp("$folder/grafana.json"));
my @asked = map { map { $_->{expr} } @{$_->{targets}} }
    @{$dashboard->{panels}};
cmp_ok(scalar @asked, '>', 20, @asked . ' questions of the dashboard');
my $n = 0;
spew($t->path('asked.yml'), "groups:\n  - name: asked\n    rules:\n"
    . join '', map { my $expr = s/\$__\w+/5m/gr;
        sprintf "      - record: asked:%d\n        expr: %s\n", $n++,
        JSON::PP->new->allow_nonref->encode($expr) } @asked);
finds_nothing('are understood', 'check rules ' . $t->path('asked.yml'));

# ---- alerts ----

# What an ill machine says each minute, and one that is well: [name, labels,
# first value, what each minute adds].  LABELS: those of the alert.
my $well = [['glinto_build_info', {}, 1, 0],
    ['glinto_aggregator_connected', {}, 1, 0]];
sub number { # NAME, LABELS, ILL, WELL
    my ($name, $labels, $ill, $fine) = @_;
    return {ill => [['glinto_' . $name, $labels, $ill, 0]],
        well => [['glinto_' . $name, $labels, $fine, 0]], labels => $labels};
}
# The half of them slower than LE, but faster than MORE.
sub slow {
    my ($name, $labels, $le, $more) = @_;
    return {labels => {}, map { my $at = $_;
        $at => [map { ["glinto_${name}_bucket", {%$labels, le => $_->[0]}, 0,
            $_->[1]] } [$le, $at eq 'ill' ? 50 : 100], [$more, 100],
            ['+Inf', 100]] } qw(ill well)};
}
my %case = (
    GlintoRefusesEvents => number('spool_writable', {}, 0, 1),
    GlintoLosesEvents => {labels => {}, map { my ($at, $reason) = @$_;
        $at => [['glinto_events_dropped_total', {reason => $reason}, 0, 5]] }
        [ill => 'busy'], [well => 'opt_out']},
    GlintoSpoolFills => number('spool_fill_ratio', {}, 0.7, 0.4),
    GlintoLaneFills => number('lane_fill_ratio', {}, 0.7, 0.4),
    GlintoSpoolIsOld => number('spool_age_seconds', {}, 2000, 2),
    GlintoAggregatorAway => number('aggregator_connected', {}, 0, 1),
    GlintoTrackingIsSlow => slow('request_duration_seconds', {}, '0.01', 1),
    GlintoSpoolDiskIsSlow => slow('append_duration_seconds', {}, '0.025', 1),
    GlintoNeedsSomebody => {labels => {grade => 'alarm'},
        ill => [['glinto_conditions', {grade => 'alarm'}, 1, 0]],
        well => [['glinto_conditions', {grade => 'note'}, 3, 0]]},
    GlintoAccountFails => number('accounts_failed', {}, 1, 0),
    GlintoCommitsAreSlow => slow('commit_duration_seconds', {}, 1, 10),
    GlintoQuestionsAreSlow => slow('query_duration_seconds', {kind => 'query'},
        1, 10),
    GlintoMemory => number('resident_memory_bytes', {}, 900 << 20, 90 << 20));

sub series {
    my ($instance, $name, $labels, $first, $adds) = @_;
    my %all = (%$labels, instance => $instance);
    return {series => "$name\{" . join(',', map { qq($_="$all{$_}") }
        sort keys %all) . '}', values => "$first+${adds}x60"};
}
sub rule_test {
    my ($rule) = @_;
    my $case = $case{$rule->{alert}} // {ill => [], well => [], labels => {}};
    my %seen;
    return {interval => '1m', input_series => [
        (map { series('ill', @$_) } @{$case->{ill}}),
        (map { series('well', @$_) } grep { !$seen{$_->[0]}++ || $_->[1]{le} }
            @{$case->{well}}, @$well)],
        alert_rule_test => [{eval_time => '50m', alertname => $rule->{alert},
            exp_alerts => [{exp_labels => {%{$rule->{labels}},
                %{$case->{labels}}, instance => 'ill'},
                exp_annotations => $rule->{annotations}}]}]};
}
my $rules = JSON::PP::decode_json(scalar qx(node -p 'JSON.stringify(require(
    "@{[$t->root]}/node_modules/js-yaml").load(require("fs").readFileSync(
    "$folder/alerts.yml", "utf8")).groups[0].rules)'));
is(join(' ', sort map { $_->{alert} } @$rules), join(' ', sort keys %case),
    'each alert has a case');
spew($t->path('test.yml'), JSON::PP::encode_json({rule_files =>
    ["$folder/alerts.yml"], evaluation_interval => '1m',
    tests => [map { rule_test($_) } @$rules]}));
finds_nothing('each fires for the machine that is ill, and for no other',
    'test rules ' . $t->path('test.yml'));
$t->done;
