#!/usr/bin/perl

# Promise: whatever a Plausible tracker or a client of its event API sends is
# stored with the meaning it has there: content types, short and long names,
# several sites, properties, revenue, engagement, and every limit.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::Hits;

my $t = Glinto::Test->new;
my $nginx = $t->nginx(
    server => 'location = /api/event { glinto_collect plausible; }');
my $hits = Glinto::Hits->new($t, $nginx);

my %base = (n => 'pageview', u => 'https://a.example/p', d => 'a.example');
my %page = (site => 'a.example', kind => 1, host => 'a.example', path => '/p');
my %order = (%page, kind => 2, name => 'Order');
my %engagement = (%page, kind => 3);

my $many = {map { (sprintf('k%02d', $_) => $_) } 1 .. 31};
my $kept = {map { (sprintf('k%02d', $_) => "$_") } 1 .. 30};

# [fact, fields over %base (undef: left out), expected event]
my @accepted = (
    ['a page view', {}, {%page}],
    ['long names',
        {n => undef, u => undef, d => undef, name => 'Order',
            url => 'https://a.example/p', domain => 'a.example',
            referrer => 'https://r.example/', interactive => \0,
            props => {a => 'b'}, hashMode => 1},
        {%order, referrer => 'https://r.example/', passive => 1,
            props => {a => 'b'}}],
    ['null and false give way to the long name', {n => \0, name => 'Order'},
        {%order}],
    ['the short name outranks the long one', {url => 'https://b.example/'},
        {%page}],
    ['unknown fields', {x => [1], screen_width => 5, v => 36}, {%page}],
    ['no referrer', {r => undef}, {%page}],
    ['a referrer that is no text', {r => 5}, {%page}],
    ['of a referrer its query is left out',
        {r => ' https://r.example/a?q=secret#b '},
        {%page, referrer => 'https://r.example/a'}],
    ['however long that is', {r => 'https://r.example/a?' . 'r' x 4000},
        {%page, referrer => 'https://r.example/a'}],
    ['a long one keeps its host', {r => 'https://r.example/' . 'r' x 1983},
        {%page, referrer => 'https://r.example'}],
    ['a long one without host is none', {r => 'r' x 2001}, {%page}],
    ['hash mode', {h => 1, u => 'https://a.example/p#x'},
        {%page, path => '/p#x'}],
    # names
    ['an integer as name', {n => 405}, {%order, name => '405'}],
    ['120 characters', {n => 'x' x 120}, {%order, name => 'x' x 120}],
    ['120 characters of two bytes', {n => "\x{436}" x 119 . 'A'},
        {%order, name => "\x{436}" x 119 . 'A'}],
    ['are another than these', {n => "\x{436}" x 119 . 'B'},
        {%order, name => "\x{436}" x 119 . 'B'}],
    ['120 characters of four bytes', {n => "\x{1f35e}" x 120},
        {%order, name => "\x{1f35e}" x 120}],
    ['pageview is case-sensitive', {n => 'Pageview'},
        {%order, name => 'Pageview'}],
    # sites
    ['no d: the host of u', {d => undef, u => 'https://www.b.example/p'},
        {%page, site => 'b.example', host => 'b.example'}],
    ['d trimmed, lower case, no www.', {d => ' WWW.A.example '}, {%page}],
    ['blank items of d', {d => ',a.example, ,'}, {%page}],
    ['a site by all its names is one site',
        {d => 'a.example,www.a.example,A.EXAMPLE,a.example.,a.example:8080,'
            . 'a%2Eexample'}, {%page}],
    ['seventeen names of it as well', {d => join ',', ('a.example') x 17},
        {%page}],
    ['a site in its letters', {d => "B\x{dc}CHER.example"},
        {%page, site => 'xn--bcher-kva.example'}],
    ['and in ASCII', {d => 'xn--bcher-kva.example'},
        {%page, site => 'xn--bcher-kva.example'}],
    ['d is no text', {d => 5}, {%page}],
    # interactive
    ['interactive: true', {n => 'Order', i => \1}, {%order}],
    ['interactive: false', {n => 'Order', i => \0}, {%order, passive => 1}],
    ['interactive: 0 is not false', {n => 'Order', i => 0}, {%order}],
    ['a page view is never passive', {i => \0}, {%page}],
    # properties
    ['p', {p => {a => 'b'}}, {%page, props => {a => 'b'}}],
    ['m in a string', {m => '{"a":"b"}'}, {%page, props => {a => 'b'}}],
    ['meta in a string', {meta => '{"a":1}'}, {%page, props => {a => '1'}}],
    ['m outranks p', {m => {a => 1}, p => {b => 2}},
        {%page, props => {a => '1'}}],
    ['m null: p', {m => undef, p => {b => 2}}, {%page, props => {b => '2'}}],
    ['m false, meta false: props', {m => \0, meta => \0, props => {b => 2}},
        {%page, props => {b => '2'}}],
    ['values become texts',
        {p => {t => \1, f => \0, i => -5, r => 1.5}},
        {%page, props => {t => 'true', f => 'false', i => '-5', r => '1.5'}}],
    ['empty, null and nested values are dropped',
        {p => {a => '', b => ' ', c => undef, d => {x => 1}, e => [1],
            f => 'f', ' ' => 'g', '' => 'h'}},
        {%page, props => {f => 'f'}}],
    ['props that are no object', {p => [1]}, {%page}],
    ['props in a string that is no JSON', {m => '{'}, {%page}],
    ['props in a string that is no object', {m => '[1]'}, {%page}],
    ['31 properties: 30 are kept', {p => $many}, {%page, props => $kept}],
    (map { ['a name of 300 and a value of 2000 characters',
        {p => {$_ x 300 => $_ x 2000}},
        {%page, props => {$_ x 300 => $_ x 2000}}] } 'v', "\x{e9}"),
    ['properties with control characters', {p => {"\e[1m" => "a\r\nb\x{9b}"}},
        {%page, props => {'%1B[1m' => 'a  b%C2%9B'}}],
    ['white space of another kind says nothing', {p => {"\t" => 1, b => "\n"}},
        {%page}],
    ['a name with control characters', {n => "\e]0;Order\x{7f}"},
        {%order, name => '%1B]0;Order%7F'}],
    ['a referrer with them', {r => "https://r.example/\e[1m\t?q"},
        {%page, referrer => 'https://r.example/%1B[1m '}],
    (map { [qq(the path is a property of "$_"), {n => $_, p => {a => 1}},
        {%order, name => $_, props => {a => '1', path => '/p'}}] }
        '404', 'WP Form Completions', 'Form: Submission'),
    ['the number 404 too', {n => 404},
        {%order, name => '404', props => {path => '/p'}}],
    ['a path of its own stays', {n => '404', p => {path => '/mine'}},
        {%order, name => '404', props => {path => '/mine'}}],
    ['the path is one of the 30', {n => '404', p => $kept},
        {%order, name => '404',
            props => {path => '/p', map { $_ => $kept->{$_} }
                grep { $_ ne 'k30' } keys %$kept}}],
    # engagement
    ['engagement', {n => 'engagement', sd => 55, e => 4000},
        {%engagement, scroll_depth => 56, engagement_ms => 4000}],
    ['pageleave is engagement', {n => 'pageleave', sd => 0, e => 0},
        {%engagement, scroll_depth => 1}],
    ['sd 140 is 100', {n => 'engagement', sd => 140},
        {%engagement, scroll_depth => 101}],
    ['texts of digits', {n => 'engagement', sd => '55', e => '77'},
        {%engagement, scroll_depth => 56, engagement_ms => 77}],
    ['only e', {n => 'engagement', e => 5}, {%engagement,
        engagement_ms => 5}],
    ['sd that is none', {n => 'engagement', sd => '5x', e => 5},
        {%engagement, engagement_ms => 5}],
    ['e just below 30 days', {n => 'engagement', e => 2_591_999_999},
        {%engagement, engagement_ms => 2_591_999_999}],
    ['e of 31 days is none', {n => 'engagement', sd => 1,
        e => 31 * 86_400_000}, {%engagement, scroll_depth => 2}],
    ['sd and e of a page view are ignored', {sd => 1, e => 1}, {%page}],
);

sub sent {
    my ($fields) = @_;
    my %event = (%base, %$fields);
    # undef is "left out", but null where JSON's null is meant
    for my $key (grep { !defined $event{$_} } keys %event) {
        delete $event{$key} if $key !~ /^(?:m|r)$/;
    }
    return $hits->event(\%event);
}

for my $row (@accepted) {
    my ($fact, $fields, $event) = @$row;
    my $hit = sent($fields);
    is($hit->{status}, 202, $fact) or diag($hit->{body});
    is_deeply($hit->{events}, [$event], "$fact: the event");
}

# Revenue: [fact, value, amount, currency]; no amount: ignored
my $eur = 'EUR';
for (
    ['an object', {amount => '12.50', currency => $eur}, '12.50'],
    ['in a string', '{"amount":"12.50","currency":"EUR"}', '12.50'],
    ['a number', {amount => 12.5, currency => $eur}, '12.5'],
    ['an integer', {amount => 12, currency => $eur}, '12'],
    ['a refund', {amount => '-3', currency => $eur}, '-3'],
    ['a plus sign', {amount => '+3.10', currency => $eur}, '3.10'],
    ['words behind it', {amount => '3.10 EUR', currency => $eur}, '3.10'],
    ['a last point', {amount => '3.', currency => $eur}, '3'],
    ['no digit before the point', {amount => '.5', currency => $eur}, '.5'],
    ['0.1 is 0.1', {amount => 0.1, currency => $eur}, '0.1'],
    ['digits grouped', {amount => '1,234.50', currency => $eur}],
    ['an exponent', {amount => '1e3', currency => $eur}],
    ['too large a number', {amount => 1e30, currency => $eur}],
    ['33 digits', {amount => '1' x 33, currency => $eur}],
    ['no number', {amount => 'much', currency => $eur}],
    ['an empty text', {amount => '', currency => $eur}],
    ['a boolean', {amount => \1, currency => $eur}],
    ['no amount', {currency => $eur}],
    ['no currency', {amount => 1}],
    ['a currency in words', {amount => 1, currency => 'Euro'}],
    ['a currency of three other signs', {amount => 1, currency => 'E1R'}],
    ['no object', [1]],
    ['a string that is no JSON', '12.50'],
    )
{
    my ($fact, $value, $amount) = @$_;
    for my $key ('$', 'revenue') {
        my $hit = sent({n => 'Order', $key => $value});
        my %more = defined $amount
            ? (amount => $amount, currency => $eur) : ();
        is_deeply($hit->{events}, [{%order, %more}], "$key: $fact");
    }
}
is_deeply(sent({n => 'Order', '$' => {amount => 1, currency => 'USD'},
    revenue => {amount => 2, currency => $eur}})->{events},
    [{%order, amount => '2', currency => $eur}], 'revenue outranks $');

# Refused: [fact, fields, field of the error, words]
for (
    ['no url', {u => undef}, 'url', qr/missing/],
    ['a url that is no text', {u => 5}, 'url', qr/string/],
    ['2001 characters of path', {u => 'https://a.example/' . 'x' x 2000}, 'url',
        qr/2000 characters/],
    ['a data: url', {u => 'data:,x'}, 'url', qr/data:/],
    ['no name', {n => undef}, 'event_name', qr/missing/],
    ['a blank name', {n => ' '}, 'event_name', qr/blank/],
    ['an empty name', {n => ''}, 'event_name', qr/blank/],
    ['121 characters', {n => "\x{e9}" x 121}, 'event_name', qr/120/],
    ['a fraction as name', {n => 4.5}, 'event_name', qr/string/],
    ['a list as name', {n => ['x']}, 'event_name', qr/string/],
    ['a blank d', {d => ' '}, 'domain', qr/blank/],
    ['an empty d', {d => ''}, 'domain', qr/blank/],
    ['nothing but commas', {d => ', ,'}, 'domain', qr/blank/],
    ['a d that is no host', {d => 'https://a.example/'}, 'domain',
        qr/not a host/],
    ['one of them', {d => "a.example,b'X'.example"}, 'domain', qr/not a host/],
    ['17 sites', {d => join ',', 1 .. 17}, 'domain', qr/16 sites/],
    ['neither d nor a host', {d => undef, u => '/x'}, 'domain', qr/missing/],
    ['a name of 301 characters', {p => {'k' x 301 => 1}}, 'props',
        qr/300 characters/],
    ['a value of 2001 characters', {p => {k => 'v' x 2001}}, 'props',
        qr/2000/],
    ['120 characters, three of them as an escape', {n => 'n' x 119 . "\e"},
        'event_name', qr/120/],
    ['engagement with neither', {n => 'engagement'}, 'event_name', qr/sd/],
    ['engagement with sd -1', {n => 'engagement', sd => -1}, 'event_name',
        qr/sd/],
    ['engagement with e 0', {n => 'engagement', e => 0}, 'event_name', qr/e/],
    )
{
    my ($fact, $fields, $field, $words) = @$_;
    my $hit = sent($fields);
    is($hit->{status}, 400, "$fact is refused");
    my $errors = eval { JSON::PP::decode_json($hit->{body})->{errors} } // {};
    is_deeply([keys %$errors], [$field], "$fact: the field");
    like($errors->{$field}[0] // '', $words, "$fact: the reason");
    is(@{$hit->{events}}, 0, "$fact: no event");
}

$t->done;
