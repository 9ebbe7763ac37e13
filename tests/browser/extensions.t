#!/usr/bin/perl

# Promise: a script does what the words in its name say: links to elsewhere,
# files, tagged elements, forms, properties of the tag, pages that do not
# count, pages that are not there, what a page lets through; and nothing that
# its name does not say.  The script of a site does what plausible.init() says.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 150);
my %server = Glinto::Browser::server($t);
my $pages = $t->root . '/tests/browser/pages';
$server{server} .= "location /made/missing/ { root $pages;
    error_page 404 /made.html; return 404; }
location = /made.html { internal; root $pages; }
location /made/ { root $pages; try_files /made.html =404; }";
my $nginx = $t->nginx(%server);
my ($events) = Glinto::Browser::drive($t, $nginx, 'extensions.mjs');

sub said {
    my ($event) = @_;
    my $props = $event->{props} // {};
    return join ' ', $event->{path} =~ s{^/made/}{}r, $event->{name} // (),
        (map { "$_=$props->{$_}" } sort keys %$props),
        grep { defined } @$event{qw(amount currency)};
}

is_deeply([map { said($_) } @$events], [
    'links',
    'links Outbound Link: Click url=http://o.example/x',
    'links File Download url=http://b.example/made/a.pdf?x=1',
    'links Outbound Link: Click url=http://o.example/b.zip',
    'files',
    'files File Download url=http://o.example/b.mine',
    'tagged',
    'tagged Sign up plan=pro',
    'tagged By data n=2 url=http://b.example/made/next',
    'tagged Sent',
    'tagged Pay url=http://o.example/pay 4.80 EUR',
    'tagged Order 3 CHF',
    'forms',
    'forms Form: Submission path=/made/forms',
    'props author=Eve n=1',
    'props Own author=Eve n=2',
    'secret/not x=y',
    'only/this',
    'only/this Still',
    'site/before c=d',
    'site/before Early c=d',
    'site/before Outbound Link: Click c=d url=http://o.example/x',
    't c=d',
    't Early c=d',
    't Yes c=d',
    'missing/gone',
    'missing/gone 404 path=/made/missing/gone',
    'there',
    'x/1 a=b seen=pageview',
    'x Yes a=b seen=Yes',
    'x/2 seen=pageview',
    'x/u Old seen=Old',
    'own',
    'own Named',
], 'every event, and no other') or diag(explain($events));
$t->done;
