#!/usr/bin/perl

# Promise: what our tracker does is said by the last part of its address and by
# its tag, never by a host or a query; without a tag it warns and throws
# nothing.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 150);
my %server = Glinto::Browser::server($t);
my $pages = $t->root . '/tests/browser/pages';
$server{server} .= "location /made/ { root $pages; try_files /made.html =404; }";
my $nginx = $t->nginx(%server);
my ($events) = Glinto::Browser::drive($t, $nginx, 'names.mjs');

my @want = (
    'manual.example /made/1', 'manual.example /made/2',
    'hash.example /made/3', 'b.example /made/4', 'b.example /made/5',
    'b.example /made/6', 'b.example /made/7', 'b.example /made/8#/a',
    'b.example /made/9 Asked', '127.0.0.1 /made/10', 'b.example /made/n', 'b.example /made/n',
);
is_deeply([map { join ' ', grep { defined } @$_{qw(host path name)} }
    @$events], \@want, 'every view, and no other');
$t->done;
