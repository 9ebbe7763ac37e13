package Reference;

# The tables of the code (Tables) as parts of pages, in Markdown.
#
#   my $reference = Reference->new($tables);
#   $reference->part('directives');    # also keys, commands, requests, metrics,
#                                      # reasons, conditions, paths, words,
#                                      # question, tools

use strict;
use warnings;

sub new { bless {tables => $_[1]}, $_[0] }

sub part {
    my ($self, $name) = @_;
    my $make = $self->can("_$name") or die "there is no table $name\n";
    return $self->$make;
}

sub _row { '| ' . join(' | ', map { s/\n/ /gr =~ s/\|/\\|/gr } @_) . " |\n" }
sub _table {
    my ($head, @rows) = @_;
    return join '', _row(@$head), '|', ('---|') x @$head, "\n",
        map({ _row(@$_) } @rows), "\n";
}
sub _block { "```\n$_[0]" . ($_[0] =~ /\n\z/ ? '' : "\n") . "```\n\n" }

sub _directives {
    my ($self) = @_;
    return join '', map { "## $_->{name}\n\n" . _table(['', ''],
        ['syntax', "`$_->{syntax}`"], ['default', $_->{fallback} || 'none'],
        ['context', $_->{context}]) . "$_->{text}\n\nExample, in `"
        . "$_->{inside} {}`:\n\n" . _block($_->{example}) }
        $self->{tables}->directives;
}

sub _keys {
    my ($self) = @_;
    return join '', map { "## $_->{name}\n\n" . _table(['', ''],
        ['default', $_->{fallback} eq 'none' ? 'none' : "`$_->{fallback}`"],
        ['value', $_->{range}], ['another value holds', $_->{runs}
            ? 'from `systemctl reload glintod` on' : 'from the next start on'])
        . ucfirst($_->{text}) . ".\n\n" } $self->{tables}->conf_keys;
}

sub _commands {
    my ($self) = @_;
    return join '', map { "## glinto $_->{name}\n\n" . ucfirst($_->{about})
        . ".\n\n" . _block($_->{help}) } $self->{tables}->nouns;
}

my %KIND = (ASKS => 'GET, POST', READS => 'GET, POST', RECOUNTS => 'GET, POST',
    CHANGES => 'POST', HERE => 'POST', LINES => 'POST, lines in the body');

# SHOWS and PROVES are for the dashboard alone.
sub _requests {
    my ($self) = @_;
    return _table(['path', 'method', 'arguments'], map { ["`$_->{path}`",
        $KIND{$_->{kind}}, join ', ', map { my $name = "`$_->{name}`";
            $_->{needed} ? $name : "[$name]" } @{$_->{args}}] }
        grep { $KIND{$_->{kind}} } $self->{tables}->verbs);
}

sub _metrics {
    my ($self) = @_;
    my %side = (WORKERS => 'nginx', GLINTOD => 'glintod');
    return _table(['name', 'of', 'type', 'unit', 'label', ''], map {
        ["`$_->{name}`", $side{$_->{side}}, @$_{qw(type unit)},
            $_->{label} eq 'none' ? '' : "`$_->{label}`", $_->{help}] }
        $self->{tables}->metrics);
}

sub _reasons {
    my ($self) = @_;
    return _table(['reason', 'found by', ''], map { ["`$_->{word}`",
        @$_{qw(who says)}] } $self->{tables}->reasons);
}

my %GRADE = (note => 'passes by itself', alarm => 'somebody has to do '
    . 'something', storage => 'room is missing');

sub _conditions {
    my ($self) = @_;
    return join '', map { my $one = $_;
        "### $_->{name}\n\n" . ucfirst($GRADE{$_->{grade}}) . '. '
        . ($_->{readers} eq 'ALL' ? 'Readers of pages are told, too.'
            : 'Told to operators alone.') . "\n\n"
        . join '', map { "> $_->[0]\n\n" . ($_->[1] eq '' ? ''
            : _braced($_->[1]) . "\n\n") } _once(@{$one->{say}}) }
        $self->{tables}->conditions;
}

# Sentences that differ, each advice once, behind the last that has it.
sub _once {
    my @say = @_;
    for my $i (0 .. $#say - 1) {
        $say[$i] = [$say[$i][0], ''] if $say[$i][1] eq $say[$i + 1][1];
    }
    return @say;
}

sub _braced { $_[0] =~ s/\{(\w+)\}/`$1`/gr =~ s/(OPERATORS\.md)/[$1]($1)/r }

sub _paths {
    my ($self) = @_;
    my %needs = $self->{tables}->needs;
    my %used = map { $_->{needs} => 1 } $self->{tables}->paths;
    return _table(['method', 'path', 'who'], map { [$_->{method},
        "`$_->{path}`", "`$_->{needs}`"] } $self->{tables}->paths)
        . _table(['who', ''], map { ["`$_`",
            $needs{$_} // die "paths.def does not tell of $_\n"] }
            sort keys %used);
}

sub _words {
    my ($self) = @_;
    my $tables = $self->{tables};
    return join '', map { my $kind = $_; ucfirst($kind) . ': '
        . join(', ', map { s/:$/:NAME/; "`$_`" } $tables->words($kind))
        . ".\n\n" } qw(metrics dimensions);
}

sub _question {
    my ($self) = @_;
    return _table(['key', 'value', ''], map { ["`$_->{name}`"
        . ($_->{needed} ? ', needed' : ''), @$_{qw(values about)}] }
        $self->{tables}->question);
}

sub _tools {
    my ($self) = @_;
    return join '', map { "### $_->{name}\n\n$_->{title}. $_->{about}\n\n"
        . (@{$_->{args}} ? _table(['argument', ''], map { ["`$_->{name}`"
            . ($_->{needed} ? ', needed' : ''), $_->{about}
            || 'as in a question'] } @{$_->{args}})
            : "Its arguments are the keys of a question.\n\n") }
        $self->{tables}->tools;
}

1;
