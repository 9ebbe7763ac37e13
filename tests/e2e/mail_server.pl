#!/usr/bin/perl

# mail_server.pl PORT FILE: a mail server that takes each mail, and keeps the
# last one in FILE.

use strict;
use warnings;
use IO::Socket::INET;

my ($port, $got) = @ARGV;
my $server = IO::Socket::INET->new(Listen => 8, ReuseAddr => 1,
    LocalAddr => "127.0.0.1:$port") or die "no server: $!\n";
while (my $client = $server->accept) {
    print $client "220 stats.example\r\n";
    while (<$client>) {
        if (/^DATA/i) {
            print $client "354 go on\r\n";
            open my $out, '>', "$got.new" or die;
            while (<$client>) { last if /^\.\r\n/; print $out $_ }
            close $out or die;
            rename "$got.new", $got;
        }
        print $client /^QUIT/i ? "221 bye\r\n" : "250 well\r\n";
    }
}
