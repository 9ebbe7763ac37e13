# Promise: a start with an account whose file cannot be used says "All is well"
# at no moment and by no door: until glintod has looked at everything there is
# no verdict, and then there is the fault.  The page of a site there shows no
# number meanwhile, which might be taken for one.
#
# Method: files damaged in three ways among a hundred that are well; every door
# is asked from the first moment it opens.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use DBI;
use Glinto::Test;
use Glinto::Told;
use Glinto::World;
use JSON::PP ();

my $t = Glinto::Test->new->one_day;
my $world = Glinto::World->new($t,
    sites => ['well', map { ["bad$_", "owner$_"] } 1 .. 3]);
my $agent = $world->agent;
my $told = Glinto::Told->new($t, $agent);

# Whoever has no site is looked at, too.
$agent->admin('POST', '/v1/account/add',
    JSON::PP::encode_json({name => "idle$_"})) for 1 .. 100;
my $segment = $world->segment;
$segment->event(site => "$_.example", visitor => 7)
    for 'well', map { "bad$_" } 1 .. 3;
$segment->close;
$t->until('rows', sub { $world->rows == 4 });

sub damage { # of FILE
    my ($way, $file) = @_;
    if ($way eq 'overwritten') {
        open my $out, '+<', $file or die "$file: $!\n";
        print {$out} 'no database ' x 5000;
        close $out;
    } elsif ($way eq 'a folder') {
        unlink $file;
        mkdir $file;
    } else { # its version is another glintod's
        my $db = DBI->connect("dbi:SQLite:dbname=$file", '', '',
            {RaiseError => 1, PrintError => 0});
        $db->do('PRAGMA user_version = 999');
        $db->disconnect;
    }
}

my %doors = (
    status => sub {
        my $answer = $agent->admin('GET', '/v1/status');
        my @kinds = map { $_->{kind} }
            @{JSON::PP::decode_json($answer->{body})->{conditions}};
        return (@kinds > 0, "@kinds");
    },
    health => sub {
        my $answer = $agent->admin('GET', '/health');
        my $health = JSON::PP::decode_json($answer->{body});
        return (!$health->{healthy}, $answer->{body});
    },
    people => sub {
        my $said = $told->people;
        return ($said !~ /All is well/, $said);
    },
);

$agent->stop;
my @ways = ('overwritten', 'a folder', 'newer');
for my $n (1 .. 3) {
    my ($way, $site, $file) = ($ways[$n - 1], "bad$n", $world->file("bad$n"));
    system('cp', '-a', $file, "$file.aside") == 0 or die;
    damage($way, $file);
    $agent->launch;
    my (%asked, %wrong, $page);
    $t->until('the fault is told', sub {
        return if !$agent->answers;
        for my $door (sort keys %doors) {
            my ($well, $said) = $doors{$door}->();
            $asked{$door}++;
            $wrong{$door} //= $said if !$well;
        }
        $page //= $agent->dashboard('GET', "/glinto/$site.example")->{body};
        return $told->health != 200;
    });
    is($wrong{$_}, undef, "$way: $_ never says that all is well "
        . "($asked{$_} times asked)") for sort keys %doors;
    unlike($page, qr/id="today-pageviews">\d/,
        'the first page of its site shows no number');
    $t->soon('and it says why', sub {
        $agent->dashboard('GET', "/glinto/$site.example")->{body}
            =~ /<p class="notice" data-kind="(?:read_only|storage|upgrade)/;
    });
    $t->soon('a neighbour is shown', sub {
        $agent->dashboard('GET', '/glinto/well.example')->{body}
            =~ /id="today-pageviews">1</;
    });
    $agent->stop;
    system('rm', '-rf', $file, "$file-wal", "$file-shm");
    rename "$file.aside", $file or die;
}
$agent->start;
$t->soon('all is well, when it is so', sub { $told->people =~ /\AAll is well/ });

$t->done;
