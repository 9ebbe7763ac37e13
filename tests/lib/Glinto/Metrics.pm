package Glinto::Metrics;

# Prometheus' text format, read strictly.
#
#   my $all = metrics(TEXT)     {NAME => {type, help, samples => {LABELS =>
#                     VALUE}}}; of a histogram SAMPLES are {n => COUNT, sum,
#                     buckets => [[LE, N], ...]} by labels.  Dies with the
#                     first fault: of the format, and of what "promtool check
#                     metrics" asks
#   my %rows = rows(TEST)       schema/metrics.def: {NAME => {side, type, unit,
#                     label, help}}
#   promtool(TEST[, FETCH])   where Prometheus' own checker is, "" = it is not
#                     here; FETCH: Debian's is fetched, once, below build/

use strict;
use warnings;
use Exporter 'import';
use Glinto::Test qw(slurp);

our @EXPORT = qw(metrics rows promtool);

my $NAME = qr/[a-z_][a-z0-9_]*/;
my $NUMBER = qr/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN/;

sub promtool {
    my ($t, $fetch) = @_;
    my $kept = $t->root . '/build/prometheus';
    for my $dir ($kept, split /:/, $ENV{PATH}) {
        return "$dir/promtool" if -x "$dir/promtool";
    }
    return '' if !$fetch;
    my $new = $t->path('prometheus');
    mkdir $_ for $new, $t->root . '/build', $kept;
    # A rename, from the same disk: another test may fetch it, too.
    my $mine = "$kept/promtool.$$";
    system("cd '$new' && apt-get download -q prometheus >said 2>&1 && "
        . 'dpkg --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool '
        . ">'$mine' && chmod 755 '$mine'") == 0 && -s $mine
        && rename $mine, "$kept/promtool" and return "$kept/promtool";
    unlink $mine;
    return '';
}

sub rows {
    my ($t) = @_;
    my $text = slurp($t->root . '/schema/metrics.def')
        =~ s{/\*.*?\*/}{}gsr =~ s/"\s*"//gr;
    my %rows;
    while ($text =~ /(WORKERS|GLINTOD)\((\w+),\s*($NAME),\s*(\w+),\s*(\w+),\s*
        (\w+),\s*"([^"]*)"\)/gx)
    {
        $rows{$3} = {side => $1, type => $4, unit => $5, label => $6,
            help => $7};
    }
    return %rows;
}

sub _labels {
    my ($labels) = @_;
    my %seen;
    for (split /,/, $labels // '') {
        /^($NAME)="(?:[^"\\\n]|\\["\\n])*"$/ or die "bad label: $_\n";
        die "label $1 twice\n" if $seen{$1}++;
    }
    return $labels // '';
}

sub _bucket {
    my ($histogram, $le, $n) = @_;
    my $last = $histogram->{buckets}[-1];
    die "bucket $le after $last->[0]\n" if $last
        && ($last->[0] eq '+Inf' || ($le ne '+Inf' && $last->[0] >= $le));
    die "bucket $le holds less than the one before\n"
        if $last && $last->[1] > $n;
    push @{$histogram->{buckets}}, [$le, $n];
}

sub _sample {
    my ($family, $name, $suffix, $labels, $value) = @_;
    if ($family->{type} ne 'histogram') {
        die "$name$suffix under $name\n" if $suffix ne '';
        die "$name\{$labels} twice\n" if exists $family->{samples}{$labels};
        $family->{samples}{$labels} = $value;
        return;
    }
    my $le = $labels =~ s/,?le="([^"]+)"$// ? $1 : undef;
    my $histogram = $family->{samples}{$labels} //= {buckets => []};
    die "$name$suffix without what it is\n"
        if $suffix !~ /^_(?:bucket|sum|count)$/
        || ($suffix eq '_bucket') != defined $le;
    _bucket($histogram, $le, $value) if defined $le;
    $histogram->{$suffix eq '_sum' ? 'sum' : 'n'} = $value if !defined $le;
}

sub _whole {
    my ($name, $family) = @_;
    my $type = $family->{type};
    die "$name has no samples\n" if !%{$family->{samples}};
    die "$name: a counter ends in _total\n"
        if ($type eq 'counter') != ($name =~ /_total$/);
    die "$name: its unit is no base unit\n"
        if $name =~ /_(?:ms|us|ns|milliseconds|minutes|kb|mb|percent)(?:_|$)/;
    die "$name: its name ends as a part of a histogram\n"
        if $name =~ /_(?:bucket|count|sum)$/;
    return if $type ne 'histogram';
    for my $histogram (values %{$family->{samples}}) {
        my $last = $histogram->{buckets}[-1];
        die "$name: no last bucket, sum or count\n" if !$last
            || $last->[0] ne '+Inf' || !defined $histogram->{sum};
        die "$name: count is not that of its last bucket\n"
            if $histogram->{n} != $last->[1];
    }
}

sub metrics {
    my ($text) = @_;
    my (%all, $name);
    die "the last line has no end\n" if $text !~ /\n\z/;
    for my $line (split /\n/, $text) {
        if ($line =~ /^# HELP ($NAME) (\S.*)$/) {
            die "$1 comes twice\n" if $all{$1};
            $name = $1;
            $all{$name} = {help => $2, samples => {}};
        } elsif ($line =~ /^# TYPE ($NAME) (counter|gauge|histogram)$/) {
            die "TYPE of $1 where it does not belong\n"
                if !defined $name || $name ne $1 || defined $all{$1}{type};
            $all{$1}{type} = $2;
        } elsif ($line =~ /^($NAME)(?:\{(.*)\})? ($NUMBER)$/) {
            my ($whole, $labels, $value) = ($1, $2, $3);
            die "$whole before HELP and TYPE\n"
                if !defined $name || !defined $all{$name}{type};
            die "$whole under $name\n" if $whole !~ /^\Q$name\E(.*)$/;
            _sample($all{$name}, $name, $1, _labels($labels), $value);
        } else {
            die "not a line: $line\n";
        }
    }
    _whole($_, $all{$_}) for sort keys %all;
    return \%all;
}

1;
