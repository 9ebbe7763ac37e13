# Promise: who comes from Plausible, Umami, GoatCounter, Matomo or GoAccess and
# follows the guide step by step has the numbers of the past, and the next view
# of the old script counts.
#
# Method: the guides' own blocks, in their order: commands are run, lines for
# nginx are in nginx, tags are looked at.  In the place of the other product's
# server stands a file as it exports one; "glinto setup" adds the site alone
# (packages.t runs it).

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::AccessLog;
use Glinto::Shipped;
use Glinto::Test;
use Glinto::World;
use IO::Compress::Gzip ();
use IO::Compress::Zip ();
use JSON::PP ();

my $t = Glinto::Test->new;
my $world = Glinto::World->new($t);
my $agent = $world->agent;
my $json = JSON::PP->new->utf8;
my $JANUARY = 1_767_614_400; # 2026-01-05 12:00 UTC

# ---- what the other products export ----

sub csv { join '', map { join(',', @$_) . "\n" } @_ }
my $visits = 'nb_uniq_visitors,nb_visits,nb_actions,bounce_count,'
    . 'sum_visit_length';
my %matomo = (
    'API.get' => "date,$visits,nb_pageviews\n2026-01-05,4,5,11,2,300,11\n",
    'Actions.getPageUrls' => 'date,label,nb_visits,nb_uniq_visitors,nb_hits,'
        . "metadata_url\n2026-01-05,/a,5,4,11,https://SITE/a\n",
    'Actions.getEntryPageUrls' => 'date,label,entry_nb_uniq_visitors,'
        . 'entry_nb_visits,entry_nb_actions,entry_sum_visit_length,'
        . "entry_bounce_count\n2026-01-05,/a,4,5,11,300,2\n",
    'Actions.getExitPageUrls' => 'date,label,exit_nb_uniq_visitors,'
        . "exit_nb_visits\n2026-01-05,/a,4,5\n",
    'Events.getAction' => "date,label,nb_uniq_visitors,nb_events\n");
$matomo{$_} //= "date,label,$visits\n" for qw(Referrers.getAll
    UserCountry.getCountry DevicesDetection.getType
    DevicesDetection.getBrowsers DevicesDetection.getOsFamilies);
my @umami = ([qw(session_id hostname browser os device url_path event_type
    created_at)], ['anna', 'SITE', 'firefox', 'Linux', 'desktop', '/', 1,
    '2026-01-05 10:00:00'], ['anna', 'SITE', 'firefox', 'Linux', 'desktop',
    '/b', 1, '2026-01-05 10:01:00'], ['bert', 'SITE', 'ios', 'iOS', 'mobile',
    '/', 1, '2026-01-06 10:00:00']);
my @goat = (['2Path', qw(Title Event Session Bot Date)],
    ['/', 'T', 'false', 'anna', 0, '2026-01-05T10:00:00Z'],
    ['/b', 'T', 'false', 'anna', 0, '2026-01-05T10:01:00Z'],
    ['/', 'T', 'false', 'bert', 0, '2026-01-06T10:00:00Z'],
    ['/', 'T', 'false', 'robot', 4, '2026-01-06T11:00:00Z']);
my $tables = csv([qw(date visitors pageviews bounces visits visit_duration)],
    ['2026-01-05', 3, 7, 1, 3, 200], ['2026-01-06', 2, 2, 2, 2, 0]);
my @log = map { combined({at => $JANUARY + 60 * $_, address => "203.0.113.$_",
    method => 'GET', uri => $_ % 2 ? '/' : '/a.css', status => 200, bytes => 9,
    referrer => '-', agent => $Glinto::AccessLog::PEOPLE[0]}) } 1 .. 20;

# Guide: what is in its folder at first, what asks the other server and what
# comes of it, and what the guide's question answers.
my %GUIDE = (
    plausible => {zip => 'export.zip', numbers => [[5, 9]]},
    umami => {psql => {'website_event.csv' => csv(@umami)},
        numbers => [[2, 2], [1, 1]]},
    goatcounter => {goatcounter => {'goatcounter-export.csv' => csv(@goat)},
        numbers => [[2, 2], [1, 1]]},
    matomo => {curl => \%matomo, numbers => [[4, 11]]},
    goaccess => {log => 'access.log', numbers => [[10, 10]]},
);

# In the place of programs of others: what they would have written.
my $PRELUDE = <<'EOS';
set -e
cd "$DIR"
glinto() {
    if [ "$1" = setup ]; then set -- site add "$3" "$4"; fi
    "$GLINTO" --socket "$SOCKET" "$@"
}
curl() {
    [ "$1" = -o ] && cp "their/$(basename "$2" .csv)" "$2"
}
psql() { grep -q '^\\copy .*CSV HEADER$' && cp their/* .; }
goatcounter() { gzip -c their/* >"${@: -1}"; }
EOS

sub place { # the folder of a guide, with what there is to export
    my ($name, $site) = @_;
    my $guide = $GUIDE{$name};
    my $dir = $t->path($name);
    mkdir $_ for $dir, "$dir/their";
    my ($theirs) = grep { ref } @$guide{qw(psql goatcounter curl)};
    spew("$dir/their/$_", $theirs->{$_} =~ s/SITE/$site/gr)
        for keys %{$theirs // {}};
    IO::Compress::Zip::zip(\$tables => "$dir/$guide->{zip}",
        Name => 'imported_visitors_20260101_20260131.csv') or die
        if $guide->{zip};
    if ($guide->{log}) {
        spew("$dir/access.log", join '', @log[10 .. 19]);
        my $older = join '', @log[0 .. 9];
        IO::Compress::Gzip::gzip(\$older => "$dir/access.log.2.gz") or die;
    }
    return $dir;
}

# ---- walking ----

my %text = map { $_ => slurp($t->root . "/conf/manual/from-$_.md") }
    keys %GUIDE;
my %shipped = shipped($t);
my %include = map { $_ => 1 } map { /^(include \S+;)$/mg } values %text;
$shipped{server} =~ s/glinto_site a\.example;//;
$shipped{server} .= join "\n", map { here($t, $_) } sort keys %include;
my $nginx = $t->nginx(%shipped);

sub run_block {
    my ($name, $dir, $block) = @_;
    my $file = $t->path("$name.sh");
    spew($file, $PRELUDE . ($block =~ s{/var/log/nginx}{$dir}gr));
    local @ENV{qw(DIR GLINTO SOCKET)} = ($dir, $t->build . '/glinto',
        $t->path('admin.sock'));
    my $said = qx(bash $file 2>&1);
    my ($first) = $block =~ /^(.{1,60})/;
    is($? >> 8, 0, "$name: $first") or diag($said);
    return $said;
}

# It goes on until it is told to end.
sub follow {
    my ($name, $dir, $block) = @_;
    my @words = split ' ', $block =~ s{/var/log/nginx}{$dir}gr;
    shift @words;
    my $before = $world->rows($name);
    my $pid = $t->spawn('follow', $t->build . '/glinto', '--socket',
        $t->path('admin.sock'), @words, {log => $t->path('follow.log')});
    open my $out, '>>', "$dir/access.log" or die;
    print $out combined({at => $JANUARY + 5000, address => '203.0.113.99',
        method => 'GET', uri => '/more', status => 200, bytes => 9,
        referrer => '-', agent => $Glinto::AccessLog::PEOPLE[1]});
    close $out;
    $t->soon("$name: the log is followed", sub {
        $world->rows($name) == $before + 1;
    }, 30);
    kill 'TERM', $pid;
    $t->ended($pid);
}

sub look_at { # a tag: what it names is there
    my ($name, $site, $block) = @_;
    for my $path ($block =~ m{https://\Q$site\E(/[\w.]+)}g,
        $block =~ m{src="(/js/[\w.]+)"}g) {
        isnt($nginx->get($path)->{status}, 404, "$name: $path is there");
    }
}

# The old script's next view.
sub next_view {
    my ($name, $site) = @_;
    my $walk = $json->decode(slurp($t->root . "/tests/trackers/$name.json"));
    my ($step) = grep { ref $_->{row} eq 'HASH' && $_->{row}{kind} == 1 }
        @{$walk->{walk}};
    my ($method, $path, $headers, $body) = @{$step->{request}};
    my %headers = ('Accept-Language' => 'de', Connection => 'close',
        Referer => $walk->{page}, %{$headers // {}});
    $body = ref $body ? $json->encode($body) : $body;
    $body = '' if $method eq 'POST' && !defined $body;
    s/SITE/$site/g, s/idsite=\d+/idsite=1/ for grep { defined } $path, $body,
        values %headers;
    my $before = $world->rows($name);
    # A worker hears of the site within a second.
    $t->until("$site is known", sub {
        my $reply = Glinto::Http->connect($nginx->port)->request($method,
            $path, \%headers, $body);
        return $reply->{status} =~ /^2/
            && $reply->{head} !~ /unknown_site|^x-plausible-dropped/mi;
    });
    $t->soon("$name: the next view of the script counts", sub {
        $world->rows($name) == $before + 1;
    });
}

for my $name (sort keys %GUIDE) {
    my $site = "$name.example";
    my $dir = place($name, $site);
    my $guide = $text{$name} =~ s/example\.com/$site/gr;
    my @blocks = $guide =~ /^```\n(.*?)^```$/msg;
    cmp_ok(scalar @blocks, '>=', 5, "$name: " . @blocks . ' blocks');
    my ($asked) = map { /^glinto query <<END\n(.*)^END$/ms ? $1 : () } @blocks;
    for my $block (@blocks) {
        next if $block =~ /^include /;
        if ($block =~ /^</) {
            look_at($name, $site, $block);
        } elsif ($block =~ /--follow/) {
            follow($name, $dir, $block);
        } else {
            my $said = run_block($name, $dir, $block);
            is(() = $said =~ /PAGES/g, 1, "$name: and it is explained")
                if $block =~ /^glinto explain/;
        }
        next if $block !~ /^glinto query/;
        is_deeply([map { $_->{metrics} } @{$agent->query($json->decode($asked))
            ->{results}}], $GUIDE{$name}{numbers}, "$name: the numbers");
    }
    next_view($name, $site) if -e $t->root . "/tests/trackers/$name.json";
}
$t->done;
