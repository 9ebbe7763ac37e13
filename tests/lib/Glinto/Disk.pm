package Glinto::Disk;

# The disk under a spool, and the boot clock of those who write to it
# (tests/module/disk.c).  The clock moves by order only, so a test of pauses
# waits for none.
#
#   my $disk = Glinto::Disk->new($t);
#   my $nginx = $t->nginx(env => $disk->env);
#
# new(TEST)
# env             for the processes
# later(MS)       the clock goes on
# passes(S)       that of nginx's timers has gone on
# takes(MS)       from now on an append takes so long
# freeze, thaw    writes to segments stop between these
# writes          how many have begun
# cut(N, FROM)    the next append of FROM bytes or more stores only N: a
#                 worker appends what it counted, too, as each second ends

use strict;
use warnings;
use Fcntl ':flock';
use FindBin;
use Glinto::Test qw(slurp spew);

my $PLAN = 'q6'; # struct disk: boot_ms, takes_ms, writes, cut, passed_ms,
                 # cut_from
my $BOOT_MS = 1_000_000;

sub new {
    my ($class, $test) = @_;
    my $self = bless {
        file => $test->path('disk'),
        library => $test->path('disk.so'),
    }, $class;
    system('cc', '-shared', '-fPIC', '-O1', '-o', $self->{library},
        $test->root . '/tests/module/disk.c') == 0 or die "no library\n";
    spew($self->{file}, pack $PLAN, $BOOT_MS, (0) x 5);
    open $self->{plan}, '+<:raw', $self->{file} or die "disk: $!\n";
    return $self;
}

sub env {
    my ($self) = @_;
    return {LD_PRELOAD => $self->{library}, GLINTO_DISK => $self->{file}};
}

sub _read { (unpack $PLAN, slurp($_[0]{file}))[$_[1]] }

sub _write {
    my ($self, $field, $value) = @_;
    sysseek $self->{plan}, 8 * $field, 0;
    syswrite $self->{plan}, pack 'q', $value;
}

sub later { $_[0]->_write(0, $_[0]->_read(0) + $_[1]) }
sub takes { $_[0]->_write(1, $_[1]) }
sub writes { $_[0]->_read(2) }
sub cut {
    my ($self, $n, $from) = @_;
    $self->_write(5, $from);
    $self->_write(3, $n + 1);
}
sub passes { $_[0]->_write(4, 1000 * $_[1]) }
sub freeze { flock $_[0]{plan}, LOCK_EX }
sub thaw { flock $_[0]{plan}, LOCK_UN }

1;
