# Promise: two primaries, two edges and a city of each primary: kill -9 of any
# process, the servers' too, at random moments, while accounts and sites are
# added, moved and renamed, loses and doubles no event.  Each city has the
# visits, visitors, sources, bots, drops and answers of its own accounts as one
# machine has them that nobody disturbed; each primary has chunks of these
# alone, and all changes, with the same ids.
#
# Method: an edge takes events of a site as soon as its workers know it,
# whether the primary of that site has heard of it or not.
#
# Group: C
# Slow: each kill is followed by a start.
# Check: it starts PostgreSQL, twice, five glintods and four more programs.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Cities;
use Glinto::Faults;
use Glinto::Postgresql;
use Glinto::Questions qw(pick);
use Glinto::Test;
use POSIX ();
use Time::HiRes ();

my $MOMENT_S = 0.1; # a change takes less, where nothing is killed
my $kills = trials(small => 8, faults => 20, nightly => 150);
my $events = {small => 3000, faults => 40_000,
    nightly => 500_000}->{column()};
my $seed = seed();
my $began = Time::HiRes::time();
my $t = Glinto::Test->new(limit_s => 3600);

my %server = map { $_ => Glinto::Postgresql->new($t, "server-$_")->start
    ->tables } qw(a b);
spew($t->path('cluster.conf'), join '', map {
    "primary $_ " . $server{$_}->conninfo . "\n" } qw(a b));
my $cluster = 'cluster ' . $t->path('cluster.conf') . "\n";
my @edges = map { Glinto::Cities->collector($t, $_, undef,
    conf => "${cluster}log cluster\n") } qw(e1 e2);
my %city = map { $_ => Glinto::Cities->city($t, "city-$_", $server{$_},
    conf => "${cluster}primary $_\n") } qw(a b);
my @machines = (@edges, @city{qw(a b)});
my $alone = Glinto::Cities->alone($t, 'one');

# ---- accounts and sites ----

my %primary = (default => 'a'); # of each account
my %account; # of each site, by its name now
my %before;  # the name that a site had before
my %moved;
my ($made, $asked) = (0, 0);

sub list { @{$_[0]->world->agent->json($_[1], 'list')->{"$_[1]s"}} }
sub has {
    my ($machine) = @_;
    return join "\n", (map { $_->{name} } sort { $a->{name} cmp $b->{name} }
        list($machine, 'account')), map { "$_->{domain} $_->{account}" }
        sort { $a->{domain} cmp $b->{domain} } list($machine, 'site');
}

# One whose end nobody knows may be made later: so a site is moved once at
# most, and renamed once, after that.
sub next_change {
    my $name = 's' . ++$made;
    my @still = grep { !$before{$_} } sort keys %account;
    my $kind = @still && $made > 4 ? rand : 0;
    if ($kind < .7) {
        my $account = "acc$made";
        $primary{$account} = $made > 4 ? pick(qw(a b)) : (qw(a b))[$made % 2];
        $account{$name} = $account;
        return (['account', 'add', $account, '--primary', $primary{$account}],
            ['site', 'add', "$name.example", '--public', '--account',
                $account]);
    }
    my $site = pick(@still);
    if ($kind < .85 && !$moved{$site}++) {
        my $to = pick(grep { $primary{$_} eq $primary{$account{$site}} }
            sort keys %primary);
        $account{$site} = $to;
        return ['site', 'move', "$site.example", '--account', $to];
    }
    $account{$name} = delete $account{$site};
    $before{$name} = $site;
    return ['site', 'rename', "$site.example", "$name.example"];
}

# On a machine; returns what waits for its end.
sub ask {
    my ($machine, @words) = @_;
    my $stage = $machine->stage;
    my $pid = $stage->spawn('change', $stage->build . '/glinto', '--socket',
        $stage->path('admin.sock'), @words,
        {log => $stage->path('change-' . ++$asked)});
    return sub { $stage->ended($pid, 60) };
}

# On the machine alone, and begun on one of the others; returns what ends it.
sub change {
    my ($machine) = @_;
    my @steps = next_change();
    for (@steps) {
        my @words = @$_;
        splice @words, 3, 2 if $words[0] eq 'account'; # it has no cluster
        $alone->world->agent->glinto(@words);
    }
    my $end = ask($machine, @{$steps[0]});
    return sub {
        $end->();
        $t->until("@{$steps[-1]}", sub {
            return 1 if has($machine) eq has($alone);
            ask($machine, @$_)->() for @steps;
            return;
        }, 120);
    };
}

# ---- events ----

# By either name.
sub known {
    my ($edge) = @_;
    my $text = slurp($edge->stage->path('sites'));
    my %there = map { $_ => 1 } $text =~ /^(\S+)\.example\b/mg;
    return grep { $there{$_} } sort values %before, keys %account;
}

my $more = Glinto::Cities::some_events($events);
sub some {
    my ($edge, $n, @known) = @_;
    @known = known($edge) if !@known;
    my @some = $more->($n);
    push @$_, site => (rand() < .01 ? 'nobody' : pick(@known)) . '.example'
        for @some;
    return @some;
}
sub come {
    my ($edge, $n, @known) = @_;
    my @some = some($edge, $n, @known);
    Glinto::Cities::write_events(\@some, $edge, $alone) if @some;
    my $counts = $edge->segment;
    $counts->counts([pick(known($edge)) . '.example', 'prefetch', 1]);
    $counts->copy($alone->stage->path('spool'));
    $counts->close;
}

# ---- kills ----

for (1 .. 4) {
    change(pick(@machines))->();
}
$t->until('workers know sites', sub { !grep { known($_) < 4 } @edges }, 60);
my @victims = ((map { [$_, $_->program], [$_, $_->world->agent] } @machines),
    map { [$server{$_}, $server{$_}] } qw(a a b b));
my $batch = POSIX::ceil($events / (2 * $kills));

# Of a change that is made while something is away there are events at once.
sub change_meanwhile {
    my ($whose) = @_;
    my @hear = grep { $_ != $whose
        && ($_ != $city{b} || $whose != $server{b}) }
        @machines;
    change(pick(@hear))->();
    my $new = "s$made";
    return if !$account{$new};
    my @know;
    $t->until("workers know $new", sub { @know = grep { my $edge = $_;
        $edge != $whose && grep { $_ eq $new } known($edge) } @edges }, 30);
    come(pick(@know), 100, $new);
}

for (1 .. $kills) {
    my ($whose, $victim) = @{pick(@victims)};
    my $meanwhile = $victim != $server{a} && rand() < .5;
    my $edge = pick(@edges);
    my @some = some($edge, $batch);
    Glinto::Cities::on_the_way(\@some, $edge, $alone) if @some;
    my $end = $meanwhile ? undef : change(pick(@machines));
    my $moment = Time::HiRes::time() + rand $MOMENT_S;
    $t->until('the moment', sub { Time::HiRes::time() >= $moment });
    $victim->kill9;
    change_meanwhile($whose) if $meanwhile;
    come(pick(@edges), $batch);
    $victim->start;
    $end->() if $end;
}
while (my @some = some($edges[0], $batch)) {
    Glinto::Cities::write_events(\@some, $edges[0], $alone);
}

# ---- afterwards ----

my $CHANGES = q{SELECT id, name, machine, actor, verb, args, drawn FROM change
    ORDER BY id};
my @violations;
sub same {
    my ($what, $one, $other) = @_;
    push @violations, "$what:\n$one\nnot:\n$other" if $one ne $other;
}
$t->until('the spools are empty', sub { !grep { $_->waiting } @edges }, 120);
$t->until('each primary has as many changes', sub { $server{a}->sql(
    'SELECT count(*) FROM change') == $server{b}->sql(
    'SELECT count(*) FROM change') }, 60);
same('changes', map { $server{$_}->sql($CHANGES) } qw(b a));
my %names; # of each primary
while (my ($site, $account) = each %account) {
    push @{$names{$primary{$account}}}, $site;
}
for my $primary (qw(a b)) {
    my %its = map { ("$_.example" => 1) } map { ($_, $before{$_} // ()) }
        @{$names{$primary}}, $primary eq 'a' ? 'nobody' : ();
    my @others = grep { !$its{$_} } split /\n/, $server{$primary}->sql(
        "SELECT DISTINCT site FROM chunk WHERE site <> ''");
    push @violations, "$primary has chunks of @others" if @others;
}
push @violations, Glinto::Cities::violations($alone, map { {city => $city{$_},
    sites => $names{$_}, $_ eq 'b' ? (drops => 'refused 0') : ()} } qw(a b));
# Left out by workers: of accounts.
sub left_out {
    my ($machine, $primary) = @_;
    my ($store, $n) = ($machine->world->store, 0);
    for my $account (grep { $primary{$_} eq $primary } sort keys %primary) {
        my $id = $store->value($store->meta,
            'SELECT id FROM accounts WHERE name = ?', $account);
        $n += $store->value($store->meta =~ s{meta.db$}{acct/$id.db}r,
            q{SELECT coalesce(sum(n), 0) FROM drops WHERE reason = 'prefetch'});
    }
    return $n;
}
for my $primary (qw(a b)) {
    my ($had, $want) = (0, left_out($alone, $primary));
    eval { $t->until('left out', sub {
        $want == ($had = left_out($city{$primary}, $primary)) }, 60) };
    same("$primary left out", $had, $want);
}
my $ids = sub { my ($machine) = @_; join ' ', map { my $what = $_; sort map {
    "$_->{id} " . ($_->{domain} // $_->{name}) }
    # each machine has a "default" of its own
    grep { ($_->{name} // '') ne 'default' } list($machine, $what) }
    qw(account site) };
same($_->stage->{dir} . ' has ids', $ids->($_), $ids->($machines[0]))
    for @machines[1 .. $#machines];
same('sites', has($_), has($alone)) for @machines;
is(join("\n", @violations), '', "$kills kills, $asked changes asked, $events "
    . 'events: all are the same');
diag(sprintf 'F45 %d %d %.1f %d', $kills, scalar @violations,
    Time::HiRes::time() - $began, $seed);
$t->done;
