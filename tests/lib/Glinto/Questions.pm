package Glinto::Questions;

# Visitors made up by chance, and questions about them; srand says which.
#
# days                the dates that they come on
# lines(WHO)          event lines of one visitor: an array of hashes
# query(SITE, ...)    a question of the Stats API about SITE: metrics, a range,
#                     filters and dimensions by chance; keys given outrank them
# range, filters      parts of one
# metrics, dimensions those that it may have
# pick(LIST)          one of them
# some(LIST)          one to three of them, each once, as an array

use strict;
use warnings;
use Exporter 'import';
use JSON::PP ();

our @EXPORT = qw(days lines query range filters metrics dimensions pick some);

my @DAYS = map { sprintf '2026-03-%02d', $_ } 2 .. 15;
my @PATHS = ('/', '/price', '/blog', '/blog/b', '/Ü "q"');
my @METRICS = qw(visitors visits pageviews events);
my @OF_VISITS = qw(bounce_rate visit_duration views_per_visit);
my %VALUES = ('visit:source' => ['Google', 'news', 'mail'],
    'visit:browser' => [qw(Firefox Safari)], 'visit:country' => [qw(DE AT)],
    'visit:device' => [qw(Desktop Mobile)], 'event:page' => \@PATHS,
    'event:name' => [qw(pageview signup)], 'visit:entry_page' => \@PATHS,
    'visit:exit_page' => \@PATHS, 'event:props:plan' => [qw(pro free)]);

sub days { return @DAYS }
sub metrics { return @METRICS }
sub dimensions { return sort keys %VALUES }
sub pick { return $_[int rand @_] }

sub some {
    my %seen;
    return [grep { !$seen{$_}++ } map { pick(@_) } 1 .. 1 + rand 3];
}

sub visit {
    my ($who, %facts) = @_;
    my $source = pick(undef, @{$VALUES{'visit:source'}});
    my $at = sprintf '%sT%02d:%%02d:00Z', pick(@DAYS), rand 24;
    return map { +{kind => 'pageview', visitor => $who, %facts,
        path => pick(@PATHS), at => sprintf($at, 2 * $_),
        ($source ? (source => $source) : ()), (rand() < .2 ? (kind => 'event',
        name => 'signup', props => {plan => pick(qw(pro free))}) : ())} }
        1 .. 1 + rand 3;
}

sub lines {
    my ($who) = @_;
    my %facts = (browser => pick(@{$VALUES{'visit:browser'}}),
        device => pick(@{$VALUES{'visit:device'}}),
        (rand() < .8 ? (country => pick(@{$VALUES{'visit:country'}})) : ()));
    return map { visit($who, %facts) } 1 .. 1 + rand 3;
}

sub range {
    my $from = int rand @DAYS;
    return [@DAYS[$from, $from + int rand(@DAYS - $from)]];
}

sub leaf {
    my $by = pick(dimensions());
    my $op = pick(qw(is is_not contains contains_not matches));
    my @given = map { pick(@{$VALUES{$by}}) } 1 .. 1 + rand 2;
    @given = map { uc } @given if $op eq 'contains' && rand() < .5;
    @given = map { '^' . quotemeta substr $_, 0, 2 } @given
        if $op eq 'matches';
    return [$op, $by, \@given, $op eq 'contains' && rand() < .5
        ? {case_sensitive => JSON::PP::false} : ()];
}

sub filters {
    return [map { my $kind = rand;
        $kind < .7 ? leaf() : $kind < .8 ? ['not', leaf()]
        : $kind < .9 ? ['or', [leaf(), leaf()]]
        : ['has_done', ['is', 'event:name', ['signup']]] } 1 .. rand 3];
}

sub query {
    my ($site, %given) = @_;
    my %asked = (site_id => $site, metrics => some(@METRICS),
        date_range => range(), filters => filters(), dimensions =>
        rand() < .2 ? [] : some(dimensions(), 'time:day', 'time:hour'));
    my %seen;
    $asked{dimensions} = [grep { !/^time/ || !$seen{time}++ }
        @{$asked{dimensions}}];
    push @{$asked{metrics}}, @OF_VISITS
        if !grep { /^event:(?!page)/ } @{$asked{dimensions}};
    return {%asked, %given};
}

1;
