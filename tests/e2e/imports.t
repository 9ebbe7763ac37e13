# Promise: imported and live events agree: the same visitor text in two files
# of a site is one person, events of now are among the visitors now, and a file
# that was imported before is told so in one sentence, which is true.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use JSON::PP ();
use POSIX ();

my $t = Glinto::Test->new;
my @where = ('--public', '--timezone', $t->forenoon);
my $world = Glinto::World->new($t,
    sites => [map { [$_, undef, @where] } 'a', 'b']);
my $agent = $world->agent;

sub file { # NAME with LINES of [VISITOR, PATH, TIME]
    my ($name, @lines) = @_;
    my $path = $t->path($name);
    open my $out, '>', $path or die "$path: $!\n";
    print {$out} JSON::PP::encode_json({kind => 'pageview', visitor => $_->[0],
        path => $_->[1], $_->[2] ? (at => $_->[2]) : ()}), "\n" for @lines;
    close $out;
    return $path;
}

sub import_into { # SITE, FILE: exit status, stdout, stderr
    my ($site, $file) = @_;
    return $agent->glinto('import', '--site', "$site.example", '--format',
        'events', $file);
}

sub visitors { # distinct ids of rows with this PATH's beginning
    my ($site, $path) = @_;
    return $world->store->value($world->file($site), 'SELECT
        count(DISTINCT visitor) FROM events WHERE site = (SELECT site FROM
        events JOIN paths p ON p.code = events.path WHERE p.text = ? LIMIT 1)',
        $path);
}

sub live { $agent->live("$_[0].example") }

# ---- one text, two files ----

my @first = (['anna', '/one', '2026-05-04T10:00:00Z'],
    ['bert', '/one', '2026-05-04T11:00:00Z']);
my @second = (['anna', '/two', '2026-05-04T15:00:00Z'],
    ['carl', '/two', '2026-05-04T16:00:00Z']);
my ($first, $second) = (file('first.jsonl', @first), file('second.jsonl', @second));
import_into(a => $_) for $first, $second;
is(visitors('a', '/one'), 3, 'anna of two files is one person');
import_into(b => file('other.jsonl', ['anna', '/b', '2026-05-04T10:00:00Z']));
is(visitors('b', '/b'), 1, 'another site has its own');
my ($a, $b) = map { my $path = $_; $world->store->value($world->file('a'),
    'SELECT visitor FROM events JOIN paths p ON p.code = events.path
     WHERE p.text = ? ORDER BY at LIMIT 1', $path) } '/one', '/b';
isnt($a, $b, 'and cannot be joined with it');

# ---- said once ----

my (undef, $said, $note) = import_into(a => $first);
is($note, '', 'a file that came before: nothing on the other side');
like($said, qr/\A\S+ was imported into a\.example before, (?#
    )with 2 lines: nothing was added\n\z/, 'one sentence');
unlike($said, qr/lines.*imported into/, 'which tells of no import');
is($world->rows('a'), 5, 'and it is so');
is_deeply($agent->json('import', '--site', 'a.example', '--format', 'events',
    $first), {lines => 2, before => JSON::PP::true()}, 'to programs, too');

# ---- now ----

is(live('a')->{visitors}, 0, 'nobody now');
import_into(a => file('now.jsonl', ['dora', '/now'], ['emil', '/now'],
    ['dora', '/then']));
my $live = live('a');
is($live->{visitors}, 2, 'events of now are visitors now');
is($live->{today}{pageviews}, 3, 'and pageviews of today');
is($live->{today}{visitors}, 2, 'by two people');
my $five_before = POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time - 400));
import_into(a => file('past.jsonl', ['fred', '/past', $five_before]));
is(live('a')->{visitors}, 2, 'who was here seven minutes ago is not');

# ---- the lists of other products, too ----

for my $of (['umami', 'umami-csv', 'website_event.csv',
        'session_id,hostname,url_path,event_type,created_at',
        sub { "anna,umami.example,$_[0],1,$_[1]" }],
    ['goat', 'goatcounter-csv', 'goat.csv',
        '2Path,Title,Event,Session,Bot,Date',
        sub { "$_[0],T,false,anna,0,$_[1]" }])
{
    my ($site, $format, $name, $head, $row) = @$of;
    $world->site($site, undef, @where);
    my $at = POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time - 20));
    my @said = map { my $page = $_;
        spew($t->path($name), "$head\n" . $row->($page, $at) . "\n");
        ($agent->glinto('import', '--site', "$site.example", '--format',
            $format, $t->path($name)))[1] } '/', '/b', '/b';
    is(live($site)->{visitors}, 1, "$format: one person, who is here now");
    is(live($site)->{today}{pageviews}, 2, 'with the views of both files');
    like($said[2], qr/^\S+ was imported into \S+ before.*nothing was added$/,
        'and one sentence about the third');
}

$t->done;
