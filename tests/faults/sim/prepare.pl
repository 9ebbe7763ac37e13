#!/usr/bin/perl
# prepare.pl OUT: copies of the product's files for the simulator, in OUT/src,
# as they are but for a few limits, which become variables so that a short
# history reaches them; and in OUT/wrong/NAME the one file of each wrong
# variant.  Dies when a place it changes is not there exactly once.

use strict;
use warnings;
use File::Basename;
use File::Path qw(make_path);

my $out = shift // die "usage: prepare.pl OUT\n";

sub slurp {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}

sub spew {
    my ($file, $text) = @_;
    make_path(dirname($file));
    return if -e $file && slurp($file) eq $text;
    open my $to, '>', $file or die "$file: $!\n";
    print $to $text;
    close $to or die "$file: $!\n";
}

sub change {
    my ($file, $text, $from, $to) = @_;
    my $n = () = $text =~ /$from/g;
    $n == 1 or die "prepare.pl: $file has $n places like $from\n";
    $text =~ s/$from/$to/;
    return $text;
}

my %limit = (
    'schema/segment.h' => [['GL_SEGMENT_BYTES_MIN \(64 \* 1024\)',
        'GL_SEGMENT_BYTES_MIN 8192']],
    'aggregator/spool/spool.h' => [
        ['#define GL_SPOOL_ROUND_FRAMES 65536', 'extern unsigned '
            . "sim_round_frames;\n#define GL_SPOOL_ROUND_FRAMES "
            . 'sim_round_frames'],
        ['#define GL_SPOOL_OPEN_MAX 64', 'extern unsigned '
            . "sim_open_max;\n#define GL_SPOOL_OPEN_MAX sim_open_max"],
        ['#define GL_SPOOL_FILES_MAX 16384', 'extern unsigned '
            . "sim_files_max;\n#define GL_SPOOL_FILES_MAX "
            . 'sim_files_max'],
    ],
    'aggregator/ingest/gather.h' => [['#define GL_INGEST_ENOUGH 128',
        "extern unsigned sim_enough;\n#define GL_INGEST_ENOUGH sim_enough"]],
    'aggregator/ingest/state.h' => [
        ['#define GL_INGEST_FULL_ACCOUNTS[\s\\\\]+32\b', 'extern unsigned '
            . "sim_full_accounts;\n#define GL_INGEST_FULL_ACCOUNTS "
            . 'sim_full_accounts']],
);

# What a careless hand might write instead; each must be caught.
my %wrong = (
    'end-test' => ['aggregator/spool/read.c', # R4 the other way round
        'if \(!gone_before\) \{\n.*?\n        \}\n'
            . '        result = gl_spool_judge_\(spool, file\);',
        "(void) gone_before;\n"
            . "        result = gl_spool_judge_(spool, file);\n"
            . '        if (result == 0 && '
            . '!gl_spool_writer_gone_(spool, file)) break;'],
    'unlink-when-read' => ['aggregator/ingest/settle.c', # R10
        '!settled \|\| ', ''],
    'wait-for-ever' => ['aggregator/ingest/gather.c', # R9, of those that wait
        'entry->gathered = 0;', ';'],
    'gather-on' => ['aggregator/ingest/gather.c', # before what waits
        'account->waits \|\| ', ''],
    'forget-early' => ['aggregator/ingest/settle.c', # R11
        'g_byte_array_append\(entry->account->dropped, header->id,',
        'g_byte_array_append(entry->account->gone, header->id,'],
    'release-unsynced' => ['aggregator/ingest/batch.c', # no syncfs
        'int error = gl_accounts_sync\(in->pool\);', 'int error = 0;'],
    'sync-again' => ['aggregator/ingest/batch.c', # a failed sync repeated
        'gl_account_doubt\(account->store\);', ';'],
    'go-on' => ['aggregator/ingest/round.c', # what comes after what waits
        'account->waits \|\| gl_ingest_begin_', 'gl_ingest_begin_'],
    'overwrite' => ['ngx_glinto_module/gl_segment.c', # W3
        'w->broken = 1;', 'w->broken = 0;'],
);

my @files = map { glob "$_*.[ch]" } qw(schema/ aggregator/ingest/
    aggregator/writer/ aggregator/spool/ ngx_glinto_module/gl_);
for my $file (@files) {
    my $text = slurp($file);
    $text = change($file, $text, @$_) for @{$limit{$file} // []};
    spew("$out/src/$file", $text);
}
for my $name (sort keys %wrong) {
    my ($file, $from, $to) = @{$wrong{$name}};
    spew("$out/wrong/$name/$file",
        change($file, slurp("$out/src/$file"), qr/$from/s, $to));
}
