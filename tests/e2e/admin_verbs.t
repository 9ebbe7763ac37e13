# Promise: what the administrator can ask is one table, aggregator/admin/
# verbs.def: the admin socket takes its methods and arguments and no others,
# and the glinto command says and takes what it says.
#
# Method: the table read by a script, each verb asked wrongly in every way it
# forbids; help and misuse of the command.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Verbs;
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $json = JSON::PP->new->allow_nonref;
my %right = (TEXT => 'x', SITE => 'x', NUMBER => 7, TRUTH => JSON::PP::true,
    ANY => 'x');
my %wrong = (TEXT => 7, SITE => 7, NUMBER => 'x', TRUTH => 'x');

sub post {
    my ($path, $args) = @_;
    my $body = $json->encode($args);
    # A chunk has its arguments in the query, with lines in the body.
    if ($path =~ m{/chunk$} && $path ne 'export/chunk') {
        $path .= '?' . join '&', map { "$_=$args->{$_}" } sort keys %$args;
        $body = "{}\n";
    }
    my $reply = $agent->admin('POST', "/v1/$path", $body);
    return "$reply->{status} $reply->{body}";
}

my @table = Glinto::Verbs::table($t->root);
my $verbs = () = slurp($t->root . '/aggregator/admin/verbs.def') =~ /^VERB\(/mg;
is(scalar @table, $verbs, 'the table has been read');
for my $verb (@table) {
    my ($name, $kind, $args) = @$verb;
    my $path = $name =~ tr{.}{/}r;
    my %all = map { $_->[1] => $right{$_->[2]} } @$args;
    if ($kind =~ /^(?:SHOWS|PROVES)$/) {
        like(post($path, \%all), qr/^404 /, "$name is the dashboard's alone");
        next;
    }
    my $get = $agent->admin('GET', "/v1/$path?strange=1");
    my $want = $kind =~ /^(?:ASKS|READS|RECOUNTS)$/ ? 400 : 405;
    is($get->{status}, $want, "$name ($kind): GET is answered $want");
    like($get->{head}, qr/^Allow: POST\r$/m, 'and what is allowed')
        if $want == 405;
    like(post($path, {%all, strange => 'x'}),
        qr/^400 .*\Q$name\E takes no \\"strange\\"/, 'nothing strange is taken');
    for my $arg (@$args) {
        my ($needed, $key, $type) = @$arg;
        my %less = %all;
        delete $less{$key};
        like(post($path, \%less), qr/^400 .*\Q$name\E needs \\"$key\\"/,
            "$key is needed") if $needed;
        like(post($path, {%all, $key => $wrong{$type}}),
            qr/^400 .*\Q$name\E: \\"$key\\" is (?:a|true)/, "$key is a $type")
            if $type ne 'ANY' && !($path =~ m{^(?:import|log)/chunk}
                && $type =~ /^(?:TEXT|SITE)\z/);
    }
}
is(scalar @{$agent->json('site', 'list')->{sites}}, 0, 'none of it did anything');
is($agent->admin('POST', '/v1/site.list', '{}')->{status}, 404,
    'a name is no path');

# A number in a query is one.
my $id = $json->decode($agent->admin('POST', '/v1/check/start', '')->{body})->{id};
is($agent->admin('GET', "/v1/check/status?id=$id")->{status}, 200,
    'how far a check is changes nothing: GET');
is($agent->admin('GET', "/v1/check/status?id=x")->{status}, 400, 'no number');
$t->until('end of the check', sub {
    $agent->admin('GET', "/v1/check/status?id=$id")->{body} =~ /"running":false/;
});

# ---- the command ----

for my $verb (grep { $_->[3] } @table) {
    my ($name, undef, $args) = @$verb;
    my ($noun, $word) = split /\./, $name;
    my $usage = join ' ', 'glinto', $noun, $word,
        map { $_->[0] ? $_->[3] : "[$_->[3]]" } grep { $_->[3] } @$args;
    my ($status, $out) = $agent->glinto($noun, '--help');
    $out =~ s/\n {10}(?=\S)/ /g; # a long one goes on in the next line
    # What is erased is asked for.
    my $asks = $name =~ /^(?:account|site)\.re(?:move|set)$/ ? ' [--yes]' : '';
    like($out, qr/^  \Q$usage$asks\E$/m, $usage);
    my @given = map { split / /, $_->[3] } grep { $_->[0] } @$args;
    ($status, $out, my $err) = $agent->glinto($noun, $word, @given, '--strange');
    is("$status|$out", '2|', 'no option of another name');
    like($err, qr/\Aglinto: unknown option "--strange"/, 'is told so');
    ($status, $out, $err) = $agent->glinto($noun, $word, @given, 'more');
    is("$status|$out", '2|', 'no word more');
    next if !@given;
    pop @given;
    ($status, $out, $err) = $agent->glinto($noun, $word, @given);
    is("$status|$out", '2|', 'no word less');
    like($err, qr/\Aglinto: .*needs/, 'is told so');
}
$t->done;
