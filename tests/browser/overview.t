#!/usr/bin/perl

# Promise: the list of sites shows of each that the reader may see, and of no
# other, the visitors of the last 24 hours, what that is beside the day before
# (in percent, beyond 1,000 % as so many times; of nothing there is none), and
# their course; a site without visits, too.  Without a script; nothing moves
# while it loads.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Browser;
use Glinto::Test;
use JSON::PP ();
use POSIX qw(strftime);

my $t = Glinto::Test->new(limit_s => 120);
my $agent = $t->aggregator;
$agent->site("$_.example", '--public') for qw(a b many new none);
$agent->glinto('site', 'add', 'secret.example');
my $nginx = $t->nginx(Glinto::Browser::dashboard());

# Visitors so many hours ago.
sub visits {
    my ($site, %visitors) = @_;
    my ($n, @lines) = (0);
    for my $hours (sort { $b <=> $a } keys %visitors) {
        push @lines, JSON::PP::encode_json({kind => 'pageview', path => '/',
            visitor => 'v' . $n++, at => strftime('%Y-%m-%dT%H:%M:%SZ',
                gmtime time - 3600 * $hours)}) for 1 .. $visitors{$hours};
    }
    spew($t->path('lines'), join '', map { "$_\n" } @lines);
    my ($status, undef, $why) = $agent->glinto('import', '--site', $site,
        '--format', 'events', $t->path('lines'));
    is($status, 0, "visits of $site") or diag($why);
}
visits('a.example', 30 => 2, 5 => 2, 2 => 1);
visits('b.example', 30 => 4, 3 => 2);
visits('many.example', 30 => 1, 3 => 25);
visits('new.example', 3 => 2);
visits('secret.example', 3 => 7);

my ($pid, $log) = Glinto::Browser::start($t, 'overview',
    'http://127.0.0.1:' . $nginx->port);
is($t->ended($pid, $t->slow(60)), 0, 'the whole walk') or diag(slurp($log));
like(slurp($log), qr/^ok (?:\d+)$/m, 'to its end');
$t->done;
