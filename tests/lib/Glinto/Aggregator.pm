package Glinto::Aggregator;

# glintod in the folder of a test, and the command line talking to it.
#
#   my $agent = $t->aggregator;
#   $agent->glinto('site', 'add', 'a.example', '--public');
#   my $sites = $agent->json('site', 'list');
#
# new(TEST, ...)  all optional:
#   conf        extra lines of glinto.conf, "key value\n..."
#   env         {NAME => VALUE} for the process
#   wrap        command put before glintod, ['strace', ...]
#   program     another glintod than the build's
#   hosts       the key "dashboard_hosts"; '' = none
#   pages       the key "pages" ("pages"); '' = none
#   workers     the key "workers" (the user that runs the test)
#   spool       folder of the spool ("spool")
#   enrich      folder of the patterns (the build's)
#   command_s   how long a glinto command may take (60)
# start(...)      start (with other keys as for new, from now on) and wait
#                 until both sockets answer; dies with the log
# launch(...)     start it, and do not wait;  answers: both sockets do
# stop            TERM and wait; dies unless it ends with 0 in 20 s
# kill9           KILL and wait
# ahead(SECONDS)  in a fault test (one that uses Glinto::Faults): its clocks of
#                 day and boot run so far ahead from now on, as if the machine
#                 had slept; monotonic time goes on (tests/faults/clock.c)
# running, pid, log (text of glintod.log)
# glinto(ARGS...) build/glinto --socket admin.sock ARGS; in list context
#                 (exit status, stdout, stderr), else dies unless 0 and
#                 returns stdout
# json(ARGS...)   the same with --json, decoded; dies unless it exits with 0
# admin(METHOD, PATH, BODY)      raw request to admin.sock (Glinto::Http)
# dashboard(METHOD, PATH, BODY, HEADERS)   to dashboard.sock
# shown(PATH, HEADERS)           GET it there until it is no page that is
#                 "still being counted": the first view of a site in a minute
#                 has 5 ms for live numbers, and 0.1 s for the report without
#                 them; those that follow within a minute have both
# live(DOMAIN)    what live.get says of now, with all numbers: while the writer
#                 takes longer than the verb waits for it, earlier ones come,
#                 with their time, or none
# site(DOMAIN, ARGS...)          site add, public unless ARGS say otherwise
# import_lines(DOMAIN, EVENT...) import of {kind, visitor, at, ...}; returns
#                 as glinto does
# query(QUESTION) what the Stats API answers to {site_id, metrics, ...}, in
#                 Perl; in list context (HTTP status, answer)
#
# GLINTO_VALGRIND=1 runs it under valgrind; a sanitizer build reports into
# files the closing checks read, leaks included.

use strict;
use warnings;
use Glinto::Http ();
use Glinto::Test qw(slurp spew);
use JSON::PP ();
use List::Util qw(all);
use Time::HiRes ();

sub new {
    my ($class, $test, %want) = @_;
    $test->prepare;
    my $self = bless {test => $test, want => \%want}, $class;
    push @{$test->{parts}}, $self;
    return $self;
}

sub pid { $_[0]{pid} }
sub running { $_[0]{pid} && $_[0]{test}->alive($_[0]{pid}) }
sub log { slurp($_[0]{test}->path('glintod.log')) }

sub conf_text {
    my ($self) = @_;
    my $build = $self->{test}->build;
    my $workers = $self->{want}{workers} // $>;
    my $extra = $self->{want}{conf} // '';
    my $hosts = $self->{want}{hosts} // 'localhost 127.0.0.1';
    my $pages = $self->{want}{pages} // 'pages';
    $extra = "dashboard_hosts $hosts\n$extra" if $hosts ne '';
    $extra = "pages $pages\n$extra" if $pages ne '';
    my $spool = $self->{want}{spool} // 'spool';
    my $enrich = $self->{want}{enrich} // "$build/enrich";
    return <<"EOF";
# written by the test
data data
spool $spool
salt salt
sites sites
events_socket events.sock
admin_socket admin.sock
dashboard_socket dashboard.sock
enrich $enrich
workers $workers
log_level debug
$extra
EOF
}

sub launch {
    my ($self, %want) = @_;
    my $test = $self->{test};
    $self->{want} = {%{$self->{want}}, %want};
    spew($test->path('glinto.conf'), $self->conf_text);
    my @command = (@{$self->{want}{wrap} // []},
        $self->{want}{program} // $test->build . '/glintod', '-c', $test->path('glinto.conf'));
    unshift @command, 'valgrind', '-q', '--leak-check=full',
        '--log-file=' . $test->path('valgrind.%p.log') if $test->valgrind;
    my %env = ($self->_sanitizer, %{$self->{want}{env} // {}});
    $self->_add_clock(\%env) if $INC{'Glinto/Faults.pm'};
    $self->{pid} = $test->spawn('glintod', @command, {env => \%env});
    return $self;
}

sub answers {
    my ($self) = @_;
    # One after the other: a dashboard's socket that a test holds itself would
    # take connections until its queue is full, and then hold whoever comes.
    return all {
        eval { Glinto::Http->connect($self->{test}->path("$_.sock")) }
    } qw(admin dashboard);
}

sub start {
    my ($self, %want) = @_;
    my $test = $self->{test};
    $self->launch(%want);
    my $up = eval {
        $test->until('start of glintod', sub {
            $self->running or die 'glintod ended with status '
                . $test->ended($self->{pid}) . "\n";
            return $self->answers;
        }, 20);
    };
    die "$@", $self->log if !$up;
    return $self;
}

sub _sanitizer {
    my ($self) = @_;
    my $test = $self->{test};
    return if !$test->san;
    my $log = 'log_path=' . $test->path('san.glintod');
    return (ASAN_OPTIONS => "detect_leaks=1:$log",
        UBSAN_OPTIONS => "print_stacktrace=1:$log");
}

# The runtime of a sanitizer must come before all others.
sub _add_clock {
    my ($self, $env) = @_;
    my $test = $self->{test};
    my $build = $test->build;
    my @runtime = $test->san
        ? `ldd $build/glintod` =~ m{(/\S+lib(?:a|ub|t|l)san\S+)}g : ();
    $env->{GLINTO_CLOCK} = $test->path('ahead');
    $env->{LD_PRELOAD} = join ':', @runtime,
        $build . '/tests/faults/clock.so', $env->{LD_PRELOAD} // ();
    $self->ahead(0) if !-e $env->{GLINTO_CLOCK};
}

# In place: the file is mapped.
sub ahead {
    my ($self, $seconds) = @_;
    my $file = $self->{test}->path('ahead');
    $self->{ahead_s} = $seconds;
    open my $out, -e $file ? '+<' : '>', $file or die "cannot open $file: $!";
    printf $out '%-16s', $seconds * 1000;
    close $out or die "cannot write $file: $!";
}

sub live {
    my ($self, $domain) = @_;
    my $asked_ms = (Time::HiRes::time() + ($self->{ahead_s} // 0)) * 1000;
    return $self->{test}->until("numbers of $domain", sub {
        my $reply = $self->admin('POST', '/v1/live/get',
            JSON::PP::encode_json({site => $domain}));
        die "live.get: $reply->{body}\n" if $reply->{status} != 200;
        my $live = JSON::PP::decode_json($reply->{body});
        return $live->{at} >= $asked_ms && $live
            if !grep { !defined } $live->{visitors}, values %{$live->{today}};
        return;
    }, 60);
}

sub stop {
    my ($self) = @_;
    my $pid = delete $self->{pid};
    kill 'TERM', $pid;
    my $status = $self->{test}->ended($pid, 20);
    die "glintod ended with status $status\n" . $self->log if $status;
}

sub kill9 {
    my ($self) = @_;
    my $pid = delete $self->{pid};
    kill 'KILL', $pid;
    $self->{test}->ended($pid);
}

sub glinto {
    my ($self, @args) = @_;
    my $test = $self->{test};
    my $n = ++$self->{calls};
    my ($out, $err) = map { $test->path("glinto-$n.$_") } qw(out err);
    my %env = (GLINTO_ERR => $err, $self->_sanitizer);
    my $pid = $test->spawn('glinto', '/bin/sh', '-c',
        'exec "$0" "$@" 2>"$GLINTO_ERR"', $test->build . '/glinto',
        '--socket', $test->path('admin.sock'), @args,
        {env => \%env, log => $out});
    my $status = $test->ended($pid, $self->{want}{command_s} // 60) >> 8;
    my @text = map { slurp($_) } $out, $err;
    unlink $out, $err;
    return ($status, @text) if wantarray;
    die "glinto @args: exit $status\n@text" if $status;
    return $text[0];
}

sub json {
    my ($self, @args) = @_;
    my $text = $self->glinto(@args, '--json');
    return JSON::PP->new->utf8->allow_nonref->decode($text);
}

sub site {
    my ($self, $domain, @args) = @_;
    @args = ('--public') if !@args;
    return scalar $self->glinto('site', 'add', $domain, @args);
}

sub import_lines {
    my ($self, $domain, @events) = @_;
    my $json = JSON::PP->new->canonical->utf8;
    my $file = $self->{test}->path('lines-' . ++$self->{imports});
    spew($file, join '', map { $json->encode($_) . "\n" } @events);
    return $self->glinto('import', '--site', $domain, '--format', 'events',
        $file);
}

sub query {
    my ($self, $question) = @_;
    my $json = JSON::PP->new->utf8;
    my $reply = $self->admin('POST', '/v1/query',
        $json->encode({query => $question}));
    my $answer = $json->decode($reply->{body});
    return wantarray ? ($reply->{status}, $answer) : $answer;
}

sub admin {
    my ($self, $method, $path, $body) = @_;
    return $self->_ask('admin.sock', $method, $path, $body, {});
}

sub dashboard {
    my ($self, $method, $path, $body, $headers) = @_;
    return $self->_ask('dashboard.sock', $method, $path, $body, $headers);
}

sub shown {
    my ($self, $path, $headers) = @_;
    return $self->{test}->until("all of $path", sub {
        my $reply = $self->dashboard('GET', $path, undef, $headers);
        return $reply->{body} !~ /id="coming"|id="visitors">\D/ && $reply;
    });
}

sub _ask {
    my ($self, $socket, $method, $path, $body, $headers) = @_;
    my $client = Glinto::Http->connect($self->{test}->path($socket));
    my %all = (Connection => 'close', %{$headers // {}});
    $all{'Content-Type'} //= 'application/json' if defined $body;
    return $client->request($method, $path, \%all, $body);
}

1;
