# Promise: "glinto check residency" passes the deployment that is shipped, and
# refuses each of some sixty bad ones, drop-ins of the unit, pages that load
# from elsewhere and a network filesystem among them, with a sentence of its
# own that names file and line; its report says what was checked and what is
# only declared, is the same as JSON, and changes its hash with what was read.
# As a gate it stops a start only where the policy says so.
#
# Method: the shipped files with one line changed; a stand-in prints them as
# nginx -T does, another has no server of PostgreSQL to tell of (they are asked
# in city_residency.t); a data file of countries of the test's own.
#
# Check: it starts some seventy commands, each with an nginx -T of its own.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Countries;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 150);
our $glinto = $t->build . '/glinto';
write_countries($t->path('countries'), '192.0.2.0/24' => 'DE',
    '198.51.100.0/24' => 'US', '203.0.113.0/24' => 'CH');
spew($t->path('nginx'), "#!/bin/sh\nexec cat " . $t->path('dump') . "\n");
spew($t->path('postgresql'), "#!/bin/sh\necho '{\"servers\": []}'\n");
chmod 0755, map { $t->path($_) } qw(nginx postgresql);

my %good = (
    'nginx.conf' => "events {}\nhttp {\n    include glinto/http.conf;\n"
        . "    access_log /var/log/nginx/access.log;\n    server {\n"
        . "        listen 80;\n        include glinto/locations.conf;\n"
        . "        # more\n    }\n}\n",
    (map { +"glinto/$_.conf" => slurp($t->root . "/conf/nginx/$_.conf")
        =~ s{/etc/glinto/nginx/}{@{[$t->path('glinto')]}/}gr }
        qw(http locations dashboard headers)),
    'residency.conf' => "countries EU EEA\nhere DE\n"
        . "allow 192.0.2.10 198.51.100.1 203.0.113.5 10.0.0.9 192.0.2.77\n"
        . 'mmdb ' . $t->path('countries') . "\nresidency enforce\n",
    'glinto.conf' => "data " . $t->path('data') . "\nspool "
        . $t->path('spool') . "\npages " . $t->path('pages') . "\n",
    'glintod.service' => slurp($t->root . '/conf/glintod.service'),
    'glintod.service.d/one.conf' => "[Service]\nNice=1\n",
    # a reader may follow a link; a picture may be in the page
    'pages/page.html' => "<!doctype html>\n<a href=\"https://a.test/\">a</a>\n"
        . "<script src=\"/glinto/assets/page.js\"></script>\n",
    'pages/style.css' => "a { background: url(\"data:image/png;base64,AA\") }\n",
    'pages/page.js' => "fetch('/x'); // see https://a.test/\n",
);
mkdir $t->path($_) for qw(pages glintod.service.d);

# The real one, which has some MB, is read where it matters.
my $program = $t->path('program');
spew($program, "\0");

# (exit status, output) with the files, each CHANGE a file and a function.
sub check {
    my ($changes, @args) = @_;
    my %file = %good;
    for my $name (keys %$changes) {
        local $_ = $file{$name};
        $changes->{$name}->();
        die "nothing changed in $name\n" if $_ eq $file{$name};
        $file{$name} = $_;
    }
    spew($t->path($_), $file{$_}) for grep { !m{^glinto/|^nginx} } keys %file;
    spew($t->path('dump'), join '', map {
        "# configuration file @{[$t->path($_)]}:\n$file{$_}\n"
    } 'nginx.conf', map { "glinto/$_.conf" } qw(http locations dashboard headers));
    local $ENV{GLINTO_NGINX} = $t->path('nginx');
    local $ENV{GLINTO_POSTGRESQL} = $t->path('postgresql');
    my $command = join ' ', $glinto, 'check', 'residency',
        (map { ("--$_->[0]", $t->path($_->[1])) } ['policy', 'residency.conf'],
            ['conf', 'glinto.conf'], ['unit', 'glintod.service']),
        '--program', $program, @args;
    my $said = qx($command 2>&1);
    return ($? >> 8, $said);
}

my ($status, $said) = check({});
is($status, 0, 'what is shipped passes') or diag($said);
like($said, qr/^  declared  \S+residency\.conf:2: this machine stands in DE$/m,
    'where it stands is declared');
like($said, qr/^  checked   \S+http\.conf:\d+: glinto_socket \S+ is a Unix/m,
    'the socket is checked');
like($said, qr/^  checked   \S+locations\.conf:\d+: glinto_collect: no addr/m,
    'so is the log');
like($said, qr/^SHA-256 of all that was read: [0-9a-f]{64}$/m, 'with a hash');

# In nginx's server {}: a LINE, and what is said of it.
sub server {
    my ($line, $says) = @_;
    return [{'nginx.conf' => sub { s/# more/$line/ }},
        qr/nginx\.conf:8: $says/];
}
sub of {
    my ($file, $from, $to, $says) = @_;
    return [{$file => sub { s/$from/$to/m }}, qr/\Q$file\E:\d+: $says/];
}
sub http {
    my ($words, $says) = @_;
    return of('nginx.conf', '^http \{', "http { $words", $says);
}
sub logged {
    my ($format) = @_;
    return [{'nginx.conf' => sub {
        s/# more/location \/x { glinto_collect; access_log \/l f; }/;
        s/^http \{/http { log_format f '$format';/m;
    }}, qr/nginx\.conf:8: access_log .*logs the address/];
}
# A line of glinto.conf that has a program send.
sub sends {
    my ($line, $says) = @_;
    return [{'glinto.conf' => sub { $_ .= "$line\n" }},
        qr{glinto\.conf:4: $says sends mails or facts elsewhere, and no}];
}
my $far = '.*sends to 198\.51\.100\.1 \(198\.51\.100\.1\) in US';
my $unnamed = '.*sends to 192\.0\.2\.99 .*no "allow" names';
my @bad = (
    sends('outbox /var/lib/glinto/outbox', 'mail_command /usr/sbin/sendmail'),
    sends('mail_command /usr/bin/msmtp -t', 'mail_command /usr/bin/msmtp'),
    sends('notify_command /bin/hook', 'notify_command /bin/hook'),
    sends('summary_command /bin/model', 'summary_command /bin/model'),
    server('location /x { proxy_pass http://198.51.100.1; }', $far),
    (map { server("location /x { ${_}_pass 198.51.100.1:9000; }", $far) }
        qw(fastcgi uwsgi scgi grpc memcached)),
    server('location /x { proxy_pass http://192.0.2.99; }', $unnamed),
    server('location /x { proxy_pass https://203.0.113.5/a; }', '.*sends .* CH'),
    server('location /x { proxy_pass http://$host; }', '.*sends .* variable'),
    server('location /x { proxy_pass http://no-such.invalid; }',
        '.*sends to no-such\.invalid, which has no address'),
    server('location /x { proxy_pass http://[2001:db8::1]:80; }',
        '.*sends to 2001:db8::1'),
    server('resolver 198.51.100.1 valid=10s;', $far),
    server('resolver 127.0.0.1 192.0.2.99;', $unnamed),
    server('resolver [2001:db8::53];', '.*sends to 2001:db8::53'),
    server('access_log syslog:server=198.51.100.1:514,tag=x;', $far),
    server('access_log syslog:server=192.0.2.99;', $unnamed),
    server('error_log syslog:server=198.51.100.1;', $far),
    server('error_log syslog:server=192.0.2.99:514 warn;', $unnamed),
    server('ssl_stapling_responder http://198.51.100.1/;', $far),
    server('mirror /m; location = /m { proxy_pass http://192.0.2.99; }',
        $unnamed),
    server('auth_request /a; location = /a { proxy_pass http://198.51.100.1; }',
        $far),
    server('location /x { content_by_lua_block { a{} } }', '.* program'),
    server('location /x { content_by_lua_file x.lua; }', '.* program'),
    server('location /x { js_content main.x; }', '.* program'),
    server('location /x { perl P::h; }', '.* program'),
    [{'nginx.conf' => sub { s/# more/location \/x { glinto_pixel; }/ }},
        qr/nginx\.conf:4: access_log .*logs the address/],
    logged('$remote_addr $uri'), logged('$http_x_forwarded_for'),
    http('upstream u { server 198.51.100.1:80; }', $far),
    http('upstream u { server 192.0.2.99; }', $unnamed),
    of('glinto/http.conf', 'server unix:\S+;', 'server 198.51.100.1:80;', $far),
    [{'glinto/locations.conf' => sub {
        s/(glinto_collect plausible;\n) *access_log off;/$1/ }},
        qr/nginx\.conf:4: access_log .*logs the address/],
    of('glinto/headers.conf', "script-src 'self'",
        'script-src https://cdn.test', 'add_header .*load from elsewhere'),
    of('glinto/headers.conf', "default-src 'none'", 'default-src *',
        'add_header .*load from elsewhere'),
    of('residency.conf', '^here DE', 'here US', 'this machine stands in US'),
    of('residency.conf', '^here DE', '#', '"here" does not say'),
    of('glintod.service', '^RestrictAddressFamilies=.*',
        'RestrictAddressFamilies=AF_UNIX AF_INET', 'the unit says Restrict'),
    of('glintod.service', '^RestrictAddressFamilies=.*', '',
        'the unit says RestrictAddressFamilies= nothing'),
    of('glintod.service', '^PrivateNetwork=yes', 'PrivateNetwork=no',
        'the unit says PrivateNetwork=no'),
    of('glintod.service', '^IPAddressDeny=any', 'IPAddressDeny=localhost',
        'the unit says IPAddressDeny=localhost'),
    (map { of('glintod.service.d/one.conf', 'Nice=1', $_->[0], $_->[1]) }
        ['RestrictAddressFamilies=AF_INET6', 'the unit says Restrict\w+=AF_UNIX '
            . 'AF_INET6, not .*may open sockets'],
        ['PrivateNetwork=false', 'the unit says PrivateNetwork=false'],
        ['IPAddressDeny=', 'the unit says IPAddressDeny=, not'],
        ['IPAddressAllow=192.0.2.1', 'the unit says IPAddressAllow=192'],
        ['NetworkNamespacePath=/x', 'the unit says NetworkNamespacePath=/x'],
        ['JoinsNamespaceOf=x', 'the unit says JoinsNamespaceOf=x']),
    (map { of('glinto.conf', '\z', "$_->[0]\n", $_->[1]) }
        ['log postgresql host=198.51.100.1 sslmode=verify-full',
            'log sends to 198\.51\.100\.1 .* in US'],
        ['follow postgresql host=192.0.2.99 sslmode=verify-full',
            'follow sends to 192\.0\.2\.99 .*no "allow" names'],
        ['log postgresql host=/run,192.0.2.10 sslmode=require',
            'log: sslmode is "require", not verify-full'],
        ["follow postgresql host = 'db.test' hostaddr=192.0.2.10",
            'follow: sslmode is "", not verify-full'],
        ['log postgresql host=192.0.2.10 sslmode=verify-full '
            . 'sslrootcert=system', 'log: sslrootcert=system takes'],
        ['log postgresql service=far', 'log takes its host from a service'],
        ['log postgresql postgresql://192.0.2.10/glinto', 'log is an address'],
        ['follow mysql host=/run', 'follow is of a kind']),
    of('pages/page.html', 'src="/', 'src="https://cdn.test/',
        'loads from elsewhere: src="https://cdn\.test'),
    of('pages/page.html', '^<a', '<img alt=a src=//cdn.test/i.png><a',
        'loads from elsewhere: src=//cdn\.test'),
    of('pages/style.css', 'url\(', 'url(https://cdn.test/f); src: url(',
        'loads from elsewhere: url\(https://cdn'),
    of('pages/style.css', '^', "\@import '//cdn.test/a.css';\n",
        'loads from elsewhere: @import'),
    of('pages/page.js', "'/x'", "'https://cdn.test/x'",
        "loads from elsewhere: fetch\\('https"),
    of('pages/page.js', '^', "new WebSocket('wss://cdn.test/');\n",
        'loads from elsewhere: WebSocket'),
);
cmp_ok(scalar @bad, '>=', 40, @bad . ' bad deployments');
my %said;
for my $n (1 .. @bad) {
    my ($changes, $says) = @{$bad[$n - 1]};
    my ($status, $text) = check($changes);
    my @refused = $text =~ /^  REFUSED   (.*)$/mg;
    is($status, 1, "bad deployment $n is refused");
    my ($as) = grep { $_ =~ $says } @refused;
    ok(defined $as, "as " . ($as // 'nothing')) or diag("$says\n", $text);
    my ($where, $sentence) = ($as // ':0: ') =~ /^(\S+:\d+): (.*)/;
    push @{$said{$sentence}}, $n;
}
is(join(', ', map { "@{$said{$_}}: $_" } grep { @{$said{$_}} > 1 }
    sort keys %said), '', 'each by a sentence of its own');
like($said, qr/^  checked   \S+pages: pages load nothing .*\(3 files\)$/m,
    'pages are searched');
$program = $t->build . '/glintod';
(undef, my $whole) = check({});
like($whole, qr/^  checked   \Q$program\E: pages in glintod load nothing/m,
    'and those in glintod');
$program = $t->path('program');
($status) = check({'glintod.service.d/one.conf' => sub {
    s/Nice.*/RestrictAddressFamilies=\nRestrictAddressFamilies=AF_UNIX/ }});
is($status, 0, 'a drop-in may say the same anew');
SKIP: {
    my $module = $t->build . '/ngx_http_glinto_module.so';
    skip 'no module', 1 if !-e $module;
    my (undef, $text) = check({'nginx.conf' => sub {
        s/^/load_module $module;\n/ }});
    like($text, qr/^  checked   \Q$module\E: trackers load nothing/m,
        'so is the tracker');
}

# ---- a disk of another machine ----

SKIP: {
    skip 'a sanitizer must come first, and so must the library', 4
        if $t->san || $t->valgrind;
    my $library = $t->path('network_disk.so');
    system('cc', '-shared', '-fPIC', '-o', $library,
        "$FindBin::Bin/network_disk.c") == 0 or die "no library\n";
    local $ENV{GLINTO_NETWORK_DISK} = 'data';
    local $ENV{LD_PRELOAD} = $library;
    my ($status, $text) = check({});
    is($status, 1, 'data on a network filesystem is refused');
    like($text, qr/^  REFUSED   \S+glinto\.conf:1: data \S+ lies on NFS, /m,
        'with file, line and its name');
    local $ENV{GLINTO_NETWORK_DISK} = 'spool';
    (undef, $text) = check({});
    is(scalar(() = $text =~ /^  REFUSED .* lies on NFS/mg), 2,
        'and so is the spool, of glintod and of nginx');
    local $ENV{GLINTO_NETWORK_DISK} = '/var/backups';
    (undef, $text) = check({});
    like($text, qr{^  REFUSED   \S+glintod\.service:\d+: ReadWritePaths (?#
        )/var/backups/glinto lies on NFS, }m, 'and where backups go');
}

# ---- a glintod that holds a socket of a network ----

SKIP: {
    my $apart = 'unshare --pid --fork --kill-child --mount-proc';
    skip 'SKIP: no processes apart from those of this machine', 2
        if $> != 0 || system("$apart true 2>/dev/null") != 0;
    spew($t->path('held.pl'), <<'EOP');
use IO::Socket::INET;
my $held = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1:0');
$0 = 'glintod'; # its name, for /proc
system @ARGV;
exit $? >> 8;
EOP
    local $glinto = "$apart perl " . $t->path('held.pl') . " $glinto";
    my ($status, $text) = check({});
    is($status, 1, 'one that holds a network socket now is refused');
    like($text, qr{^  REFUSED   /proc/\d+/comm: glintod holds 1 network }m,
        'with its process');
}

# ---- programs that send ----

my %mail = ('glinto.conf' => sub { $_ .= "outbox /var/lib/glinto/outbox\n" },
    'residency.conf' => sub { $_ .= "program /usr/sbin/sendmail\n" });
($status, $said) = check(\%mail);
is($status, 0, 'one that the policy names passes');
like($said,
    qr{^  declared  \S+glinto\.conf:4: mail_command /usr/sbin/sendmail }m,
    'as declared');

# ---- no list of countries: the Union and the EEA ----

for (['IS', 0], ['SE', 0], ['CH', 1], ['GB', 1]) {
    my ($here, $refused) = @$_;
    is((check({'residency.conf' => sub {
        s/^countries.*\n//; s/^here DE/here $here/m }}))[0], $refused,
        "$here without a list of countries");
}

# ---- a policy that cannot be read ----

for (['countries XX1', '1: countries has what is no code'],
    ['here Germany', '1: here is no code'], ['color red', '1: unknown key'],
    ['residency maybe', '1: residency is report or enforce'])
{
    my ($line, $says) = @$_;
    my ($status, $text) = check({'residency.conf' => sub { $_ = "$line\n" }});
    is($status, 1, $line);
    like($text, qr/residency\.conf:$says/, 'with its line');
}

# ---- private, JSON, hash, gate ----

($status, $said) = check({'nginx.conf' => sub {
    s/# more/location \/x { proxy_pass http:\/\/10.0.0.9; }/ }});
is($status, 0, 'a private address that is allowed passes');
like($said, qr/^  declared  .*10\.0\.0\.9.*private address, in DE/m, 'as declared');
($status, $said) = check({'glinto.conf' => sub {
    $_ .= "log postgresql host=192.0.2.10,10.0.0.9 sslmode=verify-full\n"
        . "follow postgresql host=/run/postgresql dbname=glinto\n" }});
is($status, 0, 'servers of PostgreSQL that are allowed pass') or diag($said);
like($said, qr/^  checked   \S+glinto\.conf:4: log: 192\.0\.2\.10 proves/m,
    'by what they prove');
like($said, qr/^  checked   \S+glinto\.conf:5: follow is a Unix socket/m,
    'a socket has nothing to prove');
sub cluster { # of a primary b at an address
    spew($t->path('cluster.conf'),
        "primary a host=192.0.2.10 sslmode=verify-full\n"
        . "primary b host=$_[0] sslmode=verify-full\n");
    return check({'glinto.conf' => sub {
        $_ .= "cluster cluster.conf\nlog cluster\n" }});
}
($status, $said) = cluster('10.0.0.9');
is($status, 0, 'so do all primaries of a cluster') or diag($said);
like($said, qr/^  checked   \S+glinto\.conf:4: cluster b: 10\.0\.0\.9 proves/m,
    'each by its name');
($status, $said) = cluster('198.51.100.1');
is($status, 1, 'and one is refused');
like($said, qr/REFUSED   \S+:4: cluster b sends to 198\.51\.100\.1 .* in US/,
    'that is elsewhere');
unlink $t->path('cluster.conf') or die $!;
($status, $said) = check({'glinto.conf' => sub {
    $_ .= "cluster cluster.conf\nlog cluster\n" }});
like($said, qr/REFUSED   \S+:4: cluster: cannot open/, 'as is no file at all');
spew($t->path('postgresql'), "#!/bin/sh\necho no; exit 1\n");
(undef, $said) = check({'glinto.conf' => sub {
    $_ .= "follow postgresql host=/run/postgresql\n" }});
like($said, qr/REFUSED   \S+:4: glinto-postgresql does not say what .*: no$/m,
    'servers that cannot be asked are no proof');
($status, $said) = check({'nginx.conf' => sub {
    s/# more/location \/x { proxy_pass http:\/\/192.0.2.10; }/ }}, '--json');
is($status, 0, 'so does an allowed address of an allowed country');
my $report = JSON::PP::decode_json($said);
ok((grep { $_->{kind} eq 'checked' && $_->{says} =~ /192\.0\.2\.10.* in DE/ }
    @{$report->{findings}}), 'JSON says so');
ok($report->{holds}, 'and that all holds');
isnt($report->{sha256}, JSON::PP::decode_json((check({}, '--json'))[1])->{sha256},
    'another configuration has another hash');
($status, my $page) = check({}, '--html');
is($status, 0, 'a page of it');
is(() = $page =~ /\bNO\b|\bDE\b/g, 3,
    'countries that are named twice are told once');
my $second = '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ';
like($page, qr{^<!DOCTYPE html>.*<p>$second, on \S+, by Glinto}s, 'dated');
like($page, qr{<p>SHA-256 of all that was read: [0-9a-f]{64}</p>},
    'with the hash');
my $here = '<td>declared</td><td>\S+residency\.conf:2</td>'
    . '<td>this machine stands in DE</td>';
like($page, qr/$here/, 'and each finding');
unlike($page, qr/(?:src|href)=|class="broken"/, 'it asks for no other file');
my %us = ('residency.conf' => sub { s/^here DE/here US/m });
is((check(\%us, '--gate'))[0], 1, 'the gate stops a start');
is((check({'residency.conf' => sub {
    s/^here DE/here US/m; s/enforce/report/ }}, '--gate'))[0], 0,
    'and where the policy reports it does not');
$t->done;
