package Glinto::People;

# People who sign in, as a browser does it, on the dashboard socket.
#
#   form(AGENT, PATH, FIELDS, HEADERS)   POST a form; Origin is the host's
#                                        unless HEADERS say otherwise
#   welcome(AGENT, LINK, PASSWORD)       choose it; the session's cookie, as a
#                                        header's value, or dies
#   person(AGENT, NAME, ARGS...)         glinto person add; the cookie of who
#                                        has chosen "password of NAME"
#   cookie(REPLY)                        the one that it sets, or undef

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(form welcome person cookie);

sub form {
    my ($agent, $path, $fields, $headers) = @_;
    my $coded = sub {
        return $_[0] =~ s/([^A-Za-z0-9._])/sprintf '%%%02X', ord $1/ger;
    };
    my $body = join '&', map { $coded->($_) . '=' . $coded->($fields->{$_}) }
        sort keys %$fields;
    return $agent->dashboard('POST', $path, $body, {Host => 'localhost',
        Origin => 'https://localhost',
        'Content-Type' => 'application/x-www-form-urlencoded',
        %{$headers // {}}});
}

sub cookie {
    my ($reply) = @_;
    my ($pair) = ($reply->{headers}{'set-cookie'} // '') =~ /^([^;]+)/;
    return $pair;
}

sub welcome {
    my ($agent, $link, $password) = @_;
    my $reply = form($agent, $link, {password => $password});
    die "welcome: $reply->{status} $reply->{body}\n"
        if $reply->{status} != 303;
    return cookie($reply);
}

sub person {
    my ($agent, $name, @args) = @_;
    my $added = $agent->json('person', 'add', $name, @args);
    return welcome($agent, $added->{link}, "password of $name");
}

1;
