package Glinto::UnitFile;

# What a systemd unit file allows.
#
# allowed_calls(TEXT)   as the keys of a hash: the system calls that its lines
#                       SystemCallFilter= leave; none where systemd-analyze
#                       does not tell the sets

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(allowed_calls);

# The words of a filter as names of calls.
sub _calls {
    my ($words) = @_;
    my %calls;
    for my $word (split ' ', $words) {
        if ($word !~ /^@/) { $calls{$word} = 1; next }
        my $set = qx(systemd-analyze syscall-filter $word 2>/dev/null);
        @calls{_calls($_)} = () for $set =~ /^ {4}(?!#)(\S+)$/mg;
    }
    return keys %calls;
}

sub allowed_calls {
    my ($text) = @_;
    my %allowed;
    for my $line ($text =~ /^SystemCallFilter=(.*)$/mg) {
        my $not = $line =~ s/^~//;
        my @names = _calls($line);
        if ($not) { delete @allowed{@names} } else { @allowed{@names} = () }
    }
    return %allowed;
}

1;
