package Glinto::BigDay;

# A day of very many rows of one site, put into its file while glintod is
# stopped, and whether others notice what is done with it.
#
#   my $day = Glinto::BigDay->new($t, $agent, $rows);
#       makes big.example, in an account of its own, and other.example
#   $day->fill(until_ms => T, open_ms => T2);
#       visitors of five pageviews each from UTC midnight to T; visits seen
#       since T2 are open
#   $day->rows_are($n);          # waits until the big site has N more
#   $day->told(qw(pageviews visitors visits));   # of today, by glintod
#   $day->stored(...);           # the same, by the file
#   my ($ms, @pages) = $day->watch($nginx_port, $is_over);
#       sends a row of the other account every 20 ms: how late the latest is,
#       and how long a page of nginx took meanwhile, ms

use strict;
use warnings;
use DBI;
use DBD::SQLite::Constants ':file_open';
use Glinto::Http;
use Glinto::Store;
use JSON::PP ();
use List::Util qw(max);
use Time::HiRes ();

my $DAY_MS = 86_400_000;
my $EVERY_S = 0.02;

sub new {
    my ($class, $t, $agent, $rows) = @_;
    $agent->site('big.example', '--public');
    $agent->glinto('account', 'add', 'other');
    $agent->site('other.example', '--public', '--account', 'other');
    my $store = Glinto::Store->new($t->path('data'));
    my ($big, $other) = map { $store->site("$_.example") } qw(big other);
    my $asked = DBI->connect("dbi:SQLite:dbname=$other", '', '', {
        RaiseError => 1, PrintError => 0,
        sqlite_open_flags => SQLITE_OPEN_READONLY});
    return bless {t => $t, agent => $agent, rows => $rows, store => $store,
        big => $big, asked => $asked,
        start_ms => $DAY_MS * int(Time::HiRes::time() / 86_400)}, $class;
}

sub store { return $_[0]{store} }
sub file { return $_[0]{big} }
sub start_ms { return $_[0]{start_ms} }

sub fill {
    my ($self, %when) = @_;
    my $db = DBI->connect("dbi:SQLite:dbname=$self->{big}", '', '',
        {RaiseError => 1, PrintError => 0});
    my ($site) = $self->{store}->value($self->{store}->meta,
        "SELECT id FROM sites WHERE domain = 'big.example'");
    my $start_ms = $self->{start_ms};
    my $step = ($when{until_ms} - $start_ms) / $self->{rows};
    # What glintod writes afterwards must not wait for these pages.
    $db->do("PRAGMA $_") for 'synchronous = OFF', 'wal_autocheckpoint = 0';
    $db->do('BEGIN');
    $db->do("INSERT INTO $_ (text) VALUES ('$_')") for qw(hosts paths);
    $db->do('WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        WHERE i < cast(? AS INTEGER)) INSERT INTO events (id, site, at, kind,
        visitor, host, path, mark) SELECT i, ?, cast(? + i * ? AS INTEGER), 1,
        1000 + (i - 1) / 5, 1, 1, iif((i - 1) % 5, 1, NULL) FROM n', {},
        $self->{rows}, $site, $start_ms, $step);
    $db->do('INSERT INTO sessions SELECT min(id), site, visitor, NULL, NULL,
        min(at), NULL, NULL, NULL, NULL, NULL, max(at) >= cast(? AS INTEGER),
        max(at), max(at), count(*), count(*) - 1, 0, 0, 0, 1, 1, 1, 1
        FROM events GROUP BY visitor', {},
        $when{open_ms} // $when{until_ms} + 1);
    $db->do('INSERT INTO day_rows VALUES (?, ?, 1, ?, NULL, 1, 1)', {}, $site,
        $start_ms / $DAY_MS, $self->{rows});
    $db->do('COMMIT');
    $db->do("PRAGMA $_") for 'synchronous = FULL', 'wal_checkpoint(TRUNCATE)';
    return;
}

sub rows_are {
    my ($self, $n) = @_;
    $self->{t}->until("$n rows", sub {
        $self->{store}->value($self->{big}, 'SELECT max(id) FROM events')
            == $self->{rows} + $n;
    }, 120);
    return;
}

sub live {
    my ($self) = @_;
    my $reply = $self->{agent}->admin('POST', '/v1/live/get',
        '{"site":"big.example"}');
    return JSON::PP::decode_json($reply->{body});
}

sub told {
    my ($self, @what) = @_;
    return join ' ', @{$self->{agent}->live('big.example')->{today}}{@what};
}

sub stored {
    my ($self, @what) = @_;
    my %sql = (pageviews => 'SELECT count(*) FROM events',
        visitors => 'SELECT count(DISTINCT visitor) FROM events',
        visits => 'SELECT count(*) FROM sessions');
    return join ' ', map { $self->{store}->value($self->{big}, $sql{$_}) }
        @what;
}

sub page_ms {
    my ($port) = @_;
    my $began = Time::HiRes::time();
    http_get($port, '/page');
    return 1000 * (Time::HiRes::time() - $began);
}

sub watch {
    my ($self, $port, $is_over) = @_;
    my $asked = $self->{asked};
    my ($count) = $asked->selectrow_array('SELECT count(*) FROM events');
    my (@waiting, @pages, $over);
    my $latest_ms = my $next = 0;
    $self->{t}->until('what is watched is over', sub {
        my $now = Time::HiRes::time();
        if ($now >= $next && !$over) {
            $next = $now + $EVERY_S;
            http_get($port, '/g.gif?u=http%3A%2F%2Fother.example%2F');
            push @waiting, $now;
            push @pages, page_ms($port);
            $over = $is_over->();
        }
        my ($n) = $asked->selectrow_array('SELECT count(*) FROM events');
        $now = Time::HiRes::time();
        $latest_ms = max($latest_ms, 1000 * ($now - shift @waiting))
            while $count < $n && ++$count;
        return $over && !@waiting;
    }, 60 + $self->{rows} / 20_000);
    return ($latest_ms, @pages);
}

1;
