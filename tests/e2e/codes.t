# Promise: countries, regions, languages and currencies are stored in their one
# spelling or not at all, live (nginx variables, headers, bodies) as by import,
# where what is none is an error with its line; no control byte and nothing
# that is not UTF-8 is stored with them; names of events that differ stay
# different, up to their 120 characters.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Store;
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
$agent->site('f.test');
my $nginx = $t->nginx(server => 'location = /e { glinto_collect;
    glinto_country $http_x_country; glinto_region $http_x_region;
    glinto_city $http_x_city; }');
my $store = Glinto::Store->new($t->path('data'));
my $file = $store->site('f.test');
my $n = 0;

# What is stored of the event at PATH: country, region, city, language, amount,
# currency, name.
sub stored {
    my ($path) = @_;
    my ($row) = $store->rows($file, q{SELECT country, region, city,
        languages.text AS language, amount, currency, names.text AS name
        FROM events JOIN paths ON paths.code = path
        LEFT JOIN places ON places.code = place
        LEFT JOIN languages ON languages.code = language
        LEFT JOIN names ON names.code = name WHERE paths.text = ?}, $path);
    return $row && {map { ($_ => $row->{$_}) }
        grep { ($row->{$_} // '') ne '' } keys %$row};
}

sub live {
    my ($headers, $more) = @_;
    my $path = '/' . ++$n;
    my $r = $nginx->post('/e', qq({"n":"Order","d":"f.test",)
        . qq("u":"https://f.test$path") . ($more // '') . '}',
        'Accept-Language' => '*', %$headers);
    is($r->{status}, 202, 'an event is taken') if $r->{status} != 202;
    $t->until("the event at $path", sub { stored($path) });
    my $row = stored($path);
    delete $row->{name} if $row->{name} eq 'Order';
    return $row;
}

sub import_line {
    my ($more) = @_;
    my $path = '/import' . ++$n;
    spew($t->path("lines-$n"), qq({"kind":"event","name":"Order",)
        . qq("visitor":"v","path":"$path",$more}\n));
    my ($status, $out, $err) = $agent->glinto('import', '--site', 'f.test',
        '--format', 'events', $t->path("lines-$n"));
    return $err if $status;
    my $row = stored($path);
    delete $row->{name} if $row->{name} eq 'Order';
    return $row;
}

# ---- places: [headers, what is stored] ----

for (
    [[AT => '9', 'Wien'], [AT => 'AT-9', 'Wien']],
    [[at => 'at-9', "S\xc3\xa3o"], [AT => 'AT-9', "S\xc3\xa3o"]],
    [['US', 'CA', ''], ['US', 'US-CA', '']],
    [['XK', '', ''], ['XK', '', '']],
    [['AUT', '', ''], ['', '', '']],
    [['Germany', '', ''], ['', '', '']],
    [['XX', '', ''], ['', '', '']],
    [['T1', '', ''], ['', '', '']],
    [['<s', '', ''], ['', '', '']],
    [['US', 'California', ''], ['US', '', '']],
    [['US', 'ZZ', ''], ['US', '', '']],
    [['AT', 'US-CA', ''], ['AT', '', '']],
    [['AT', "\x1b[", "a\x1b[31mb"], ['AT', '', '']],
    [["\xe4t", '', "S\xe3o"], ['', '', '']],
    [['AT', '', 'x' x 129], ['AT', '', '']],
    [['AT', '', 'x' x 128], ['AT', '', 'x' x 128]],
    )
{
    my ($sent, $want) = @$_;
    my %want;
    @want{qw(country region city)} = @$want;
    delete @want{grep { $want{$_} eq '' } keys %want};
    my $fact = join(' ', @$sent) =~ s/[^ -~]/?/gr =~ s/x{9,}/xxx.../r;
    is_deeply(live({'X-Country' => $sent->[0], 'X-Region' => $sent->[1],
        'X-City' => $sent->[2]}), \%want, "live: $fact");
    next if $fact =~ /\?/; # what no JSON can say
    my $line = join ',', map { my ($key, $value) = @$_; qq("$key":"$value") }
        ['country', $sent->[0]], ['region', $sent->[1]], ['city', $sent->[2]];
    my $row = import_line($line);
    my $lost = grep { ($sent->[$_] eq '') != ($want->[$_] eq '') } 0 .. 2;
    if ($lost || $sent->[1] =~ /^..?$/) { # a part alone: the line says all
        like($row, qr/line 1: "(?:country|region|city)" \w+/, "import: $fact");
    } else {
        is_deeply($row, \%want, "import: $fact");
    }
}

# ---- languages ----

for (['en-us', 'en-US'], ['EN-US', 'en-US'], ['zh-hant-tw', 'zh-Hant-TW'],
    ['d', undef], ['<b>', undef], ['x' x 99, undef])
{
    my ($sent, $want) = @$_;
    my $row = live({'Accept-Language' => "$sent,de;q=0.5"});
    is($row->{language}, $want, "live: language $sent");
    $row = import_line(qq("language":"$sent"));
    if (defined $want) {
        is($row->{language}, $want, "import: language $sent");
    } else {
        like($row, qr/line 1: "language" must be/, "import: language $sent");
    }
}
is(live({'Accept-Language' => $_})->{language}, undef, 'live: bytes of none')
    for "d\xe9-AT", "\x1b[31m";

# ---- revenue ----

for (['EUR', 'EUR'], ['eur', 'EUR'], ['ABC', undef], ['Euro', undef],
    ['E1R', undef])
{
    my ($sent, $want) = @$_;
    my $money = qq({"amount":"12.50","currency":"$sent"});
    my %want = defined $want ? (amount => '12.50', currency => $want) : ();
    is_deeply(live({}, qq(,"\$":$money)), \%want, "live: revenue in $sent");
    my $row = import_line(qq("revenue":$money));
    if (defined $want) {
        is_deeply($row, \%want, "import: revenue in $sent");
    } else {
        like($row, qr/line 1: "revenue" /, "import: revenue in $sent");
    }
}

# ---- names ----

for my $name (map { "\xd0\xb6" x 119 . $_ } 'A', 'B') {
    is(live({}, qq(,"n":"$name"))->{name}, $name, 'live: a long name, whole');
}
is($nginx->post('/e', qq({"n":"@{["\xd0\xb6" x 121]}","d":"f.test",)
    . '"u":"https://f.test/x"}')->{status}, 400, 'live: one too long');

$t->done;
