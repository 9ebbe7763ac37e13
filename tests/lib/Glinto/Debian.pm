package Glinto::Debian;

# A fresh Debian for one test: debootstrap makes it once in the build folder;
# a test has a layer of its own above it, in namespaces of its own (mounts,
# processes, network), where "command" runs as if typed there.
#
#   my $why = Glinto::Debian->cannot($build, @debs); # skip for this
#   my $debian = Glinto::Debian->new($t, $build);
#   my ($status, $said) = $debian->command('apt-get install -y ./a.deb');
#   $debian->file('/etc/hostname');
#
# cannot(BUILD, DEB...)
#                why this machine cannot have one with what these packages
#                need: no root, no namespaces, no network; '' = it can
# copy(FILE, PATH)   a file of this machine, in the tree
# path(PATH)     where a file of the tree is seen from here (not its sockets'
#                peers)
# What packages need is fetched once, too, and what tests add to them (@ALSO):
# a test has no network but its own loopback.

use strict;
use warnings;
use File::Path ();
use Glinto::Test qw(slurp spew);

my $SUITE = 'bookworm';
# Each line is installed by itself: of mail servers only one can be there.
my @ALSO = ('curl procps', 'systemd systemd-sysv', 'postfix',
    'exim4-daemon-light', 'msmtp-mta');

sub _tree { "$_[0]/debian-tree" }

# What a machine may not let us do.
sub cannot {
    my ($class, $build, @debs) = @_;
    return 'only root makes a Debian' if $> != 0;
    system('unshare', '-m', '-p', '-n', '-f', 'sh', '-c', 'exec 2>/dev/null; '
        . 'mount -t tmpfs t /mnt && cd /mnt && mkdir a b c d && mount -t '
        . 'overlay o -o lowerdir=a,upperdir=b,workdir=c d') == 0
        or return 'no namespaces or no layers of folders here';
    my $tree = _tree($build);
    File::Path::make_path($tree);
    open my $lock, '>', "$tree/.lock" or return "$tree: $!";
    flock $lock, 2 or return "$tree: $!";
    return _make($tree) || _fetch($tree, @debs);
}

sub _make {
    my ($tree) = @_;
    return '' if -e "$tree/.made";
    return 'no debootstrap here' if system('which debootstrap >/dev/null') != 0;
    my ($base, $mirror) = ("$tree/$SUITE", _mirror());
    system("rm -rf $base && debootstrap --variant=minbase $SUITE $base $mirror"
        . " >$tree/log 2>&1") == 0
        or return "debootstrap could not fetch Debian: $tree/log";
    # The packages' sources, security's too, are those of this machine.
    system("cp /etc/apt/sources.list $base/etc/apt/ 2>/dev/null; cp "
        . '/etc/apt/sources.list.d/debian.sources '
        . "$base/etc/apt/sources.list.d/ 2>/dev/null; "
        . "cp /etc/resolv.conf $base/etc/");
    spew("$tree/.made", "$mirror\n");
    return '';
}

# What DEBS need, and @ALSO, into apt's cache of the tree.
sub _fetch {
    my ($tree, @debs) = @_;
    my $base = "$tree/$SUITE";
    my $depends = join '', map { qx(dpkg-deb -f $_ Depends Pre-Depends) } @debs;
    $depends =~ s/\(= [^)]*\)//g;
    $depends .= join '', map { "$_\n" } @ALSO;
    my $get = 'apt-get install -y -d --no-install-recommends';
    return '' if slurp("$tree/.fetched") eq $depends;
    system("rm -rf $base/srv/debs && mkdir $base/srv/debs && "
        . "cp @debs $base/srv/debs/ && chroot $base sh -c 'apt-get update && "
        . join(' && ', map { "$get $_" } @ALSO, '/srv/debs/*.deb')
        . "' >>$tree/log 2>&1; rc=\$?; "
        . "rm -rf $base/srv/debs; exit \$rc") == 0
        or return "apt could not fetch packages: $tree/log";
    spew("$tree/.fetched", $depends);
    return '';
}

# Where this machine's packages come from.
sub _mirror {
    my $text = join '', map { slurp($_) } '/etc/apt/sources.list',
        glob '/etc/apt/sources.list.d/*';
    return $1 if $text =~ m{^URIs:\s*(\S+/debian/?)\s*$}m;
    return $1 if $text =~ m{^deb (?:\[[^]]*\] )?(\S+/debian/?) }m;
    return 'http://deb.debian.org/debian';
}

# A process holds the namespaces: it is their init, and ends with us.
my $HOLD = <<'EOP';
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$3"
mount -t proc proc "$3/proc"
mount -t tmpfs tmpfs "$3/run"
mount --bind /dev "$3/dev"
perl -e 'socket my $s, 2, 2, 0 or die; # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
    my $up = pack "a16 s x22", "lo", 0x41;
    ioctl $s, 0x8914, $up or die'
EOP

# The last lines of $HOLD, and a command before unshare: Glinto::Systemd has
# others.
sub last_lines { <<'EOP' }
echo ready
exec perl -MPOSIX=pause -e '$SIG{CHLD} = "IGNORE"; pause while 1' # init reaps
EOP
sub first_words { () }

sub new {
    my ($class, $test, $build) = @_;
    my $self = bless {test => $test, root => $test->path('debian')}, $class;
    my $layer = $test->path('layer');
    mkdir $_ for $layer, $self->{root};
    my $log = $test->path('debian.log');
    $self->{holder} = $test->spawn('debian', $self->first_words, 'unshare',
        '--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup', '--fork',
        '--kill-child', 'sh', '-c', $HOLD . $self->last_lines, 'sh',
        _tree($build) . "/$SUITE", $layer, $self->{root}, {log => $log});
    $test->until('a fresh Debian', sub { slurp($log) =~ /^ready$/m }, 60);
    my $holder = $self->{holder};
    ($self->{init}) = slurp("/proc/$holder/task/$holder/children") =~ /(\d+)/;
    return $self;
}

sub root { $_[0]{root} } # where the tree is, for those in the namespaces
sub path { "/proc/$_[0]{init}/root" . $_[0]->root . $_[1] }
sub file { slurp($_[0]->path($_[1])) }

sub copy {
    my ($self, $file, $path) = @_;
    spew($self->path($path), slurp($file));
}

# (exit status, all it said).  INPUT is what is typed.
sub command {
    my ($self, $text, $input) = @_;
    my $test = $self->{test};
    my ($script, $log) = map { $test->path("command-" . ++$self->{n} . $_) }
        '.in', '.out';
    spew($script, $input // '');
    local $ENV{DEBIAN_FRONTEND} = 'noninteractive';
    local $ENV{PATH} = '/usr/sbin:/usr/bin:/sbin:/bin';
    local $ENV{LC_ALL} = 'C.UTF-8';
    system('sh', '-c', 'exec nsenter -t "$0" -a chroot "$1" sh -c "$2" '
        . '<"$3" >"$4" 2>&1', $self->{init}, $self->root || '/', $text,
        $script, $log);
    return ($? >> 8, slurp($log));
}

# All is over: what the services left, too.
sub end {
    my ($self) = @_;
    my $test = $self->{test};
    kill 'KILL', $self->{init};
    $test->until('the end of all', sub { !-e "/proc/$self->{init}" });
    $test->ended($self->{holder});
    $test->forget($self->{holder});
}

1;
