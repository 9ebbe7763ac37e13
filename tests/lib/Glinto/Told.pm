package Glinto::Told;

# What glintod tells of its condition, by every door: the page of a site, its
# live numbers, the status for programs and for people, the health check.
#
#   my $told = Glinto::Told->new($t, $agent);
#   $told->soon('lost', qr/^At least 3 events were lost/);
#
# page(SITE, KIND)    the sentence of KIND in the page, or undef
# live(SITE, KIND)    the condition in the JSON of the live numbers, or undef
# status(KIND)        the condition in the status for programs, or undef
# people              text of "glinto status"
# health              status of GET /health
# soon(KIND, REGEX, SITE, SECONDS)
#                     three assertions: the page of SITE ("a.example") tells it
#                     soon, its live numbers and "glinto status" the same
# none(KIND, SITE)    an assertion: nobody tells it

use strict;
use warnings;
use Glinto::Test;
use JSON::PP ();

my %ENTITY = ('&amp;' => '&', '&lt;' => '<', '&gt;' => '>', '&quot;' => '"',
    '&#39;' => q{'});

sub new {
    my ($class, $test, $agent) = @_;
    return bless {test => $test, agent => $agent}, $class;
}

sub page {
    my ($self, $site, $kind) = @_;
    my $page = $self->{agent}->dashboard('GET', "/glinto/$site");
    my ($text) = $page->{body}
        =~ m{<p class="notice" data-kind="$kind">(.*?)</p>};
    return if !defined $text;
    return $text =~ s/(&\w+;|&#39;)/$ENTITY{$1}/gr;
}

sub _of_kind {
    my ($kind, $conditions) = @_;
    my ($one) = grep { $_->{kind} eq $kind } @{$conditions // []};
    return $one;
}

sub live {
    my ($self, $site, $kind) = @_;
    my $answer = $self->{agent}->admin('GET', "/v1/live/get?site=$site");
    return _of_kind($kind, JSON::PP::decode_json($answer->{body})
        ->{conditions});
}

sub status {
    my ($self, $kind) = @_;
    return _of_kind($kind, $self->{agent}->json('status')->{conditions});
}

sub people { scalar $_[0]{agent}->glinto('status') }
sub health { $_[0]{agent}->admin('GET', '/health')->{status} }

sub soon {
    my ($self, $kind, $regex, $site, $seconds) = @_;
    $site //= 'a.example';
    my $said = '';
    $self->{test}->soon("$kind: the page of $site says so", sub {
        $said = $self->page($site, $kind) // '';
        return $said =~ $regex;
    }, $seconds) or diag("it says: $said");
    my $live = $self->live($site, $kind);
    like($live->{text}, $regex, "$kind: so do the live numbers");
    # Its times are UTC: compare what stands before the first.
    my ($start) = $live->{text} =~ /\A(.*?)(?:\d\d:\d\d|\z)/s;
    like($self->people, qr/^(?:Accounts? [^:]+: )?\Q$start\E/m,
        "$kind: and glinto status");
    return $live;
}

sub none {
    my ($self, $kind, $site) = @_;
    $site //= 'a.example';
    is($self->page($site, $kind), undef, "$kind: not in the page of $site");
}

1;
