package Glinto::Sealed;

# What is sealed of a world's site, and what questions say of it.
#
#   my $sealed = Glinto::Sealed->new($world, 'a', first_s => $EPOCH, days => 3);
#   $sealed->import_days;
#   $t->soon('sealed', sub { $sealed->all });
#
# new(WORLD, DOMAIN, ...)   FIRST_S: when the first of DAYS UTC days began
# import_days     30 visitors a day, visits over midnight among them, without
#                 chance; waits until all visits are made
# all             1 when all days but those without rows are sealed, whole
# pieces          how many there are in its file
# answers         some questions' answers as one text
# change(SQL)     of its file, by another process; glintod is not to run

use strict;
use warnings;
use DBI;
use Glinto::Test;
use JSON::PP ();
use POSIX ();

my $json = JSON::PP->new->canonical->utf8;

sub new {
    my ($class, $world, $domain, %want) = @_;
    return bless {world => $world, domain => $domain, %want}, $class;
}

sub _time {
    my ($s) = @_;
    return POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $s);
}

sub _line {
    my ($who, $s, $n) = @_;
    my %line = (visitor => "v$who", at => _time($s), path => '/' . $n % 7,
        browser => qw(Firefox Safari)[$who % 2], source =>
        qw(Google news)[$who % 3 > 0], country => qw(DE AT NP)[$who % 3]);
    return $json->encode($n % 5 == 4
        ? {%line, kind => 'event', name => 'Signup', props => {plan => "p$n"}}
        : {%line, kind => 'pageview'}) . "\n";
}

sub import_days {
    my ($self) = @_;
    my $world = $self->{world};
    my $path = $world->{test}->path('days.jsonl');
    my @lines;
    for my $day (0 .. $self->{days} - 1) {
        for my $who (1 .. 30) {
            my $s = $self->{first_s} + 86400 * $day + 2850 * $who;
            push @lines, map {
                _line($who + 100 * $day, $s + 500 * $_, $_ + $who)
            } 0 .. $who % 6;
        }
    }
    spew($path, join '', @lines);
    $world->agent->glinto('import', '--site', "$self->{domain}.example",
        '--format', 'events', $path);
    $world->{test}->until('all visits', sub { !$world->late }, 30);
}

sub _file { $_[0]{world}->file($_[0]{domain}) }

sub all {
    my ($self) = @_;
    return $self->{world}->store->value($self->_file, <<'EOS');
        SELECT count(*) = 0 FROM (SELECT DISTINCT site, day FROM day_rows) d
        WHERE NOT EXISTS (SELECT 1 FROM sealed_days s WHERE s.site = d.site
            AND s.day = d.day AND s.token <> 1 AND s.pieces = (SELECT count(*)
            FROM sealed_pieces p WHERE p.site = d.site AND p.day = d.day))
EOS
}

sub pieces {
    my ($self) = @_;
    return $self->{world}->store->value($self->_file,
        'SELECT count(*) FROM sealed_pieces');
}

sub answers {
    my ($self) = @_;
    my @range = map { _time($self->{first_s} + 86400 * $_) =~ s/T.*//r }
        0, $self->{days};
    my @metrics = qw(visitors visits pageviews events bounce_rate
        visit_duration);
    my @questions = map { {site_id => "$self->{domain}.example",
        date_range => \@range, metrics => \@metrics, @$_} }
        [], [dimensions => ['time:hour']],
        [dimensions => ['visit:source', 'visit:country']],
        [dimensions => ['event:page']],
        [dimensions => ['event:page'],
            filters => [['is', 'visit:country', ['DE']]]],
        [dimensions => ['visit:entry_page', 'visit:exit_page'],
            filters => [['has_done', ['is', 'event:name', ['Signup']]]]],
        [dimensions => ['event:props:plan'], metrics => ['events']],
        [dimensions => ['visit:source', 'event:page'],
            metrics => ['visitors']];
    return join "\n", map {
        my ($status, $answer) = $self->{world}->agent->query($_);
        "$status " . ($status == 200 ? $json->encode($answer->{results})
            : $answer->{error});
    } @questions;
}

sub change {
    my ($self, @sql) = @_;
    my $db = DBI->connect('dbi:SQLite:dbname=' . $self->_file, '', '',
        {RaiseError => 1});
    $db->do($_) for @sql;
    $db->disconnect;
}

1;
