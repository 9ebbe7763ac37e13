# Promise: of 60 cells that a spreadsheet would take for a formula none is one
# in any file that Glinto gives: `glinto query` and `rows --format csv`, the
# list of a page, `glinto export`; whatever the separator of the program that
# opens it.  They are all there, and an import of the export has them as they
# were.
#
# Method: they come as the campaign of a visit, as anybody's may.

use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use Glinto::World;
use Encode qw(decode_utf8);
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t, sites => [qw(a copy)]);
my $agent = $world->agent;
my $json = JSON::PP->new->canonical->utf8;
$agent->glinto('site', 'set', 'a.example', 'public', 'yes');

my @begin = qw(= + - @ ＝ ＋ － ＠);
my @formulas = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","y")',
    'SUM(1,2)', "2';3", '"=1');
my @cells = ((map { my $first = $_; map { "$first$_" } @formulas } @begin),
    "'=1", "''=1", 'x;=1+1', 'x;+1', "x;\@1;y", 'x";=1;"', '"=1+1', "x;;=2",
    ";=1", ',=1', 'x,=1', "x;'=1");
is(scalar @cells, 60, '60 cells');
my $n = 0;
spew($t->path('lines'), join '', map { $json->encode({kind => 'pageview',
    visitor => 'v' . $n++, at => '2026-03-02T10:00:00Z', utm_campaign => $_})
    . "\n" } @cells);
is(($agent->glinto('import', '--site', 'a.example', '--format', 'events',
    $t->path('lines')))[0], 0, 'imported');

# ---- as a program reads it whose separator is SEPARATOR ----

sub cells {
    my ($file, $separator) = @_;
    my @found;
    while ($file =~ /\G(?:"((?:[^"]|"")*)")?([^\Q$separator\E\r\n]*)
        (?:\Q$separator\E|\r?\n|\z)/gcx) {
        my ($quoted, $rest) = ($1 // '', $2);
        push @found, $quoted =~ s/""/"/gr . $rest;
        last if pos $file == length $file;
    }
    return @found;
}
sub check {
    my ($what, $file) = @_;
    $file = decode_utf8($file);
    for my $separator (',', ';', "\t") {
        my @bad = grep { /^[=+\-\@\t\r＝＋－＠]/ } cells($file, $separator);
        is("@bad", '', "$what: no formula between "
            . ($separator eq "\t" ? 'tabs' : "'$separator'"));
    }
    my %has = map { s/(?:^|(?<=[;\t\r\n]))'(?='*[=+\-\@\t\r\n＝＋－＠])//gr => 1 }
        cells($file, ',');
    is(scalar(grep { $has{$_} } @cells), 60, "$what: all are there");
}

my %query = (site_id => 'a.example', metrics => ['visitors'],
    date_range => ['2026-03-01', '2026-03-03'],
    dimensions => ['visit:utm_campaign'], pagination => {limit => 100});
spew($t->path('q'), $json->encode(\%query));
check('query', scalar $agent->glinto('query', $t->path('q'), '--format',
    'csv'));
check('rows', scalar $agent->glinto('rows', $t->path('q'), '--format', 'csv'));
my $page = $agent->dashboard('GET', '/glinto/a.example/list.csv?'
    . 'period=all&detail=campaigns');
is($page->{status}, 200, 'the list of a page');
is($page->{headers}{'content-type'}, 'text/csv; charset=utf-8', 'is CSV');
like($page->{headers}{'content-disposition'}, qr/^attachment/, 'to be kept');
is($page->{headers}{'x-content-type-options'}, 'nosniff', 'and nothing else');
check('page', $page->{body});
$agent->glinto('export', '--site', 'a.example', '--format', 'plausible-csv',
    $t->path('tables'));
my ($sources) = glob $t->path('tables') . '/imported_sources*.csv';
check('export', slurp($sources));

# ---- and back ----

is(($agent->glinto('import', '--site', 'copy.example', '--format',
    'plausible-csv', $t->path('tables')))[0], 0, 'the export is imported');
sub answer {
    my ($site) = @_;
    my $reply = $agent->admin('POST', '/v1/query', $json->encode({query =>
        {%query, site_id => $site, include => {imports => JSON::PP::true}}}));
    return join "\n", sort map { "@{$_->{dimensions}}: @{$_->{metrics}}" }
        @{$json->decode($reply->{body})->{results}};
}
is(answer('copy.example'), answer('a.example'), 'with the same answer');
is(scalar(split /\n/, answer('a.example')), 60, 'of 60 rows');
$t->done;
