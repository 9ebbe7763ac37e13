# Promise: two Debian packages, installed with apt-get into a fresh Debian, and
# "glinto setup" count a site: three commands, and less than a minute from the
# first to a visit on the dashboard.  An upgrade changes no number; a removed
# module leaves an nginx that works; a purge leaves nothing but backups.  The
# packages have no errors of lintian; "make install" puts the same files.
#
# Method: a tree made by debootstrap, in namespaces of its own; services start
# by their init scripts, because no systemd runs there.
#
# Alone: it times what is typed.
# Check: it fetches Debian and installs packages five times.
# Slow: the same.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Debian;
use Glinto::Test;
use Time::HiRes ();

my $MINUTE_S = 60;
my $COMMANDS_MAX = 3;
my $t = Glinto::Test->new(limit_s => 900)->one_day(300);
# Packages are made of the plain build, also when this one has sanitizers.
my $build = $t->san ? $t->root . '/build' : $t->build;
plan skip_all => 'there is no plain build: make docs'
    if !-x "$build/glintod" || !-e "$build/docs/.made";

# ---- two versions ----

sub package_of {
    my ($version) = @_;
    my $out = $t->path("packages-$version");
    my $said = qx(@{[$t->root]}/conf/deb/build $build $out $version 2>&1);
    is($? >> 8, 0, "packages of $version") or diag($said);
    return sort glob "$out/*.deb";
}
my @old = package_of('0.1.0-1');
my @new = package_of('0.1.0-2');
is(join(' ', map { s{.*/}{}r =~ s/_.*//r } @old),
    'glinto libnginx-mod-http-glinto', 'two packages');
# The third, for several machines, is not beside them.
my ($several) = glob $t->path('packages-0.1.0-1/several/*.deb');
SKIP: {
    skip 'no lintian here', 1 if system('which lintian >/dev/null') != 0;
    my @errors = grep { /^E:/ }
        split /\n/, qx(lintian --allow-root @old $several 2>/dev/null);
    is("@errors", '', 'lintian finds no error');
}

is(join(' ', map { scalar(qx(dpkg-deb -f $_ Depends) =~ /libpq/) ? 1 : 0 }
    $several, @old), '1 0 0', 'that one alone needs libpq');
my $files = qx(dpkg-deb -c $several);
like($files, qr{\./$_\n}, $_) for 'usr/sbin/glinto-postgresql',
    'lib/systemd/system/glinto-postgresql.service';

# ---- by make install ----

my $installed = $t->path('installed');
is(system("@{[$t->root]}/conf/install", $build, $installed), 0, 'make install');
my %packed; # path => mode, as ls shows it
for my $deb (@old, $several) {
    my $all = qx(dpkg-deb -c $deb);
    $packed{$2} = $1 while $all =~ m{^(-\S+) .* \./(\S+?)(?:\.gz)?$}mg;
}
my @other = grep { m{^(\S+) (\S+?)(?:\.gz)?$}; ($packed{$2} // '') ne $1 }
    split /\n/, qx(cd $installed && find . -type f -printf '%M %P\n');
is("@other", '', 'make install puts what the packages have');

# ---- typed ----

if (my $why = Glinto::Debian->cannot($build, @old)) {
    SKIP: { skip $why, 1 }
    $t->done;
    exit;
}
my $debian = Glinto::Debian->new($t, $build);
my $typed = 0;
sub typed {
    my ($command, $input) = @_;
    $typed++;
    my ($status, $said) = $debian->command($command, $input);
    is($status, 0, $command) or diag($said);
    return $said;
}
sub debs {
    my ($folder, @files) = @_;
    $debian->command("mkdir -p /srv/$folder");
    $debian->copy($_, "/srv/$folder/" . s{.*/}{}r) for @files;
    return "/srv/$folder/*.deb";
}
my $old = debs('old', @old);
my $event = q({"n":"pageview","u":"http://example.com/first","d":"example.com"});
sub visit {
    my ($event, $site) = @_;
    return ($debian->command("curl -s -o /dev/null -w '%{http_code}' -H "
        . "'Host: $site' -A 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) "
        . "Gecko/20100101 Firefox/128.0' -H 'Accept-Language: en' "
        . "-d '$event' http://127.0.0.1/api/event"))[1];
}
sub page {
    return ($debian->command("curl -s -H 'Host: example.com' "
        . 'http://127.0.0.1/glinto/example.com'))[1];
}
# What the tree does not have and no visitor needs of it.
$debian->command('apt-get install -y --no-install-recommends curl procps');

my $began = Time::HiRes::time();
typed("apt-get install -y --no-install-recommends $old");
my $said = typed('glinto setup', "example.com\ny\ny\n");
like($said, qr/^\+ .*include \/etc\/glinto\/nginx\/http\.conf;/m,
    'setup shows what it writes');
my ($address) = $said =~ /^Now open this address: (\S+)$/m;
is($address, 'http://example.com/glinto/example.com', 'it says what to open');
my $questions = () = $said =~ /\?/g;
cmp_ok($questions, '<=', 3, "$questions questions");
$t->until('the site is known', sub { visit($event, 'example.com') eq '202' });
$t->soon('a first visit is on the dashboard', sub {
    page() =~ m{<[^>]*data-live="visitors"[^>]*>\s*1\s*<|/first};
}, 30);
my $took = Time::HiRes::time() - $began;
cmp_ok($typed, '<=', $COMMANDS_MAX, "$typed commands");
cmp_ok($took, '<=', $MINUTE_S, sprintf '%.1f s from the first', $took);

my ($same, $again) = $debian->command('glinto setup --site example.com '
    . '--public --yes');
is($same, 0, 'setup may run twice');
like($again, qr/has all of Glinto's lines already/, 'and writes nothing');

# ---- what is there ----

is(($debian->command('id -nG glinto'))[1], "glinto www-data\n",
    'the user of glintod is in the group of the workers');
my %mode = ('/var/lib/glinto/data' => 'glinto:glinto 700',
    '/var/lib/glinto/spool' => 'glinto:www-data 3770',
    '/run/glinto/salt' => 'glinto:www-data 2750',
    '/run/glinto/admin.sock' => 'glinto:www-data 600',
    '/usr/lib/nginx/modules/ngx_http_glinto_module.so' => 'root:root 644',
    '/usr/sbin/glintod' => 'root:root 755');
for my $path (sort keys %mode) {
    my ($is) = ($debian->command("stat -c '%U:%G %a' $path"))[1] =~ /(.*)/;
    is($is, $mode{$path}, $path);
}
is(join(' ', grep { !-e $debian->path("/usr/share/$_") } map({ "man/man$_.gz" }
    '1/glinto.1', '5/glinto.conf.5', '5/glinto-residency.conf.5', '8/glintod.8',
    '8/ngx_http_glinto_module.8'), 'doc/glinto/html/index.html',
    'doc/glinto/html/style.css'), '', 'the manual is there');
ok(-l $debian->path('/etc/nginx/modules-enabled/50-mod-http-glinto.conf'),
    'the module is enabled');
# Links of the tree lead nowhere here.
ok(-l $debian->path("/etc/systemd/system/$_"), "$_ is enabled")
    for 'multi-user.target.wants/glintod.service',
    'sockets.target.wants/glintod.socket';

# ---- an upgrade ----

sub events {
    my $query = '{"site_id":"example.com","date_range":"day",'
        . '"metrics":["pageviews"]}';
    my ($status, $said) = $debian->command('glinto query --json', $query);
    return $said =~ /"metrics":\[(\d+)/ ? $1 : "none: $said";
}
$debian->command('sed -i "s/^paths_per_day .*/paths_per_day 9999/" '
    . '/etc/glinto/glinto.conf');
my $before = events();
my $new = debs('new', @new);
my ($upgraded, $words) = $debian->command('apt-get install -y '
    . "--no-install-recommends -o Dpkg::Options::=--force-confold $new");
is($upgraded, 0, 'an upgrade') or diag($words);
like($debian->file('/etc/glinto/glinto.conf'), qr/^paths_per_day 9999$/m,
    'what was changed stays');
is(($debian->command('glinto status --wait 30 >/dev/null && echo up'))[1],
    "up\n", 'glintod runs again');
is(events(), $before, 'the numbers are the same');
is(visit($event, 'example.com'), '202', 'events are taken');
$t->soon('and counted', sub { events() == $before + 1 });

# ---- the module goes, and comes back ----

my ($removed) = $debian->command('apt-get remove -y libnginx-mod-http-glinto');
is($removed, 0, 'the module is removed');
is(($debian->command('nginx -t'))[0], 0, 'nginx takes its configuration');
unlike($debian->file('/etc/nginx/nginx.conf'), qr/glinto/,
    'without lines of Glinto');
is(($debian->command("apt-get install -y --no-install-recommends $new"))[0], 0,
    'it is installed again');
is(($debian->command('glinto setup --site example.com --public --yes'))[0], 0,
    'and set up');
is(events(), $before + 1, 'with what was counted');

# ---- purge ----

$debian->command('glinto backup /var/backups/glinto/last');
my ($purged, $told) = $debian->command('apt-get purge -y glinto '
    . 'libnginx-mod-http-glinto');
is($purged, 0, 'a purge') or diag($told);
my @left = grep { !m{^/(?:proc|srv|var/backups/glinto(?:/last.*)?$)} }
    split /\n/, ($debian->command('find / -xdev -iname "*glinto*" '
        . '-not -path "/srv/*" -not -path "/var/cache/*"'))[1];
is("@left", '', 'leaves nothing but backups');
is(($debian->command('ls /var/backups/glinto/last'))[1] =~ /meta\.db/, 1,
    'these are there');
is(($debian->command('pgrep -c glintod || true'))[1], "0\n",
    'and no process');
is(($debian->command('nginx -t'))[0], 0, 'nginx takes its configuration');
$debian->end;
$t->done;
