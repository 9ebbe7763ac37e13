# Promise: the threads that read a big day after a start and the rows of a late
# visitor share nothing with the writer without a lock: ThreadSanitizer reports
# nothing while glintod is killed and stopped over them, pages are asked for
# and the site is set.  And the numbers are those of the rows.

# Group: C

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::BigDay;
use Glinto::Faults;
use Glinto::Segment;
use Glinto::Test;
use Time::HiRes ();

my $HOUR_MS = 3_600_000;
my $ROWS = 30_000; # in a thread: more than 2,000
my @ALL = qw(pageviews visitors visits);

my $lives = trials(small => 4, faults => 20, nightly => 400);
my $seed = seed();
my $t = Glinto::Test->new(variant => 'tsan', limit_s => 120 + 10 * $lives);
plan skip_all => 'another sanitizer has the build' if $t->san || $t->valgrind;
my $agent = $t->aggregator(
    env => {TSAN_OPTIONS => $t->tsan('glintod')});
my $day = Glinto::BigDay->new($t, $agent, $ROWS);
my $began = Time::HiRes::time();
my ($sent, $violations) = (0, 0);

sub now_ms { int(1000 * Time::HiRes::time()) }

# Of one visitor; the newer page first, so that the visitor is late.
sub late_pages {
    my ($visitor) = @_;
    my $now = now_ms();
    for my $at_ms ($now, $now - 2) {
        my $segment = Glinto::Segment->create($t->path('spool'),
            wall_ms => $day->start_ms);
        $segment->event(site => 'big.example', visitor => $visitor,
            at_ms => $at_ms, path => "/$at_ms");
        $segment->close;
        $sent++;
    }
}

sub is_told {
    my $live = $day->live;
    return defined $live->{today}{visits}
        && !grep { $_->{kind} eq 'counting' } @{$live->{conditions}};
}

my @acts = (
    sub { $agent->dashboard('GET', '/glinto/big.example') },
    sub { $agent->glinto('site', 'set', 'big.example', 'public', 'yes') },
    sub { $agent->glinto('status') },
    sub { $day->live },
);

$agent->stop;
my $now = now_ms();
$day->fill(until_ms => $now, open_ms => $now - $HOUR_MS);
for my $n (1 .. $lives) {
    late_pages(2 * $n) if $n % 2;
    $agent->start;
    late_pages(2 * $n + 1);
    if ($n % 3) { # in the middle
        my $end = Time::HiRes::time() + rand 0.5;
        $t->until('the end of a life', sub {
            $acts[rand @acts]->();
            return Time::HiRes::time() >= $end;
        }, 30);
        $n % 2 ? $agent->kill9 : $agent->stop;
        next;
    }
    $day->rows_are($sent);
    $t->until('live numbers', \&is_told, 60);
    $agent->ahead(50); # late visitors are due
    $t->until('nobody is late', sub {
        $acts[rand @acts]->();
        !$day->store->value($day->file, 'SELECT count(*) FROM late_visitors');
    }, 60);
    $t->until('live numbers', \&is_told, 60); # it was set meanwhile
    my ($told, $stored) = ($day->told(@ALL), $day->stored(@ALL));
    is($told, $stored, "life $n: the rows' numbers");
    $violations += $told ne $stored;
    $agent->stop;
}
diag(sprintf 'F33 %d %d %.1f %d', $lives, $violations,
    Time::HiRes::time() - $began, $seed);
$t->done;
