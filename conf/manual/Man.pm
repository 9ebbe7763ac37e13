package Man;

# The pages of man(1), made from the tables of the code and from chapters of
# conf/*.md, in Markdown and by lowdown.
#
#   my $man = Man->new($tables, ROOT, DATE);
#   $man->write(FOLDER);
#
# glinto.1, glintod.8, glinto-postgresql.8, glinto.conf.5,
# glinto-residency.conf.5, ngx_http_glinto_module.8

use strict;
use warnings;
use Pages ();
use Tables ();

my @PAGES = (
    ['glinto', 1, 'ask and steer a running glintod', \&_glinto],
    ['glintod', 8, 'count the events that nginx wrote down', \&_glintod],
    ['glinto-postgresql', 8, 'carry events between machines', \&_postgresql],
    ['glinto.conf', 5, 'configuration of glintod', \&_conf],
    ['glinto-residency.conf', 5, 'where data may be', \&_policy],
    ['ngx_http_glinto_module', 8, 'web analytics inside nginx', \&_module],
);

sub new {
    my ($class, $tables, $root, $date) = @_;
    return bless {tables => $tables, root => $root, date => $date}, $class;
}

sub names { map { "$_->[0].$_->[1]" } @PAGES }

# In man(1) a link is its words, and a file of ours is where the packages put
# it.
sub _plain {
    my ($text) = @_;
    $text =~ s{\[((?:[^][`]|`[^`]*`)+)\]\(([^)\s]+)\)}{
        my ($words, $to) = ($1, $2);
        $words =~ /^[\w.\/-]+\.md$/ ? "*/usr/share/doc/glinto/"
            . ($words =~ s{.*/}{}r) . '*' : $words}ge;
    return $text;
}

sub _chapter {
    my ($self, $file, $heading) = @_;
    my $text = Pages::_chapter($file, Tables::read_file(
        "$self->{root}/conf/$file"), $heading);
    return _plain(Pages::_bare($text =~ s/\A.*\n//r));
}

sub _block { "```\n$_[0]" . ($_[0] =~ /\n\z/ ? '' : "\n") . "```\n\n" }
sub _see { "# SEE ALSO\n\n" . join(', ', map { s/^(.*)\((\d)\)$/**$1**($2)/r }
    @_) . "\n\nThe manual with pages on everything else is in "
    . "*/usr/share/doc/glinto/html/index.html*.\n" }

sub _glinto {
    my ($self) = @_;
    my ($usage, $list, $options) = $self->{tables}->help
        =~ /\A.*\n\n  (.*)\n\n(.*?)\n\n(  --socket.*?)\n\n/s;
    return "# SYNOPSIS\n\n**glinto** \\[**--socket** *PATH*\\] *NOUN* *VERB* "
        . "... \\[**--json**\\]\n\n# DESCRIPTION\n\nAsks a running glintod on "
        . "the socket of the administrator, and changes what it counts. Nouns "
        . "are:\n\n" . _block($list) . "Options of all of them:\n\n"
        . _block($options)
        . join('', map { "# GLINTO \U$_->{name}\n\n" . ucfirst($_->{about})
            . ".\n\n" . _block($_->{help}) } $self->{tables}->nouns)
        . "# ENVIRONMENT\n\n*GLINTO_SOCKET* names another socket of the "
        . "administrator.\n\n# FILES\n\n*/run/glinto/admin.sock*: root and the "
        . "user glinto may open it.\n\n# EXIT STATUS\n\n0: done; 1: failed; 2: "
        . "not understood.\n\n" . _see('glintod(8)', 'glinto.conf(5)',
            'ngx_http_glinto_module(8)');
}

sub _glintod {
    my ($self) = @_;
    return "# SYNOPSIS\n\n**glintod** \\[**-c** *FILE*\\] \\[**-t**\\]\n\n"
        . "# DESCRIPTION\n\nReads the events that the module of nginx wrote "
        . "into the spool, counts visits and visitors, keeps them in one SQLite "
        . "file an account, and answers dashboards and questions. While it is "
        . "stopped nothing is lost: it goes on where it stopped.\n\n"
        . _block($self->{tables}->usage)
        . "# SIGNALS\n\nTERM and INT: reads all that waits and ends with 0. "
        . "HUP: reads the configuration and the patterns of *enrich* again.\n\n"
        . "# PROMISE\n\n" . $self->_chapter('OPERATORS.md', 'Promise')
        . "# EXIT STATUS\n\n0: ended as it was told to; 1: could not start, and "
        . "standard error says why; 75: another glintod has this spool or this "
        . "data.\n\n# FILES\n\n*/etc/glinto/glinto.conf*, */var/lib/glinto*, "
        . "*/run/glinto*\n\n" . _see('glinto(1)', 'glinto.conf(5)',
            'glinto-postgresql(8)', 'ngx_http_glinto_module(8)');
}

sub _postgresql {
    my ($self) = @_;
    return "# SYNOPSIS\n\n**glinto-postgresql** \\[**-c** *FILE*\\] \\[*WORD* "
        . "...\\]\n\n# DESCRIPTION\n\nWhere there is more than one machine: "
        . "brings what nginx wrote into the spool to PostgreSQL, and what is "
        . "there to the glintod of this machine. *log* and *follow* of "
        . "*glinto.conf* say which servers. It is the only program of Glinto "
        . "with a socket of a network; one machine alone needs it not.\n\n"
        . _block($self->{tables}->usage_postgresql)
        . "# SIGNALS\n\nTERM and INT: ends with 0; it goes on where it "
        . "stopped. HUP: nothing; it reads its configuration at the start.\n\n"
        . join('', map { "# \U$_\E\n\n" . $self->_chapter('CITIES.md', $_) }
            'What is promised', 'Three machines, step by step',
            'Several primaries',
            'What can happen', "The night's job")
        . "# EXIT STATUS\n\n0: ended as it was told to; 1: could not start, and "
        . "standard error says why; 2: not understood; 75: another has this "
        . "spool or this data.\n\n# FILES\n\n*/etc/glinto/glinto.conf*, "
        . "*/var/lib/glinto/data/followed.db*, */var/lib/glinto/followed*\n\n"
        . _see('glintod(8)', 'glinto.conf(5)', 'glinto-residency.conf(5)',
            'psql(1)');
}

sub _conf {
    my ($self) = @_;
    return "# DESCRIPTION\n\n" . $self->_chapter('README.md',
        'Keys of glinto.conf') . "# KEYS\n\n"
        . join('', map { "## $_->{name}\n\nDefault: "
            . ($_->{fallback} eq 'none' ? 'none' : "*$_->{fallback}*")
            . "; value: $_->{range}; another one holds from the next "
            . ($_->{runs} ? 'reload' : 'start') . " on.\n\n"
            . _plain(ucfirst $_->{text}) . ".\n\n" }
            $self->{tables}->conf_keys)
        . "# FILES\n\n*/etc/glinto/glinto.conf*\n\n"
        . _see('glintod(8)', 'glinto(1)', 'glinto-residency.conf(5)');
}

sub _policy {
    my ($self) = @_;
    my $shipped = Tables::read_file("$self->{root}/conf/residency.conf");
    return "# DESCRIPTION\n\n*/etc/glinto/residency.conf* is the policy that "
        . "**glinto check residency** holds a deployment against, one *key "
        . "value* a line; glintod never reads it.\n\n"
        . "# KEYS\n\n" . join('', map { "## $_->{name}\n\n"
            . _plain(ucfirst $_->{text}) . ".\n\n" }
            $self->{tables}->policy_keys)
        . "# WHAT IS LOOKED AT\n\n"
        . $self->_chapter('RESIDENCY.md', 'What is looked at')
        . "# SERVERS OF POSTGRESQL\n\n"
        . $self->_chapter('RESIDENCY.md', 'Servers of PostgreSQL')
        . "# AS A GATE\n\n" . $self->_chapter('RESIDENCY.md', 'The policy')
            =~ s/\A.*\n\n(?=With `enforce`)//sr
        . "# THE FILE AS IT COMES\n\n" . _block($shipped)
        . _see('glinto(1)', 'glinto.conf(5)', 'glintod(8)');
}

sub _module {
    my ($self) = @_;
    return "# SYNOPSIS\n\n" . _block(<<'EOS') . "# DESCRIPTION\n\n"
load_module modules/ngx_http_glinto_module.so;
http {
    include /etc/glinto/nginx/http.conf;
    server {
        include /etc/glinto/nginx/locations.conf;
        glinto_site example.com;
    }
}
EOS
        . "Counts visits inside nginx: takes events of browsers, writes them "
        . "into the spool for glintod, and never waits for it.\n\n"
        . "# DIRECTIVES\n\n"
        . join('', map { "## $_->{name}\n\n" . _block($_->{syntax})
            . 'Default: ' . _plain($_->{fallback} || 'none')
            . ". Context: $_->{context}.\n\n" . _plain($_->{text})
            . "\n\nExample, in $_->{inside}:\n\n" . _block($_->{example}) }
            $self->{tables}->directives)
        . "# VALUES\n\n" . $self->_chapter('README.md',
            'Directives of the nginx module')
        . "# REASONS\n\nWhy an event is not counted:\n\n"
        . join('', map { "- *$_->{word}*: $_->{says}\n" }
            $self->{tables}->reasons)
        . "\n" . _see('glintod(8)', 'glinto(1)', 'nginx(8)');
}

# What mandoc calls no man page: headings on a line of their own, paragraphs
# right below them, a font that is there in groff alone.
sub _tidy {
    my ($file) = @_;
    my $text = Tables::read_file($file);
    $text =~ s/^(\.S[HS])\n(.*)\n(?:\.(?:PP|LP)\n)?/$1 $2\n/mg;
    $text =~ s/\\fC/\\fB/g;
    open my $out, '>:encoding(UTF-8)', $file or die "$file: $!\n";
    print $out $text;
    close $out or die "$file: $!\n";
}

sub write {
    my ($self, $folder) = @_;
    for my $page (@PAGES) {
        my ($name, $section, $about, $make) = @$page;
        my $file = "$folder/$name.$section";
        open my $out, '>:encoding(UTF-8)', "$file.md" or die "$file.md: $!\n";
        print $out "# NAME\n\n$name - $about\n\n" . $self->$make;
        close $out or die "$file.md: $!\n";
        system('lowdown', '-s', '-Tman', '--parse-no-intraemph', '-M',
            "title: \U$name", '-M', "section: $section", '-M',
            "date: $self->{date}", '-M', 'source: Glinto', '-o', $file,
            "$file.md") == 0 or die "lowdown does not take $file.md\n";
        unlink "$file.md";
        _tidy($file);
    }
}

1;
