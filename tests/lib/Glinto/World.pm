package Glinto::World;

# What a test of glintod sees and does again and again: glintod with its sites,
# the spool, in which the test writes as a worker does, and what was committed.
#
#   my $t = Glinto::Test->new;
#   my $world = Glinto::World->new($t, sites => ['a', ['b', 'other']]);
#   my $segment = $world->segment;
#   $segment->event(site => 'a.example', visitor => 7);
#   $t->soon('it is a row', sub { $world->rows == 1 });
#
# new(TEST, ...)  all optional:
#   sites       DOMAIN, or [DOMAIN, ACCOUNT, ARGUMENTS...], each as for site()
#   nginx       {...} as for $t->nginx, started when the sites are there
#   agent       a Glinto::Aggregator of the test's own, started if it is not
#   all else    as for Glinto::Aggregator->new
# agent, store, nginx
# A DOMAIN without a dot has ".example" after it.
# site(DOMAIN, ACCOUNT, ARGUMENTS...)   one more, in an account that is made if
#                 it is not there (none: where sites go by themselves), public
#                 unless ARGUMENTS say otherwise
# move(DOMAIN, ACCOUNT)    into another account, which is there
# file(DOMAIN)    the file that the site began in, or was moved to by move()
# rows(DOMAIN)    events in that file, of whatever site; without, in all files
# knows(SEGMENT, DOMAIN)   that file has a position of the segment
# dropped(REASON, DOMAIN)  drops counted in that file; in meta.db without
# late            days and visitors that are still to be made again
# segment(...)    a new Glinto::Segment in the spool
# segments        how many there are in the spool
# parked(DOMAIN)  paths of those parked for the account of that file
# empty(WHAT, SECONDS)     an assertion: the spool is, soon
# today(DOMAIN)   the live numbers: {visitors, visits, pageviews, ...}
# told            kinds of the conditions that status tells

use strict;
use warnings;
use Glinto::Aggregator ();
use Glinto::Segment ();
use Glinto::Store ();

sub new {
    my ($class, $test, %want) = @_;
    my ($sites, $nginx) = delete @want{qw(sites nginx)};
    my $agent = delete $want{agent} // Glinto::Aggregator->new($test, %want);
    $agent->start if !$agent->running;
    my $self = bless {test => $test, agent => $agent, file => {},
        store => Glinto::Store->new($test->path('data'))}, $class;
    $self->site(ref $_ ? @$_ : $_) for @{$sites // []};
    $self->{nginx} = $test->nginx(%$nginx) if $nginx;
    return $self;
}

sub agent { $_[0]{agent} }
sub store { $_[0]{store} }
sub nginx { $_[0]{nginx} }

sub _domain { $_[0] =~ /\./ ? $_[0] : "$_[0].example" }

sub site {
    my ($self, $domain, $account, @args) = @_;
    @args = ('--public') if !@args;
    if (defined $account) {
        $self->{agent}->glinto('account', 'add', $account)
            if !$self->{account}{$account}++;
        push @args, '--account', $account;
    }
    $self->{agent}->site(_domain($domain), @args);
    $self->file($domain);
}

sub file {
    my ($self, $domain) = @_;
    return $self->{file}{_domain($domain)}
        //= $self->{store}->site(_domain($domain));
}

sub move {
    my ($self, $domain, $account) = @_;
    $self->{agent}->glinto('site', 'move', _domain($domain), '--account',
        $account);
    delete $self->{file}{_domain($domain)};
}

sub rows {
    my ($self, $domain) = @_;
    my $sql = 'SELECT count(*) FROM events';
    return defined $domain ? $self->{store}->value($self->file($domain), $sql)
        : $self->{store}->sum($sql);
}

sub knows {
    my ($self, $segment, $domain) = @_;
    return $self->{store}->value($self->file($domain), 'SELECT count(*)
        FROM ingest WHERE seg = CAST(? AS BLOB)', $segment->id);
}

sub dropped {
    my ($self, $reason, $domain) = @_;
    my $file = defined $domain ? $self->file($domain) : $self->{store}->meta;
    return $self->{store}->value($file,
        'SELECT coalesce(sum(n), 0) FROM drops WHERE reason = ?', $reason);
}

sub late {
    my ($self) = @_;
    return $self->{store}->sum('SELECT (SELECT count(*) FROM late_visitors)
        + (SELECT count(*) FROM dirty_days)');
}

sub segment {
    my ($self, %how) = @_;
    return Glinto::Segment->create($self->{test}->path('spool'), %how);
}

sub segments {
    my ($self) = @_;
    return scalar(my @there = glob $self->{test}->path('spool/*.seg'));
}

sub parked {
    my ($self, $domain) = @_;
    my ($account) = $self->file($domain) =~ m{([^/]+)\.db$};
    my @there = glob $self->{test}->path("data/parked/$account/*.seg");
    return @there;
}

sub empty {
    my ($self, $what, $seconds) = @_;
    return $self->{test}->soon($what, sub { !$self->segments }, $seconds);
}

sub today {
    my ($self, $domain) = @_;
    return $self->{agent}->live(_domain($domain))->{today};
}

sub told {
    my ($self) = @_;
    return map { $_->{kind} } @{$self->{agent}->json('status')->{conditions}};
}

1;
