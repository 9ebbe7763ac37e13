package Glinto::Nginx;

# Debian's nginx with our module, in the folder of a test.
#
#   my $nginx = $t->nginx(server => 'location = /e { glinto_collect; }');
#
# new(TEST, ...)  all optional:
#   server      text inside the one server {} block (listens on 127.0.0.1:port)
#   http        text inside http {}
#   main        text at the top of the file
#   workers     worker_processes (1)
#   user        worker user when the test runs as root ("root")
#   spool       parameters of glinto_spool, "budget=4m segment=64k"
#   glinto      text instead of the four lines glinto_spool, glinto_socket,
#               glinto_salt, glinto_sites ("" for none)
#   conf        a whole configuration instead of all this
#   env         {NAME => VALUE} for the process
#   wrap        command put before nginx, ['taskset', ...]
#   module      another module than the build's
#   log_level   of error_log ("info"); connections of a worker (1024)
#   port        instead of a free one
# In all texts %%DIR%%, %%PORT%% and %%MODULE%% are expanded.  The client's
# address is X-Forwarded-For when the request brings one (realip from
# 127.0.0.1).  access_log is off.
#
# start           start and wait until the port answers; dies with the log
# port            of the server block
# stop            QUIT and wait; dies when nginx does not end in 15 s
# term, kill9     TERM / KILL to the master (kill9: to all its workers too,
#                 unless kill9('master')), and wait
# running, pid
# reload(CONF...) write a new configuration (same keys as new; none: the old
#                 file), HUP, wait until only new workers are left to accept;
#                 old ones may still serve: see gone
# workers         pids of the workers, oldest first
# gone(PID...)    wait until these processes have ended
# signal(NAME, PID)   kill NAME, pid of the master by default
# kill_worker     kill -9 one worker, wait for its successor; returns its pid
# test(TEXT)      "nginx -t" on TEXT, a whole configuration (macros expanded);
#                 in list context (exit status, output)
# expand(TEXT), conf_text
# log             text of error.log;  soon_log(REGEX, SECONDS): an assertion
# get(PATH, headers), post(PATH, BODY, headers)   as Glinto::Http's functions
#
# GLINTO_NGINX_PROGRAM and GLINTO_MODULE are other ones than Debian's nginx and
# the build's module ("make matrix").
# GLINTO_VALGRIND=1 runs one process (master_process off) under valgrind.
# GLINTO_SAN preloads the sanitizer's library: nginx is Debian's binary and
# knows nothing of it, and the module alone is instrumented.  Leaks are left
# to valgrind, since nginx frees its long-lived pools only by exiting.

use strict;
use warnings;
use Glinto::Http ();
use Glinto::Test qw(slurp spew);

my $NGINX = $ENV{GLINTO_NGINX_PROGRAM} // '/usr/sbin/nginx';

sub new {
    my ($class, $test, %want) = @_;
    $test->prepare;
    my $self = bless {test => $test, want => \%want}, $class;
    $self->{port} = $want{port} // $test->port;
    push @{$test->{parts}}, $self;
    return $self;
}

sub port { $_[0]{port} }
sub pid { $_[0]{pid} }
sub running { $_[0]{pid} && $_[0]{test}->alive($_[0]{pid}) }
sub module {
    $_[0]{want}{module} // $ENV{GLINTO_MODULE}
        // $_[0]{test}->build . '/ngx_http_glinto_module.so'
}

sub expand {
    my ($self, $text) = @_;
    my %macro = (DIR => $self->{test}->dir, PORT => $self->{port},
        MODULE => $self->module);
    return $text =~ s/%%(\w+)%%/$macro{$1} \/\/ die "no macro $1\n"/ger;
}

my $DIRECTIVES = <<'EOF';
    glinto_spool %%DIR%%/spool [SPOOL];
    glinto_socket unix:%%DIR%%/events.sock;
    glinto_salt %%DIR%%/salt;
    glinto_sites %%DIR%%/sites;
EOF

my $CONF = <<'EOF';
load_module %%MODULE%%;
[MAIN]
daemon off;
worker_processes [WORKERS];
error_log %%DIR%%/error.log [LOG_LEVEL];
pid %%DIR%%/nginx.pid;
events {
    worker_connections [CONNECTIONS];
}
http {
    access_log off;
    client_body_temp_path %%DIR%%/temp-body;
    proxy_temp_path %%DIR%%/temp-proxy;
    fastcgi_temp_path %%DIR%%/temp-fastcgi;
    uwsgi_temp_path %%DIR%%/temp-uwsgi;
    scgi_temp_path %%DIR%%/temp-scgi;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
[GLINTO]
[HTTP]
    server {
        listen 127.0.0.1:%%PORT%%;
        server_name localhost;
[SERVER]
    }
}
EOF

sub conf_text {
    my ($self) = @_;
    my %want = (main => '', http => '', server => '', spool => '',
        workers => 1, connections => 1024, user => 'root', log_level => 'info',
        glinto => $DIRECTIVES,
        %{$self->{want}});
    return $self->expand($want{conf}) if defined $want{conf};
    $want{main} .= "\nuser $want{user};" if $> == 0;
    $want{main} .= "\nmaster_process off;" if $self->{test}->valgrind;
    my $text = $CONF;
    # Twice: the text of GLINTO holds SPOOL.
    $text =~ s/\[([A-Z_]+)\]/$want{lc $1} \/\/ "[$1]"/ge for 1 .. 2;
    return $self->expand($text);
}

# What an nginx process must be started with: (environment, command).
sub _command {
    my ($self, $conf, @more) = @_;
    my $test = $self->{test};
    my $dir = $test->dir;
    my %env = %{$self->{want}{env} // {}};
    # What "nginx -t" complains about is no alert of the server under test.
    my $log = @more ? '/dev/stderr' : "$dir/error.log";
    my @command = ($NGINX, '-p', $dir, '-e', $log, '-c', "$dir/$conf");
    unshift @command, @{$self->{want}{wrap} // []} if !@more;
    unshift @command, 'valgrind', '-q', '--leak-check=full',
        "--log-file=$dir/valgrind.%p.log" if $test->valgrind && !@more;
    if ($test->san) {
        # The runtime must come before libc, which nginx has long loaded when
        # it opens the module.
        my @runtime = `ldd @{[$self->module]}`
            =~ m{(/\S+lib(?:a|ub|t|l)san\S+)}g;
        $env{LD_PRELOAD} = join ':', @runtime, $env{LD_PRELOAD} // ();
        # detect_leaks: see above.  log_path: files the closing checks read.
        $env{ASAN_OPTIONS} = "detect_leaks=0:log_path=$dir/san.nginx";
        $env{UBSAN_OPTIONS} = "print_stacktrace=1:log_path=$dir/san.nginx";
    }
    return (\%env, @command, @more);
}

sub start {
    my ($self) = @_;
    my $test = $self->{test};
    spew($test->path('nginx.conf'), $self->conf_text);
    my ($env, @command) = $self->_command('nginx.conf');
    $self->{pid} = $test->spawn('nginx', @command, {env => $env});
    my $up = eval {
        $test->until('start of nginx', sub {
            $self->running or die "nginx ended\n";
            return -s $test->path('nginx.pid') && $self->_answers;
        }, 20);
    };
    die "$@", slurp($test->path('nginx.log')), $self->log if !$up;
    return $self;
}

sub _answers {
    my ($self) = @_;
    my $conf = $self->{want}{conf} // '%%PORT%%';
    return 1 if $conf !~ /%%PORT%%/;
    return eval { Glinto::Http->connect($self->{port}) } ? 1 : 0;
}

sub signal {
    my ($self, $name, $pid) = @_;
    kill $name, $pid // $self->{pid};
}

sub stop {
    my ($self) = @_;
    $self->signal('QUIT');
    $self->_ended;
}

sub term {
    my ($self) = @_;
    $self->signal('TERM');
    $self->_ended;
}

sub _ended {
    my ($self) = @_;
    my $pid = delete $self->{pid};
    $self->{test}->ended($pid, 15);
    $self->{test}->until('end of the workers',
        sub { !$self->{test}->session($pid) }, 15);
}

sub kill9 {
    my ($self, $whom) = @_;
    my $pid = delete $self->{pid};
    if (($whom // '') eq 'master') {
        kill 'KILL', $pid;
        $self->{test}->ended($pid);
    } else {
        $self->{test}->forget($pid);
    }
    unlink $self->{test}->path('nginx.pid');
}

sub workers {
    my ($self) = @_;
    return $self->{pid} if $self->{test}->valgrind;
    return grep {
        slurp("/proc/$_/cmdline") =~ /^nginx: worker process(?! is)/
    } $self->{test}->session($self->{pid});
}

sub gone {
    my ($self, @pids) = @_;
    for my $pid (@pids) {
        $self->{test}->until("end of $pid", sub { !kill 0, $pid }, 20);
    }
}

sub reload {
    my ($self, %want) = @_;
    my $test = $self->{test};
    $self->{want} = {%{$self->{want}}, %want};
    spew($test->path('nginx.conf'), $self->conf_text) if %want;
    my %old = map { $_ => 1 } $self->workers;
    $self->signal('HUP');
    $test->until('reload', sub {
        my @now = $self->workers;
        return @now && !grep { $old{$_} } @now;
    }, 20);
}

sub kill_worker {
    my ($self) = @_;
    # A worker just started has no title yet.
    $self->{test}->until('a worker', sub { scalar $self->workers });
    my %old = map { $_ => 1 } $self->workers;
    my ($pid) = sort { $a <=> $b } keys %old;
    $self->{test}->allow(qr/process $pid exited on signal 9/);
    kill 'KILL', $pid;
    $self->{test}->until('a new worker', sub {
        my @now = $self->workers;
        return @now == keys %old && grep({ !$old{$_} } @now);
    });
    return $pid;
}

sub test {
    my ($self, $text) = @_;
    my $test = $self->{test};
    spew($test->path('nginx-t.conf'), $self->expand($text));
    my ($env, @command) = $self->_command('nginx-t.conf', '-t');
    my $out = $test->path('nginx-t.out');
    my $pid = $test->spawn('nginx-t', @command, {env => $env, log => $out});
    my $status = $test->ended($pid) >> 8;
    my $output = slurp($out);
    unlink $out;
    return ($status, $output);
}

sub log { slurp($_[0]{test}->path('error.log')) }

sub soon_log {
    my ($self, $regex, $seconds) = @_;
    return $self->{test}->soon("error.log says $regex",
        sub { $self->log =~ $regex }, $seconds);
}

sub get { my $self = shift; Glinto::Http::http_get($self->{port}, @_) }
sub post { my $self = shift; Glinto::Http::http_post($self->{port}, @_) }

1;
