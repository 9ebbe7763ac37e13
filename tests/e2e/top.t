# Promise: "glinto top" shows what glintod does in a second, anew each second on
# a terminal, and ends with Ctrl-C; --once is one picture, for a pipe, too; and
# --once --json its numbers.
#
# Method: script(1) is the terminal; events while it looks.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Segment;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 60);
my $agent = $t->aggregator;
my $glinto = $t->build . '/glinto';
$agent->site('a.example');
my $segment = Glinto::Segment->create($t->path('spool'));

sub one {
    my ($n) = @_;
    $segment->event(site => 'a.example', visitor => $n, path => "/$n");
}

# ---- one picture ----

my ($status, $out, $err) = $agent->glinto('top', '--once');
is("$status|$err", '0|', 'one picture');
like($out, qr/^glinto top, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: \S/, 'its head');
unlike($out, qr/\e/, 'a pipe gets no control characters');
like($out, qr/^events +[\d.]+\/s +rows 0 /m, 'events');
like($out, qr/^commits +[\d.]+\/s /m, 'commits');
like($out, qr/^memory +[\d.]+ MB +sites in memory \d+ /m, 'memory');
like($out, qr/^dashboards 0 open/m, 'dashboards');
like($out, qr/^ANSWERS .*^NOT COUNTED /ms, 'answers, and what is not counted');

($status, $out) = $agent->glinto('top', '--once', '--json');
ok(exists JSON::PP::decode_json($out)->{glinto_rows_total}, 'as JSON');
($status, $out, $err) = $agent->glinto('top', '--json');
is($status, 2, 'JSON is of one picture');
like($err, qr/^glinto: --json goes with --once/, 'which is said');

# ---- on a terminal ----

my $seen = $t->path('seen');
my $command = "$glinto --socket @{[$t->path('admin.sock')]} top";
my $pid = $t->spawn('top', 'script', '-q', '-f', '-c',
    "echo \$\$; exec $command", $seen, {log => $t->path('top.log')});
my $n = 0;
$t->until('three pictures and rows', sub {
    one(++$n);
    my $text = -f $seen ? slurp($seen) : '';
    return (() = $text =~ /\e\[H\e\[J/g) >= 3 && $text =~ /rows [1-9]/
        && $text =~ /events +(?!0\.0)[\d.]+\/s/;
});
my ($top) = slurp($seen) =~ /^(\d+)\r?$/m;
ok($top, 'it runs');
kill 'INT', $top;
is($t->ended($pid, 20) >> 8, 0, 'Ctrl-C ends it');
$segment->close;

$agent->stop;
($status, $out, $err) = $agent->glinto('top', '--once');
is("$status|$out", '1|', 'without glintod it fails');
like($err, qr/\Aglinto: [^\n]+\n\z/, 'and says why');
$t->done;
