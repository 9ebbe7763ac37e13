# Promise: a template says what template.h says; a value is written as the
# place in the HTML around it needs it, whatever it is; and a template with a
# value in a place that needs more than that, or with a script or style of its
# own, does not build.
#
# Method: templates of the test through conf/templates and the compiler.

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
my %file = (part => 'no {{#yes}}{{n}}{{/yes}}');
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
check('plain', $values, 'plain');
check('a {{text}} b', $values,
    'a &lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt; b');
check('{{n}} {{r}} {{none}} {{zero}}', $values, '1,234,567 2.2 – 0');
check('[{{absent}}]', $values, '[]');
check('<p title="{{bad}}">{{bad}}</p>', $values,
    qq{<p title="$SAFE">$SAFE</p>});
check('<a href="{{link}}">x</a>', $values,
    '<a href="?a=b&amp;c">x</a>');
check('<a href="{{ours}}">x</a>', $values, '<a href="/glinto/x">x</a>');
check('<a href="{{script}}">x</a>', $values, '<a href="#">x</a>');
check('<a href="{{other}}">x</a>', $values, '<a href="#">x</a>');
check('<a href="{{bad}}">x</a>', $values, '<a href="#">x</a>');
check('<a href="/glinto/{{bad}}?q={{bad}}">x</a>', $values,
    qq{<a href="/glinto/$CODED?q=$CODED">x</a>});
check('<a href="/glinto/{{coded}}">x</a>', $values,
    '<a href="/glinto/a%20b">x</a>');

check('<a href="/glinto/x/list.csv{{link}}">x</a>', $values,
    '<a href="/glinto/x/list.csv?a=b&amp;c">x</a>');

my $view = '{"list": [{"n": "<"}, {"n": "b"}], "empty": [], "n": "outer", '
    . '"yes": true, "no": false, "null": null, "zero": 0, '
    . '"today": {"n": "inner", "null": null}}';
check('{{#list}}({{n}}){{/list}}{{n}}', $view, '(&lt;)(b)outer');
check('{{#empty}}x{{/empty}}{{^empty}}none{{/empty}}.', $view, 'none.');
check('{{#yes}}{{n}}{{/yes}}{{^yes}}x{{/yes}}', $view, 'outer');
check('{{#no}}x{{#list}}y{{/list}}{{/no}}{{^no}}z{{/no}}', $view, 'z');
check('{{#null}}x{{/null}}{{^null}}y{{/null}}', $view, 'y');
check('{{#zero}}x{{/zero}}', $view, 'x');
check('{{^absent}}{{#list}}{{n}}{{/list}}{{/absent}}!', $view, '&lt;b!');
check('{{#today}}{{n}}{{null}}{{yes}}{{/today}}', $view, 'inner–');
check('{{#list}}{{#today}}{{n}}{{/today}}{{/list}}', $view, 'innerinner');
check('<b{{#yes}} class="x"{{/yes}}{{#no}} id="y"{{/no}}>', $view,
    '<b class="x">');
check('<b title="{{#yes}}{{n}}{{/yes}}">', $view, '<b title="outer">');
check('[{{>part}}]', $view, '[no outer]');
check('{{#no}}{{>part}}{{/no}}.', $view, '.');

# ---- they build, and say it ----

sub templates {
    my (%files) = @_;
    my $dir = $t->path('templates');
    mkdir $dir;
    unlink glob "$dir/*";
    spew("$dir/$_.html", $files{$_}) for keys %files;
    my $said = qx($root/conf/templates $dir/templates.h $dir/*.html 2>&1);
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
my ($main, $agent) = ($t->path('main'), "$root/aggregator");
is(system("gcc -std=gnu11 -Wall -Werror -I$agent -I$root/schema -I"
    . $t->path('templates') . " -o $main $main.c $agent/dashboard/template.c "
    . "$agent/number.c -ljansson"), 0, 'they are C');
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
);
for my $template (sort keys %refused) {
    my ($bad, $why) = templates(part => 'x', bad => $template);
    my $want = $refused{$template};
    is($bad, $want eq '' ? 0 : 1,
        $want eq '' ? "$template builds" : "$template does not build");
    like($why, $want eq '' ? qr/^$/ : qr/^bad\.html:1: \Q$want\E$/m,
        'and why');
}
$t->done;
