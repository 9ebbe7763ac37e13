package Glinto::Mails;

# Mails of a test: glintod's outbox, glinto-mail, and a sendmail of the test's
# own, which keeps what it is given.
#
#   my $mails = Glinto::Mails->new($t);
#   my $world = Glinto::World->new($t, conf => $mails->conf, ...);
#   $mails->run;                          # as glinto-mail.service does
#   my ($mail) = $mails->sent;
#
# new(TEST)       makes the two folders
# conf(LINE...)   lines of glinto.conf
# run(...)        glinto-mail to its end: its exit status ("KILL" of a signal).
#                 env => {...}; wrap => [...]: a command before it
# stderr          of the last run
# waiting         names in the outbox
# journal(ID)     its lines
# sent            [{to, raw, id (of the message), parts => {text, html}}, ...],
#                 in order
# told            [JSON text, ...]: what notify_command was given
# next(HOW...)    what the next mails' sendmail does, one each: "ok", "fail",
#                 "kill" (kills glinto-mail before it keeps the mail), "kept"
#                 (keeps it, then kills), "slow"; then "ok"

use strict;
use warnings;
use Glinto::Test qw(slurp spew);
use MIME::QuotedPrint ();

sub new {
    my ($class, $t) = @_;
    $t->prepare;
    mkdir $t->path($_) for qw(outbox journal kept);
    my $self = bless {t => $t, runs => 0}, $class;
    my $kept = $t->path('kept');
    spew($t->path('sendmail'), <<"END");
#!/usr/bin/perl
# what it is told to do the next time, then what it is given
use strict;
use warnings;
my \@how;
if (open my \$in, '<', '$kept/next') { chomp(\@how = <\$in>) }
my \$how = shift(\@how) // 'ok';
open my \$out, '>', '$kept/next' or die;
print \$out map { "\$_\\n" } \@how;
close \$out;
my \$mail = do { local \$/; <STDIN> };
exit 75 if \$how eq 'fail';
if (\$how eq 'kill') { kill 'KILL', getppid; exit 0 }
my \$n = () = glob '$kept/mail.*';
open \$out, '>', sprintf('$kept/mail.%05d', \$n) or die;
print \$out join("\\0", \@ARGV), "\\n", \$mail;
close \$out or die;
kill 'KILL', getppid if \$how eq 'kept';
END
    spew($t->path('notify'), <<"END");
#!/bin/sh
n=\$(ls $kept | grep -c told)
cat >$kept/told.\$(printf %05d \$n)
END
    chmod 0755, $t->path($_) for qw(sendmail notify);
    return $self;
}

sub conf {
    my ($self, @lines) = @_;
    my $t = $self->{t};
    return join '', map { "$_\n" } 'outbox outbox', 'mail_journal journal',
        'mail_command ' . $t->path('sendmail'),
        'mail_from Glinto <glinto@stats.example>', @lines;
}

sub run {
    my ($self, %want) = @_;
    my $t = $self->{t};
    my $log = $t->path('mail-err-' . $self->{runs}++);
    $self->{log} = $log;
    my @command = (@{$want{wrap} // []}, $t->build . '/glinto-mail', '--conf',
        $t->path('glinto.conf'));
    my $pid = $t->spawn('glinto-mail', '/bin/sh', '-c',
        'exec "$@" 2>"$0"', $log, @command, {env => $want{env} // {}});
    my $status = $t->ended($pid, 60);
    return $status & 127 ? 'KILL' : $status >> 8;
}

sub stderr { slurp($_[0]{log}) }

sub waiting {
    my ($self) = @_;
    opendir my $dir, $self->{t}->path('outbox') or die;
    my @names = sort grep { !/^\./ } readdir $dir;
    return @names;
}

sub journal {
    my ($self, $id) = @_;
    my $path = $self->{t}->path("journal/$id");
    return -e $path ? split /\n/, slurp($path) : ();
}

sub next {
    my ($self, @how) = @_;
    spew($self->{t}->path('kept/next'), join '', map { "$_\n" } @how);
}

sub sent {
    my ($self) = @_;
    return map {
        my ($args, $raw) = slurp($_) =~ /\A([^\n]*)\n(.*)\z/s;
        my ($id) = $raw =~ /^Message-Id: <(.*)>$/mi;
        my ($boundary) = $raw =~ /boundary="([^"]+)"/;
        my %parts;
        my $mark = quotemeta($boundary // '');
        for (split /^--$mark(?:--)?\n/m, defined $boundary ? $raw : '') {
            my ($head, $body) = /\A(.*?)\n\n(.*)\z/s or next;
            my ($type) = $head =~ m{^Content-Type: text/(\w+)}m or next;
            $parts{$type} = MIME::QuotedPrint::decode($body);
        }
        {to => (split /\0/, $args)[-1], raw => $raw, id => $id,
            parts => \%parts};
    } sort glob $self->{t}->path('kept/mail.*');
}

sub told {
    my ($self) = @_;
    return map { slurp($_) } sort glob $self->{t}->path('kept/told.*');
}

1;
