package Glinto::AccessLog;

# Lines of access logs by chance; srand says which.
#
# lines(N, DAYS, FROM)  N lines in order of time, on DAYS days from FROM (epoch
#                 seconds): people who look at pages with their files, over
#                 midnights too, robots, forms, redirects, errors
# combined(LINE)  one as nginx's "combined" writes it
#
# A line: {at, address, method, uri, status, bytes, referrer, agent}

use strict;
use warnings;
use Exporter 'import';
use POSIX ();

our @EXPORT = qw(lines combined pick);

our @PEOPLE = (
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, '
        . 'like Gecko) Chrome/126.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15'
        . ' (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1');
our @BOTS = ('Googlebot/2.1 (+http://www.google.com/bot.html)', 'curl/8.5.0',
    'python-requests/2.32.0', '-',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)');
my @PAGES = ('/', '/', '/', '/about', '/blog/', '/blog/caf%C3%A9', '/shop.php',
    '/shop.php?item=7', '/docs/index.html', '/v1.2', '/news?utm_source=letter');
my @FILES = qw(/a.css /app.js /logo.png /f.woff2 /robots.txt /favicon.ico
    /a.css?v=3 /img/photo.JPG);
my @REFERRERS = ('-', '-', '-', 'https://friend.test/links?q=1',
    'https://other.test/');

sub pick { return $_[int rand @_] }

# What one person asks for within a visit, from AT on.
sub _visit {
    my ($person, $at) = @_;
    my @lines;
    my $referrer = pick(@REFERRERS);
    for my $n (1 .. 1 + rand 5) {
        push @lines, {%$person, at => $at, uri => pick(@PAGES),
            status => rand() < 0.1 ? 304 : 200, referrer => $referrer};
        push @lines, {%$person, at => $at + int rand 3, uri => pick(@FILES),
            status => pick(200, 304)} for 1 .. rand 6;
        push @lines, {%$person, at => $at, method => 'POST', uri => '/form'}
            if rand() < 0.1;
        push @lines, {%$person, at => $at, uri => '/old', status => 301}
            if rand() < 0.1;
        push @lines, {%$person, at => $at, uri => '/gone',
            status => pick(404, 403, 500)} if rand() < 0.1;
        $at += int rand(rand() < 0.2 ? 2400 : 300);
        $referrer = 'https://logs.example/';
    }
    return @lines;
}

sub lines {
    my ($n, $days, $from) = @_;
    my (@lines, @people);
    my $count = 2 + $n / 60;
    push @people, {agent => pick(@PEOPLE), address => rand() < 0.2
            ? sprintf '2001:db8::%x', 1 + int rand 65000
            : sprintf '203.0.%d.%d', rand 200, 1 + rand 250} for 1 .. $count;
    while (@lines < $n) {
        my $at = $from + int rand $days * 86400;
        # many of them around midnight
        $at = $from + 86400 * int(1 + rand $days - 1) - int rand 1500
            if rand() < 0.15;
        if (rand() < 0.15) {
            push @lines, {address => '198.51.100.' . int rand 250, at => $at,
                agent => pick(@BOTS), uri => pick(@PAGES)};
            next;
        }
        push @lines, _visit(pick(@people), $at);
    }
    return [sort { $a->{at} <=> $b->{at} } @lines];
}

sub combined {
    my ($line) = @_;
    my $east = $line->{east} // 0; # hours
    return sprintf '%s - %s [%s %s] "%s %s HTTP/1.1" %d %d "%s" "%s"' . "\n",
        $line->{address}, $line->{user} // '-',
        POSIX::strftime('%d/%b/%Y:%H:%M:%S', gmtime $line->{at} + 3600 * $east),
        sprintf('%+03d00', $east), $line->{method} // 'GET', $line->{uri},
        $line->{status} // 200, $line->{bytes} // 512,
        $line->{referrer} // '-', $line->{agent};
}

1;
