# Promise: the manual ("make docs") tells of every directive, key, verb, path,
# metric, reason, condition, tool and word that the code has; each link in it
# leads somewhere, its pages load nothing from elsewhere, its pages of man(1)
# are clean, and each example of a directive is taken by nginx.  A row without
# its words, a chapter on no page and a link that leads nowhere end the make.
#
# Method: what there is is read here once more, by simpler means.

use strict;
use warnings;
use Encode qw(decode);
use File::Path qw(make_path);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Nginx;
use Glinto::Test;

my $t = Glinto::Test->new;
my $root = $t->root;
my $build = $t->build;
plan skip_all => 'no lowdown here' if system('which lowdown >/dev/null') != 0;

sub make_manual { # (exit status, what it said)
    my ($from, $out) = @_;
    my $said = qx($from/conf/manual/make '$build' '$out' 2>&1);
    return ($? >> 8, $said);
}
my ($status, $said) = make_manual($root, $t->path('docs'));
is($status, 0, 'the manual is made') or diag($said);
is($said, '', 'without a word');
my %page = map { m{([^/]+)\.html$} ? ($1 => decode('UTF-8', slurp($_))) : () }
    glob $t->path('docs/*.html');
my %man = map { m{/man/(.+)$} ? ($1 => slurp($_)) : () }
    glob $t->path('docs/man/*');
is(join(' ', sort keys %man),
    'glinto-postgresql.8 glinto-residency.conf.5 glinto.1 glinto.conf.5 '
    . 'glintod.8 ngx_http_glinto_module.8', 'six of man');

# ---- what the code has ----

sub code {
    slurp("$root/$_[0]") =~ s{("(?:[^"\\]|\\.)*")|/\*.*?\*/}{$1 // ''}gser
}
my %ENTITY = (lt => '<', gt => '>', quot => '"', '#39' => "'", amp => '&');
sub text { $_[0] =~ s/<[^>]*>//gr =~ s/&(#?\w+);/$ENTITY{$1} \/\/ ''/ger }
my %text = map { $_ => text($page{$_}) } keys %page;
sub lacks { # PAGE, WORDS: those that it does not have
    my ($page, @words) = @_;
    return join ' ', grep { index($text{$page}, $_) < 0 } @words;
}
sub heads { # PAGE, WORDS: those without a heading
    my ($page, @words) = @_;
    return join ' ', grep { $page{$page} !~ m{<h[23] id="[^"]*">\Q$_\E</h} }
        @words;
}

my @directives = code('ngx_glinto_module/ngx_http_glinto_module.c')
    =~ /ngx_string\("(glinto\w*)"\)/g;
cmp_ok(scalar @directives, '>', 15, 'directives');
is(heads('directives', @directives), '', 'each has a chapter');
my %chapter = $page{directives}
    =~ m{<h2 id="([^"]*)">(.*?)(?=<h2 |\z)}gs;
my @bare = grep { my $all = text($chapter{$_} // '');
    !($all =~ /syntax\s+\Q$_\E/ && $all =~ /default\s+\S/ && $all
        =~ /context\s+(?:http|server|location)/ && $all =~ /Example/) }
    @directives;
is("@bare", '', 'with syntax, default, context and an example');
is(join(' ', grep { index($man{'ngx_http_glinto_module.8'}, $_) < 0 }
    @directives), '', 'and stands in the page of man');

my @keys = code('aggregator/conf.c') =~ /\{"(\w+)", KEY_/g;
cmp_ok(scalar @keys, '>', 15, 'keys of glinto.conf');
is(heads('configuration', @keys), '', 'each has a chapter');
is(join(' ', grep { $man{'glinto.conf.5'} !~ /^\.SS \Q$_\E$/m } @keys), '',
    'also in the page of man');

my $usage = qx($build/glinto-postgresql -h 2>/dev/null);
is(join(' ', grep { index($man{'glinto-postgresql.8'}, $_) < 0 }
    $usage =~ /^  (\w{3,})  +\S/mg), '', 'what glinto-postgresql takes');

my @policy = code('aggregator/deploy/policy.c') =~ /\{"(\w+)", read_/g;
cmp_ok(scalar @policy, '>', 5, 'keys of residency.conf');
is(join(' ', grep { $man{'glinto-residency.conf.5'} !~ /^\.SS \Q$_\E$/m }
    @policy), '', 'each in its page of man');
is(lacks('residency', @policy), '', 'and in the manual');

my $verbs = code('aggregator/admin/verbs.def');
my (@paths, @commands);
while ($verbs =~ /VERB\(\w+, "([a-z._]+)", ([A-Z]+),(.*?)(?=\nVERB|\z)/gs) {
    my ($name, $kind, $rest) = ($1, $2, $3);
    push @paths, '/v1/' . $name =~ tr{.}{/}r if $kind !~ /SHOWS|PROVES/;
    push @commands, $name =~ tr/./ /r if $rest !~ /[,\s]0\)\s*\z/
        && $name =~ /\./;
}
cmp_ok(scalar @paths, '>', 60, 'requests of the administrator');
is(lacks('commands', @paths), '', 'each is told');
cmp_ok(scalar @commands, '>', 30, 'verbs of the command');
is(lacks('commands', map { "glinto $_" } grep { !/^(?:job|export|import)/ }
    @commands), '', 'each is told');
my @nouns = qx($build/glinto --help) =~ /^  ([a-z]+)   +\S/mg;
is(heads('commands', map { "glinto $_" } @nouns), '',
    'each noun has a chapter');
is(join(' ', grep { $man{'glinto.1'} !~ /^\.SH .*GLINTO \U$_/m } @nouns), '',
    'also in the page of man');

is(lacks('metrics', code('schema/metrics.def')
    =~ /(?:WORKERS|GLINTOD)\(\w+,\s*(\w+)/g), '', 'each metric');
my @reasons = code('schema/reasons.def') =~ /(?:WORKER|LATER)\(\w+, (\w+)/g;
cmp_ok(scalar @reasons, '>', 30, 'reasons');
is(lacks('counting', @reasons), '', 'each is told');
is(heads('troubleshooting', code('aggregator/live/condition.def')
    =~ /CONDITION\(\w+, "(\w+)"/g), '', 'each condition');
is(lacks('api', code('aggregator/serve/paths.def')
    =~ m{PATH\(\w+, \w+, "([^"]+)}g), '', 'each path of the dashboard');
is(lacks('api', map { s/:$/:NAME/r } map { code("aggregator/question/$_.def")
    =~ /(?:METRIC|DIMENSION)\(\w+, "([^"]+)"/g } qw(metrics dimensions)), '',
    'each word of the Stats API');
is(lacks('api', code('aggregator/question/parse.c')
    =~ /^    \{"(\w+)", [01], \w+\},$/mg), '', 'each key of a question');
is(heads('mcp', slurp("$root/aggregator/mcp/tools.json")
    =~ /^ {4}"name": "(\w+)"/mg), '', 'each tool');
is(join(' ', grep { !$page{$_} } qw(install directives configuration commands
    api mcp privacy residency operation upgrade backup troubleshooting
    from-plausible from-umami from-goatcounter from-matomo from-goaccess)), '',
    'a page on each subject');

like($text{privacy}, qr/request for access or erasure \(articles 15 and 17(?#
    ).*?for\s+you\s+to\s+send/s, 'an answer to who asks for his data');

# ---- links ----

my (%id, @wrong, @twice);
for my $name (keys %page) {
    my %seen;
    push @twice, map { "$name#$_" } grep { $seen{$_}++ }
        $page{$name} =~ /\bid="([^"]+)"/g;
    $id{$name} = \%seen;
}
is("@twice", '', 'each place has a name of its own');
for my $name (sort keys %page) {
    for my $to ($page{$name} =~ /\bhref="([^"]+)"/g) {
        next if $to =~ /^https:/ || $to eq 'style.css';
        my ($file, $anchor) = $to =~ /^(?:([\w-]+)\.html)?(?:#(.*))?$/;
        $file //= $name;
        push @wrong, "$name: $to" if !$page{$file}
            || (defined $anchor && !$id{$file}{$anchor});
    }
}
is("@wrong", '', 'each link leads somewhere');
my @loads = map { /<(?!a )[^>]*\b(?:src|href)="([^"]*)"/g } values %page;
is(join(' ', grep { !/^(?:style\.css|[a-z]+\.png)$/
    || !-e $t->path("docs/$_") } @loads), '',
    'nothing is loaded but the style, and pictures beside it');
unlike(slurp($t->path('docs/style.css')), qr/url\(|\@import/, 'nor by that');

# ---- man ----

SKIP: {
    skip 'no mandoc here', 1 if system('which mandoc >/dev/null') != 0;
    my @files = glob $t->path('docs/man/*');
    my $lint = qx(mandoc -Tlint -Wwarning @files 2>&1);
    is($lint, '', 'mandoc finds nothing');
}
SKIP: {
    skip 'no man here', 2 if system('which man >/dev/null 2>&1') != 0;
    local @ENV{qw(LC_ALL MANWIDTH)} = ('C.UTF-8', 80);
    my @said = map { scalar qx(man -P cat -l $_ 2>&1) }
        sort glob $t->path('docs/man/*');
    is(scalar(grep { /^NAME$/m && /^SEE ALSO$/m } @said), 6, 'man shows each');
    like(join('', @said), qr/^ +glinto - ask and steer/m,
        'with what it is about');
}

# ---- examples ----

my $nginx = Glinto::Nginx->new($t);
my $temp = join '', map { "${_}_temp_path %%DIR%%/temp-$_; " }
    qw(client_body proxy fastcgi uwsgi scgi);
for (split /^== /m, slurp("$root/conf/manual/examples")) {
    my ($name, $inside, $lines) = /^(\w+) (\w+)\n(.*)/s or next;
    $lines =~ s{/(?:run|var/lib)/glinto/}{%%DIR%%/}g;
    my %text = (http => '', server => '', $inside eq 'location'
        ? (server => "location = /x { $lines }") : ($inside => $lines));
    $text{http} .= 'glinto_spool %%DIR%%/spool;' if $name ne 'glinto_spool';
    my ($taken, $why) = $nginx->test("load_module %%MODULE%%;\n"
        . "error_log %%DIR%%/error.log;\npid %%DIR%%/nginx.pid;\nevents {}\n"
        . "http { access_log off; $temp\n$text{http}\nserver {\nlisten "
        . "127.0.0.1:%%PORT%%;\n$text{server}\n}\n}\n");
    is($taken, 0, "nginx takes the example of $name") or diag($why);
}

# ---- what the make refuses ----

my $copy = $t->path('copy');
system("mkdir '$copy' && cd '$root' && cp -r --parents conf aggregator/conf.c "
    . 'aggregator/*/*.def aggregator/*/*/*.def schema/*.def '
    . 'aggregator/mcp/tools.json aggregator/question/schema.json '
    . 'aggregator/language/en.txt '
    . "ngx_glinto_module/ngx_http_glinto_module.c '$copy'") == 0 or die;
sub refused {
    my ($file, $from, $to, $why) = @_;
    my $text = slurp("$copy/$file");
    my $other = $text =~ s/$from/$to/r;
    isnt($other, $text, "$file: a fault");
    spew("$copy/$file", $other);
    my ($status, $said) = make_manual($copy, $t->path('no'));
    spew("$copy/$file", $text);
    isnt($status, 0, 'ends the make');
    like($said, $why, 'with its sentence');
}
refused('aggregator/conf.c', qr/\{"park_mib"/, '{"new_key", KEY_NUMBER, 0, '
    . "NULL, 5, 1},\n    {\"park_mib\"", qr/does not tell of the key new_key/);
refused('conf/README.md', qr/`glinto_if VALUE` \| http, server, location/,
    '`glinto_if VALUE` | http',
    qr/has glinto_if in "http", the module in "http, /);
refused('conf/manual/examples', qr/^== glinto_city.*\n(?:.+\n)+/m, '',
    qr/has none of glinto_city/);
refused('conf/PRIVACY.md', qr/OPERATORS\.md#moving-and-removing-sites/,
    'OPERATORS.md#nowhere',
    qr/PRIVACY\.md: OPERATORS\.md#nowhere leads nowhere/);
refused('conf/README.md', qr/^## Limits$/m, "## Other\n\nWords.\n\n## Limits",
    qr/"Other" is on no page/);
$t->done;
