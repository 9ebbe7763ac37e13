# Promise: every command, make target and nginx directive that the pages for
# people name is there, and each that there is has its line in a page.
#
# Method: the pages' words in code, the help of the programs, the module's
# table of directives.  Keys of glinto.conf: conf_keys.t; attributes of the
# script: tracker_page.t.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 60);
my $root = $t->root;
my $glinto = $t->build . '/glinto';
my %page = map { $_ => slurp("$root/$_") } 'README.md', 'tests/README.md',
    map { "conf/$_.md" } qw(README OPERATORS TRACKER MOVING API SUMMARY);

# What stands as code in a page, in lines of a block or between backticks.
sub code {
    my ($text) = @_;
    my @blocks = $text =~ /^ *```\n(.*?)^ *```$/msg;
    my @words = ($text =~ s/^ *```\n.*?^ *```$//msgr) =~ /`([^`]+)`/g;
    return join "\n", @blocks, map { s/\s*\n\s*/ /gr } @words;
}
my %code = map { $_ => code($page{$_}) } keys %page;

sub words { my %seen; return join ' ', sort grep { !$seen{$_}++ } @_ }

# ---- the command ----

my %verbs; # {noun => {verb => 1}}; {} = what follows is an argument
for my $noun (qx($glinto --help) =~ /^  (\w+)   +\S/mg) {
    my $help = qx($glinto $noun --help);
    $verbs{$noun} = {};
    next if $help =~ /^  glinto $noun [A-Z]/m;
    $verbs{$noun}{$1} = 1 while $help =~ /^  glinto $noun ([a-z]+)(?!\S)/mg;
}
is(words(keys %verbs),
    'account annotation backup check explain export funnel goal import live '
    . 'networks person query recipient rows segment setup share site status '
    . 'summary token top usage', 'the nouns');
for my $name (sort keys %page) {
    my @wrong;
    while ($code{$name} =~ /\bglinto ([a-z]+)(?!\S)(?: ([a-z]+)(?!\S))?/g) {
        my ($noun, $verb) = ($1, $2 // '');
        push @wrong, "$noun $verb" if !$verbs{$noun}
            || ($verb ne '' && %{$verbs{$noun}} && !$verbs{$noun}{$verb});
    }
    is("@wrong", '', "$name: each command is there");
}
my ($table) = $page{'conf/README.md'} =~ /^\| command \|.*?\n(.*?)\n\n/ms;
for my $noun (sort keys %verbs) {
    my @rows = $table =~ /^\| `$noun\b(.*)$/mg;
    ok(@rows > 0, "conf/README.md has $noun");
    for my $verb (sort keys %{$verbs{$noun}}) {
        ok((grep { /\b$verb\b/ } @rows), "and $noun $verb");
    }
}

# ---- make ----

my %target = map { $_ => 1 } qx(make -C $root --no-print-directory help)
    =~ /^ *make ([a-z0-9-]+)/mg;
for my $name (sort keys %page) {
    my @wrong = grep { !$target{$_} }
        $code{$name} =~ /(?:^|[\n`]|&& )make (?!-)([a-z][a-z-]*)/g;
    is("@wrong", '', "$name: each target is there");
}

# ---- directives and variables ----

my $module = slurp("$root/ngx_glinto_module/ngx_http_glinto_module.c");
my @there = $module =~ /\{ ngx_string\("(glinto_\w+)"\),/g;
my ($directives) = $page{'conf/README.md'} =~ /^\| directive \|.*?\n(.*?)\n\n/ms;
my @cells = $directives =~ /^\| (.*?) \| (?:http|loc)/mg;
is(words(map { /\b(glinto_\w+)/g } @cells), words(@there),
    'conf/README.md has each directive, and no other');
my %is = map { $_ => 1 } @there;
for my $name (sort keys %page) {
    my @wrong = grep { !$is{$_} && !/^glinto_(?:ignore|columns)$/ }
        $code{$name} =~ /(?<![\w\$.])(glinto_[a-z_]+)/g;
    is("@wrong", '', "$name: each directive is there");
}
my $variables = slurp("$root/ngx_glinto_module/ngx_http_glinto_variables.c");
is(words($page{'conf/README.md'} =~ /^\| `\$(glinto_\w+)`/mg),
    words($variables =~ /ngx_string\("(glinto_\w+)"\)/g), 'each variable');

# ---- what a page points at ----

for my $name (sort keys %page) {
    my $folder = $name =~ m{^(.*)/} ? "$root/$1" : $root;
    my @wrong = grep { !-e "$folder/$_" }
        $page{$name} =~ /\]\((?!https?:|#)([^)#]+)/g;
    is("@wrong", '', "$name: each link leads somewhere");
    for my $link ($page{$name} =~ /\]\(([^)]*\.md#[^)]+|#[^)]+)\)/g) {
        my ($file, $anchor) = $link =~ /^([^#]*)#(.+)/;
        my $text = $file eq '' ? $page{$name} : slurp("$folder/$file");
        my @heads = map { lc($_) =~ s/[^\w -]//gr =~ s/ /-/gr }
            $text =~ /^#+ (.*)$/mg;
        ok((grep { $_ eq $anchor } @heads), "$name: $link");
    }
}
$t->done;
