package Glinto::LongWork;

# Long work of the writer, and who looks at pages meanwhile.
#
#   my $work = Glinto::LongWork->new($t, rows => 1_000_000);
#   $work->idle(5);                 # seconds of a static file, alone
#   $work->$_ for Glinto::LongWork->kinds;
#   $work->page_max_ms;             # what a page may take
#   $work->figures                  # {what, kind, n, p50, p99, p999 (ms)}, ...
#   $work->longest_turn_ms, $work->turns    # so far; after each kind
#
# Each kind of work is done while events of an account of their own come, 100 a
# second, and gl-load times, by the nginx of conf/nginx, a page that everybody
# looks at (which nginx keeps for a second) and a static file, 200 a second
# each, and first pages of sites nobody has looked at for a while, 50 a second.
# An administrator's questions are timed here, one of each every 20 ms.
#
#   import   so many lines        move     so many rows to another account, and
#   backup   of all                        what VACUUM writes anew behind them
#   refold   days of late events

use strict;
use warnings;
use Glinto::Load;
use Glinto::Segment;
use Glinto::Shipped;
use Glinto::Store;
use Glinto::Test ();
use POSIX ();
use Time::HiRes ();

my $PAGE_MS = 20; # or...
my $RATIO = 3;    # ...so many times an idle static file
my $RATE = 200;
my $EVERY_S = 0.02;
my $NEW_SITES = 5_000; # for each kind of work: few are seen twice
my $LATE = 200; # visitors

sub kinds { qw(import move backup refold) }

sub new {
    my ($class, $t, %want) = @_;
    my $self = bless {t => $t, memory => in_memory($t), rows => $want{rows},
        agent => $t->aggregator(conf => 'paths_per_day 100000000'),
        store => Glinto::Store->new($t->path('data')), figures => []},
        $class;
    my $agent = $self->{agent};
    $agent->glinto('account', 'add', $_) for qw(other third);
    $agent->site('big.example');
    $agent->site('steady.example', '--account', 'third', '--public');
    $self->_fill;
    $agent->stop;
    $self->_add_sites;
    $agent->start;
    Glinto::Test::spew($t->path('page.html'), 'x' x 4096);
    my %conf = shipped($t);
    $conf{server} = 'include %%DIR%%/conf/locations.conf;
        location = /page.html { root %%DIR%%; }';
    $self->{nginx} = $t->nginx(%conf, workers => 1);
    $t->until('nginx counts', sub {
        my $url = 'http%3A%2F%2Fsteady.example%2F';
        $self->{nginx}->get("/g.gif?u=$url");
        $self->_count('steady.example') > 0;
    });
    return $self;
}

sub _count {
    my ($self, $site) = @_;
    my $store = $self->{store};
    my $id = $store->value($store->meta,
        "SELECT id FROM sites WHERE domain = '$site'");
    return $store->value($store->site($site),
        "SELECT count(*) FROM events WHERE site = $id");
}

# Rows of a day and more ago, so that nobody has to read them again.
sub _fill {
    my ($self) = @_;
    my $t = $self->{t};
    system($t->build . '/tests/bench/fill-spool', $t->path('spool'),
        'big.example', $self->{rows}, 30) == 0 or die "fill-spool failed\n";
    $t->until('all rows', sub {
        $self->_count('big.example') == $self->{rows};
    }, 30 + $self->{rows} / 10_000);
    $t->until('their visits are over', sub {
        !$self->{store}->sum('SELECT count(*) FROM sessions WHERE open = 1');
    }, 30 + $self->{rows} / 10_000);
}

sub _add_sites {
    my ($self) = @_;
    my $file = $self->{t}->path('sites.sql');
    my $kinds = join ', ', map { "('$_')" } kinds();
    Glinto::Test::spew($file, <<"EOF");
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
WHERE i < $NEW_SITES - 1), kinds (kind) AS (VALUES $kinds)
INSERT INTO sites (domain, account, timezone, public, refresh_window, optout,
hosts, created) SELECT 's' || i || '.' || kind || '.example', accounts.id,
'UTC', 1, 0, 0, '', 0 FROM kinds, n, accounts WHERE name = 'third';
EOF
    system("sqlite3 '@{[$self->{store}->meta]}' <'$file'") == 0
        or die "sqlite3 failed\n";
}

# ---- who looks ----

sub _note {
    my ($self, $what, $kind, @ms) = @_;
    @ms = sort { $a <=> $b } @ms or die "$what: no $kind\n";
    push @{$self->{figures}}, {what => $what, kind => $kind, n => scalar @ms,
        p50 => $ms[$#ms * 0.5], p99 => $ms[$#ms * 0.99],
        p999 => $ms[$#ms * 0.999]};
}

sub _load {
    my ($self, %more) = @_;
    return Glinto::Load->start($self->{t}, port => $self->{nginx}->port,
        requests => 10_000_000, seconds => 1000, connections => 16, %more);
}

sub _loads {
    my ($self, $what) = @_;
    return (
        page => $self->_load(rate => $RATE, path => '/glinto/steady.example',
            site => 'steady.example'),
        first => $self->_load(rate => $RATE / 4, path => '/glinto/',
            site => "$what.example", sites => $NEW_SITES,
            visitors => $NEW_SITES),
        file => $self->_load(rate => $RATE, path => '/page.html'),
        event => $self->_load(rate => 100, site => 'steady.example'));
}

sub _told {
    my ($self, $what, %loads) = @_;
    $_->stop for values %loads;
    for my $kind (sort keys %loads) {
        my $sum = $loads{$kind}->wait;
        die "$what: $kind: $sum->{unavailable} 503, $sum->{other} other\n"
            if $sum->{unavailable} + $sum->{other};
        push @{$self->{figures}}, {what => $what, kind => $kind,
            n => $sum->{ok}, map { $_ => $sum->{$_ . '_us'} / 1000 }
            qw(p50 p99 p999)};
    }
}

sub idle {
    my ($self, $seconds) = @_;
    my $until = Time::HiRes::time() + $seconds;
    my %load = (file => $self->_load(rate => $RATE, path => '/page.html'));
    $self->{t}->until('its end', sub { Time::HiRes::time() >= $until }, 60);
    $self->_told('idle', %load);
    $self->{idle_ms} = $self->{figures}[-1]{p99};
}

my %QUESTION = (
    map { my $path = $_; ($path => sub {
        $_[0]{agent}->admin('GET', "/v1/$path");
    }) } 'site/get?domain=big.example', 'live/get?site=steady.example',
    'account/list', 'token/list', 'status'
);

# While $BUSY->() is true.
sub _while {
    my ($self, $what, $busy) = @_;
    my %loads = $self->_loads($what);
    my (%took, $next);
    while ($busy->()) {
        for my $kind (sort keys %QUESTION) {
            my $began = Time::HiRes::time();
            my $answer = $QUESTION{$kind}->($self);
            die "$kind: $answer->{status}\n" if $answer->{status} != 200;
            push @{$took{$kind}}, 1000 * (Time::HiRes::time() - $began);
        }
        select undef, undef, undef, $EVERY_S;
    }
    $self->_told($what, %loads);
    $self->_note($what, $_, @{$took{$_}}) for sort keys %took;
    $self->{turn}{$what} = $self->longest_turn_ms;
}

# ---- work ----

sub _verb {
    my ($self, @verb) = @_;
    my $t = $self->{t};
    my $pid = $t->spawn('verb', $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), @verb);
    return sub { $t->alive($pid) };
}

sub import {
    my ($self) = @_;
    return if !ref $self; # use
    my $lines = $self->{t}->path('lines');
    open my $out, '>', $lines or die "$lines: $!\n";
    printf $out '{"kind":"pageview","visitor":"v%d","at":"%s","path":"/%d"}'
        . "\n", $_ / 7, POSIX::strftime('%FT%TZ',
        gmtime time - 86_400 - $_ % 7200), $_ % 50 for 1 .. $self->{rows};
    close $out or die "$lines: $!\n";
    my $before = $self->_count('big.example');
    $self->_while('import', $self->_verb('import', '--site', 'big.example',
        '--format', 'events', $lines));
    $self->{imported} = $self->_count('big.example') - $before;
    unlink $lines;
}

sub move {
    my ($self) = @_;
    my $file = $self->{store}->site('big.example');
    my $busy = $self->_verb('site', 'move', 'big.example', '--account',
        'other');
    # VACUUM ends later than the answer comes, or not.
    $self->_while('move', sub {
        $busy->() || $self->{store}->value($self->{store}->meta,
            'SELECT count(*) FROM remains');
    });
    $self->{moved} = $self->_count('big.example');
    $self->{left} = -s $file;
}

sub backup {
    my ($self) = @_;
    $self->_while('backup', $self->_verb('backup', $self->{t}->path('copy')));
}

# Late events of all days there are: each visitor's visits are made again.
sub refold {
    my ($self) = @_;
    my $store = $self->{store};
    my $before = $self->_count('big.example');
    my $since = 1000 * (time - 86_400);
    my $segment = Glinto::Segment->create($self->{t}->path('spool'),
        wall_ms => $since - 7_200_000);
    $segment->event(site => 'big.example', visitor => 1 + $_ % $LATE,
        path => '/late', at_ms => $since - 36_000 * ($_ % $LATE) - $_)
        for 1 .. 10 * $LATE;
    $segment->close;
    my $file = $store->site('big.example');
    my $begun = 0;
    $self->_while('refold', sub {
        $begun ||= $self->_count('big.example') > $before;
        !$begun || $store->value($file, 'SELECT (SELECT count(*) FROM
            late_visitors) + (SELECT count(*) FROM dirty_days)');
    });
}

# ---- figures ----

sub page_max_ms {
    my ($self) = @_;
    my $max = $RATIO * $self->{idle_ms};
    return $max > $PAGE_MS ? $max : $PAGE_MS;
}

sub figures { @{$_[0]{figures}} }

# The longest turn until the end of each kind of work.
sub turns {
    my ($self) = @_;
    return join ', ', map { "$_ $self->{turn}{$_}" } kinds();
}

sub longest_turn_ms {
    $_[0]{agent}->json('status')->{ingest}{longest_turn_ms}
}

1;
