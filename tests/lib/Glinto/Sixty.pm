package Glinto::Sixty;

# Sixty page views in a fixed order on four connections, as a load that the
# oracle judges (Glinto::Oracle): alone first, then four at a time.  Before
# each lot a view of a site nobody knows, which is no row.
#
#   my $sixty = Glinto::Sixty->new($port, 'w7', 'load.example', 3);
#   $sixty->send(15, sub { $inject->ended });
#   $sixty->send(45, sub { 0 });
#   push @violations, $oracle->judge($sixty);
#
# new(PORT, NONCE, DOMAIN, SITES, BIG)    SITES sites s0.DOMAIN ...; BIG: every
#                     fourth view has 4 KiB of properties, so that a segment of
#                     64 KiB is not enough
# send(N, GIVE_UP)    the next N; when nothing comes back and GIVE_UP is true
#                     the rest is not sent
# nonce, each(CODE), {sum}{unavailable}   what the oracle asks
# ok                  how many were answered 2xx

use strict;
use warnings;
use Glinto::Http;
use IO::Select;
use JSON::PP ();

my $CONNECTIONS = 4;
my $ALONE = 4; # the first ones of a lot
my $json = JSON::PP->new->canonical;

sub new {
    my ($class, $port, $nonce, $domain, $sites, $big) = @_;
    return bless {port => $port, nonce => $nonce, domain => $domain,
        sites => $sites, big => $big, ends => [], sum => {unavailable => 0},
    }, $class;
}

sub nonce { $_[0]{nonce} }
sub ok { scalar grep { $_ eq '2' } @{$_[0]{ends}} }

sub each {
    my ($self, $code) = @_;
    my $ends = $self->{ends};
    $code->($_, $ends->[$_], $_, $_, 'v') for 0 .. $#$ends;
}

sub _request {
    my ($self, $client, $number) = @_;
    my $site = defined $number
        ? 's' . $number % $self->{sites} . ".$self->{domain}"
        : 'nobody.example';
    my %event = (n => 'pageview', d => $site,
        u => "https://$site/n/$self->{nonce}-" . ($number // 'x'));
    $event{p} = {map { $_ => $_ x 1000 } qw(a b c d)}
        if $self->{big} && defined $number && $number % 4 == 3;
    return $client->compose('POST', '/api/event',
        {'X-Forwarded-For' => '10.0.0.' . ($number // 255)},
        $json->encode(\%event));
}

sub _letter {
    my ($status) = @_;
    return $status =~ /^2/ ? '2' : $status == 503 ? '5' : '4';
}

# Ask on each client at once; the letters of the answers.
sub _ask {
    my ($self, $clients, $numbers, $give_up) = @_;
    my @letters = ('u') x @$numbers;
    for my $i (0 .. $#$numbers) {
        eval { $clients->[$i]->send(
            $self->_request($clients->[$i], $numbers->[$i])) };
    }
    for my $i (0 .. $#$numbers) {
        my $select = IO::Select->new($clients->[$i]->socket);
        until ($select->can_read(0.01)) {
            return @letters if $give_up->();
        }
        my $reply = eval { $clients->[$i]->response };
        $letters[$i] = _letter($reply->{status}) if $reply;
    }
    return @letters;
}

sub send {
    my ($self, $n, $give_up) = @_;
    my $ends = $self->{ends};
    my $last = @$ends + $n;
    my @clients = map { Glinto::Http->connect($self->{port}) }
        1 .. $CONNECTIONS;
    my ($unknown) = $self->_ask(\@clients, [undef], $give_up);
    my $alone = $unknown eq 'u' ? 0 : $ALONE;
    while (@$ends < $last && $unknown ne 'u') {
        my $group = $alone-- > 0 ? 1 : $CONNECTIONS;
        my $to = @$ends + $group < $last ? @$ends + $group : $last;
        my @letters = $self->_ask(\@clients, [scalar @$ends .. $to - 1],
            $give_up);
        push @$ends, @letters;
        last if grep { $_ eq 'u' } @letters; # the connection is gone
    }
    push @$ends, ('-') x ($last - @$ends);
    $_->close for @clients;
    $self->{sum}{unavailable} = grep { $_ eq '5' } @$ends;
}

1;
