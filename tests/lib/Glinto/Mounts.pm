package Glinto::Mounts;

# File systems that only one test sees: it goes on in a mount namespace of its
# own, and the kernel takes everything back when its last process ends.
#
#   use Glinto::Mounts;      # before Glinto::Test->new
#   private_mounts();        # skips the whole test where that is not allowed
#   my $t = Glinto::Test->new;
#   mount_tmpfs($t->path('spool'), '8m', 01770);
#   fill($t->path('spool'));        # to the last byte, by a file "ballast"
#   unlink $t->path('spool/ballast');
#
# mount_tmpfs(DIR, SIZE, MODE)    DIR is made
# mount_image(FILE, DIR, MODE)    FILE, an image of ext4, by a loop device that
#                                 goes with the mount
# unmount(DIR)                    dies when something still uses it

use strict;
use warnings;
use Exporter 'import';
use Test::More ();

our @EXPORT = qw(private_mounts mount_tmpfs mount_image unmount fill);
my %mounted;
my $owner = $$;

sub private_mounts {
    return if delete $ENV{GLINTO_PRIVATE_MOUNTS};
    system('unshare -m true 2>/dev/null') == 0
        or Test::More::plan(skip_all => 'no mount namespaces here');
    $ENV{GLINTO_PRIVATE_MOUNTS} = 1;
    exec 'unshare', '-m', '--propagation', 'private', $^X, $0, @ARGV
        or die "unshare: $!\n";
}

sub _mount {
    my ($dir, $mode, @how) = @_;
    mkdir $dir;
    system('mount', @how, $dir) == 0 or die "cannot mount $dir\n";
    chmod $mode, $dir;
    $mounted{$dir} = 1;
}

sub mount_tmpfs {
    my ($dir, $size, $mode) = @_;
    _mount($dir, $mode, '-t', 'tmpfs', '-o', "size=$size", 'tmpfs');
}

sub mount_image {
    my ($image, $dir, $mode) = @_;
    _mount($dir, $mode, '-t', 'ext4', '-o', 'loop', $image);
}

sub unmount {
    my ($dir) = @_;
    system('umount', $dir) == 0 or die "cannot unmount $dir\n";
    delete $mounted{$dir};
}

sub fill {
    my ($dir) = @_;
    open my $ballast, '>>:raw', "$dir/ballast" or die "$dir/ballast: $!\n";
    for my $bytes (1 << 20, 1 << 12) {
        my $block = "\1" x $bytes;
        1 while (syswrite($ballast, $block) // 0) == $bytes;
    }
}

# What is still in use goes with its last user.
END {
    if ($$ == $owner) {
        local $?;
        system 'umount', '-l', $_ for keys %mounted;
    }
}

1;
