package Glinto::Wanderers;

# Visitors made up by chance who come on several days and look at some pages:
# imported ones, and live ones whose id is that of one day.  No two events of
# one are of the same moment.  srand says which.
#
# new(WORLD, FIRST_S, DAYS)   so many days from FIRST_S (UTC), in a.example;
#                       live ones on some of them; all are rows, and visits
#                       folded from them, when it returns
# db                    a connection to its file with the temporary table r:
#                       at, kind, visitor (below zero: imported), path, country
#                       and visit, of each event
# ask(KEY => VALUE, ...)   a question: the answer, decoded
# pick(LIST)            one of them

use strict;
use warnings;
use utf8;
use DBI;
use Encode qw(encode_utf8);
use Exporter 'import';
use Glinto::Test qw(spew);
use JSON::PP ();
use POSIX ();

our @EXPORT_OK = qw(pick);
my $json = JSON::PP->new->canonical->utf8;
my @PATHS = ('/', '/a', '/b', '/c', '/Ü "q"');

sub pick { return $_[int rand @_] }

# [ms, path, country], of visits from AT_MS on, until END_MS.
sub _wander {
    my ($at_ms, $end_ms, $visits) = @_;
    my @events;
    for (1 .. $visits) {
        my $country = pick(qw(DE FR));
        for (1 .. 1 + rand 7) {
            return @events if $at_ms >= $end_ms;
            push @events, [$at_ms, rand() < .2 && @events ? $events[-1][1]
                : pick(@PATHS), $country];
            $at_ms += 1 + int rand 600_000;
        }
        $at_ms += 2_000_000 + int rand pick(30_000_000, 700_000_000);
    }
    return @events;
}

sub _import {
    my ($self, $first_ms, $days) = @_;
    my @lines;
    for my $who (1 .. 120) {
        my $at_ms = $first_ms + int rand $days * 43_200_000;
        push @lines, map { {visitor => "v$who", path => $_->[1], country =>
            $_->[2], at => POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime int
            $_->[0] / 1000) . sprintf('.%03dZ', $_->[0] % 1000),
            rand() < .2 ? (kind => 'event', name => 'x') : (kind =>
            'pageview')} } _wander($at_ms, $first_ms + $days * 86_400_000,
            1 + rand 6);
    }
    my $path = $self->{world}{test}->path('wanderers');
    spew($path, join '', map { $json->encode($_) . "\n" } @lines);
    $self->{world}->agent->glinto('import', '--site', 'a.example', '--format',
        'events', $path);
}

sub _live {
    my ($self, $first_ms, $days) = @_;
    my @events;
    my $step = $days < 8 ? 1 : 5; # each day with live ones is folded again
    for my $day (grep { $_ % $step == 0 } 0 .. $days - 1) {
        my $day_ms = $first_ms + $day * 86_400_000;
        for my $who (1 .. 3) {
            push @events, map { [@$_, 1000 * ($day + 1) + $who] }
                _wander($day_ms + int rand 86_400_000, $day_ms + 86_400_000,
                2);
        }
    }
    my $segment = $self->{world}->segment(wall_ms => $first_ms);
    $segment->event(site => 'a.example', visitor => $_->[3], path =>
        encode_utf8($_->[1]), at_ms => $_->[0])
        for sort { $a->[0] <=> $b->[0] } @events;
    $segment->close;
}

sub new {
    my ($class, $world, $first_s, $days) = @_;
    my $self = bless {world => $world}, $class;
    $self->_import(1000 * $first_s, $days);
    $self->_live(1000 * $first_s, $days);
    $world->empty('all live events are rows');
    $world->{test}->soon('all visits are folded', sub { !$world->late
        && !$world->store->sum(
        'SELECT count(*) FROM sessions WHERE open = 1') }, 60);
    return $self;
}

sub db {
    my ($self) = @_;
    my $db = DBI->connect('dbi:SQLite:dbname=' . $self->{world}->file('a'), '',
        '', {RaiseError => 1, ReadOnly => 1, sqlite_unicode => 1});
    $db->do('PRAGMA temp_store = MEMORY');
    $db->do(<<'EOS');
        CREATE TEMP TABLE r AS SELECT e.at, e.kind, e.visitor,
            coalesce(p.text, '') AS path,
            (SELECT coalesce(l.country, '') FROM sessions s LEFT JOIN places l
                ON l.code = s.place WHERE s.visitor = e.visitor AND
                s.start <= e.at ORDER BY s.start DESC LIMIT 1) AS country,
            (SELECT max(s.id) FROM sessions s WHERE s.visitor = e.visitor
                AND s.start = (SELECT max(b.start) FROM sessions b WHERE
                b.visitor = e.visitor AND b.start <= e.at)) AS visit
        FROM events e LEFT JOIN paths p ON p.code = e.path
        WHERE e.kind IN (1, 2)
EOS
    return $db;
}

sub ask {
    my ($self, %query) = @_;
    my $reply = $self->{world}->agent->admin('POST', '/v1/query',
        $json->encode({query => {site_id => 'a.example', %query}}));
    return $json->decode($reply->{body});
}

1;
