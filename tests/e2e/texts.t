# Promise: a text of an event is kept the same by every door (pixel, JSON,
# form, import): control characters and bytes that are no UTF-8 go nowhere, a
# limit is of characters as they are kept, and no text is cut, so that two that
# differ never become one.  What is too long is refused with a sentence, by an
# import with its line; but of a title or a campaign, which a visitor's address
# may bring, a worker says that it was too long, and the view counts.
#
# Slow: over a hundred imports, each one is a process.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Store;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site('f.test');
my $nginx = $t->nginx(server => 'location = /e { glinto_collect; }
    location = /g.gif { glinto_pixel; }');
my $store = Glinto::Store->new($t->path('data'));
my $file = $store->site('f.test');
my $utf8 = JSON::PP->new->utf8->canonical;
my $n = 0;

# ---- the doors: each gets texts as characters, returns status and sentence --

sub escaped { my ($text) = @_; utf8::encode($text); return coded($text) }
# A long text with its letters as they are: nginx takes a line of 8 KiB.
sub coded {
    my ($text) = @_;
    my $plain = length $text > 200 ? 'A-Za-z0-9\x80-\xff' : 'A-Za-z0-9';
    return $text =~ s/([^$plain])/sprintf '%%%02X', ord $1/ger;
}

# Host, path and campaign as an address.
sub address {
    my ($event) = @_;
    my $path = $event->{path} =~ s{([^/A-Za-z0-9]+)}{escaped($1)}ger;
    my $query = defined $event->{campaign}
        ? '?utm_source=s&utm_campaign=' . escaped($event->{campaign}) : '';
    return "https://f.test$path$query";
}

sub pixel {
    my ($event) = @_;
    my $r = $nginx->get('/g.gif?d=f.test&u=' . coded(address($event))
        . join '', map { defined $event->{$_->[0]}
            ? "&$_->[1]=" . escaped($event->{$_->[0]}) : () }
        ['title', 't'], ['referrer', 'r']);
    return ($r->{status} == 200, $r->{body});
}

sub json {
    my ($event) = @_;
    my %body = (n => $event->{name} // 'pageview', d => 'f.test',
        u => address($event));
    utf8::decode($body{u});
    $body{r} = $event->{referrer} if defined $event->{referrer};
    $body{p} = {$event->{key} => $event->{value}} if defined $event->{key};
    my $r = $nginx->post('/e', $utf8->encode(\%body));
    return ($r->{status} == 202, $r->{body});
}

sub form {
    my ($event) = @_;
    my $r = $nginx->post('/e', join('&', 'd=f.test',
        'n=' . escaped($event->{name} // 'pageview'),
        'u=' . coded(address($event)),
        (defined $event->{referrer} ? 'r=' . escaped($event->{referrer}) : ()),
        (defined $event->{key} ? 'p[' . escaped($event->{key}) . ']='
                . escaped($event->{value}) : ())),
        'Content-Type' => 'application/x-www-form-urlencoded');
    return ($r->{status} == 202, $r->{body});
}

sub import_line {
    my ($event) = @_;
    my %line = (visitor => 'v', kind => $event->{name} ? 'event' : 'pageview',
        path => $event->{path} =~ s/%/%25/gr);
    $line{$_->[1]} = $event->{$_->[0]} for grep { defined $event->{$_->[0]} }
        ['name', 'name'], ['title', 'title'], ['referrer', 'referrer'],
        ['campaign', 'utm_campaign'];
    $line{utm_source} = 's' if defined $event->{campaign};
    $line{props} = {$event->{key} => $event->{value}} if defined $event->{key};
    my $lines = $t->path('lines-' . ++$n);
    spew($lines, $utf8->encode(\%line) . "\n");
    my ($status, $out, $err) = $agent->glinto('import', '--site', 'f.test',
        '--format', 'events', $lines);
    return ($status == 0, $err);
}

my %doors = (pixel => \&pixel, json => \&json, form => \&form,
    import => \&import_line);

# ---- what is stored of the newest row ----

sub rows { return $store->value($file, 'SELECT count(*) FROM events') }

sub newest {
    my ($row) = $store->rows($file, q{SELECT paths.text AS path,
        titles.text AS title, names.text AS name, referrer, utm_campaign AS
        campaign, key, value FROM (SELECT max(id) AS id FROM events) AS newest
        JOIN events ON events.id = newest.id
        JOIN paths ON paths.code = events.path
        LEFT JOIN titles ON titles.code = title
        LEFT JOIN names ON names.code = name
        LEFT JOIN (SELECT code, referrer AS text, utm_campaign FROM referrers)
            AS r ON r.code = events.referrer
        LEFT JOIN event_props AS p ON p.id = events.id}
        =~ s/referrer, utm/r.text AS referrer, utm/r);
    utf8::decode($_) for grep { defined } values %$row;
    return $row;
}

sub shown { return substr($_[0], 0, 20) =~ s/[^ -~]/?/gr }

# MEMBER of an event with TEXT at each of its doors: WANT is kept.
sub kept {
    my ($doors, $member, $text, $want, $fact) = @_;
    for my $door (@$doors) {
        my $before = rows();
        my %event = (path => '/p', $member eq 'value' ? (key => 'k') : (),
            $member eq 'key' ? (value => 'v') : (), $member => $text);
        my ($taken, $said) = $doors{$door}->(\%event);
        ok($taken, "$door: $fact, taken") or diag($said);
        $t->until('its row', sub { rows() > $before });
        is(newest()->{$member}, $want, "$door: $fact, as it is kept");
    }
}

# The same, but it is refused with WORDS.
sub refused {
    my ($doors, $member, $text, $words, $fact) = @_;
    for my $door (@$doors) {
        my %event = (path => '/p', $member eq 'value' ? (key => 'k') : (),
            $member eq 'key' ? (value => 'v') : (), $member => $text);
        my ($taken, $said) = $doors{$door}->(\%event);
        ok(!$taken, "$door: $fact, refused");
        like($said, $door eq 'import' ? qr/line 1: .*$words/
            : qr/^\{"errors":\{"\w+":\[".*$words/, 'with a sentence');
    }
}

# [member, before it, its doors, characters, which of them say "(too long)"]
my @all = qw(pixel json form import);
for (
    ['path', '/', \@all, 2000, []],
    ['campaign', '', \@all, 255, [qw(pixel json form)]],
    ['title', '', [qw(pixel import)], 1024, ['pixel']],
    ['name', '', [qw(json form import)], 120, []],
    ['key', '', [qw(json form import)], 300, []],
    ['value', '', [qw(json form import)], 2000, []],
    )
{
    my ($member, $head, $doors, $longest, $long) = @$_;
    for (
        ["a\e[31mb", 'a%1B[31mb'],
        ["a\tb\n\x{85}c", 'a b  c'],
        ["a\x{1}\x{7f}\x{9b}b", 'a%01%7F%C2%9Bb'],
        ["a\x{a0}\x{416}\x{1f35e}\x{ad}b", "a\x{a0}\x{416}\x{1f35e}\x{ad}b"],
        )
    {
        my ($text, $want) = @$_;
        kept($doors, $member, $head . $text, $head . $want,
            "$member " . shown($text));
    }
    my $most = $head . "\x{436}" x ($longest - 1 - length $head);
    kept($doors, $member, $most . $_, $most . $_, "$member of $longest, $_")
        for 'A', 'B';
    for my $end ('AB', 'AC', "\e") {
        my %tell = map { $_ => 1 } @$long;
        my @refuse = grep { !$tell{$_} } @$doors;
        refused(\@refuse, $member, $most . $end, "over $longest char",
            "a longer $member") if $member !~ /key|value/;
        refused(\@refuse, $member, $most . $end,
            'over 300 characters or a value of over 2000', "a longer $member")
            if $member =~ /key|value/;
        kept($long, $member, $most . $end, '(too long)', "a longer $member");
    }
}

# A referrer is kept as host and path in ASCII; no room for its path, no path.
for my $path ("/a\eb", "/a\x{9b}", "/a\x{436}", '/' . 'a' x 1900 . 'A') {
    (my $want = escaped($path)) =~ s/%2F/\//g;
    kept(\@all, 'referrer', "https://r.test$path", "r.test$want",
        'referrer ' . shown($path));
}
kept(\@all, 'referrer', 'https://r.test/' . "\x{436}" x 700 . $_, 'r.test',
    'a longer referrer') for 'A', 'B';

# ---- what is no UTF-8 ----

for (['path', '/a%E9', 'u=https://f.test/a%25E9'],
    ['title', "%FFt", 't=%FFt'], ['campaign', '%C3',
        'u=https://f.test/a?utm_campaign=%25C3'],
    ['referrer', 'r.test/%E9', 'r=https://r.test/%E9'])
{
    my ($member, $want, $args) = @$_;
    my $before = rows();
    is($nginx->get("/g.gif?d=f.test&$args")->{status}, 200, $args);
    $t->until('its row', sub { rows() > $before });
    is(newest()->{$member}, $want, "pixel: no UTF-8 in $member");
}
spew($t->path('latin1'), qq({"kind":"pageview","visitor":"v","title":"\xe9"}));
my ($status, undef, $err) = $agent->glinto('import', '--site', 'f.test',
    '--format', 'events', $t->path('latin1'));
isnt($status, 0, 'import: what is no UTF-8 is refused');
like($err, qr/line 1: /, 'with its line');

# ---- JSON as scripts write it ----

for my $text (['Big news \ud83d', "Big news \x{fffd}"], ['a\u0000b', 'ab']) {
    my ($sent, $want) = @$text;
    for my $door ('json', 'import') {
        my $before = rows();
        my $lines = $t->path('lines-' . ++$n);
        spew($lines, qq(\xef\xbb\xbf{"kind":"event","visitor":"v","name":"n",)
            . qq("props":{"k":"$sent"}}));
        my $r = $door eq 'json' ? $nginx->post('/e', qq(\xef\xbb\xbf{"n":"n",)
                . qq("d":"f.test","u":"/","p":{"k":"$sent"}}))->{status} == 202
            : ($agent->glinto('import', '--site', 'f.test', '--format',
                'events', $lines))[0] == 0;
        ok($r, "$door: $sent is taken");
        $t->until('its row', sub { rows() > $before });
        is(newest()->{value}, $want, "$door: as it is meant");
    }
}

# ---- nowhere in the file ----

my @columns = map { my $table = $_->{name}; map { [$table, $_->{name}] }
    grep { $_->{type} eq 'TEXT' }
    $store->rows($file, "SELECT name, type FROM pragma_table_info('$table')") }
    $store->rows($file, q{SELECT name FROM sqlite_schema WHERE type = 'table'});
cmp_ok(scalar @columns, '>', 20, 'columns of texts');
for (@columns) {
    my ($table, $column) = @$_;
    my @odd = grep { my $text = $_; !utf8::decode($text) || $text =~ /\p{Cc}/ }
        map { $_->{text} } $store->rows($file,
            "SELECT $column AS text FROM $table WHERE $column IS NOT NULL");
    is(scalar @odd, 0, "$table.$column: no control character") or diag(@odd);
}

$t->done;
