package Glinto::Postgresql;

# Debian's PostgreSQL in the folder of a test, on a Unix socket there.
#
#   my $fra = Glinto::Postgresql->new($t, 'fra')->start;
#   $fra->tables;                      # those of the log
#   my $ams = $fra->standby('ams')->start;
#   is($ams->sql('SELECT count(*) FROM chunk'), 0, 'nothing yet');
#
# new(TEST, NAME)  its folder is NAME; the database and its owner are "glinto"
#                  in a test with mounts of its own disk => '200m' after NAME
#                  gives it a file system of so many bytes; listen =>
#                  ADDRESSES and port => N: it listens there, too; inside =>
#                  [WORDS before its command]
# conninfo         how libpq connects; to a standby, and then to its primary
# start            start and wait until it answers
# stop             fast: it ends its connections, and is well
# kill9            the server and what it started, wherever they are
# remove           of one that was killed: its folder goes
# freeze, thaw     nothing of it runs for a while: to others it is cut off
# running, pid, log
# standby(NAME, ...)  another, that streams from this one, which runs; the rest
#                  as for new()
# streams(CONNINFO)  a standby does from there, from its start on
# promote          a standby is the primary from now on
# tables           the tables of the log
# sql(TEXT)        one value, or rows as lines; dies with psql's words
# settings(TEXT)   lines of postgresql.conf, from the next start on, or at once
#                  with reload
# reload           read them
#
# It runs as "postgres" when the test runs as root, which it refuses.

use strict;
use warnings;
use File::Path ();
use Glinto::Mounts ();
use Glinto::Test qw(slurp spew);

my $PORT = 5432; # of the socket's name

sub _bin {
    our $bin //= do {
        my ($newest) = sort { $b <=> $a }
            map { m{/(\d+)/bin/} } glob '/usr/lib/postgresql/*/bin/postgres';
        die "no PostgreSQL here\n" if !$newest;
        "/usr/lib/postgresql/$newest/bin";
    };
}

sub _as {
    return $> ? () : ('setpriv', '--reuid=postgres', '--regid=postgres',
        '--clear-groups');
}

sub _run {
    my ($self, @command) = @_;
    my $test = $self->{test};
    my $log = $test->path("$self->{name}-tool.log");
    my $pid = $test->spawn("$self->{name}-tool", _as(), @command,
        {log => $log, env => {HOME => $self->{dir}}});
    my $status = $test->ended($pid, 180);
    die "@command: status $status\n", slurp($log) if $status;
    unlink $log;
}

sub _folder {
    my ($class, $test, $name, %want) = @_;
    my $self = bless {test => $test, name => $name,
        dir => $test->path($name), port => $want{port} // $PORT,
        listen => $want{listen} // '', inside => $want{inside} // []}, $class;
    mkdir $self->{dir} or die "mkdir $self->{dir}: $!\n";
    Glinto::Mounts::mount_tmpfs($self->{dir}, $want{disk}, 0755)
        if $want{disk};
    chmod 0755, $self->{dir};
    if (!$>) {
        my ($uid, $gid) = (getpwnam 'postgres')[2, 3];
        chown $uid, $gid, $self->{dir} or die "chown: $!\n";
    }
    push @{$test->{parts}}, $self;
    return $self;
}

sub new {
    my ($class, $test, $name, %want) = @_;
    my $self = $class->_folder($test, $name, %want);
    $self->_run(_bin() . '/initdb', '-D', "$self->{dir}/data", '-U', 'glinto',
        '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
    # Processes are killed here, machines are not.
    $self->settings("fsync = off\nwal_keep_size = '128MB'\n");
    return $self;
}

sub conninfo {
    my ($self) = @_;
    my @hosts = ($self->{dir}, $self->{from} ? $self->{from}{dir} : ());
    return 'host=' . join(',', @hosts) . " port=$self->{port} user=glinto "
        . "dbname=glinto";
}
sub pid { $_[0]{pid} }
sub running { $_[0]{pid} && $_[0]{test}->alive($_[0]{pid}) }
sub log { slurp($_[0]{test}->path("$_[0]{name}.log")) }

sub settings {
    my ($self, $text) = @_;
    open my $out, '>>', "$self->{dir}/data/postgresql.conf" or die $!;
    print $out $text;
    close $out or die $!;
}

sub reload { kill 'HUP', $_[0]{pid} }

sub _psql {
    my ($self, $database, @args) = @_;
    my @command = (_bin() . '/psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-h',
        $self->{dir}, '-p', $self->{port}, '-U', 'glinto',
        '-d', $database, @args);
    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @command
        or die "psql: $!\n";
    my $text = join '', <$out>;
    close $out;
    chomp $text;
    return ($? >> 8, $text);
}

sub sql {
    my ($self, $sql) = @_;
    my ($status, $text) = $self->_psql('glinto', '-c', $sql);
    die "psql: $text\n" if $status;
    return $text;
}

sub _launch {
    my ($self) = @_;
    my $test = $self->{test};
    $self->{pid} = $test->spawn($self->{name}, @{$self->{inside}}, _as(),
        _bin() . '/postgres', '-D', "$self->{dir}/data", '-k', $self->{dir},
        '-p', $self->{port}, '-c', "listen_addresses=$self->{listen}",
        {env => {HOME => $self->{dir}}});
}

# One that was killed may leave memory to which others hold on for a moment.
sub start {
    my ($self) = @_;
    my $test = $self->{test};
    $self->_launch;
    my $up = eval { $test->until("start of $self->{name}", sub {
        $self->_launch if !$self->running;
        return !($self->_psql('postgres', '-c', 'SELECT 1'))[0];
    }, 60) };
    die "$@", $self->log if !$up;
    if (!$self->{made}++ && !-e "$self->{dir}/data/standby.signal") {
        my ($status, $text) =
            $self->_psql('postgres', '-c', 'CREATE DATABASE glinto');
        die "psql: $text\n" if $status && $text !~ /already exists/;
    }
    return $self;
}

sub tables {
    my ($self) = @_;
    my $program = $self->{test}->build . '/glinto-postgresql';
    my $file = "$self->{dir}/tables.sql";
    spew($file, scalar `$program --tables`);
    my ($status, $text) = $self->_psql('glinto', '-f', $file);
    die "tables: $text\n" if $status;
    # of this day it is done: else a test has it at any time
    $self->sql("UPDATE night SET day = '@{[int(time / 86400)]}'");
    return $self;
}

sub stop {
    my ($self) = @_;
    my $pid = delete $self->{pid};
    kill 'INT', $pid;
    $self->{test}->ended($pid, 30);
}

# Each of its processes has a session of its own.
sub _processes {
    my ($self) = @_;
    my $pid = $self->{pid};
    return ($pid, map { m{/(\d+)/} } grep {
        slurp($_) =~ /^\d+ \(.*\) \S $pid /s } glob '/proc/[0-9]*/stat');
}

sub freeze { kill 'STOP', $_[0]->_processes }
sub thaw { kill 'CONT', $_[0]->_processes }

sub kill9 {
    my ($self) = @_;
    kill 'KILL', $self->_processes;
    $self->{test}->ended(delete $self->{pid});
}

sub remove { File::Path::remove_tree($_[0]{dir}) }

sub standby {
    my ($self, $name, %want) = @_;
    my $other = (ref $self)->_folder($self->{test}, $name, %want);
    $other->{from} = $self;
    $self->_run(_bin() . '/pg_basebackup', '-D', "$other->{dir}/data", '-R',
        '-X', 'stream', '-c', 'fast', '--no-sync', '-d',
        "host=$self->{dir} port=$self->{port} user=glinto "
        . "application_name=$name");
    return $other;
}

sub streams {
    my ($self, $conninfo) = @_;
    open my $out, '>>', "$self->{dir}/data/postgresql.auto.conf" or die $!;
    print $out "primary_conninfo = '$conninfo'\n";
    close $out or die $!;
}

sub promote {
    my ($self) = @_;
    my ($status, $text) = $self->_psql('glinto', '-c', 'SELECT pg_promote()');
    die "promote: $text\n" if $status;
}

1;
