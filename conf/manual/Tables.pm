package Tables;

# The tables that the code is made of, as lists for the manual.  A table that
# cannot be read, and a row without its words in conf/README.md or with other
# ones than the code has, ends the make with a sentence.
#
#   my $tables = Tables->new(ROOT, BUILD);
#   $tables->directives  ({name, syntax, context, fallback, text, example,
#                        inside}, ...)
#   $tables->conf_keys   of glinto.conf: ({name, fallback, range, runs, text})
#   $tables->policy_keys of residency.conf: ({name, text})
#   $tables->nouns       of the command: ({name, about, help})
#   $tables->verbs       of the admin socket: ({path, kind, args, help})
#   $tables->metrics     ({side, name, type, unit, label, help})
#   $tables->reasons     why an event is not counted: ({who, word, says})
#   $tables->conditions  ({name, grade, readers, say => [[sentence, advice]]})
#   $tables->paths       of the dashboard socket: ({method, path, needs})
#   $tables->needs       {word of the above => what it means}
#   $tables->words(KIND) of the Stats API, "metrics" or "dimensions"
#   $tables->question    keys of a question: ({name, about, values})
#   $tables->tools       of MCP: ({name, title, about, args})

use strict;
use warnings;
use JSON::PP ();

sub new {
    my ($class, $root, $build) = @_;
    return bless {root => $root, build => $build}, $class;
}

sub read_file {
    my ($file) = @_;
    open my $in, '<:encoding(UTF-8)', $file or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}

sub _code { # without comments, texts in one piece
    my ($self, $file) = @_;
    return read_file("$self->{root}/$file")
        =~ s{("(?:[^"\\]|\\.)*")|/\*.*?\*/}{$1 // ''}gser
        =~ s/"\s*\n\s*"//gr;
}

# Rows of conf/README.md, or another FILE, by the words in code of their first
# cell; the table is the one that begins so.
sub _told {
    my ($self, $head, $file) = @_;
    $file //= 'README.md';
    my $text = read_file("$self->{root}/conf/$file");
    my ($rows) = $text =~ /^\| \Q$head\E \|[^\n]*\n\|[-|]+\n((?:\|.*\n)+)/m
        or die "conf/$file has no table of each $head\n";
    return map { [map { s/\\\|/|/gr } split /(?<!\\)\|/,
        s/^\| | \|$//gr, -1] } split /\n/, $rows;
}

sub _trim { ($_[0] // '') =~ s/^\s+|\s+$//gr }

# ---- directives of the module ----

my %CONTEXT = (MAIN => 'http', SRV => 'server', LOC => 'location');

# {name => {lines, inside}} of conf/manual/examples: "== NAME CONTEXT", lines.
sub _examples {
    my ($self) = @_;
    my %examples;
    for (split /^== /m, read_file("$self->{root}/conf/manual/examples")) {
        my ($name, $inside, $lines) = /^(\w+) (\w+)\n(.*\S)\s*\z/s or next;
        $examples{$name} = {lines => $lines, inside => $inside};
    }
    return %examples;
}

sub _bullets { # {name => what conf/README.md says below the table}
    my ($self) = @_;
    my ($text) = read_file("$self->{root}/conf/README.md")
        =~ /^## Directives of the nginx module\n(.*?)^## /ms;
    my %texts = $text =~ /^- `(glinto\w*)\b[^`\n]*`(:? (?:.*\n)(?:  .*\n)*)/mg;
    $_ = s/^: // ? ucfirst : "It$_" for values %texts;
    return %texts;
}

sub directives {
    my ($self) = @_;
    my %told;
    for my $row ($self->_told('directive')) {
        my ($syntax, $context, $fallback) = map { _trim($_) } @$row;
        $told{$_} = [$syntax, $context, $fallback]
            for $syntax =~ /\b(glinto(?:_\w+)?)\b/g;
    }
    my %example = $self->_examples;
    my %text = $self->_bullets;
    my $code = $self->_code(
        'ngx_glinto_module/ngx_http_glinto_module.c');
    my @all;
    while ($code =~ /\{ ngx_string\("(glinto\w*)"\),\s*([\w|]+),/g) {
        my ($name, $flags) = ($1, $2);
        my $context = join ', ', map { $CONTEXT{$_} }
            $flags =~ /NGX_HTTP_(MAIN|SRV|LOC)_CONF/g;
        my $row = delete $told{$name}
            or die "conf/README.md does not tell of $name\n";
        $row->[1] eq $context or die "conf/README.md has $name in "
            . "\"$row->[1]\", the module in \"$context\"\n";
        my $example = delete $example{$name}
            or die "conf/manual/examples has none of $name\n";
        index($context, $example->{inside}) >= 0
            or die "conf/manual/examples: $name in $example->{inside}\n";
        my ($args) = $row->[0] =~ /(?:^`$name|, `\w+| `\w+) ?([^`]*)`$/;
        push @all, {name => $name, context => $context,
            syntax => _syntax($name, $row->[0]), fallback => $row->[2],
            text => _trim($text{$name} // die "conf/README.md has no "
                . "\"- `$name\" below its directives\n") =~ s/\n  /\n/gr,
            example => $example->{lines}, inside => $example->{inside}};
    }
    die 'no directive of the module: ', join(' ', sort keys %told, sort
        keys %example), "\n" if %told || %example;
    return @all;
}

# Of "`a`, `b VALUE`" b's, and a's with the same value.
sub _syntax {
    my ($name, $cell) = @_;
    my ($own) = $cell =~ /`($name\b[^`]*)`/ or die "no $name in $cell\n";
    return $own if $own ne $name;
    my ($args) = $cell =~ /`\w+( [^`]+)`/;
    return $name . ($args // '');
}

# ---- keys of glinto.conf ----

my %RANGE = (PATH => 'a path', SOCKET => 'a path of at most 107 bytes',
    LEVEL => '`error`, `notice` or `debug`', HOSTS => 'names of hosts',
    WORKERS => 'names or numbers of users', HEADER => 'the name of a header',
    LANGUAGE => 'the code of a language', COMMAND => 'a program, with its path',
    TEXT => 'a text', CLUSTER => 'a path', PRIMARY => 'a name');

sub conf_keys {
    my ($self) = @_;
    my %told;
    for my $row ($self->_told('key')) {
        last if $row->[0] !~ /`/;
        $told{$_} = [map { _trim($_) } @$row[1, 2]]
            for $row->[0] =~ /`(\w+)`/g;
    }
    my %shipped = read_file("$self->{root}/conf/glinto.conf")
        =~ /^#?(\w+) (.+)$/mg;
    my $code = $self->_code('aggregator/conf.c');
    my @all;
    while ($code =~ /\{"(\w+)", KEY_(\w+), [^{}]*?,\s+(\d+),\s+([01])\}/gs) {
        my ($name, $type, $most, $runs) = ($1, $2, $3, $4);
        my $row = delete $told{$name}
            or die "conf/README.md does not tell of the key $name\n";
        my $fallback = $row->[0] =~ /^(?:none|\d+|`[^`]*`)$/
            ? $row->[0] =~ s/`//gr : $shipped{$name};
        push @all, {name => $name, fallback => $fallback, runs => $runs,
            range => $type eq 'NUMBER' ? "1 to $most" : $RANGE{$type}
                // lc $type, text => $row->[1]};
    }
    die 'no key of glintod: ', join(' ', sort keys %told), "\n" if %told;
    return @all;
}

# ---- keys of residency.conf ----

sub policy_keys {
    my ($self) = @_;
    my %told = map { my ($name, $text) = map { _trim($_) } @$_;
        ($name =~ s/`//gr => $text) } $self->_told('key', 'RESIDENCY.md');
    my @all = map { {name => $_, text => delete $told{$_}
        // die "conf/RESIDENCY.md does not tell of the key $_\n"} }
        $self->_code('aggregator/deploy/policy.c') =~ /\{"(\w+)", read_/g;
    die 'no key of residency.conf: ', join(' ', sort keys %told), "\n" if %told;
    return @all;
}

# ---- the command ----

sub _says { # what a program of the build prints
    my ($self, $program, @words) = @_;
    open my $out, '-|:encoding(UTF-8)', "$self->{build}/$program", @words
        or die "$self->{build}/$program: $!; run make first\n";
    local $/;
    my $said = <$out>;
    close $out or die "$program @words failed\n";
    return $said;
}

sub help { $_[0]->_says('glinto', '--help') }
sub usage { $_[0]->_says('glintod', '-h') }

# Of its source: a build for one machine does not have the program.
sub usage_postgresql {
    my ($self) = @_;
    my $code = read_file("$self->{root}/aggregator/log/main.c");
    my %is = $code =~ /^#define (NAME|CONF_DEFAULT) ("[^"]*")$/mg;
    my ($usage) = $code =~ /\busage\[\] =\n(.*?);\n/s
        or die "aggregator/log/main.c has no usage\n";
    return join('', $usage =~ s/\b(NAME|CONF_DEFAULT)\b/$is{$1}/gr
        =~ /"([^"]*)"/g) =~ s/\\n/\n/gr;
}
sub version { $_[0]->_says('glinto', '--version') =~ s/^glinto |\n//gr }

sub nouns {
    my ($self) = @_;
    my @all;
    my $help = $self->help;
    while ($help =~ /^  ([a-z]+)   +(\S.*(?:\n            +\S.*)*)$/mg) {
        my ($name) = $1;
        my ($first, $rest) = split /\n\n?/, $self->_says('glinto', $name,
            '--help'), 2;
        push @all, {name => $name, about => $first =~ s/^glinto \w+ - //r,
            help => $rest};
    }
    return @all;
}

sub verbs {
    my ($self) = @_;
    my $code = $self->_code('aggregator/admin/verbs.def');
    my @all;
    while ($code =~ /VERB\(\w+,\s*"([a-z._]+)",\s*([A-Z]+),\s*ARGS\((.*?)\)\s*,
        \s*(?:0|"((?:[^"\\]|\\.)*)")\)\s*(?=VERB|\z)/gsx)
    {
        my ($name, $kind, $args, $help) = ($1, $2, $3, $4);
        my @args = map { {needed => $_->[0] eq 'NEED', name => $_->[1],
            type => $_->[2] eq 'SITE' ? 'text' : lc $_->[2]} } _triples($args);
        push @all, {name => $name, path => '/v1/' . $name =~ tr{.}{/}r,
            kind => $kind, args => \@args, help => $help};
    }
    return @all;
}

sub _triples {
    my ($args) = @_;
    my @all;
    push @all, [$1, $2, $3] while $args =~ /\b(NEED|MAY)\((\w+), (\w+),/g;
    return @all;
}

# ---- what is measured, dropped, said ----

sub metrics {
    my ($self) = @_;
    my $code = $self->_code('schema/metrics.def');
    my @all;
    push @all, {side => $1, name => $2, type => $3, unit => $4, label => $5,
        help => $6} while $code =~ /(WORKERS|GLINTOD)\(\w+,\s*(\w+),\s*(\w+),
        \s*(\w+),\s*(\w+),\s*"([^"]*)"\)/gx;
    return @all;
}

sub reasons {
    my ($self) = @_;
    my $code = $self->_code('schema/reasons.def');
    my @all;
    while ($code
        =~ /(WORKER|LATER)\(\w+,\s*(\w+),\s*"((?:[^"\\]|\\.)*)"\)/g) {
        my ($who, $word, $says) = ($1, $2, $3);
        push @all, {who => $who eq 'WORKER' ? 'a worker' : '`glintod`',
            word => $word, says => $says =~ s/\\"/"/gr};
    }
    return @all;
}

sub _messages {
    my ($self) = @_;
    return map { s/\s*\n\s+/ /gr } read_file(
        "$self->{root}/aggregator/language/en.txt")
        =~ /^(\w+) = (.*(?:\n .*)*)$/mg;
}

sub conditions {
    my ($self) = @_;
    my $code = $self->_code('aggregator/live/condition.def');
    my %message = $self->_messages;
    my @all;
    for (split /^CONDITION/m, $code) {
        my ($name, $grade, $readers, $say)
            = /^\(\w+, "(\w+)", (\w+), (\w+),(.*)/s or next;
        my @say;
        while ($say =~ /SAY\(\w+, (\w+),\s*(?:0|"((?:[^"\\]|\\.)*)")\)/g) {
            my ($key, $advice) = ('cond_' . lc $1, $2);
            push @say, [_plain($message{$key} // die "no $key in en.txt\n"),
                ($advice // '') =~ s/\\"/"/gr];
        }
        push @all, {name => $name, grade => lc $grade, readers => $readers,
            say => \@say};
    }
    return @all;
}

# "{n} {n|one: event|other: events}" is "N events"; clocks are an example.
sub _plain {
    my ($text) = @_;
    $text =~ s/\{\w+\|(?:[^{}]*\|)?other: ?([^{}|]*)\}/$1/g;
    $text =~ s/\{since\}/14:05/g;
    $text =~ s/\{until\}/14:10/g;
    $text =~ s/\{span\}/between 14:05 and 14:10/g;
    $text =~ s/\{(?:n|most)\}/N/g;
    $text =~ s/\{rest\}/S/g;
    return $text;
}

# ---- the API ----

sub paths {
    my ($self) = @_;
    my $code = $self->_code('aggregator/serve/paths.def');
    my @all;
    push @all, {method => $1 eq 'READ' ? 'GET' : $1, path => $2, needs => $3}
        while $code =~ /PATH\(\w+, (\w+), "([^"]+)", (\w+)\)/g;
    return @all;
}

sub needs {
    my ($self) = @_;
    my ($list) = read_file("$self->{root}/aggregator/serve/paths.def")
        =~ /^ \* NEEDS +(.*?)\n \*\//ms;
    my %needs = $list
        =~ /^(?: \* +)?([A-Z]+) {2,}(\S.*(?:\n \* {16,}\S.*)*)/mg;
    s/\n \* +/ /g for values %needs;
    return %needs;
}

sub words {
    my ($self, $kind) = @_;
    my %of = (metrics => 'METRIC', dimensions => 'DIMENSION');
    my $code = $self->_code("aggregator/question/$kind.def");
    return $code =~ /$of{$kind}\(\w+, "([^"]+)"/g;
}

# What a schema allows, in a few words.
sub _values {
    my ($schema, $all) = @_;
    return '' if ref $schema ne 'HASH';
    if (my ($name) = ($schema->{'$ref'} // '') =~ m{^#/\$defs/(\w+)}) {
        return _values($all->{$name}, $all) || "a $name";
    }
    return join ' or ', map { _values($_, $all) }
        @{$schema->{oneOf} // $schema->{anyOf}}
        if $schema->{oneOf} || $schema->{anyOf};
    return '`' . join('`, `', @{$schema->{enum}}) . '`' if $schema->{enum};
    return "`$schema->{const}`" if exists $schema->{const};
    return 'a text that fits its pattern' if $schema->{pattern};
    my $type = ref $schema->{type} ? join ' or ', @{$schema->{type}}
        : $schema->{type} // return '';
    return "$schema->{minimum} to $schema->{maximum}"
        if $type eq 'integer' && defined $schema->{maximum};
    my %name = (string => 'a text', integer => 'a number', boolean => 'true, '
        . 'false', object => 'an object', array => 'a list');
    return $name{$type} // $type;
}

sub question {
    my ($self) = @_;
    my $schema = JSON::PP::decode_json(do {
        open my $in, '<', "$self->{root}/aggregator/question/schema.json"
            or die "schema.json: $!\n";
        local $/;
        <$in>;
    });
    my %needed = map { $_ => 1 } @{$schema->{required}};
    return map { {name => $_, needed => $needed{$_},
        about => $schema->{properties}{$_}{description} // '',
        values => _values($schema->{properties}{$_}, $schema->{'$defs'})} }
        sort keys %{$schema->{properties}};
}

sub tools {
    my ($self) = @_;
    open my $in, '<', "$self->{root}/aggregator/mcp/tools.json"
        or die "tools.json: $!\n";
    local $/;
    my @all;
    for my $tool (@{JSON::PP::decode_json(scalar <$in>)}) {
        my $schema = $tool->{inputSchema};
        my @args;
        if (ref $schema eq 'HASH') {
            my %needed = map { $_ => 1 } @{$schema->{required} // []};
            my $own = $schema->{properties};
            @args = map { {name => $_, needed => $needed{$_},
                about => ref $own->{$_} eq 'HASH'
                    && $own->{$_}{description} || ''} }
                sort keys %$own;
        }
        push @all, {name => $tool->{name}, title => $tool->{title},
            about => $tool->{description}, args => \@args};
    }
    return @all;
}

1;
