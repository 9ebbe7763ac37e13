# Promise: "glinto check residency" passes the deployment that is shipped, and
# refuses each of forty bad ones with a sentence of its own that names file and
# line; its report says what was checked and what is only declared, is the same
# as JSON, and changes its hash with what was read. As a gate it stops a start
# only where the policy says so.
#
# Method: the shipped files with one line changed; a stand-in prints them as
# nginx -T does; a data file of countries of the test's own.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Countries;
use Glinto::Test;
use JSON::PP ();

my $t = Glinto::Test->new(limit_s => 60);
my $glinto = $t->build . '/glinto';
write_countries($t->path('countries'), '192.0.2.0/24' => 'DE',
    '198.51.100.0/24' => 'US', '203.0.113.0/24' => 'CH');
spew($t->path('nginx'), "#!/bin/sh\nexec cat " . $t->path('dump') . "\n");
chmod 0755, $t->path('nginx');

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
        . $t->path('spool') . "\n",
    'glintod.service' => slurp($t->root . '/conf/glintod.service'),
);

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
    spew($t->path($_), $file{$_})
        for qw(residency.conf glinto.conf glintod.service);
    spew($t->path('dump'), join '', map {
        "# configuration file @{[$t->path($_)]}:\n$file{$_}\n"
    } 'nginx.conf', map { "glinto/$_.conf" } qw(http locations dashboard headers));
    local $ENV{GLINTO_NGINX} = $t->path('nginx');
    my $command = join ' ', $glinto, 'check', 'residency',
        (map { ("--$_->[0]", $t->path($_->[1])) } ['policy', 'residency.conf'],
            ['conf', 'glinto.conf'], ['unit', 'glintod.service']), @args;
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
my $far = 'sends to 198\.51\.100\.1 \(198\.51\.100\.1\) in US';
my $unnamed = 'sends to 192\.0\.2\.99 .*no "allow" names';
my @bad = (
    server('location /x { proxy_pass http://198.51.100.1; }', $far),
    (map { server("location /x { ${_}_pass 198.51.100.1:9000; }", $far) }
        qw(fastcgi uwsgi scgi grpc memcached)),
    server('location /x { proxy_pass http://192.0.2.99; }', $unnamed),
    server('location /x { proxy_pass https://203.0.113.5/a; }', 'sends .* CH'),
    server('location /x { proxy_pass http://$host; }', 'sends .* variable'),
    server('location /x { proxy_pass http://no-such.invalid; }',
        'sends to no-such\.invalid, which has no address'),
    server('location /x { proxy_pass http://[2001:db8::1]:80; }',
        'sends to 2001:db8::1'),
    server('resolver 198.51.100.1 valid=10s;', $far),
    server('resolver 127.0.0.1 192.0.2.99;', $unnamed),
    server('resolver [2001:db8::53];', 'sends to 2001:db8::53'),
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
);
cmp_ok(scalar @bad, '>=', 40, @bad . ' bad deployments');
for my $n (1 .. @bad) {
    my ($changes, $says) = @{$bad[$n - 1]};
    my ($status, $text) = check($changes);
    my @refused = $text =~ /^  REFUSED   (.*)$/mg;
    is($status, 1, "bad deployment $n is refused");
    ok((grep { $_ =~ $says } @refused), "as $refused[0]")
        or diag("$says\n", $text);
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
($status, $said) = check({'nginx.conf' => sub {
    s/# more/location \/x { proxy_pass http:\/\/192.0.2.10; }/ }}, '--json');
is($status, 0, 'so does an allowed address of an allowed country');
my $report = JSON::PP::decode_json($said);
ok((grep { $_->{kind} eq 'checked' && $_->{says} =~ /192\.0\.2\.10.* in DE/ }
    @{$report->{findings}}), 'JSON says so');
ok($report->{holds}, 'and that all holds');
isnt($report->{sha256}, JSON::PP::decode_json((check({}, '--json'))[1])->{sha256},
    'another configuration has another hash');
my %us = ('residency.conf' => sub { s/^here DE/here US/m });
is((check(\%us, '--gate'))[0], 1, 'the gate stops a start');
is((check({'residency.conf' => sub {
    s/^here DE/here US/m; s/enforce/report/ }}, '--gate'))[0], 0,
    'and where the policy reports it does not');
$t->done;
