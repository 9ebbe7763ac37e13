package Glinto::Store;

# What the aggregator committed, read with Perl's own SQLite, never written.
#
#   my $store = Glinto::Store->new($t->path('data'));
#   is($store->value($store->site('a.example'), 'SELECT count(*) FROM events'),
#       10, 'rows');
#
# new(DATA)
# meta            path of meta.db
# site(DOMAIN)    path of the file that takes the site's events; dies when the
#                 site is not known
# accounts        paths of all files of accounts, sorted
# rows(FILE, SQL, BIND...)    list of hashes
# value(FILE, SQL, BIND...)   first column of the first row, or undef
# each(FILE, SQL, BIND..., CODE)   CODE with the columns of each row, for many
# lines(FILE, SQL, BIND...)   a sub that gives the next row's first column
# sum(SQL)        value() of every account's file, added
# held(DOMAIN)    a transaction of another process in the site's file: until it
#                 goes out of scope nobody else writes there
# integrity       "ok", or what integrity_check says of the first bad file
#
# A connection is opened and closed by every call, so that no test holds back
# a checkpoint.

use strict;
use warnings;
use DBI;
use DBD::SQLite::Constants ':file_open';

sub new {
    my ($class, $data) = @_;
    return bless {data => $data}, $class;
}

sub meta { "$_[0]{data}/meta.db" }
sub accounts { sort glob "$_[0]{data}/acct/*.db" }

sub site {
    my ($self, $domain) = @_;
    my $account = $self->value($self->meta,
        'SELECT account FROM sites WHERE domain = ?', $domain)
        // die "no site $domain\n";
    return "$self->{data}/acct/$account.db";
}

sub _open {
    my ($file) = @_;
    return DBI->connect("dbi:SQLite:dbname=$file", '', '', {
        RaiseError => 1, PrintError => 0, sqlite_unicode => 0,
        sqlite_open_flags => SQLITE_OPEN_READONLY});
}

sub rows {
    my ($self, $file, $sql, @bind) = @_;
    return @{_open($file)->selectall_arrayref($sql, {Slice => {}}, @bind)};
}

sub value {
    my ($self, $file, $sql, @bind) = @_;
    my ($value) = _open($file)->selectrow_array($sql, {}, @bind);
    return $value;
}

sub each {
    my ($self, $file, $sql, @bind) = @_;
    my $code = pop @bind;
    my $db = _open($file);
    my $rows = $db->prepare($sql);
    $rows->execute(@bind);
    while (my $row = $rows->fetchrow_arrayref) {
        $code->(@$row);
    }
}

sub lines {
    my ($self, $file, $sql, @bind) = @_;
    my $db = _open($file); # as long as the sub lives
    my $rows = $db->prepare($sql);
    $rows->execute(@bind);
    return sub {
        my $row = $db && $rows->fetchrow_arrayref;
        return $row ? $row->[0] : undef;
    };
}

sub sum {
    my ($self, $sql) = @_;
    my $sum = 0;
    $sum += $self->value($_, $sql) // 0 for $self->accounts;
    return $sum;
}

sub held {
    my ($self, $domain) = @_;
    my $other = DBI->connect('dbi:SQLite:dbname=' . $self->site($domain), '',
        '', {RaiseError => 1, PrintError => 0, PrintWarn => 0});
    $other->sqlite_busy_timeout(10_000);
    $other->do('BEGIN IMMEDIATE');
    return $other;
}

sub integrity {
    my ($self) = @_;
    for my $file ($self->meta, $self->accounts) {
        my $says = $self->value($file, 'PRAGMA integrity_check');
        return "$file: $says" if $says ne 'ok';
    }
    return 'ok';
}

1;
