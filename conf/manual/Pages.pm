package Pages;

# Pages of HTML out of conf/manual/NAME.md, which take chapters from the other
# texts of conf/ and parts from the tables of the code:
#
#   @chapter FILE HEADING      that chapter of conf/FILE, with its heading
#   @text FILE HEADING         the same without; of directives and keys, which
#                              have a part of their own, without these
#   @file FILE                 all of conf/FILE below its first heading; with
#   @file FILE without HEADING that chapter left out
#   @part NAME                 see Reference
#
#   my $pages = Pages->new(ROOT, REFERENCE, VERSION);
#   $pages->write(FOLDER);
#
# Links between texts become links between pages.  One that leads nowhere, and
# a chapter that is on no page, end the make with a sentence; the words of one
# that leads into the source tree stay, as words.

use strict;
use warnings;
use Tables ();

# What is in the list at the side, in its order.
my @PAGES = qw(index install tracker served logs moving from-plausible
    from-umami from-goatcounter from-matomo from-goaccess directives counting
    configuration people commands api mcp privacy residency summary notices
    metrics operation cities upgrade backup troubleshooting);
# A link to all of a text.
my %HOME = ('README.md' => 'index', 'OPERATORS.md' => 'operation',
    '../README.md' => 'index');

# Chapters that say where something stands, for readers of the texts.
my %SAYS_WHERE = ('When something fails' => 1);

sub new {
    my ($class, $root, $reference, $version) = @_;
    my $self = bless {root => $root, reference => $reference,
        version => $version, home => {%HOME}}, $class;
    for my $page (@PAGES) {
        my $text = Tables::read_file("$root/conf/manual/$page.md");
        ($self->{title}{$page}) = $text =~ /\A# (.*)\n/
            or die "conf/manual/$page.md has no title\n";
        $self->{chunks}{$page} = [$self->_chunks($page, $text)];
    }
    $self->_nothing_left;
    return $self;
}

sub names { @PAGES }

# ---- chapters ----

sub slug { lc($_[0]) =~ s/[^\w -]//gr =~ tr/ /-/r }

# [[line, in a block]]
sub _lines {
    my $block = 0;
    return map { my $fence = /^ *```/; my $in = $block || $fence;
        $block = !$block if $fence; [$_, $in] } split /^/, $_[0];
}

# The chapter of TEXT below HEADING, which comes first.
sub _chapter {
    my ($file, $text, $heading) = @_;
    my ($level, @lines);
    for (_lines($text)) {
        my ($line, $in) = @$_;
        if (!$in && $line =~ /^(#+) (.*)$/) {
            last if $level && length $1 <= $level;
            $level = length $1 if !$level && $2 eq $heading;
        }
        push @lines, $line if $level;
    }
    die "conf/$file has no chapter \"$heading\"\n" if !$level;
    return join '', @lines;
}

# Directives and keys without their tables and lists.
sub _bare {
    my ($text) = @_;
    $text =~ s/^\| (?:directive|key) \|.*\n(?:\|.*\n)+//mg;
    $text =~ s/^- `glinto\w*\b(?:.*\n)(?:  .*\n)*//mg;
    return $text;
}

sub _get {
    my ($self, $what, $file, $heading) = @_;
    return [$self->{reference}->part($file), ''] if $what eq 'part';
    my $text = Tables::read_file("$self->{root}/conf/$file");
    if ($what eq 'file') {
        $text =~ s/\Q@{[_chapter($file, $text, $heading)]}// if $heading;
        return [$text =~ s/\A# .*\n//r, $file, ''];
    }
    my $chapter = _chapter($file, $text, $heading);
    $chapter = _bare($chapter =~ s/\A.*\n//r) if $what eq 'text';
    return [$chapter, $file, $heading];
}

# [MARKDOWN, FILE it is of or '', HEADING it stands for] of a page, in order;
# notes where each heading is.
sub _chunks {
    my ($self, $page, $text) = @_;
    my (@chunks, %seen);
    for my $piece (split /^(\@\w+ .*\n)/m, $text) {
        next if $piece =~ /\A\s*\z/;
        my $chunk = $piece =~ /^\@(part|file) (\S+)(?: without (.+))?$/
            ? $self->_get($1, $2, $3)
            : $piece =~ /^\@(chapter|text) (\S+) (.+)$/
            ? $self->_get($1, $2, $3) : [$piece, "manual/$page.md", ''];
        push @chunks, $chunk;
        my ($body, $file, $heading) = @$chunk;
        $self->{home}{$file} //= $page if $file ne '';
        $self->{at}{$file}{slug($heading)} = "$page.html" if $heading;
        for (_lines($body)) {
            my ($line, $in) = @$_;
            next if $in || $line !~ /^#+ (.*)$/;
            my $slug = slug($1);
            my $id = $seen{$slug}++ ? "$slug-" . ($seen{$slug} - 1) : $slug;
            push @{$self->{ids}{$page}}, $id;
            $self->{at}{$file}{$slug} = "$page.html#$id";
        }
    }
    return @chunks;
}

sub _nothing_left {
    my ($self) = @_;
    for my $path (glob "$self->{root}/conf/*.md") {
        my ($file) = $path =~ m{([^/]+)$};
        for (_lines(Tables::read_file($path))) {
            my ($line, $in) = @$_;
            next if $in || $line !~ /^##+ (.*)$/ || $SAYS_WHERE{$1};
            $self->{at}{$file}{slug($1)}
                or die "conf/$file: \"$1\" is on no page\n";
        }
    }
}

# ---- links ----

sub _target {
    my ($self, $file, $link) = @_;
    return $link if $link =~ /^https?:/;
    my ($path, $anchor) = $link =~ /^([^#]*)#?(.*)$/;
    my $folder = $file =~ m{^(manual)/} ? 'manual/' : '';
    my $to = $path eq '' ? $file : $folder . $path;
    $to =~ s{^manual/\.\./}{};
    if ($anchor eq '') {
        my $page = $self->{home}{$to};
        return defined $page ? "$page.html" : '';
    }
    return '' if $to =~ /^\.\./;
    my $page = $to =~ m{^manual/(.*)\.md$} ? $1 : undef;
    return $self->{at}{$to}{$anchor} // ($page && (grep { $_ eq $anchor }
        @{$self->{ids}{$page} // []}) ? "$page.html#$anchor"
        : die "conf/$file: $link leads nowhere\n");
}

sub _linked {
    my ($self, $text, $file) = @_;
    my $out = '';
    for my $part (split /(^ *```.*?^ *```$)/ms, $text) {
        $part =~ s{(?<!!)\[((?:[^][`]|`[^`]*`)+)\]\(([^)\s]+)\)}{
            my ($words, $to) = ($1, $self->_target($file, $2));
            $to eq '' ? $words =~ s/\.md$//r
                : '[' . _words($words, $to, $self->{title}) . "]($to)"}ge
            if $part !~ /^ *```/;
        $out .= $part;
    }
    return $out;
}

# "[README.md](...)" is called by the page it leads to.
sub _words {
    my ($words, $to, $title) = @_;
    return $words if $words !~ /^[\w.\/-]+\.md$/;
    return $title->{$to =~ s/\.html.*//r} // $words;
}

# ---- HTML ----

sub _escape { $_[0] =~ s/&/&amp;/gr =~ s/</&lt;/gr =~ s/>/&gt;/gr }

sub _convert {
    my ($self, $folder, $page) = @_;
    # The words of the tables stand in README.md.
    my $markdown = join "\n", map { $self->_linked($_->[0],
        $_->[1] || 'README.md') }
        @{$self->{chunks}{$page}};
    my $file = "$folder/.$page.md";
    open my $out, '>:encoding(UTF-8)', $file or die "$file: $!\n";
    print $out $markdown;
    close $out or die "$file: $!\n";
    open my $in, '-|:encoding(UTF-8)', 'lowdown', '-Thtml',
        '--parse-no-intraemph', '--html-no-owasp', $file or die "lowdown: $!\n";
    local $/;
    my $html = <$in>;
    close $in or die "lowdown does not take $page.md\n";
    unlink $file;
    my @ids = @{$self->{ids}{$page}};
    $html =~ s{<h([1-6])[^>]*>}{'<h' . $1 . ' id="' . shift(@ids) . '">'}ge;
    die "$page: a heading more or less\n" if @ids;
    # A bar within code keeps its backslash.
    return $html =~ s{(<table>.*?</table>)}{
        '<div class="wide">' . ($1 =~ s/\\\|/|/gr) . '</div>'}gser;
}

sub _nav {
    my ($self, $page) = @_;
    return join '', map { my $here = $_ eq $page ? ' aria-current="page"' : '';
        "<li><a href=\"$_.html\"$here>" . _escape($self->{title}{$_}
        =~ s/, step by step$//r) . "</a></li>\n" } @PAGES;
}

sub write {
    my ($self, $folder) = @_;
    for my $page (@PAGES) {
        my $title = _escape($self->{title}{$page});
        my $html = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta "
            . "charset=\"utf-8\">\n<meta name=\"viewport\" content=\""
            . "width=device-width\">\n<meta name=\"color-scheme\" content=\""
            . "light dark\">\n<title>$title - Glinto</title>\n<link rel=\""
            . "stylesheet\" href=\"style.css\">\n</head>\n<body>\n<nav "
            . "aria-label=\"Pages\">\n<p>Glinto $self->{version}</p>\n<ul>\n"
            . $self->_nav($page) . "</ul>\n</nav>\n<main>\n"
            . $self->_convert($folder, $page) . "</main>\n</body>\n</html>\n";
        open my $out, '>:encoding(UTF-8)', "$folder/$page.html"
            or die "$folder/$page.html: $!\n";
        print $out $html;
        close $out or die "$folder/$page.html: $!\n";
    }
}

1;
