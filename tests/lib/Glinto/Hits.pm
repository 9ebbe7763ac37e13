package Glinto::Hits;

# Tracking requests to a nginx that is alone with its spool (one worker, no
# aggregator), and the events each of them left there.
#
#   my $hits = Glinto::Hits->new($t, $nginx);
#   my $hit = $hits->event({n => 'pageview', u => 'https://a.example/'});
#   is($hit->{status}, 202);
#   is_deeply([map { $_->{path} } @{$hit->{events}}], ['/']);
#
# new(TEST, NGINX)
# post(PATH, BODY, HEADERS...)   BODY as it is
# get(PATH, HEADERS...)
# event(HASH, HEADERS...)        POST /api/event with the hash as JSON, as
#                                text/plain, the way trackers do
#       all return Glinto::Http's response with {events}: what is new in the
#       spool, oldest first, in the names of schema/event_fields.h, texts as
#       characters, without the fields that adapters do not fill (@CORE)
# take                           the new events alone
# page(URL, FIELD => VALUE...)   event() of a page view of URL for site
#                                a.example; returns its event (dies when there
#                                is not exactly one)

use strict;
use warnings;
use JSON::PP ();
use Glinto::Spool;

# Filled by collect for every adapter alike.
my @CORE = qw(schema agent evidence language visitor visitor_before brand
    brand_version platform platform_version mobile);

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

sub new {
    my ($class, $test, $nginx) = @_;
    my $spool = Glinto::Spool->new($test->path('spool'));
    return bless {nginx => $nginx, spool => $spool, seen => 0}, $class;
}

sub take {
    my ($self) = @_;
    my @events = $self->{spool}->events;
    my @new = @events[$self->{seen} .. $#events];
    $self->{seen} = @events;
    for my $event (@new) {
        delete @$event{@CORE};
    }
    return \@new;
}

sub _answer {
    my ($self, $response) = @_;
    return {%$response, events => $self->take};
}

sub post {
    my ($self, $path, $body, @headers) = @_;
    return $self->_answer($self->{nginx}->post($path, $body, @headers));
}

sub get {
    my ($self, $path, @headers) = @_;
    return $self->_answer($self->{nginx}->get($path, @headers));
}

sub event {
    my ($self, $event, @headers) = @_;
    return $self->post('/api/event', $json->encode($event),
        'Content-Type' => 'text/plain', @headers);
}

sub page {
    my ($self, $url, %more) = @_;
    my $hit = $self->event({n => 'pageview', d => 'a.example', u => $url,
        %more});
    die "$url: $hit->{status} $hit->{body}\n" if @{$hit->{events}} != 1;
    return $hit->{events}[0];
}

1;
