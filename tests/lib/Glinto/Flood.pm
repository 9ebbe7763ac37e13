package Glinto::Flood;

# One nginx worker while many connections send bodies that cost a parser much,
# or the same connections the same bytes to "return 204".
#
#   my $flood = Glinto::Flood->new($t);
#   my $ms = $flood->page_ms($case, '.sink', 4);
#
# new(TEST, ENV)      nginx, its worker on processor 0
# cases               names of the floods there are
# page_ms(CASE, DOOR, SECONDS)   p99 of a page of the site, asked for 100 times
#                     a second, while CASE comes: DOOR '' to where events are
#                     collected, '.sink' to "return 204".  Ends in
#                     said: how the flood was answered, {'2xx' => N, ...}
# start(CASE, DOOR, N)           N requests by h2load: its process
# ended(PID)                     wait for it; how they were answered
# requests_at_once(CASE)         of HTTP/1.1: one on each connection; or undef
# nginx               Glinto::Nginx

use strict;
use warnings;
use Glinto::Bodies qw(hostile);
use Glinto::Held;
use Glinto::Load;
use Glinto::Test;

my $CONNECTIONS = 100;
my $STREAMS = 100;
my $PLAIN = 500;        # connections of HTTP/1.1
my $RATE = 100;         # of the page, a second
my $BODY = 8192;        # the default of glinto_max_body
my $LARGE = 65_536;
my $SALVO = 50_000;     # nginx closes an HTTP/2 connection that has sent it
my $LARGE_SALVO = 20_000; # ten times as much that it throws away

my @H2 = ('-c', $CONNECTIONS, '-m', $STREAMS);
# path, kind and length of the body, requests a salvo, options of h2load
my %CASE = (
    'lists, HTTP/2' => ['api', 'lists', $BODY, $SALVO, @H2],
    'string, HTTP/2' => ['api', 'string', $BODY, $SALVO, @H2],
    'lists of 64k, HTTP/2' => ['large', 'lists', $LARGE, $LARGE_SALVO, @H2],
    'lists, HTTP/1.1' => ['api', 'lists', $BODY, $SALVO, '--h1', '-c', $PLAIN],
    'lists held back' => ['api', 'lists', $BODY],
);

sub cases {
    my @cases = sort keys %CASE;
    return @cases;
}

sub new {
    my ($class, $t, $env) = @_;
    my $h2 = $t->port;
    spew($t->path('page.html'), 'x' x 4096);
    my $nginx = $t->nginx(main => "worker_cpu_affinity 01;\n",
        spool => 'budget=1g', http => "keepalive_requests 100000000;\n",
        log_level => 'error', env => $env, server => <<"EOS");
    listen 127.0.0.1:$h2 http2;
    location = /page.html { root %%DIR%%; }
    location = /api { glinto_collect; }
    location = /large { glinto_collect; glinto_max_body 64k; }
    location = /api.sink { return 204; }
    location = /large.sink { return 204; client_body_buffer_size 64k; }
EOS
    return bless {t => $t, nginx => $nginx, h2 => $h2, n => 0}, $class;
}

sub nginx { $_[0]{nginx} }
sub said { $_[0]{said} }

sub requests_at_once {
    my ($self, $case) = @_;
    return (grep { $_ eq '--h1' } @{$CASE{$case}}) ? $PLAIN : undef;
}

sub page_ms {
    my ($self, $case, $door, $seconds) = @_;
    my $page = Glinto::Load->start($self->{t}, port => $self->{nginx}->port,
        path => '/page.html', rate => $RATE, requests => 1_000_000,
        seconds => $seconds, connections => 64);
    # A machine that does other things, too, is not what is measured.
    setpriority 0, $page->{pid}, -20;
    $self->{said} = {};
    while ($page->running) {
        my $said = @{$CASE{$case}} > 3
            ? $self->ended($self->start($case, $door)) : $self->_held($case,
                $door);
        $self->{said}{$_} += $said->{$_} for keys %$said;
    }
    return $page->wait->{p99_us} / 1000;
}

sub start {
    my ($self, $case, $door, $n) = @_;
    my ($path, $kind, $length, $salvo, @options) = @{$CASE{$case}};
    my $t = $self->{t};
    my $file = $t->path('flood');
    my $port = grep({ $_ eq '--h1' } @options) ? $self->{nginx}->port
        : $self->{h2};
    spew($file, hostile($kind, $length));
    return $t->spawn('h2load', 'h2load', @options, '-n', $n // $salvo,
        '-d', $file, '-H', 'user-agent: Mozilla/5.0 Firefox/133.0', '-H',
        'accept-language: de', "http://127.0.0.1:$port/$path$door",
        {log => $self->{log} = $t->path('flood.' . ++$self->{n})});
}

sub ended {
    my ($self, $pid) = @_;
    $self->{t}->ended($pid, 60);
    my %n = reverse slurp($self->{log}) =~ /(\d+) ([1-5]xx|errored)/g;
    unlink $self->{log};
    return \%n;
}

# One salvo of bodies that are released when all have come but for a byte.
sub _held {
    my ($self, $case, $door) = @_;
    my ($path, $kind, $length) = @{$CASE{$case}};
    my $body = hostile($kind, $length);
    my @held = map { Glinto::Held->new($self->{h2}) } 1 .. $CONNECTIONS;
    $_->hold("/$path$door", $STREAMS, $body) for @held;
    $_->release for @held;
    my %n;
    for my $c (@held) {
        my %more = $c->statuses;
        $n{int($_ / 100) . 'xx'} += $more{$_} for keys %more;
    }
    return \%n;
}

1;
