#!/usr/bin/perl

# Promise: the npm package that "make npm" makes counts as the script does, in
# Chromium against nginx: views, routes, events from before init(), properties,
# links, a function that sees events first; nothing on localhost unless asked,
# nothing in window; in Node, where there is no page, it does nothing.  Its
# types name the options that there are.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 150);
my $package = $t->path('glinto-tracker');
my $log = $t->path('made');
is($t->ended($t->spawn(npm => $t->root . '/conf/npm', $package,
    {log => $log}), 60), 0, 'it is made') or diag(slurp($log));

my $about = JSON::PP->new->decode(slurp("$package/package.json"));
ok(-s "$package/$about->{types}", 'with types');
my ($options) = slurp("$package/glinto.d.ts")
    =~ /^export interface Options \{(.*?)^\}/ms;
my %typed = map { $_ => 1 } $options =~ /^    (\w+)\?:/mg;
my %read = map { $_ => 1 } slurp($t->root
    . '/ngx_glinto_module/tracker/npm/module.js') =~ /options\.(\w+)/g,
    qw(fileDownloads props);
is_deeply(\%typed, \%read, 'of the options that there are');

# As a program of somebody's would: by the package's name.
mkdir $t->path('node_modules');
symlink $package, $t->path('node_modules/glinto-tracker');
spew($t->path('server.mjs'), "import {init, track} from 'glinto-tracker';
    init({domain: 'a'}); track('x'); console.log(typeof init);");
is($t->ended($t->spawn(node => 'node', $t->path('server.mjs'),
    {log => $log}), 60), 0, 'Node takes it');
is(slurp($log), "function\n", 'and it does nothing there');

my %server = Glinto::Browser::server($t);
my $pages = $t->root . '/tests/browser/pages';
$server{server} .= "location /made/ { root $pages; try_files /made.html =404; }
    location /package/ { alias $package/; }";
my $nginx = $t->nginx(%server);
my ($events, $engagement) = Glinto::Browser::drive($t, $nginx, 'npm.mjs');

sub said {
    my ($event) = @_;
    my $props = $event->{props} // {};
    return join ' ', $event->{path} =~ s{^/made/}{}r, $event->{name} // (),
        (map { "$_=$props->{$_}" } sort keys %$props),
        grep { defined } @$event{qw(amount currency)};
}
is_deeply([map { said($_) } @$events], [
    'one a=b seen=pageview',
    'one Early a=b n=1 seen=Early',
    'one Outbound Link: Click a=b seen=Outbound Link: Click '
        . 'url=http://o.example/x',
    'one Order a=b seen=Order 4.80 EUR',
    'two a=b seen=pageview',
    'three Asked',
], 'every event, and no other') or diag(explain($events));
ok((grep { $_->{path} eq '/made/one' && $_->{engagement_ms} } @$engagement),
    'how long the first page was read');
$t->done;
