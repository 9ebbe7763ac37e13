package Glinto::Visits;

# What counting must give: a plain twin, made from the rules
# (aggregator/count/README.md) and not from glintod's code.  It takes one event
# after the other, in the order that counts, and remembers each visitor's last
# visit; that is all there is to it.
#
#   my $counted = count_events(\@events, $window_ms);
#       events of one site, in any order, as workers sent them:
#         {at, kind, visitor, before, host, path, server, passive, engagement}
#       `before` is the id of the day before (first 30 minutes of a day), or
#       nothing; host and path are texts.  Each event gets `visitor` (of its
#       visit) and `mark`.  Returned: the visits, in order of their beginning:
#         {first => event, visitor, server, start, last, seen, pageviews,
#          refreshes, events, interactive, engagement, entry => page,
#          exit => page}         a page is "HOST PATH" or ''
#
#   my @wrong = visit_differences($store, $file);   # sentences, none when all
#                                                   # visits and marks agree
#       The same from the rows of `events` alone, which bear the visitor of
#       their visit: what an undisturbed run makes of them.  A visit that is
#       still open has only the columns of its first event.  Days that are to
#       be made again say nothing yet: wait until none is.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(count_events visit_differences);

my $GAP_MS = 30 * 60 * 1000;
my $LONGEST_MS = 24 * 3600 * 1000;
my ($PAGEVIEW, $CUSTOM, $ENGAGEMENT) = (1, 2, 3);
my ($REFRESH, $NO_VISIT, $REPEAT) = (1, 2, 3);
my $EXAMPLES = 3;

# ---- the rules ----

sub _page { "$_[0]{host} $_[0]{path}" }

# Of one millisecond engagement, of the page that is left, comes first.
sub _in_order {
    my ($one, $other) = @_;
    return $one->{at} <=> $other->{at}
        || ($other->{kind} == $ENGAGEMENT) <=> ($one->{kind} == $ENGAGEMENT)
        || $one->{kind} <=> $other->{kind}
        || $one->{host} cmp $other->{host} || $one->{path} cmp $other->{path}
        || ($one->{id} // 0) <=> ($other->{id} // 0);
}

sub _takes {
    my ($visit, $event) = @_;
    return $visit && $event->{at} - $visit->{seen} <= $GAP_MS
        && $event->{at} - $visit->{start} <= $LONGEST_MS;
}

sub _begin {
    my ($event) = @_;
    return {first => $event, visitor => $event->{visitor},
        server => $event->{server} ? 1 : 0, start => $event->{at},
        entry => '', exit => '',
        map { $_ => 0 } qw(pageviews refreshes events interactive engagement)};
}

sub _view {
    my ($visit, $event, $window_ms) = @_;
    my $page = _page($event);
    if ($visit->{entry} eq '') {
        $visit->{entry} = $page;
    } elsif ($page eq $visit->{exit}) {
        $visit->{refreshes}++;
        $event->{mark} = $event->{at} - $visit->{viewed} < $window_ms
            ? $REPEAT : $REFRESH;
    }
    $visit->{pageviews}++ if $event->{mark} != $REPEAT;
    @$visit{qw(exit viewed)} = ($page, $event->{at});
}

sub _add {
    my ($visit, $event, $window_ms) = @_;
    $event->{visitor} = $visit->{visitor};
    $event->{mark} = 0;
    $visit->{seen} = $event->{at};
    if ($event->{kind} == $ENGAGEMENT) {
        $visit->{engagement} += $event->{engagement} // 0;
        return;
    }
    $visit->{last} = $event->{at};
    return _view($visit, $event, $window_ms) if $event->{kind} == $PAGEVIEW;
    $visit->{events}++;
    $visit->{interactive}++ if !$event->{passive};
}

# One event, after all that come before it; LAST is the last visit by visitor.
# The visit that it begins, or nothing.
sub _count {
    my ($last, $event, $window_ms) = @_;
    my ($now, $before) = map { defined && "$_ " . ($event->{server} ? 1 : 0) }
        @$event{qw(visitor before)};
    my ($visit) = grep { _takes($_, $event) } $last->{$now},
        $before ? $last->{$before} : ();
    my $new = !$visit;
    if ($new && $event->{kind} == $ENGAGEMENT) {
        $event->{mark} = $NO_VISIT;
        return;
    }
    $visit //= _begin($event);
    $last->{$now} = $visit;
    _add($visit, $event, $window_ms);
    return $new ? $visit : ();
}

sub count_events {
    my ($events, $window_ms) = @_;
    my %last;
    return [map { _count(\%last, $_, $window_ms) }
        sort { _in_order($a, $b) } @$events];
}

# ---- a file against the rules ----

my @ROW = qw(id site visitor server at kind mark engagement passive host path
    referrer agent place language screen);
# Of the visit and of its first event; then what a closed one has too.
my @FIRST = qw(site visitor server start referrer agent place language screen);
my @LATER = qw(last seen pageviews refreshes events interactive engagement
    entry_host entry_path exit_host exit_path);

sub _text {
    my ($visit, @columns) = @_;
    return join ' ', map { "$_=" . ($visit->{$_} // 0) } @columns;
}

# A visit of the rules as a row of `sessions`, which has codes.
sub _as_row {
    my ($visit, $code) = @_;
    my %row = (%{$visit->{first}}, %$visit);
    for my $end (qw(entry exit)) {
        my ($host, $path) = split / /, $visit->{$end}, 2;
        $row{"${end}_host"} = $code->{host}{$host // ''};
        $row{"${end}_path"} = $code->{path}{$path // ''};
    }
    return \%row;
}

# {id => visit} of a file, and sentences about marks.
sub _fold {
    my ($store, $file, $windows) = @_;
    my (%visits, %last, @marks, %code);
    $code{host}{''} = $code{path}{''} = 0;
    my $site = -1;
    $store->each($file, 'SELECT ' . join(', ', map { "coalesce(e.$_, 0)" }
        @ROW) . ", coalesce(h.text, ''), coalesce(p.text, '')
        FROM events e LEFT JOIN hosts h ON h.code = e.host
        LEFT JOIN paths p ON p.code = e.path
        ORDER BY e.site, e.at, e.kind != $ENGAGEMENT, e.kind, h.text, p.text,
        e.id", sub {
            my %row;
            @row{@ROW, qw(host_text path_text)} = @_;
            $code{$_}{$row{"${_}_text"}} = $row{$_} for qw(host path);
            @row{qw(host path)} = delete @row{qw(host_text path_text)};
            %last = () if $row{site} != $site;
            $site = $row{site};
            my $mark = $row{mark};
            my $visit = _count(\%last, \%row, $windows->{$site} // 0);
            $visits{$row{id}} = $visit if $visit;
            push @marks, "event $row{id} has mark $mark, not $row{mark}"
                if $mark != $row{mark};
        });
    return ({map { $_ => _as_row($visits{$_}, \%code) } keys %visits}, @marks);
}

sub visit_differences {
    my ($store, $file) = @_;
    my %windows = map { $_->{id} => 1000 * $_->{refresh_window} }
        $store->rows($store->meta, 'SELECT id, refresh_window FROM sites');
    my ($visits, @wrong) = _fold($store, $file, \%windows);
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
