# Promise: "nginx -t" takes every directive where it belongs, and explains
# every mistake in a sentence that names the directive and what would be right.
# What is wrong in the system (a missing directory, one the workers cannot
# write) is a warning: it must never keep the web server from starting.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Nginx;
use Glinto::Test;

my $t = Glinto::Test->new;
my $nginx = Glinto::Nginx->new($t);
my $dir = $t->dir;

my $SPOOL = 'glinto_spool %%DIR%%/spool;';

# "nginx -t" with this inside http {}, and at the top of the file.
sub check {
    my ($http, $main) = @_;
    $main //= '';
    $main .= ' user root;' if $> == 0 && $main !~ /\buser /;
    return $nginx->test("load_module %%MODULE%%;\n$main\npid %%DIR%%/t.pid;\n"
        . "events {}\nhttp {\naccess_log off;\n$http\n}\n");
}

sub takes {
    my ($name, @conf) = @_;
    my ($status, $output) = check(@conf);
    is($status, 0, $name) or diag($output);
    unlike($output, qr/\[(?:warn|emerg)\]/, "$name: no complaint");
}

sub refuses {
    my ($name, $why, @conf) = @_;
    my ($status, $output) = check(@conf);
    isnt($status, 0, "$name is refused");
    like($output, $why, "$name: says why");
}

sub warns {
    my ($name, $why, @conf) = @_;
    my ($status, $output) = check(@conf);
    is($status, 0, "$name does not stop nginx") or diag($output);
    like($output, qr/\[warn\].*$why/, "$name: warns");
}

sub server { "server { listen unix:%%DIR%%/t.sock; $_[0] }" }

takes('no directive at all', '');
takes('all directives', <<'EOC' . server(<<'EOS'));
    glinto_spool %%DIR%%/spool budget=64m segment=256k;
    glinto_socket unix:%%DIR%%/events.sock;
    glinto_salt %%DIR%%/salt;
    glinto_sites %%DIR%%/sites;
    glinto_site example.com;
    glinto_client_addr $remote_addr;
    glinto_country $http_x_country;
    glinto_region AT-9;
    glinto_city $arg_city;
    glinto_if $arg_count;
    glinto_max_body 4k;
EOC
    glinto_site $host;
    glinto_client_addr $realip_remote_addr;
    glinto_if 1;
    glinto_max_body 8k;
    location /a { glinto_collect; glinto_site a.example; glinto_max_body 1k; }
    location /b { glinto_collect plausible; glinto_country DE; }
    location /c { glinto_pixel; glinto_if $arg_x; glinto_city Wien; }
    location /d { glinto_script; }
    location /e { glinto_status; }
EOS
takes('a spool and nothing else', $SPOOL);
takes('a relative path', 'glinto_spool spool/;');
takes('a script without a spool', server('location / { glinto_script; }'));

for my $name (qw(spool socket salt sites)) {
    my $value = $name eq 'socket' ? 'unix:%%DIR%%/x' : '%%DIR%%/spool';
    my $line = "glinto_$name $value;";
    refuses("glinto_$name twice", qr/"glinto_$name" directive is duplicate/,
        "$line $line");
    refuses("glinto_$name in a server",
        qr/"glinto_$name" directive is not allowed here/, server($line));
}
for my $line ('glinto_site a', 'glinto_client_addr $host', 'glinto_if 1',
    'glinto_country AT', 'glinto_region AT-9', 'glinto_city Wien',
    'glinto_max_body 1k') {
    my ($name) = split ' ', $line;
    refuses("$name twice", qr/"$name" directive is duplicate/, "$line; $line;");
}
for my $name (qw(collect pixel script status)) {
    refuses("glinto_$name in http", qr/"glinto_$name" directive is not allowed/,
        "$SPOOL glinto_$name;");
}

for my $name (qw(collect pixel status)) {
    refuses("glinto_$name without a spool",
        qr/"glinto_$name" needs "glinto_spool" in the http block/,
        server("location / { glinto_$name; }"));
}
refuses('an unknown parameter', qr/invalid parameter "colour=red"/,
    'glinto_spool %%DIR%%/spool colour=red;');
for my $size (qw(budget=lots budget=0 budget= segment=many)) {
    refuses($size, qr/invalid parameter "$size"/,
        "glinto_spool %%DIR%%/spool $size;");
}
for my $size (qw(4k 32m)) {
    refuses("segment=$size", qr/segment size "$size" must be between 64k and 16m/,
        "glinto_spool %%DIR%%/spool segment=$size;");
}
refuses('a crooked segment', qr/segment size "70000" must be a multiple of 4k/,
    'glinto_spool %%DIR%%/spool segment=70000;');
refuses('a budget for no worker',
    qr/budget of 3145728 bytes is too small: 1 worker .* 4 seg.*=4194304/,
    'glinto_spool %%DIR%%/spool budget=3m segment=1m;');
refuses('a budget for two of three workers', qr/3 worker processes need 8 seg/,
    'glinto_spool %%DIR%%/spool budget=7m segment=1m;', 'worker_processes 3;');
takes('the same for two', 'glinto_spool %%DIR%%/spool budget=7m segment=1m;',
    'worker_processes 2;');
takes('segments of any size for three', 'glinto_spool %%DIR%%/spool budget=7m;',
    'worker_processes 3;');
takes('what is shipped, for 128 workers',
    'glinto_spool %%DIR%%/spool budget=256m;', 'worker_processes 128;');
refuses('segments too small for a request',
    qr/budget of 524288 bytes is too small: 1 worker .* of \d{6} bytes/,
    'glinto_spool %%DIR%%/spool budget=512k;');
refuses('a socket without unix:', qr{invalid socket "/x", must be unix:PATH},
    'glinto_socket /x;');
refuses('a socket without a path', qr{invalid socket "unix:", must be},
    'glinto_socket unix:;');
refuses('a long socket path', qr/has more than 107 bytes/,
    'glinto_socket unix:/' . 'x' x 120 . ';');
refuses('an empty path', qr/"glinto_sites" directive has an empty path/,
    'glinto_sites "";');
refuses('an endless path', qr/"glinto_salt" directive has too long a path/,
    'glinto_salt /' . 'x' x 4090 . ';');

refuses('a body of nothing', qr/value must be between 1 and 65536/,
    'glinto_max_body 0;');
refuses('a body of 65k', qr/value must be between 1 and 65536/,
    'glinto_max_body 65k;');
refuses('an unknown variable', qr/unknown "nowhere" variable/,
    'glinto_country $nowhere;');

for my $tracker (qw(plausible goatcounter umami matomo goatcounter-api
    events)) {
    takes($tracker, $SPOOL
        . server("location / { glinto_collect $tracker; }"));
}
refuses('another tracker', qr/unknown tracker "urchin", must be "plausible", /,
    $SPOOL . server('location / { glinto_collect urchin; }'));
refuses('two trackers in one location',
    qr/"glinto_pixel" directive cannot stand beside another tracker/,
    $SPOOL . server('location / { glinto_collect; glinto_pixel; }'));

warns('a missing spool', qr/"glinto_spool" directory "\S+nowhere" cannot be/,
    'glinto_spool %%DIR%%/nowhere;');
spew("$dir/file", '');
warns('a spool that is a file', qr/"\S+file" is not a directory/,
    'glinto_spool %%DIR%%/file;');
warns('a salt that is a file', qr/"glinto_salt" "\S+file" is not a directory/,
    "$SPOOL glinto_salt %%DIR%%/file;");

SKIP: {
    skip 'only root has workers of another user', 6 if $> != 0;
    warns('a spool the workers cannot write',
        qr/not writable by the worker user "nobody"/, $SPOOL, 'user nobody nogroup;');
    chown 0, scalar getgrnam('nogroup'), "$dir/spool";
    takes('a spool of their group', $SPOOL, 'user nobody nogroup;');
    chmod 0750, "$dir/spool";
    warns('a spool their group cannot write', qr/not writable by the worker/,
        $SPOOL, 'user nobody nogroup;');
}

$t->done;
