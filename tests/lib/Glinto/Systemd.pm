package Glinto::Systemd;

# A fresh Debian (Glinto::Debian) that systemd has started: units run as they
# do on a machine, with users, mounts, capabilities and filters of their own.
#
#   my $debian = Glinto::Systemd->new($t, $build);
#   $debian->command('systemctl restart nginx');
#
# cannot(BUILD, DEB...)
#                also: systemd does not start here
# Its processes are in groups (cgroups) of the test's own, in each hierarchy of
# this machine; end() removes them.

use strict;
use warnings;
use parent 'Glinto::Debian';

# In groups of our own; then what is given.  Of cpuset nothing is asked.
my $GROUPS = <<'EOP';
while IFS=: read -r _ names path; do
    for dir in "/sys/fs/cgroup/${names#name=}" /sys/fs/cgroup/unified; do
        [ -f "$dir/cgroup.procs" ] || continue
        [ "$path" != / ] || path=
        mkdir -p "$dir$path/$0" && echo $$ >"$dir$path/$0/cgroup.procs"
        break
    done 2>/dev/null
done </proc/self/cgroup
exec "$@"
EOP

# systemd is installed, and mounts the hierarchies that it is not given.
my $START = <<'EOP';
cd "$3"
DEBIAN_FRONTEND=noninteractive chroot . apt-get install -y \
    --no-install-recommends systemd systemd-sysv >apt.log 2>&1
mount -t sysfs -o ro sysfs sys
if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
    mount -t cgroup2 cgroup2 sys/fs/cgroup
else
    mount -t tmpfs tmpfs sys/fs/cgroup
    mkdir sys/fs/cgroup/systemd
    mount -t cgroup -o none,name=systemd,xattr cgroup sys/fs/cgroup/systemd
fi
mount -t tmpfs tmpfs tmp
echo 127.0.0.1 stats.example localhost >etc/hosts
echo stats >etc/hostname
hostname stats
mkdir -p old
pivot_root . old
umount -l /old
echo ready
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd
EOP

sub cannot {
    my ($class, @of) = @_;
    system('unshare', '-m', '-C', 'sh', '-c', 'exec 2>/dev/null; mount -t '
        . 'cgroup2 c /mnt || mount -t cgroup -o none,name=systemd c /mnt') == 0
        or return 'no groups of processes of our own here';
    return $class->SUPER::cannot(@of);
}

sub first_words {
    my ($self) = @_;
    $self->{group} = "glinto-$$";
    return ('sh', '-c', $GROUPS, $self->{group});
}
sub last_lines { $START }
sub root { $_[0]{started} ? '' : $_[0]{root} }

sub new {
    my ($class, $test, $build) = @_;
    my $self = $class->SUPER::new($test, $build);
    $self->{started} = 1;
    $test->until('systemd', sub {
        ($self->command('systemctl is-system-running'))[1]
            =~ /^(?:running|degraded)$/m;
    }, 60);
    return $self;
}

sub end {
    my ($self) = @_;
    $self->SUPER::end;
    for (0 .. 1) { # inner ones first
        system("find /sys/fs/cgroup -depth -type d -path '*/$self->{group}*' "
            . '-exec rmdir {} + 2>/dev/null');
    }
}

1;
