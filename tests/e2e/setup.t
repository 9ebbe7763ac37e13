# Promise: "glinto setup" changes nginx's files only as it has shown, and only
# when nginx takes the change: lines that nginx -t refuses are taken back, byte
# for byte, a "no" writes nothing, --take-back leaves the files as they were.
# It finds the server block of the site among several, in included files, also
# behind a link, and knows the ports and TLS of the address it ends with.
#
# Method: configurations of the test; GLINTO_NGINX is a stand-in that
# prints them as nginx -T does; packages.t has the real one.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new;
my $agent = $t->aggregator;
my $glinto = $t->build . '/glinto';
my $socket = $t->path('admin.sock');
mkdir $t->path($_) for qw(conf conf/sites conf/links);
my $MAIN = 'events {}
http {
    access_log off;
    include links/*;
}
';
my %FILE = (one => "server { listen 80; server_name a.example; }\n",
    two => "server {\n    listen 80;\n    server_name b.example www.b.example; # two\n"
        . "    return 301 https://b.example\$request_uri;\n}\n"
        . "server {\n    listen 8443 ssl;\n    server_name b.example;\n"
        . "    ssl_certificate c.pem;\n}\n");
sub files {
    spew($t->path('conf/nginx.conf'), $MAIN);
    spew($t->path("conf/sites/$_"), $FILE{$_}) for keys %FILE;
    for (keys %FILE) {
        symlink "../sites/$_", $t->path("conf/links/$_");
    }
}
sub all { join '', map { slurp($t->path("conf/$_")) }
    'nginx.conf', 'sites/one', 'sites/two' }

# -t says no while there is a file called refuse.
my $FAKE = <<'EOP';
#!/usr/bin/perl
my $dir = 'DIR';
exit 0 if $ARGV[0] eq '-s';
if ($ARGV[0] eq '-t') {
    print STDERR "nginx: [emerg] refused\n" if -e "$dir/refuse";
    exit(-e "$dir/refuse" ? 1 : 0);
}
for my $file ('nginx.conf', 'links/one', 'links/two') {
    open my $in, '<', "$dir/conf/$file" or die;
    print "# configuration file $dir/conf/$file:\n", do { local $/; <$in> }, "\n";
}
EOP
spew($t->path('nginx'), $FAKE =~ s/DIR/$t->dir/er);
chmod 0755, $t->path('nginx');
sub setup {
    my ($input, @args) = @_;
    spew($t->path('typed'), $input);
    local $ENV{GLINTO_NGINX} = $t->path('nginx');
    my $line = join ' ', $glinto, '--socket', $socket, 'setup', '--copies',
        $t->path('copies'), @args, '<', $t->path('typed'), '2>&1';
    my $said = qx($line);
    return ($? >> 8, $said);
}

files();
my ($status, $said) = setup("b.example\ny\nn\n");
is($status, 1, 'a no');
like($said, qr/nothing is written/, 'is told');
is(all(), $MAIN . $FILE{one} . $FILE{two}, 'and writes nothing');
is(scalar @{$agent->json('site', 'list')->{sites}}, 0, 'nor adds a site');

spew($t->path('refuse'), '');
($status, $said) = setup('', qw(--site b.example --public --yes));
is($status, 1, 'what nginx refuses');
like($said, qr/they are taken back:\nnginx: \[emerg\] refused$/m, 'is told');
is(all(), $MAIN . $FILE{one} . $FILE{two}, 'and taken back');
unlink $t->path('refuse');

($status, $said) = setup("\ny\n\n", '--site', 'b.example');
is($status, 0, 'a site behind TLS') or diag($said);
my $two = slurp($t->path('conf/sites/two'));
like($two, qr/server_name\ b\.example;\n
    \ {4}glinto_site\ b\.example;\ \#\ glinto\ setup\n
    \ {4}include\ \S+locations\.conf;\ \#\ glinto\ setup\n
    \ {4}ssl_certificate/x, 'in its own block, not in that which redirects');
is(slurp($t->path('conf/sites/one')), $FILE{one}, 'no other site is touched');
like(slurp($t->path('conf/nginx.conf')), qr/^worker_shutdown_timeout\ 30s;.*\n
    http\ \{\n\ +include\ \S+http\.conf;/mx, 'http {} has its lines');
ok(-l $t->path('conf/links/two'), 'a link stays one');
like($said, qr{^Now open this address: https://b\.example:8443/glinto/b}m,
    'with the port of TLS');
like($said, qr/^\+    glinto_site b\.example;/m, 'the difference was shown');
my ($copies) = $said =~ /written; the files as they were are in (\S+)$/m;
is(slurp("$copies/" . $t->path('conf/sites/two')), $FILE{two}, 'a copy is kept');

{
    local $ENV{TMPDIR} = $t->path('nowhere');
    ($status, $said) = setup('', qw(--site a.example --closed --yes));
    is($status, 1, 'a difference that cannot be shown');
    like($said, qr/cannot be shown: nothing is written$/m, 'is an error');
    is(slurp($t->path('conf/sites/one')), $FILE{one}, 'nothing is written');
}
($status, $said) = setup('', qw(--site a.example --closed --yes));
is($status, 0, 'a block of one line') or diag($said);
like(slurp($t->path('conf/sites/one')), qr/server_name\ a\.example;\n
    \ +glinto_site\ a\.example;.*\n\ +include.*\n\ *\}/x, 'gets lines of its own');
like($said, qr{^  http://a\.example/glinto/welcome/\S+$}m,
    'a closed site has a link for its first owner');
is(scalar @{$agent->json('site', 'list')->{sites}}, 2, 'both are sites');

($status, $said) = setup('', '--take-back');
is($status, 0, 'taken back') or diag($said);
is(slurp($t->path('conf/nginx.conf')), $MAIN, 'nginx.conf is as it was');
is(slurp($t->path('conf/sites/two')), $FILE{two}, 'so is a site');
is((setup('', '--take-back'))[0], 0, 'once more is no fault');
is((setup('', qw(--public --closed)))[0], 2, 'a contradiction is misuse');
is((setup('', '--yes'))[0], 2, 'without an answer nothing is done');
$t->done;
