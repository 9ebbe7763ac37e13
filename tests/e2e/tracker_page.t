# Promise: the page about the tracker (conf/TRACKER.md) names the attributes,
# the members of an event and the extensions of the script's name that there
# are, and no other; its limits are those of the product.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;

my $t = Glinto::Test->new(limit_s => 30);
my $root = "$FindBin::Bin/../..";
my $page = slurp("$root/conf/TRACKER.md");
my $script = slurp("$root/ngx_glinto_module/tracker/glinto.js");
my $served = slurp("$root/ngx_glinto_module/ngx_http_glinto_script.c");

sub list { my %seen; return join ' ', sort grep { !$seen{$_}++ } @_ }

is(list($page =~ /^\| `data-(\w+)` \|/mg),
    list($script =~ /^ \* data-(\w+) /mg), 'attributes');
my ($members) = $script =~ /glinto\(name, \{([\w, ]+)\}\)/;
is(list($page =~ /^\| `(props|\w+)` \| (?:object|\`|true|text|function)/mg),
    list(split /, /, $members), 'members');
my ($words) = $page =~ /^\| word \|.*?\n\|---.*?\n(.*?)\n\n/ms;
my ($known) = $served =~ /_script_extensions\[\] = \{(.*?)\};/s;
# A file is an extension, but for the script itself and what it takes with it.
my @files = grep { !/^(?:glinto|init|name)$/ }
    map { m{([^/]+)\.js\z} } glob "$root/ngx_glinto_module/tracker/*.js";
is(list(map { /`([a-z-]+)`/g } $words =~ /^\| (`[^|]+) \|/mg),
    list(@files, $known =~ /ngx_string\("(\w+)"\)/g), 'extensions');
my ($bytes) = $page =~ /less\s+than (\d+) bytes/;
my ($limit) = $script =~ /under (\d+) bytes/;
is($bytes, $limit, 'its size');
$t->done;
