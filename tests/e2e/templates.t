# Promise: a template says what template.h says; a value is written as the
# place in the HTML around it needs it, whatever it is; and a template with a
# value in a place that needs more than that, or with a script or style of its
# own, or with a text that is no message, does not build.  A message file with
# other keys, places, tags or plural forms than English and CLDR have, or with
# straight quotation marks, does not either.
#
# Method: templates and messages of the test through conf/templates,
# conf/messages and the compiler.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $root = $t->root;
my $XSS = q{"><img src=x onerror=alert(1)>'&};
my $CODED = '%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E%27%26';
my $SAFE = '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;';
my %file = (part => '- {{#yes}}{{n}}{{/yes}}');
my $ENGLISH = <<'END';
# A comment.
plain = a & b
place = {text}: {n}
many = {n} {n|one: page|other: pages},
    and more
link = Press [here {n}] now.
empty = Before [] after.
code = Say <code>glinto {text}</code>.
END
my (@cases, %names);

# TEMPLATE of VIEW (JSON) is WANT.
sub check {
    my ($template, $view, $want) = @_;
    my $name = 't' . @cases;
    $file{$name} = $template;
    push @cases, [$name, $view, $want];
}

my $values = '{"text": "<a href=\'x\'>&\"</a>", "n": 1234567, "r": 2.25, '
    . '"none": null, "zero": 0, "link": "?a=b&c", "ours": "/glinto/x", '
    . '"script": "javascript:alert(1)", "other": "//evil.test/", '
    . '"coded": "a%20b", "bad": '
    . JSON::PP->new->allow_nonref->encode($XSS) . '}';
check('<code>plain</code>', $values, '<code>plain</code>');
check('1 {{text}} 2', $values,
    '1 &lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt; 2');
check('{{n}} {{r}} {{none}} {{zero}}', $values, '1,234,567 2.3 – 0');
check('[{{absent}}]', $values, '[]');
check('<p title="{{bad}}">{{bad}}</p>', $values,
    qq{<p title="$SAFE">$SAFE</p>});
check('<a href="{{link}}">0</a>', $values,
    '<a href="?a=b&amp;c">0</a>');
check('<a href="{{ours}}">0</a>', $values, '<a href="/glinto/x">0</a>');
check('<a href="{{script}}">0</a>', $values, '<a href="#">0</a>');
check('<a href="{{other}}">0</a>', $values, '<a href="#">0</a>');
check('<a href="{{bad}}">0</a>', $values, '<a href="#">0</a>');
check('<a href="{{outside}}">0</a>', '{"outside": "https://b.test/\"<"}',
    '<a href="https://b.test/&quot;&lt;">0</a>');
check('<a href="{{outside}}">0</a>', '{"outside": "javascript:alert(1)"}',
    '<a href="#">0</a>');
check('<a href="/glinto/{{bad}}?q={{bad}}">0</a>', $values,
    qq{<a href="/glinto/$CODED?q=$CODED">0</a>});
check('<a href="/glinto/{{coded}}">0</a>', $values,
    '<a href="/glinto/a%20b">0</a>');

check('<a href="/glinto/x/list.csv{{link}}">0</a>', $values,
    '<a href="/glinto/x/list.csv?a=b&amp;c">0</a>');

my $view = '{"list": [{"n": "<"}, {"n": "b"}], "empty": [], "n": "outer", '
    . '"yes": true, "no": false, "null": null, "zero": 0, '
    . '"today": {"n": "inner", "null": null}}';
check('{{#list}}({{n}}){{/list}}{{n}}', $view, '(&lt;)(b)outer');
check('{{#empty}}1{{/empty}}{{^empty}}2{{/empty}}.', $view, '2.');
check('{{#yes}}{{n}}{{/yes}}{{^yes}}1{{/yes}}', $view, 'outer');
check('{{#no}}1{{#list}}2{{/list}}{{/no}}{{^no}}3{{/no}}', $view, '3');
check('{{#null}}1{{/null}}{{^null}}2{{/null}}', $view, '2');
check('{{#zero}}1{{/zero}}', $view, '1');
check('{{^absent}}{{#list}}{{n}}{{/list}}{{/absent}}!', $view, '&lt;b!');
check('{{#today}}{{n}}{{null}}{{yes}}{{/today}}', $view, 'inner–');
check('{{#list}}{{#today}}{{n}}{{/today}}{{/list}}', $view, 'innerinner');
check('<b{{#yes}} class="x"{{/yes}}{{#no}} id="y"{{/no}}>', $view,
    '<b class="x">');
check('<b title="{{#yes}}{{n}}{{/yes}}">', $view, '<b title="outer">');
check('[{{>part}}]', $view, '[- outer]');
check('{{#no}}{{>part}}{{/no}}.', $view, '.');

check('{{@plain}}<p title="{{@plain}}">{{@plain}}</p>', $view,
    'a &amp; b<p title="a &amp; b">a &amp; b</p>');
check('{{@place}}', $values, '&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;: '
    . '1,234,567');
check('{{#one}}{{@many}}{{/one}}|{{@many}}', '{"one": {"n": 1}, "n": 0}',
    '1 page, and more|0 pages, and more');
check('{{@link:before}}<a href="{{ours}}">{{@link:link}}</a>{{@link:after}}',
    $values, 'Press <a href="/glinto/x">here 1,234,567</a> now.');
check('{{@empty:before}}<b>{{n}}</b>{{@empty:after}}', $values,
    'Before <b>1,234,567</b> after.');
check('{{@code}}', '{"text": "<b>"}', 'Say <code>glinto &lt;b&gt;</code>.');
check('<p title="{{@many:script}}"></p>', $values,
    '<p title="{n} {n|one: page|other: pages}, and more"></p>');

# ---- they build, and say it ----

sub templates {
    my (%files) = @_;
    my $dir = $t->path('templates');
    mkdir $dir;
    unlink glob "$dir/*";
    spew("$dir/$_.html", $files{$_}) for keys %files;
    spew("$dir/en.txt", $ENGLISH);
    my $in = "$dir/templates.h $dir/en.txt $dir/*.html";
    my $said = qx($root/conf/templates $in 2>&1);
    return ($? >> 8, $said =~ s{\Q$dir\E/}{}gr);
}

# Message files by language, English first.
sub messages {
    my (%texts) = @_;
    my $dir = $t->path('messages');
    mkdir $dir;
    spew("$dir/$_.txt", $texts{$_}) for keys %texts;
    my $files = join ' ', map { "$dir/$_.txt" }
        sort { ($b eq 'en') <=> ($a eq 'en') } keys %texts;
    my $said = qx($root/conf/messages $dir/texts.h $files 2>&1 &&
        $root/conf/messages $dir/messages.h $files 2>&1);
    return ($? >> 8, $said =~ s{\Q$dir\E/}{}gr);
}

my ($status, $said) = templates(%file);
is("$status $said", '0 ', 'all of these are allowed');
spew($t->path('main.c'), <<'END');
#include "dashboard/template.h"
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
    json_t *view = json_loads(argv[2], 0, NULL);
    size_t len = 0;
    char *made = gl_template(argv[1], view, &len);

    if (argc != 3 || made == NULL)
        return 1;
    fwrite(made, 1, len, stdout);
    free(made);
    json_decref(view);
    return 0;
}
END
(my $made, $said) = messages(en => $ENGLISH);
is("$made $said", '0 ', 'so are these messages');
is(system("$root/conf/locales", $t->path('messages/locales.h'), 'en'), 0,
    'CLDR knows English');
my ($main, $agent) = ($t->path('main'), "$root/aggregator");
my $glib = qx(pkg-config --cflags --libs glib-2.0) =~ s/\n//r;
is(system("gcc -std=gnu11 -Wall -Werror -I$agent -I$root/schema -I"
    . $t->path('templates') . ' -I' . $t->path('messages')
    . " -o $main $main.c $agent/dashboard/template.c $agent/wiped.c"
    . " $agent/language/*.c $glib -ljansson -lsodium -lm"), 0, 'they are C');
for my $case (@cases) {
    my ($name, $given, $want) = @$case;
    open my $out, '-|', $main, $name, $given or die "main: $!";
    my $got = do { local $/; <$out> } // '';
    is($got, $want, $file{$name});
}

# ---- what does not build ----

my $PLACES = '"x" begins in one place and ends in another';
my %refused = (
    '<script>x</script>' => 'a script of its own',
    '<script src="/glinto/assets/{{x}}">' => '',
    '<style>x</style>' => 'a style of its own',
    '<!-- {{x}} -->' => 'a comment',
    '<a onclick="x">' => 'attribute onclick',
    '<a style="{{x}}">' => 'attribute style',
    '<img srcset="{{x}}">' => 'attribute srcset',
    '<meta http-equiv="refresh">' => 'attribute http-equiv',
    '<a title={{x}}>' => 'a value outside quotes',
    '<a title=x>' => 'an attribute without quotes',
    "<a title='x'>" => 'an attribute without quotes',
    '<{{x}}>' => 'a value outside quotes',
    '<a href="http://{{x}}">' => 'href="http://..."',
    '<a href="{{x}}{{y}}">' => 'href="?..."',
    '<a href="/other/{{x}}">' => 'href="/other/..."',
    '<a href="{{#x}}/glinto/{{/x}}{{y}}">' => $PLACES,
    '{{#x}}<a title="{{/x}}">' => $PLACES,
    '{{#x}}' => '"x" does not end',
    '{{/x}}' => '{{/x}} ends ""',
    '{{#x}}{{#y}}{{/x}}{{/y}}' => '{{/x}} ends "y"',
    '{{>none}}' => 'there is no none.html',
    '<a {{>part}}>' => 'a file inside a tag',
    '{{x y}}' => '{{x y}}',
    '<p title="' => 'it ends inside a tag',
    'words' => 'a text that is no message: "words"',
    '<p>1 <b>words</b></p>' => 'a text that is no message: "words"',
    '<p title="words {{x}}"></p>' => 'a text that is no message: "words"',
    '<p aria-label="{{x}} words"></p>' => 'a text that is no message: "words"',
    '<kbd>D</kbd><pre>words</pre> Glinto &amp; 1' => '',
    '{{@nothing}}' => 'there is no message nothing',
    '{{@link}}' =>
        'link has a link: say what is before it, in it, after it',
    '{{@plain:link}}' => 'plain has no link',
    '{{@link:before}}{{@link:after}}' => 'link is not said whole',
    '<p title="{{@code}}"></p>' => 'tags of code in an attribute',
    '<a href="{{@plain}}"></a>' => 'a message in href',
    '<p {{@plain}}></p>' => 'a message in a tag',
    '{{@plain:script}}' => 'plain for a script, but not in an attribute',
);
for my $template (sort keys %refused) {
    my ($bad, $why) = templates(part => '1', bad => $template);
    my $want = $refused{$template};
    is($bad, $want eq '' ? 0 : 1,
        $want eq '' ? "$template builds" : "$template does not build");
    like($why, $want eq '' ? qr/^$/ : qr/^bad\.html:1: \Q$want\E$/m,
        'and why');
}

# ---- messages that do not build ----

my $FRENCH = "n = {n} {n|one: page|many: de pages|other: pages}\n";
my @bad = (
    [{en => "a = b\n", de => "a = c\n"}, ''],
    [{en => "n = {n} {n|one: page|other: pages}\n", fr => $FRENCH}, ''],
    [{en => "a = b\nc = d\n", de => "a = b\n"}, 'de.txt: there is no c'],
    [{en => "a = b\n", de => "a = b\nc = d\n"}, 'de.txt:2: English has no c'],
    [{en => "a = b\na = c\n"}, 'en.txt:2: a is there twice'],
    [{en => "a b\n"}, 'en.txt:1: no "key = text"'],
    [{en => "a = {x}\n", de => "a = {y}\n"},
        'de.txt:1: places "y", not "x"'],
    [{en => "a = [x]\n", de => "a = x\n"}, 'de.txt:1: "", not "[]"'],
    [{en => "a = <b>x</b>\n", de => "a = x\n"},
        'de.txt:1: "", not "</b><b>"'],
    [{en => "a = <a href>x</a>\n"}, 'en.txt:1: <a href> in a text'],
    [{en => "a = {x\n"}, 'en.txt:1: a brace that is no place'],
    [{en => "a = it\xe2\x80\x99s\nsaid_a = it's\ncond_a = it's\n"}, ''],
    [{en => "a = it's\n"}, 'en.txt:1: a straight quotation mark'],
    [{en => "said_a = it's\n", de => "said_a = \"es\"\n"},
        'de.txt:1: a straight quotation mark'],
    [{en => "n = {n|one: page|other: pages}\n",
        fr => "n = {n|one: page|other: pages}\n"},
        'fr.txt:1: "one,other" are not the plural forms of fr: '
        . 'one,many,other'],
);
for my $case (@bad) {
    my ($texts, $why) = @$case;
    my ($bad, $all) = messages(%$texts);
    is($bad, $why eq '' ? 0 : 1, $why eq '' ? 'messages that are right' : $why);
    like($all, $why eq '' ? qr/^$/ : qr/^\Q$why\E$/m, 'and why');
    unlink glob $t->path('messages') . '/*.txt';
}
$t->done;
