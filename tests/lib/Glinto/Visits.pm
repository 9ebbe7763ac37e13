package Glinto::Visits;

# What an undisturbed run makes of the same events: a plain twin of counting
# (aggregator/count/README.md), from the rows of `events` alone, in the order
# that counts: time, kind (engagement first), host, path within a visitor.  It
# shares no code and no state with glintod, which counts each event when it
# comes.
#
#   my @wrong = visit_differences($store, $file);   # sentences, none when all
#                                                   # visits and marks agree
#
# A visit that is still open has only the columns of its first event.  Days
# that are to be made again say nothing yet: wait until none is.  Not known to
# the twin: a site's refresh window, visits over midnight that are still open.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(visit_differences);

my $GAP_MS = 30 * 60 * 1000;
my $LONGEST_MS = 24 * 3600 * 1000;
my ($PAGEVIEW, $CUSTOM, $ENGAGEMENT) = (1, 2, 3);
my ($REFRESH, $NO_VISIT) = (1, 2);
my $EXAMPLES = 3;

# Of the visit and of its first event; then what a closed one has too.
my @FIRST = qw(site visitor server start referrer agent place language screen);
my @LATER = qw(last seen pageviews refreshes events interactive engagement
    entry_host entry_path exit_host exit_path);

sub _text {
    my ($visit, @columns) = @_;
    return join ' ', map { "$_=" . ($visit->{$_} // 0) } @columns;
}

sub _add {
    my ($visit, $row) = @_;
    my $mark = 0;
    $visit->{seen} = $row->{at};
    if ($row->{kind} == $ENGAGEMENT) {
        $visit->{engagement} += $row->{engagement};
        return $mark;
    }
    $visit->{last} = $row->{at};
    if ($row->{kind} == $CUSTOM) {
        $visit->{events}++;
        $visit->{interactive}++ if !$row->{passive};
        return $mark;
    }
    my $page = "$row->{host} $row->{path}";
    if (!$visit->{pageviews}++) {
        @$visit{qw(entry_host entry_path)} = @$row{qw(host path)};
    } elsif ($page eq $visit->{page}) {
        $visit->{refreshes}++;
        $mark = $REFRESH;
    }
    @$visit{qw(exit_host exit_path)} = @$row{qw(host path)};
    $visit->{page} = $page;
    return $mark;
}

sub _takes {
    my ($visit, $row) = @_;
    return $visit && $visit->{whose} eq $row->{whose}
        && $row->{at} - $visit->{seen} <= $GAP_MS
        && $row->{at} - $visit->{start} <= $LONGEST_MS;
}

# {id => visit} and sentences about marks.
sub _fold {
    my ($store, $file) = @_;
    my (%visits, $visit, @marks);
    my @columns = qw(id site visitor server at kind mark engagement passive
        host path referrer agent place language screen);
    $store->each($file, 'SELECT ' . join(', ', map { "coalesce(e.$_, 0)" }
        @columns) . ' FROM events e LEFT JOIN hosts h ON h.code = e.host
        LEFT JOIN paths p ON p.code = e.path ORDER BY e.site, e.visitor,
        coalesce(e.server, 0) > 0, e.at, e.kind != 3, e.kind, h.text, p.text,
        e.id', sub {
            my %row;
            @row{@columns} = @_;
            $row{server} = $row{server} ? 1 : 0;
            $row{whose} = "$row{site} $row{visitor} $row{server}";
            my $mark = $NO_VISIT;
            if (_takes($visit, \%row)) {
                $mark = _add($visit, \%row);
            } elsif ($row{kind} != $ENGAGEMENT) {
                $visit = {start => $row{at}, map { $_ => $row{$_} }
                    qw(whose site visitor server referrer agent place language
                    screen)};
                $visits{$row{id}} = $visit;
                $mark = _add($visit, \%row);
            }
            push @marks, "event $row{id} has mark $row{mark}, not $mark"
                if $mark != $row{mark};
        });
    return (\%visits, @marks);
}

sub visit_differences {
    my ($store, $file) = @_;
    my ($visits, @wrong) = _fold($store, $file);
    my @columns = ('id', 'open', @FIRST, @LATER);
    $store->each($file, 'SELECT ' . join(', ', map { "coalesce($_, 0)" }
        @columns) . ' FROM sessions', sub {
            my %is;
            @is{@columns} = @_;
            $is{server} = $is{server} ? 1 : 0;
            my $must = delete $visits->{$is{id}};
            my @compared = (@FIRST, $is{open} ? () : @LATER);
            my ($is, $must_text) = map { _text($_, @compared) } \%is,
                $must // {};
            push @wrong, !$must ? "visit $is{id} should not be: $is"
                : "visit $is{id} is $is, not $must_text"
                if $is ne $must_text;
        });
    push @wrong, map { "visit $_ is missing" } sort keys %$visits;
    return if !@wrong;
    my $shown = @wrong > $EXAMPLES ? $EXAMPLES : @wrong;
    return (@wrong . ' differences', @wrong[0 .. $shown - 1]);
}

1;
