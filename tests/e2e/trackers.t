#!/usr/bin/perl

# Promise: a site that was counted by another product goes on with its script:
# of a recorded walk each request is answered as that product answers it, and
# each row has what it said, field by field, and nothing else.  conf/MOVING.md
# has a table of it, each cell a step of a walk.
#
# The requests are data, tests/trackers/PRODUCT.json, written from the scripts'
# published source; through the location blocks that we ship.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Http;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t);
my %walks = map { m{([^/]+)\.json$} ? ($1 => $_) : () }
    glob $t->root . '/tests/trackers/*.json';
my %shipped = shipped($t);
$shipped{server} .= join '', map { "include %%DIR%%/conf/$_.conf;\n" }
    grep { -e $t->path("conf/$_.conf") } sort keys %walks;
$shipped{server} =~ s/glinto_site a\.example;//;
for my $name (sort keys %walks) {
    $walks{$name} = JSON::PP->new->decode(slurp($walks{$name}));
    $world->site("$name.example");
    my $set = $walks{$name}{set} // {};
    $world->agent->glinto('site', 'set', "$name.example", $_, $set->{$_})
        for sort keys %$set;
}
my $nginx = $t->nginx(%shipped);

# All that a row has, by the names that questions use; empty fields left out.
sub row_texts {
    my ($file, $site) = @_;
    my @rows = $world->store->rows($file, <<'EOQ', $site);
SELECT events.id AS id, kind, mark, hosts.text AS host, paths.text AS path,
    r.referrer AS referrer, source, channel, utm_source, utm_medium,
    utm_campaign, utm_content, utm_term, click_id, names.text AS name,
    titles.text AS title, languages.text AS language, screens.text AS screen,
    scroll_depth, engagement, passive, amount, currency, browser, os, device
FROM events LEFT JOIN hosts ON hosts.code = host
    LEFT JOIN paths ON paths.code = path
    LEFT JOIN referrers AS r ON r.code = events.referrer
    LEFT JOIN names ON names.code = name
    LEFT JOIN titles ON titles.code = title
    LEFT JOIN languages ON languages.code = language
    LEFT JOIN screens ON screens.code = screen
    LEFT JOIN agents ON agents.code = agent
WHERE site = ? ORDER BY events.id
EOQ
    for my $row (@rows) {
        my $id = delete $row->{id};
        delete @$row{grep { ($row->{$_} // '') eq '' } keys %$row};
        $row->{"prop $_->{key}"} = $_->{value} for $world->store->rows($file,
            'SELECT key, value FROM event_props WHERE id = ?', $id);
    }
    return @rows;
}

sub asked {
    my ($walk, $step, $site) = @_;
    my ($method, $path, $headers, $body) = @{$step->{request}};
    my %headers = ('Accept-Language' => 'de-AT,de;q=0.8', Connection => 'close',
        Referer => $step->{page} // $walk->{page}, %{$headers // {}});
    $body = ref $body ? JSON::PP->new->canonical->encode($body) : $body;
    $body = '' if $method eq 'POST' && !defined $body;
    s/SITE/$site/g for grep { defined } $path, $body, values %headers;
    return Glinto::Http->connect($nginx->port)->request($method, $path,
        \%headers, $body);
}

sub answered {
    my ($what, $reply, $response) = @_;
    my ($status, $type, $body) = @$reply;
    is($response->{status}, $status, "$what: status");
    is($response->{headers}{'content-type'}, $type, "$what: type");
    return if !defined $body;
    is_deeply(JSON::PP->new->decode($response->{body}), $body, "$what: body")
        or diag($response->{body});
}

for my $name (sort keys %walks) {
    my $walk = $walks{$name};
    my $site = "$name.example";
    my (@rows, %drops);
    for my $step (@{$walk->{walk}}) {
        answered("$walk->{product}: $step->{does}", $step->{reply},
            asked($walk, $step, $site));
        push @rows, map { {host => $site, browser => 'Firefox', os => 'GNU/Linux',
            device => 'Desktop', language => 'de-AT', %$_} }
            ref $step->{row} eq 'ARRAY' ? @{$step->{row}} : $step->{row} // ();
        $drops{$_}++ for grep { defined } ref $step->{drop}
            ? @{$step->{drop}} : $step->{drop};
    }
    my $file = $world->file($site);
    my $number = $world->store->value($world->store->meta,
        'SELECT id FROM sites WHERE domain = ?', $site);
    $t->soon("$name: its rows", sub { @rows == $world->store->value($file,
        'SELECT count(*) FROM events WHERE site = ?', $number) });
    my @there = row_texts($file, $number);
    is_deeply($there[$_], $rows[$_], "$name: row $_") or diag(explain($there[$_]))
        for 0 .. $#rows;
    $t->soon("$name: its drops", sub {
        my %told = map { $_->{reason} => $_->{n} } $world->store->rows($file,
            'SELECT reason, sum(n) AS n FROM drops WHERE site = ?
            GROUP BY reason', $number);
        return join(' ', %told{sort keys %told})
            eq join(' ', %drops{sort keys %drops});
    });
}

# ---- the table in conf/MOVING.md: a cell is a step of a walk ----

sub of_step {
    my ($step) = @_;
    return map { [$_, $step->{row} ? 'stored' : 'dropped'] }
        ref $step->{feature} ? @{$step->{feature}} : $step->{feature} // ();
}

my ($head, @lines) = slurp($t->root . '/conf/MOVING.md')
    =~ /^\| (?:\| Glinto|[^|]+(?= \| (?:stored|dropped|-) \|)).*$/mg;
my (undef, undef, @products) = split / *\| */, $head;
for my $walk (map { $walks{$_} } sort keys %walks) {
    my ($column) = grep { $products[$_] eq $walk->{product} } 0 .. $#products;
    my %shown = map { my (undef, $what, @cells) = split / *\| */;
        $cells[$column] eq '-' ? () : ($what => $cells[$column]) } @lines;
    my %done = map { map { @$_ } of_step($_) } @{$walk->{walk}};
    for (grep { ($shown{$_} // '') eq 'not read' && $done{$_} } keys %done) {
        $done{$_} = 'not read'; # the rows show that it is not
    }
    is_deeply(\%shown, \%done, "$walk->{product}: the table is what was replayed")
        or diag(explain(\%shown, \%done));
}

$t->done;
