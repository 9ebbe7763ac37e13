# Promise: what is found to be no person's is told by day, with the rule that
# found it, its name, who runs it, of what kind it is and what it asked for; a
# site does without a rule when its owner says so, and then those events are
# visits; a browser's headers are missed over HTTP/2 alone.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Segment;
use Glinto::Test;
use POSIX ();

my $t = Glinto::Test->new->one_day;
my $agent = $t->aggregator;
$agent->site('a.example');
my $segment = Glinto::Segment->create($t->path('spool'));
my $visitor = 0;
# language and encoding with it: schema/event.h
my ($HTTP2, $FETCH_SITE) = (1 << 4 | 3, 1 << 2);
my $chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, '
    . 'like Gecko) Chrome/142.0.0.0 Safari/537.36';

sub sends {
    my ($text, $path, %more) = @_;
    $segment->event(site => 'a.example', visitor => ++$visitor,
        agent => $text, path => $path, %more);
}
sub bots {
    return [map { join '|', @$_{qw(day reason bot operator kind page n)} }
        @{$agent->json('site', 'bots', 'a.example', @_)->{bots}}];
}
sub rows { $agent->json('status')->{ingest}{rows} }

my $today = POSIX::strftime('%Y-%m-%d', gmtime);
sends('Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)', '/')
    for 1 .. 3;
sends('Mozilla/5.0 (compatible; Googlebot/2.1; '
    . '+http://www.google.com/bot.html)', '/blog/a');
sends('Newthing (whom@to.example)', '/feed.xml');
sends('thing/1.0', '/.env');
sends($chrome, '/', evidence => $HTTP2);
sends($chrome, '/', evidence => $HTTP2 | $FETCH_SITE);
sends($chrome, '/', evidence => 3);
$t->until('two rows, seven bots', sub {
    my $told = $agent->json('status')->{ingest};
    $told->{rows} == 2 && $told->{bots} == 7;
});
is_deeply(bots(), ["$today|bot_agent|GPTBot|OpenAI|ai-crawler|home|3",
    "$today|bot_agent|Googlebot|Google|search-engine|page|1",
    "$today|bot_evidence|Chrome|||home|1",
    "$today|bot_unknown|Unknown program|||probe|1",
    "$today|bot_words|Other bot|||feed|1"], 'all are told');
my ($status, $out) = $agent->glinto('site', 'bots', 'a.example');
like($out, qr/^$today +3 +bot_agent +GPTBot +OpenAI +ai-crawler +home/m,
    'the command tells it');

# ---- without a rule ----

for my $rule ('words', 'unknown', 'evidence') {
    $agent->glinto('site', 'set', 'a.example', "bot_$rule", 'no');
}
my $show = $agent->json('site', 'show', 'a.example')->{site}{bots};
is_deeply([map { $show->{"bot_$_"} ? 1 : 0 } qw(agent words unknown evidence)],
    [1, 0, 0, 0], 'the site does without three');
sends('Newthing (whom@to.example)', '/feed.xml');
sends('thing/1.0', '/.env');
sends($chrome, '/', evidence => $HTTP2);
sends('Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)', '/');
$t->until('three rows more', sub { rows() == 5 });
is(scalar(grep { /GPTBot.*\|4$/ } @{bots()}), 1, 'the fourth rule stays');
is(scalar(@{bots()}), 5, 'no bot more');
$agent->glinto('site', 'set', 'a.example', 'bot_words', 'yes');
sends('Newthing (whom@to.example)', '/feed.xml');
$t->until('a bot again', sub { grep { /bot_words.*\|2$/ } @{bots()} });

# ---- what is wrong ----

for (['set', 'a.example', 'bot_luck', 'no'], ['set', 'a.example', 'bot_words',
        'perhaps'], ['bots', 'b.example'], ['bots', 'a.example', '--days', 0]) {
    ($status) = $agent->glinto('site', @$_);
    isnt($status, 0, "refused: @$_");
}
is_deeply(bots('--days', 1), bots(), 'of today alone');
$t->done;
