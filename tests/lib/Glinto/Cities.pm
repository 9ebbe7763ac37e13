package Glinto::Cities;

# Machines of a test that has several: each has a folder of its own, glintod
# and the program that speaks with PostgreSQL.
#
#   my $edge = Glinto::Cities->edge($t, 'e1', $fra);     # forwards to it
#   my $city = Glinto::Cities->city($t, 'mad', $ams, sites => ['a']);
#   $edge->segment->event(site => 'a.example')->close;
#   $t->soon('it is there', sub { $city->world->rows == 1 });
#
# edge(TEST, NAME, SERVER)          no glintod: only what forwards its spool
# city(TEST, NAME, SERVER, ...)     the rest as for Glinto::World; sites are of
#                 all machines, so they need the primary; data => FOLDER:
#                 a backup to begin with; ahead => SECONDS: as ahead() has it,
#                 from the start on; options => [WORD...]: of its program,
#                 at the first start
#                 both run when they are returned; in place of a SERVER its
#                 conninfo may stand
#                 inside => [WORDS] are before the command of what speaks with
#                 PostgreSQL
# collector(TEST, NAME, SERVER, inside => [...])   as an edge, with a glintod,
#                 which makes changes: workers know its sites; conf => LINES in
#                 place of a SERVER
# alone(TEST, NAME, ...)            one machine, without a server
# random_events(N)                  events of some visitors, over five hours
#                 before the last, each of another millisecond: arrays of
#                 arguments for Glinto::Segment's event()
# some_events(N)  the same, some at a time: a sub that gives the next so many
# night_events(N, MIDNIGHT_MS)  events of N visitors around a midnight, whose
#                 ids change then: a reference as of random_events(), in order,
#                 and pairs of ids; visitor_of is whose each is
# write_events(EVENTS, MACHINE...)  in order of time, into the spool of each:
#                 the same segments, so they are of different logs
# settled         of a city, or a machine alone: nothing is to be folded again,
#                 and all visits are over
# settles         the same, in a fault test: its clocks run ahead, over the
#                 time that glintod waits before it folds what is late again
# facts(SITE)     of a city, or a machine alone: what it has of the site, lines
#                 of visits and of events, without numbers of its own
# world           of a city, its glintod: Glinto::World
# program         Glinto::Cities::Program: start, stop, kill9, running, pid,
#                 log
# command(WORD...)  what glinto-postgresql says to WORDs; dies when it fails
# waiting_here    segments that wait for a city's glintod
# told_frames     how many frames it was handed in this life of the program
# difference(CITY, OTHER, SITE)  in words
# ahead(SECONDS)  in a fault test: the clocks of all programs of the machine
# violations(ALONE, CITY...)  what of two sites a and b is not as ALONE has it,
#                 when that has counted all: rows, visits, bots, drops, answers
#                 to 200 questions; lines; in place of a CITY {city => CITY,
#                 sites => [...], drops => TEXT}: it has these alone
# stage           the Glinto::Test of the machine's folder
# restore(FOLDER) while its glintod is stopped, a backup becomes its data
# segment(...)    a new segment in an edge's spool
# waiting         how many there are, in its lanes, too
# unsplit         how many there are in no lane yet
# growing         how many of its lanes' get more, perhaps
# told(NAME)      what the program tells: "log" or "follow", decoded

use strict;
use warnings;
use File::Path ();
use Glinto::Aggregator ();
use Glinto::Cities::Program ();
use Glinto::Segment ();
use Glinto::Test qw(slurp spew);
use Glinto::World ();
use JSON::PP ();
use POSIX ();
use Time::HiRes ();

# The test, with another folder; processes and their ends are the test's.
sub _stage {
    my ($test, $name) = @_;
    $test->{$_} //= {} for qw(pids sessions status);
    my $stage = bless {%$test, dir => $test->path($name)}, ref $test;
    mkdir $stage->{dir} or die "mkdir $stage->{dir}: $!\n";
    chmod 0755, $stage->{dir};
    $stage->prepare;
    return $stage;
}

sub _conninfo { ref $_[0] ? $_[0]->conninfo : $_[0] }

sub edge {
    my ($class, $test, $name, $server) = @_;
    my $stage = _stage($test, $name);
    my $self = bless {stage => $stage}, $class;
    my $agent = bless {test => $stage, want => {conf => 'log postgresql '
        . _conninfo($server) . "\nmachine $name\n"}}, 'Glinto::Aggregator';
    spew($stage->path('glinto.conf'), $agent->conf_text);
    $self->{program} = Glinto::Cities::Program->new($stage)->start;
    return $self;
}

sub city {
    my ($class, $test, $name, $server, %want) = @_;
    my $stage = _stage($test, $name);
    my $self = bless {stage => $stage}, $class;
    my ($sites, $nginx, $inside, $data, $ahead, $options) =
        delete @want{qw(sites nginx inside data ahead options)};
    $self->restore($data) if $data;
    spew($stage->path('ahead'), sprintf '%-16s', 1000 * $ahead) if $ahead;
    $self->{world} = Glinto::World->new($stage, %want,
        conf => 'follow postgresql ' . _conninfo($server)
            . "\nfollowed followed\nmachine $name\n" . ($want{conf} // ''));
    $self->{program} = Glinto::Cities::Program->new($stage, $inside)
        ->start(@{$options // []});
    $self->_site($test, "$_.example") for @{$sites // []};
    $self->{world}{nginx} = $stage->nginx(%$nginx) if $nginx;
    return $self;
}

# While its glintod is stopped.
sub restore {
    my ($self, $backup) = @_;
    my $data = $self->{stage}->path('data');
    File::Path::remove_tree($data);
    system('cp', '-a', $backup, $data) == 0 or die "cp $backup: $?\n";
    $self->{world}{file} = {} if $self->{world}; # accounts of others
}

sub collector {
    my ($class, $test, $name, $server, %want) = @_;
    my $stage = _stage($test, $name);
    my $self = bless {stage => $stage}, $class;
    $self->{world} = Glinto::World->new($stage, conf => ($want{conf}
        // 'log postgresql ' . _conninfo($server) . "\n")
        . "followed followed\nmachine $name\n");
    $self->{program} = Glinto::Cities::Program->new($stage, $want{inside})
        ->start;
    return $self;
}

# On all machines: another may have added it.
sub _site {
    my ($self, $test, $domain) = @_;
    my $agent = $self->{world}->agent;
    my ($status, undef, $said) = $agent->glinto('site', 'add', $domain,
        '--public');
    die "site add $domain: $said" if $status && $said !~ /already/;
    $test->until("$domain is there", sub { grep { $_->{domain} eq $domain }
        @{$agent->json('site', 'list')->{sites}} });
}

sub alone {
    my ($class, $test, $name, %want) = @_;
    my $stage = _stage($test, $name);
    return bless {stage => $stage,
        world => Glinto::World->new($stage, %want)}, $class;
}

my $HOUR_MS = 3_600_000;
my $SEGMENT_EVENTS = 2000; # of a MiB
my $ALL_S = 600; # a million events are counted, and settled
my @AGENTS = (
    'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like '
        . 'Gecko) Chrome/131.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15'
        . ' (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)');
my @REFERRERS = ('', 'https://www.google.com/search', 'https://news.test/a',
    'https://duckduckgo.com/', 'https://a.example/own');

# A visitor has one agent, as in life.
sub some_events {
    my ($n) = @_;
    my $to_ms = int(1000 * Time::HiRes::time()) - $HOUR_MS;
    my $visitors = 1 + int($n / 8);
    my $given = 0;
    return sub {
        my $from = $given + 1;
        $given = $given + $_[0] < $n ? $given + $_[0] : $n;
        return map {
            my $visitor = 1 + int rand $visitors;
            my %event = (site => rand() < .7 ? 'a.example' : 'b.example',
                visitor => $visitor,
                at_ms => $to_ms - int(5 * $HOUR_MS * ($n - $_) / $n),
                path => '/' . int rand 20,
                agent => $AGENTS[$visitor % @AGENTS],
                country => (qw(DE AT FR))[$visitor % 3], evidence => 7,
                kind => 1 + (rand() < .2));
            $event{name} = 'signup' if $event{kind} == 2;
            $event{referrer} = $REFERRERS[rand @REFERRERS];
            delete $event{referrer} if $event{referrer} eq '';
            [%event];
        } $from .. $given;
    };
}

sub random_events { return some_events($_[0])->($_[0]) }

my $MINUTE_MS = 60_000;

sub night_events {
    my ($n, $midnight_ms) = @_;
    my (@events, @pairs);
    for my $visitor (1 .. $n) {
        my @ids = map { 1 + int rand 2**52 } 1, 2;
        push @pairs, [@ids];
        my %event = (site => rand() < .7 ? 'a.example' : 'b.example',
            visitor_of => $visitor, agent => $AGENTS[$visitor % @AGENTS],
            country => (qw(DE AT FR))[$visitor % 3], evidence => 7);
        my $minute = -60 + rand 90;
        for (1 .. 1 + rand 8) {
            my $at_ms = $midnight_ms + int($minute * $MINUTE_MS);
            my %ids = $minute < 0 ? (visitor => $ids[0])
                : (visitor => $ids[1],
                    $minute < 30 ? (visitor_before => $ids[0]) : ());
            push @events, {%event, %ids, at_ms => $at_ms, kind => 1,
                path => '/' . int rand 20};
            $events[-1]{kind} = 3, $events[-1]{engagement_ms} = 1000
                if rand() < .2;
            $minute += rand() < .7 ? rand 20 : 25 + rand 30;
        }
    }
    my %seen; # each of another millisecond
    for (@events) { $_->{at_ms}++ while $seen{$_->{at_ms}}++ }
    return ([map { [%$_] } sort { $a->{at_ms} <=> $b->{at_ms} } @events],
        @pairs);
}

sub write_events {
    my ($events, $machine, @others) = @_;
    my @left = @$events;
    while (my @some = splice @left, 0, $SEGMENT_EVENTS) {
        my $segment = $machine->segment(wall_ms => {@{$some[0]}}->{at_ms});
        for (@some) {
            my %event = @$_;
            delete $event{visitor_of};
            $segment->event(%event);
        }
        $segment->copy($_->{stage}->path('spool')) for @others;
        $segment->close;
    }
}

# Writes them, and returns when they are on their way: just written, or some
# counted by ALONE, or all sent by EDGE.
sub on_the_way {
    my ($events, $edge, $alone) = @_;
    my $before = $alone->world->rows;
    write_events($events, $edge, $alone);
    my $reached = (sub { 1 }, sub { $alone->world->rows > $before },
        sub { !$edge->waiting })[rand 3];
    $alone->stage->until('events on their way', $reached, 60);
}

sub settled {
    my ($self) = @_;
    my $world = $self->{world};
    return !$world->late && !$world->store->sum(
        'SELECT count(*) FROM sessions WHERE open = 1');
}

my $LATE_S = 20;

# One that has been told folds in its next turn, within a second.
sub settles {
    my ($self) = @_;
    my $now = Time::HiRes::time();
    if ($self->{world}->late && $now - ($self->{hastened} // 0) > 1) {
        $self->{hastened} = $now;
        my $ahead_ms = slurp($self->{stage}->path('ahead'));
        $self->ahead($ahead_ms / 1000 + $LATE_S);
    }
    return $self->settled;
}

# A line says all of a row.
my %VISIT = ((map { $_ => "s.$_" } qw(visitor start last seen open pageviews
    refreshes events interactive engagement)), entry => 'entry.text',
    leave => 'leave.text', source => "r.source || ' ' || r.channel",
    agent => "a.browser || ' ' || a.os || ' ' || a.device",
    country => 'p.country');
my %EVENT = ((map { $_ => "e.$_" } qw(at visitor kind mark)),
    path => 'p.text', name => 'n.text');

sub _lines_of {
    my ($columns, $tables) = @_;
    my $line = join " || ' ' || ", map { "'$_=' || quote($columns->{$_})" }
        sort keys %$columns;
    return "SELECT $line AS line FROM $tables ORDER BY line";
}

my @FACTS = (_lines_of(\%VISIT, q{sessions s
    LEFT JOIN paths entry ON entry.code = s.entry_path
    LEFT JOIN paths leave ON leave.code = s.exit_path
    LEFT JOIN agents a ON a.code = s.agent
    LEFT JOIN referrers r ON r.code = s.referrer
    LEFT JOIN places p ON p.code = s.place WHERE s.site = ?}),
    _lines_of(\%EVENT, q{events e LEFT JOIN paths p ON p.code = e.path
    LEFT JOIN names n ON n.code = e.name WHERE e.site = ?}));

# Of bots, visits and events a sub that returns the next line, in order.
sub _facts {
    my ($self, $domain) = @_;
    my $store = $self->{world}->store;
    my $file = $store->site("$domain.example");
    my $site = $store->value($store->meta,
        'SELECT id FROM sites WHERE domain = ?', "$domain.example");
    my @bots = sort map { my $row = $_; join ' ', map { "$_=" . ($row->{$_}
        // '-') } grep { $_ ne 'site' } sort keys %$row }
        $store->rows($file, 'SELECT * FROM bots');
    return sub { shift @bots }, map { $store->lines($file, $_, $site) } @FACTS;
}

sub facts {
    my @facts;
    for my $next (_facts(@_)) {
        while (defined(my $line = $next->())) { push @facts, $line }
    }
    return @facts;
}

# Of lines in order, how many are MORE and LESS, and the first of them.
sub _compare {
    my ($one, $other, $more, $less) = @_;
    my ($mine, $theirs) = ($one->(), $other->());
    while (defined $mine || defined $theirs) {
        my $order = !defined $mine ? 1 : !defined $theirs ? -1
            : $mine cmp $theirs;
        my $found = $order < 0 ? $more : $less;
        $found->{first} = $order < 0 ? $mine : $theirs
            if $order && !$found->{n}++;
        $mine = $one->() if $order <= 0;
        $theirs = $other->() if $order >= 0;
    }
}

sub difference {
    my ($one, $other, $site) = @_;
    my ($more, $less) = map { {n => 0, first => 'none'} } 1, 2;
    my @others = $other->_facts($site);
    _compare($_, shift @others, $more, $less) for $one->_facts($site);
    return "$more->{n} more, $less->{n} less: $more->{first}\n$less->{first}";
}

sub command {
    my ($self, @words) = @_;
    my $stage = $self->{stage};
    my $out = $stage->path('command');
    my $pid = $stage->spawn('command', $stage->build . '/glinto-postgresql',
        '-c', $stage->path('glinto.conf'), @words, {log => $out});
    my $status = $stage->ended($pid, 120);
    my $said = slurp($out);
    unlink $out;
    die "@words: status $status: $said\n" if $status;
    return $said;
}

sub waiting_here {
    return scalar(my @there = glob $_[0]{stage}->path('followed/*.seg'));
}
sub told_frames { ($_[0]->told('follow') // {})->{frames} // 0 }

sub ahead {
    my ($self, $seconds) = @_;
    my $agent = $self->{world} ? $self->{world}->agent
        : bless {test => $self->{stage}}, 'Glinto::Aggregator';
    $agent->ahead($seconds);
}

sub drops {
    my ($self) = @_;
    my $store = $self->{world}->store;
    return join ', ', (map { "$_->{reason} $_->{n}" } $store->rows($store->meta,
        'SELECT reason, sum(n) AS n FROM drops GROUP BY 1 ORDER BY 1')),
        map { 'refused ' . ($_->{n} // 0) } $store->rows($store->meta,
            'SELECT sum(total) AS n FROM incarnations');
}

# How many events it has of these sites.
sub _rows_of {
    my ($self, @sites) = @_;
    my $store = $self->{world}->store;
    my $rows = 0;
    for my $site (@sites) {
        my $id = $store->value($store->meta,
            'SELECT id FROM sites WHERE domain = ?', "$site.example");
        $rows += $store->value($store->site("$site.example"),
            'SELECT count(*) FROM events WHERE site = ?', $id);
    }
    return $rows;
}

sub _share_violations {
    my ($alone, $share) = @_;
    my ($city, $sites) = @$share{qw(city sites)};
    my $name = $city->{stage}{dir} =~ s{.*/}{}r;
    my ($rows, $drops) = ($alone->_rows_of(@$sites),
        $share->{drops} // $alone->drops);
    my @found;
    eval { $alone->{stage}->until("$name has all", sub {
        $city->{world}->rows == $rows && !$city->waiting_here
            && $city->settled && $city->drops eq $drops }, $ALL_S) }
        or push @found, "$name has " . $city->{world}->rows
            . " of $rows rows, drops " . $city->drops . ', not ' . $drops;
    for my $site (@$sites) {
        my $other = $city->difference($alone, $site);
        push @found, "$name, $site: $other" if $other !~ /^0 more, 0 less/;
    }
    return @found;
}

sub violations {
    my ($alone, @cities) = @_;
    require Glinto::Questions;
    my @shares = map { ref $_ eq 'HASH' ? $_
        : {city => $_, sites => [qw(a b)]} } @cities;
    my $json = JSON::PP->new->canonical;
    $alone->{stage}->until('one machine has all', sub {
        !$alone->{world}->segments && $alone->settled }, $ALL_S);
    my @found = map { _share_violations($alone, $_) } @shares;
    my %cities; # of each site
    for my $share (@shares) {
        push @{$cities{$_}}, $share->{city} for @{$share->{sites}};
    }
    my @sites = sort keys %cities;
    my @days = map { POSIX::strftime('%F', gmtime(time - 86400 * $_)) } 2, 0;
    for my $n (1 .. 200) {
        my $site = $sites[rand @sites];
        my $question = Glinto::Questions::query("$site.example",
            date_range => \@days);
        my ($want, @got) = map {
            $json->encode($_->{world}->agent->query($question)) }
            $alone, @{$cities{$site}};
        push @found, "question $n: " . $json->encode($question)
            if grep { $_ ne $want } @got;
    }
    return @found;
}

sub stage { $_[0]{stage} }
sub world { $_[0]{world} }
sub program { $_[0]{program} }

sub segment {
    my ($self, %how) = @_;
    return Glinto::Segment->create($self->{stage}->path('spool'), %how);
}

sub waiting {
    my ($self) = @_;
    return scalar(my @there = map { glob $self->{stage}->path($_) }
        'spool/*.seg', 'spool/lanes/*/*.seg');
}

sub growing {
    my ($self) = @_;
    require DBI;
    my $db = DBI->connect('dbi:SQLite:dbname='
        . $self->{stage}->path('spool/lanes/lanes.db'), '', '',
        {RaiseError => 1});
    my ($n) = $db->selectrow_array('SELECT count(*) FROM open');
    $db->disconnect;
    return $n;
}

sub unsplit { scalar(my @there = glob $_[0]{stage}->path('spool/*.seg')) }

sub told {
    my ($self, $name) = @_;
    my $text = slurp($self->{stage}->path("data/$name.json"));
    return $text eq '' ? undef : JSON::PP::decode_json($text);
}

1;
