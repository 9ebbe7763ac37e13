package Glinto::Oracle;

# The judge of a fault test.  Every attempt had a path of its own; after the
# faults each one is looked for in the databases:
#
#   L  an attempt answered 2xx is there once       D  none is there twice
#   U  an unknown one is there once or not at all  F  one answered 503 is not
#   C  drops in meta.db = number of 503s (exactly, or at least when a worker
#      was killed while the spool was full: at_least => 1)
#   V  the spool directory is empty within 10 s    I  integrity_check of all
#   Q  a fresh event is a row within 1 s
#   (A, no alert and no sanitizer line, is the closing check of every test.)
#
#   my $oracle = Glinto::Oracle->new($t, $agent, $nginx);
#   my @violations = $oracle->judge($load, $load2 ...);   # sentences
#
# new(TEST, AGENT, NGINX)     both are running when judge is called
# nginx(...)                  start it, where NGINX was not given; sites come
#                             first: workers read their list once a second
# accounts(N, DOMAIN)         N accounts with a site each: s0.DOMAIN ...
# empty_spool(SECONDS)        wait for it: 1, or 0
# paths(PREFIX)               {path => rows} over all accounts
# judge(LOADS..., {at_least => 0, fresh => SITE})
# report(ID, TRIALS, VIOLATIONS, SEED)   the line "id trials violations
#                             seconds seed" as a diagnostic; seconds since new

use strict;
use warnings;
use Glinto::Http;
use Glinto::Store;
use Glinto::Test ();
use Time::HiRes ();

sub new {
    my ($class, $test, $agent, $nginx) = @_;
    return bless {
        test => $test, agent => $agent, nginx => $nginx,
        store => Glinto::Store->new($test->path('data')),
        began => Time::HiRes::time(), fresh => 0,
    }, $class;
}

sub nginx {
    my ($self, @want) = @_;
    return $self->{nginx} = $self->{test}->nginx(@want);
}

sub accounts {
    my ($self, $n, $domain) = @_;
    for my $i (0 .. $n - 1) {
        $self->{agent}->glinto('account', 'add', "a$i");
        $self->{agent}->glinto('site', 'add', "s$i.$domain", '--account',
            "a$i", '--public');
    }
    $self->{site} = "s0.$domain";
}

# Segments and what may become one; the lock and bad/ stay.
sub empty_spool {
    my ($self, $seconds) = @_;
    my $dir = $self->{test}->path('spool');
    my $empty = eval {
        $self->{test}->until('an empty spool',
            sub { !grep { -f } glob "$dir/*.seg $dir/t-*" }, $seconds // 10);
    };
    return $empty ? 1 : 0;
}

sub paths {
    my ($self, $prefix) = @_;
    my %rows;
    for my $file ($self->{store}->accounts) {
        my @found = $self->{store}->rows($file,
            'SELECT p.text AS path, count(*) AS n FROM events e
             JOIN paths p ON p.code = e.path
             WHERE p.text >= ? AND p.text < ? GROUP BY e.path',
            "/n/$prefix-", "/n/$prefix.");
        $rows{$_->{path}} += $_->{n} for @found;
    }
    return \%rows;
}

sub judge {
    my ($self, @loads) = @_;
    my %want = ref $loads[-1] eq 'HASH' ? %{pop @loads} : ();
    my @bad;
    push @bad, 'V: the spool is not empty after 10 s' if !$self->empty_spool;
    my $unavailable = 0;
    for my $load (@loads) {
        push @bad, $self->_judge_load($load);
        $unavailable += $load->{sum}{unavailable};
    }
    push @bad, $self->_judge_drops($unavailable, $want{at_least});
    my $integrity = $self->{store}->integrity;
    push @bad, "I: $integrity" if $integrity ne 'ok';
    push @bad, $self->_judge_fresh($want{fresh} // $self->{site});
    return @bad;
}

sub _judge_load {
    my ($self, $load) = @_;
    my $rows = $self->paths($load->nonce);
    my $ends = $load->outcomes;
    my %wrong;
    for my $i (0 .. $#$ends) {
        my $end = $ends->[$i];
        my $n = delete $rows->{'/n/' . $load->nonce . "-$i"} // 0;
        push @{$wrong{L}}, $i if $end eq '2' && $n == 0;
        push @{$wrong{D}}, $i if $n > 1;
        push @{$wrong{F}}, $i if $end eq '5' && $n;
        push @{$wrong{'-'}}, $i if $end eq '-' && $n;
        push @{$wrong{4}}, $i if $end eq '4';
    }
    push @{$wrong{X}}, sort keys %$rows if %$rows; # nobody sent these
    return map {
        my @some = @{$wrong{$_}};
        sprintf '%s: %d attempts of %s, first %s', $_, scalar @some,
            $load->nonce, $some[0];
    } sort keys %wrong;
}

sub _judge_drops {
    my ($self, $unavailable, $at_least) = @_;
    my $dropped = $self->{store}->value($self->{store}->meta,
        'SELECT coalesce(sum(total), 0) FROM incarnations');
    return if $at_least ? $dropped >= $unavailable
        : $dropped == $unavailable;
    return "C: meta.db counts $dropped drops, $unavailable were answered 503";
}

sub _judge_fresh {
    my ($self, $site) = @_;
    my $path = '/fresh/' . ++$self->{fresh};
    my $reply = http_get($self->{nginx}->port,
        "/g.gif?d=$site&u=https%3A%2F%2F$site$path");
    return "Q: a fresh event was answered $reply->{status}"
        if $reply->{status} != 200;
    my $file = $self->{store}->site($site);
    my $found = eval {
        $self->{test}->until('a fresh row', sub {
            $self->{store}->value($file, 'SELECT count(*) FROM events e
                JOIN paths p ON p.code = e.path WHERE p.text = ?', $path);
        }, 1);
    };
    return $found ? () : 'Q: a fresh event was no row within 1 s';
}

sub report {
    my ($self, $id, $trials, $violations, $seed) = @_;
    Test::More::diag(sprintf '%s %d %d %.1f %s', $id, $trials, $violations,
        Time::HiRes::time() - $self->{began}, $seed);
}

1;
