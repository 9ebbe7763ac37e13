#!/usr/bin/perl

# Promise: every view of the dashboard is without a fault to axe-core (WCAG 2.2
# AA and good practice, light, some of them dark, too) and to html-validate.
#
# Check: axe-core takes a second a view.
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Demo;
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 150);
Glinto::Demo::views($t, 'views', 90);
$t->done;
