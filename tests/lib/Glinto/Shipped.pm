package Glinto::Shipped;

# The files of conf/nginx as an operator installs them, in a test's folder.
#
#   my $nginx = $t->nginx(shipped($t));
#
# shipped(TEST)       write them to conf/ in its folder, with their paths
#                     replaced; what Glinto::Nginx->new needs to include them
# here(TEST, TEXT)    TEXT with the installed paths replaced by the test's
# in_memory(TEST)     the folders "pages" and "cache" of the test are on tmpfs,
#                     as installed, where there is one: before glintod starts,
#                     and for as long as the answer is kept

use strict;
use warnings;
use Exporter 'import';
use File::Temp ();
use Glinto::Test qw(slurp spew);

our @EXPORT = qw(shipped here in_memory);

sub here {
    my ($t, $text) = @_;
    my $dir = $t->dir;
    $text =~ s{/etc/glinto/nginx/}{$dir/conf/}g;
    $text =~ s{/(?:run|etc|var/lib)/glinto/}{$dir/}g;
    $text =~ s{/run/glinto-cache}{$dir/cache}g;
    return $text;
}

sub shipped {
    my ($t) = @_;
    mkdir $t->path('conf');
    for my $file (glob $t->root . '/conf/nginx/*.conf') {
        my ($name) = $file =~ m{([^/]+)$};
        spew($t->path("conf/$name"), here($t, slurp($file)));
    }
    return (glinto => 'include %%DIR%%/conf/http.conf;', server =>
        'glinto_site a.example; include %%DIR%%/conf/locations.conf;');
}

sub in_memory {
    my ($t) = @_;
    return if !-w '/dev/shm';
    my $memory = File::Temp->newdir('glinto-XXXXXX', DIR => '/dev/shm');
    for my $name (qw(pages cache)) {
        mkdir "$memory/$name";
        symlink "$memory/$name", $t->path($name) or die "$name: $!\n";
    }
    return $memory;
}

1;
