package Glinto::Results;

# What fault tests said, as rows of tests/faults/RESULTS.md.  Pure: texts in,
# texts out.
#
#   group(TEXT)          the "# Group:" of a test's text, or undef: then it
#                        belongs to the ordinary run only
#   rows(NAME, TEXT, OUTPUT, OK, COLUMN, DATE)
#                        what one run of the test NAME says: a row for each of
#                        its report lines (id trials violations seconds seed),
#                        or one that says why there is none
#   merge(OLD, MACHINE, ROWS...)
#                        the whole file: rows of this test and column replace
#                        those in OLD; those of another machine are left out
#
# A row is a hash: id, test, column, trials, violations, seconds, seed, date,
# result (holds, **fails**, or SKIP and its reason), promise.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(group rows merge);

my @COLUMNS = qw(id test column trials violations seconds seed date result
    promise);
my $LINE = qr/^# ([A-Z]+\d+) (\d+) (\d+) ([\d.]+) (\S+)$/m;
my $HEAD = <<'EOH';
# Fault tests: what came out

Written by `make faults` and `make faults-nightly`, each row by the run of its
date, on this machine:
%s.

A violation is one sentence of the oracle (`tests/lib/Glinto/Oracle.pm`), not
one request. No violation in n random trials bounds the true rate at 3/n
(95 %%). Column `faults` is `make faults`, `nightly` is `make faults-nightly`;
`make faults FAULTS="NAME" SEED=N` has a row again.

EOH

sub group {
    my ($text) = @_;
    return $text =~ /^# Group: (\S+)$/m ? $1 : undef;
}

# f07_power.t reports as F7.
sub _id {
    my ($name) = @_;
    my ($letters, $number) = $name =~ /^([a-z]+)(\d+)/ or return $name;
    return uc($letters) . ($number + 0);
}

sub _promise {
    my ($text) = @_;
    my ($promise) = $text =~ /^# Promise: (.*?)\n(?:#\n|# Group:|(?!#))/ms;
    return ($promise // '') =~ s/\n#\s*/ /gr =~ s/\|/\//gr;
}

sub rows {
    my ($name, $text, $output, $ok, $column, $date) = @_;
    my %same = (test => $name, column => $column, date => $date,
        promise => _promise($text), map { $_ => '-' } qw(trials violations
        seconds seed));
    my @rows;
    while ($output =~ /$LINE/g) {
        my %row = %same;
        @row{qw(id trials violations seconds seed)} = ($1, $2, $3, $4, $5);
        $row{result} = $ok && $row{violations} == 0 ? 'holds' : '**fails**';
        push @rows, \%row;
    }
    return @rows if @rows;
    my ($skip) = $output =~ /^\S+ \.+ skipped: (.*)$/m;
    return {%same, id => _id($name), result => !$ok ? '**fails**'
        : defined $skip ? "SKIP: $skip" : '**fails**: no report line'};
}

sub _parse {
    my ($old, $machine) = @_;
    return if index($old, "\n$machine.\n") < 0;
    my @rows;
    for my $line (split /\n/, $old) {
        my @cells = $line =~ /^\| (.*) \|$/ ? split / \| /, $1, -1 : next;
        next if @cells != @COLUMNS || $cells[0] =~ /^(?:id|-+)$/;
        my %row;
        @row{@COLUMNS} = @cells;
        push @rows, \%row;
    }
    return @rows;
}

# By id as a person counts, then by test and column.
sub _key {
    my ($row) = @_;
    my ($letters, $number) = $row->{id} =~ /^(\D*)(\d*)/;
    return sprintf '%s %09d %s %s', $letters, $number || 0, $row->{test},
        $row->{column};
}

sub merge {
    my ($old, $machine, @new) = @_;
    my %replaced = map { ("$_->{test} $_->{column}" => 1) } @new;
    my @rows = (@new, grep { !$replaced{"$_->{test} $_->{column}"} }
        _parse($old, $machine));
    my @lines = ([@COLUMNS], [map { '---' } @COLUMNS],
        map { my $row = $_; [@$row{@COLUMNS}] }
        sort { _key($a) cmp _key($b) } @rows);
    return sprintf($HEAD, $machine)
        . join '', map { '| ' . join(' | ', @$_) . " |\n" } @lines;
}

1;
