#!/usr/bin/perl

# Promise: in each language a page has no English words of ours, leads to no
# page in another language, is no wider than a telephone of 360 pixels, has
# nothing that stands out of its place there or on larger screens, and is
# without a fault to axe-core and html-validate.
#
# Check: axe-core takes a second a view.
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Demo;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 200);
Glinto::Demo::views($t, 'languages', 120);
$t->done;
