package Glinto::Oracle;

# The judge of a fault test.  Every attempt had a path of its own; after the
# faults each one is looked for in the databases:
#
#   L  an attempt answered 2xx is there once       D  none is there twice
#   U  an unknown one is there once or not at all  F  one answered 503 is not
#   C  drops in meta.db = number of 503s (exactly, or at least when a worker
#      was killed while the spool was full: at_least => 1)
#   V  no segment is left, parked or not, within 10 s
#   I  integrity_check of all
#   S  sessions and uniques equal an undisturbed run of the same events: as
#      many visitors as sent them (at each judgement), and every visit and
#      mark as Glinto::Visits makes them of the rows (at the report, once
#      glintod's clock is two hours ahead and has closed every visit)
#   Q  a fresh event is a row within 1 s, in which the test got its processor:
#      where it has to wait for one, glintod has to as well
#   (A, no alert and no sanitizer line, is the closing check of every test.)
#
#   my $oracle = Glinto::Oracle->new($t, $agent, $nginx);
#   my @violations = $oracle->judge($load, $load2 ...);   # sentences
#   is(join("\n", @violations), '', 'no violation');
#   $oracle->report('F1', $kills, scalar @violations, $seed);
#
# new(TEST, AGENT, NGINX)     both are running when judge is called
# nginx(...)                  start it, where NGINX was not given; sites come
#                             first: workers read their list once a second.
#                             The server takes pixels, and events at
#                             /api/event too
# accounts(N, DOMAIN)         N accounts with a site each: s0.DOMAIN ...
# empty_spool(SECONDS)        wait for it: 1, or 0;  is_spool_empty: now
# paths(PREFIX)               {path => rows} over all accounts
# fresh(SITE)                 Q alone
# judge(LOADS..., {at_least => 0, fresh => SITE, turned => 0, earlier => 0})
#                             fresh => 0: without Q.  earlier: so many 503s
#                             were answered to loads judged before.
#                             turned: clocks were, so that a visitor may have
#                             several ids
# undisturbed                 S of visits: sentences.  After it glintod's clock
#                             is two hours ahead: the end of a test
# report(ID, TRIALS, VIOLATIONS, SEED)   undisturbed as an assertion, then the
#                             line "id trials violations seconds seed" as a
#                             diagnostic; seconds since new

use strict;
use warnings;
use Glinto::Http;
use Glinto::Store;
use Glinto::Test ();
use Glinto::Visits;
use JSON::PP ();
use Time::HiRes ();

my $DAY_S = 86400;
my $AHEAD_S = 2 * 3600; # longer than a visit is kept open
my $SETTLED_S = 60;
my %KIND = (v => 1, r => 1, e => 2, p => 2, g => 3); # events.kind of an act
my $EVENTS = "\nlocation = /api/event { glinto_collect; }";

sub new {
    my ($class, $test, $agent, $nginx) = @_;
    return bless {
        test => $test, agent => $agent, nginx => $nginx,
        store => Glinto::Store->new($test->path('data')),
        began => Time::HiRes::time(), fresh => 0,
    }, $class;
}

sub nginx {
    my ($self, %want) = @_;
    $want{server} .= $EVENTS
        if defined $want{server} && $want{server} !~ m{/api/event};
    return $self->{nginx} = $self->{test}->nginx(%want);
}

# Not by the command line: a test may want a thousand.
sub _add {
    my ($self, $what, $args) = @_;
    my $reply = $self->{agent}->admin('POST', "/v1/$what/add",
        JSON::PP::encode_json($args));
    die "$what add: $reply->{body}\n" if $reply->{status} !~ /^2/;
}

sub accounts {
    my ($self, $n, $domain) = @_;
    for my $i (0 .. $n - 1) {
        $self->_add('account', {name => "a$i"});
        $self->_add('site', {domain => "s$i.$domain", account => "a$i",
            public => JSON::PP::true});
    }
    $self->{site} = "s0.$domain";
}

# Segments only, parked ones too: the lock and bad/ stay, and what a killed
# worker had not made a segment yet holds no frame and may lie for a minute.
sub is_spool_empty {
    my ($self) = @_;
    my @left = map { glob $self->{test}->path($_) } 'spool/*.seg',
        'data/parked/*/*.seg';
    return !@left;
}

sub empty_spool {
    my ($self, $seconds) = @_;
    my $empty = eval {
        $self->{test}->until('an empty spool',
            sub { $self->is_spool_empty }, $seconds // 10);
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
    push @bad, 'V: spool or parked/ is not empty after 10 s'
        if !$self->empty_spool;
    my ($unavailable, %ids) = ($want{earlier} // 0);
    for my $load (@loads) {
        push @bad, $self->_judge_load($load, \%ids);
        $unavailable += $load->{sum}{unavailable};
    }
    push @bad, $self->_judge_ids(\%ids, $want{turned});
    push @bad, $self->_judge_drops($unavailable, $want{at_least});
    my $integrity = $self->{store}->integrity;
    push @bad, "I: $integrity" if $integrity ne 'ok';
    push @bad, $self->fresh($want{fresh}) if $want{fresh} // 1;
    return @bad;
}

# What was sent with the number PAGE in its path, by kind of event: how many
# must be rows, how many may be, and the first attempt's letter.
sub _sent {
    my ($load) = @_;
    my (@sent, @visitor, $other);
    $load->each(sub {
        my ($number, $end, $visitor, $page, $act) = @_;
        my $sent = $sent[$KIND{$act}][$page] //= [0, 0, $end];
        $sent->[0]++ if $end eq '2';
        $sent->[1]++ if $end eq 'u';
        $visitor[$page] = $visitor;
        $other //= $number if $end eq '4';
    });
    return (\@sent, \@visitor, $other);
}

sub _judge_load {
    my ($self, $load, $ids) = @_;
    my ($sent, $visitor, $other) = _sent($load);
    my (%wrong, @rows);
    $wrong{4} = [$other] if defined $other;
    $self->_rows_of($load->nonce, sub {
        my ($text, $kind, $site, $id, $n) = @_;
        my ($page) = $text =~ /-(\d+)\z/;
        # nobody sent these
        return push @{$wrong{X}}, $text
            if !defined $page || !$sent->[$kind][$page];
        $rows[$kind][$page] += $n;
        $ids->{$site}{$visitor->[$page]}{$id} = 1;
    });
    for my $kind (1 .. 3) {
        for my $page (0 .. $#{$sent->[$kind] // []}) {
            my ($sure, $maybe, $end) = @{$sent->[$kind][$page] // next};
            my $n = $rows[$kind][$page] // 0;
            push @{$wrong{L}}, $page if $n < $sure;
            next if $n <= $sure + $maybe;
            push @{$wrong{$sure + $maybe ? 'D' : $end eq '5' ? 'F' : '-'}},
                $page;
        }
    }
    return map {
        my @some = @{$wrong{$_}};
        sprintf '%s: %d pages of %s, first %s', $_, scalar @some,
            $load->nonce, $some[0];
    } sort keys %wrong;
}

# CODE with path, kind, site, visitor id and how many rows have these.
sub _rows_of {
    my ($self, $prefix, $code) = @_;
    for my $file ($self->{store}->accounts) {
        $self->{store}->each($file,
            'SELECT p.text, e.kind, e.site, e.visitor, count(*) FROM events e
             JOIN paths p ON p.code = e.path WHERE p.text >= ? AND p.text < ?
             GROUP BY e.path, e.kind, e.site, e.visitor',
            "/n/$prefix-", "/n/$prefix.", $code);
    }
}

# A visitor that was sent has one id a day, which no other one has.
sub _judge_ids {
    my ($self, $ids, $turned) = @_;
    my $days = int(time / $DAY_S) - int($self->{began} / $DAY_S);
    my @bad;
    for my $site (sort keys %$ids) {
        my %whose;
        for my $visitor (sort keys %{$ids->{$site}}) {
            my @ids = sort keys %{$ids->{$site}{$visitor}};
            push @bad, "S: visitor $visitor of site $site has ids @ids"
                if @ids > 1 + $days && !$turned;
            push @bad, map { "S: id $_ of site $site is two visitors'" }
                grep { $whose{$_}++ } @ids;
        }
    }
    splice @bad, 3 if @bad > 3;
    return @bad;
}

sub _judge_drops {
    my ($self, $unavailable, $at_least) = @_;
    my $dropped = $self->{store}->value($self->{store}->meta,
        'SELECT coalesce(sum(total), 0) FROM incarnations');
    return if $at_least ? $dropped >= $unavailable
        : $dropped == $unavailable;
    return "C: meta.db counts $dropped drops, $unavailable were answered 503";
}

sub _cpu_s { my ($user, $system) = times; return $user + $system }

sub fresh {
    my ($self, $site) = @_;
    $site //= $self->{site};
    my $path = '/fresh/' . ++$self->{fresh};
    my $reply = http_get($self->{nginx}->port,
        "/g.gif?d=$site&u=https%3A%2F%2F$site$path");
    return "Q: a fresh event was answered $reply->{status}"
        if $reply->{status} != 200;
    my $file = $self->{store}->site($site);
    my $most_s = $self->{test}->slow(1);
    my ($looks, $cpu_s) = (0, _cpu_s());
    my $found = eval {
        $self->{test}->until('a fresh row', sub {
            my $n = $self->{store}->value($file, 'SELECT count(*) FROM events e
                JOIN paths p ON p.code = e.path WHERE p.text = ?', $path);
            die "late\n"
                if !$n && 0.01 * ++$looks + _cpu_s() - $cpu_s > $most_s;
            return $n;
        }, 60);
    };
    return $found ? () : 'Q: a fresh event was no row within 1 s';
}

sub undisturbed {
    my ($self) = @_;
    my ($agent, $store) = @$self{qw(agent store)};
    $agent->start if !$agent->running;
    $agent->ahead($AHEAD_S);
    my $settled = eval {
        $self->{test}->until('the end of all visits', sub {
            my @debris = glob $self->{test}->path('spool/t-*');
            return !@debris && !$store->sum('SELECT (SELECT count(*)
                FROM sessions WHERE open = 1)
                + (SELECT count(*) FROM dirty_days)
                + (SELECT count(*) FROM late_visitors)');
        }, $SETTLED_S);
    };
    my @bad;
    push @bad, "S: visits or days are open, or what never became a segment "
        . "lies there, after $SETTLED_S s" if !$settled;
    for my $file ($store->accounts) {
        push @bad, map { "S: $file: $_" } visit_differences($store, $file);
    }
    my ($status, $out, $err) = $agent->glinto('check', 'data');
    push @bad, "S: glinto check data: $out$err" if $status;
    return @bad;
}

sub report {
    my ($self, $id, $trials, $violations, $seed) = @_;
    my @bad = $self->undisturbed;
    Test::More::is(join("\n", @bad), '',
        'visits and uniques equal an undisturbed run');
    Test::More::diag(sprintf '%s %d %d %.1f %s', $id, $trials,
        $violations + @bad, Time::HiRes::time() - $self->{began}, $seed);
}

1;
