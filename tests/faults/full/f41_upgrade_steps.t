# Promise: a glintod that finds files of any older version, an account's with
# 1,000,000 rows (by night 10,000,000) and meta.db, brings them to its own:
# every question has the answer it had, events that come meanwhile are counted
# once each, and nothing of it is a fault to "glinto check".  A file of a newer
# version is left as it is, byte for byte, and the log says so in a sentence.
#
# Group: C

# Method: Glinto::Older takes back one migration after the other; each version
# is a copy of its own.  Events come through nginx from before the start until
# after it.

use strict;
use warnings;
use DBI;
use Digest::SHA ();
use FindBin;
use lib "$FindBin::Bin/../../lib";
use Glinto::Faults;
use Glinto::Load;
use Glinto::Older;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();
use Time::HiRes ();

my $DAYS = 30;
my $RATE = 200;
my $rows = trials(small => 20_000, faults => 1_000_000, nightly => 10_000_000);
my $t = Glinto::Test->new(limit_s => 600 + $rows / 2500);
my $began = Time::HiRes::time();
my $SETTLES_S = 120 + $rows / 20_000;
my $world = Glinto::World->new($t, conf => 'paths_per_day 100000000',
    command_s => $SETTLES_S,
    sites => [['big', 'old', '--timezone', 'UTC', '--public']]);
my ($agent, $store) = ($world->agent, $world->store);
$world->site('steady', 'old');
my ($file, $meta) = ($world->file('big'), $store->meta);
my $nginx = $t->nginx(server => 'location = /g.gif { glinto_pixel; }');
$nginx->stop;
my $violations = 0;
sub violated { $violations++ if !$_[0] }

# ---- what there is ----

my @props = map { {kind => 'event', name => 'Signup', visitor => "v$_",
    at => POSIX::strftime('%FT%TZ', gmtime(86400 * int(time / 86400 - 3)
    + 40 * $_)), path => '/signup', props => {plan => 'p' . $_ % 7,
    "key \"$_\"" => 'x'}} } 1 .. 1000;
my ($imported, undef, $why) = $agent->import_lines('big.example', @props);
is($imported, 0, 'events that have properties') or diag($why);
system($t->build . '/tests/bench/fill-days', $t->path('spool'), 'big.example',
    $rows, $DAYS) == 0 or die "fill-days failed\n";
sub top { $store->value($file, 'SELECT max(id) FROM events') }
$t->until('all rows', sub { top() >= $rows - 5 + @props },
    60 + $rows / 10_000);
my $filled = top();
sub come { # rows of events since then
    $store->value($file, 'SELECT count(*) FROM events WHERE id > ?', $filled);
}
sub settled {
    return !$store->value($file, 'SELECT (SELECT count(*) FROM dirty_days)
        + (SELECT count(*) FROM late_visitors)');
}
$t->until('all days are sealed', sub {
    settled() && $store->value($file, 'SELECT count(*) FROM sealed_days')
        >= $DAYS - 1;
}, $SETTLES_S);

# ---- what is asked ----

my $last = POSIX::strftime('%F', gmtime(time - 86400));
my $first = POSIX::strftime('%F', gmtime(time - 86400 * ($DAYS + 1)));
my @all = qw(visitors visits pageviews events bounce_rate visit_duration);
my @QUESTIONS = ([[@all], []], [[@all], ['time:day']],
    [[@all[0, 2]], ['event:page']], [[@all[0 .. 2]], ['visit:source']],
    [[@all[0, 1]], ['visit:country', 'visit:browser']],
    [['visitors', 'events'], ['event:name']],
    [['visitors', 'events'], ['event:props:plan']]);
my $json = JSON::PP->new->canonical->utf8;
sub answers {
    my @answers;
    for my $question (@QUESTIONS) {
        my ($metrics, $dimensions) = @$question;
        my ($status, $answer);
        $t->until('an answer', sub { # a big one goes on from where it was
            ($status, $answer) = $agent->query({site_id => 'big.example',
                date_range => [$first, $last], metrics => $metrics,
                dimensions => $dimensions});
            return $status == 200;
        }, $SETTLES_S);
        push @answers, $json->encode($answer->{results});
    }
    return @answers;
}
my @before = answers();
$agent->stop;
diag(sprintf '%d rows, %.0f MB, after %.0f s', $filled, (-s $file) / 1e6,
    Time::HiRes::time() - $began);

# ---- one version after the other ----

sub copy {
    my ($from, $to) = @_;
    system('cp', '--reflink=auto', $from, $to) == 0 or die "cp: $?\n";
}
sub version { $store->value($_[0], 'PRAGMA user_version') }
my @newest = (version($file), version($meta));
my ($old, $old_meta) = map { $t->path("old-$_.db") } qw(account meta);

# The files are in their places; events come while glintod starts on them.
sub upgraded {
    my ($what, $checked) = @_;
    my $had = come();
    $nginx->start;
    my $load = Glinto::Load->start($t, port => $nginx->port, rate => $RATE,
        requests => 1_000_000, seconds => 600, visitors => 100,
        site => 'steady.example', connections => 8);
    my $from = Time::HiRes::time();
    $agent->start;
    violated($t->soon("$what: brought to the newest", sub {
        join(' ', version($file), version($meta)) eq "@newest";
    }, $SETTLES_S));
    my $took = Time::HiRes::time() - $from;
    violated($t->soon("$what: no day is to be made again", \&settled, $SETTLES_S));
    my @after = answers();
    my @other = grep { $before[$_] ne $after[$_] } 0 .. $#before;
    violated(is("@other", '', "$what: each question has its answer"));
    diag("$before[$_]\n$after[$_]") for map { $_ // () } $other[0];
    $load->stop;
    my $sum = $load->wait;
    is($sum->{unavailable} + $sum->{other}, 0, "$what: events go on");
    violated($t->soon("$what: and are counted, once each", sub {
        my $more = come() - $had; # one may be under way at the end
        $more >= $sum->{ok} && $more <= $sum->{ok} + $sum->{unknown};
    }, 30));
    # The next file knows nothing of what these segments hold.
    $nginx->stop;
    $world->empty("$what: the spool is empty");
    if ($checked) {
        my ($status, $said) = $agent->glinto('check', 'data');
        violated(is($status, 0, "$what: no fault") || !diag($said));
    }
    $agent->stop;
    diag(sprintf '%s: ready after %.1f s, p99 of %d replies %.1f ms', $what,
        $took, $sum->{ok}, $sum->{p99_us} / 1000);
}

copy($file, $old);
copy($meta, $old_meta);
for my $n (reverse Glinto::Older->steps($t, 'account')) {
    Glinto::Older->back($t, 'account', $old, $n);
    copy($old, $file);
    upgraded('an account of version ' . ($n - 1), $n == 2);
}
for my $n (reverse Glinto::Older->steps($t, 'meta')) {
    Glinto::Older->back($t, 'meta', $old_meta, $n);
    copy($old_meta, $meta);
    upgraded('meta.db of version ' . ($n - 1), 0);
}

# ---- the way back ----

sub digest { Digest::SHA->new(256)->addfile($_[0])->hexdigest }
sub newer { # as a newer glintod would have left it
    my ($path) = @_;
    my $db = DBI->connect("dbi:SQLite:dbname=$path", '', '', {RaiseError => 1});
    $db->do('PRAGMA user_version = 99');
    $db->disconnect;
    return digest($path);
}
my $bytes = newer($file);
$agent->start;
$t->soon('a downgrade is refused, in a sentence', sub {
    $agent->log =~ /the account file has version 99, made by a newer (?#
        )glintod; this one knows versions up to $newest[0]\b/;
});
violated(ok(digest($file) eq $bytes, 'and the file stays as it is'));
$agent->stop;
my $whole = newer($meta);
my $pid = $agent->launch;
$t->soon('so is one of meta.db', sub {
    $agent->log =~ /the meta file has version 99, made by a newer glintod/;
});
violated(ok(digest($meta) eq $whole, 'which stays as it is, too'));
$agent->kill9;

diag(sprintf 'F41 %d %d %.1f -', $rows, $violations,
    Time::HiRes::time() - $began);
$t->done;
