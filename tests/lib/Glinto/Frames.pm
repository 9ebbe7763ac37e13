package Glinto::Frames;

# The cases of Autobahn's test suite for WebSocket servers, categories 1 to 7,
# 9 and 10 (12 and 13 are about compression, which is not offered), as a table
# of our own: what is sent, and what a server that echoes nothing must do.
#
#   for my $case (Glinto::Frames->cases) { ... }
#
# A case is a hash:
#   id      "6.4.1"
#   frames  list of {bytes, chop}: one frame each, masked; CHOP: so many bytes
#           a write, 0 = as many as go
#   want    'open', or the code the server must close with
#   or      other codes that will do
#   pongs   payloads of the pongs it must send, in order ('open' only)
#   early   after so many of the frames it should be closed; later is not
#           wrong, but not strict
#   own     1 = the case sends its own close
#   rush    1 = as fast as they go; else at most ten frames a second
#
# Limits of our server, by design: messages of 4,096 bytes (1009), ten frames
# a second (1008).

use strict;
use warnings;

my $MESSAGE_MAX = 4096;
# Where a control frame itself is broken wslay closes without a code (1005):
# RFC 6455, 7.1.7, says SHOULD, and Autobahn takes that for right.
my @BROKEN = (or => [1005]);
my ($CONTINUED, $TEXT, $BINARY, $CLOSE, $PING, $PONG) = (0, 1, 2, 8, 9, 10);

# One frame; %as: fin (1), rsv (0), chop (0).
sub frame {
    my ($opcode, $payload, %as) = @_;
    my $mask = pack 'N', int rand 0xffffffff;
    my $n = length $payload;
    my $length = $n < 126 ? chr(0x80 | $n)
        : $n < 65_536 ? pack('Cn', 0xfe, $n) : pack('CQ>', 0xff, $n);
    my $first = chr(($as{fin} // 1) << 7 | ($as{rsv} // 0) << 4 | $opcode);
    my $masked = $payload ^ substr $mask x (1 + $n / 4), 0, $n;
    return {bytes => "$first$length$mask$masked", chop => $as{chop} // 0};
}

# PARTS as the fragments of one message.
sub fragments {
    my ($opcode, @parts) = @_;
    return map {
        frame($_ ? $CONTINUED : $opcode, $parts[$_], fin => $_ == $#parts)
    } 0 .. $#parts;
}

sub close_frame { frame($CLOSE, join '', map { pack 'n', $_ } @_) }
sub chopped { my $n = shift; map { {%$_, chop => $n} } @_ }
sub case {
    my ($id, $want, $frames, %more) = @_;
    return {id => $id, want => $want, frames => $frames, pongs => [], %more};
}
# Cases PREFIX.1, PREFIX.2 ... of WANT and FRAMES.
sub numbered {
    my ($prefix, @cases) = @_;
    my $n = 0;
    return map { case("$prefix." . ++$n, @$_) } @cases;
}
sub size_of { $_[0] > $MESSAGE_MAX ? 1009 : 'open' }

sub framing {
    my @sizes = (0, 125, 126, 127, 128, 65_535, 65_536);
    return map {
        my ($opcode, $octet) = @$_;
        my @all = map { [size_of($_), [frame($opcode, $octet x $_)]] } @sizes;
        numbered("1.$opcode", @all, [1009,
            [frame($opcode, $octet x 65_536, chop => 997)]]);
    } [$TEXT, '*'], [$BINARY, "\xfe"];
}

sub pings {
    my $odd = "\x00\xff\xfe\xfd\xfc\xfb\x00\xff";
    my @ten = map { "payload-$_" } 1 .. 10;
    my @pings = map { frame($PING, $_) } @ten;
    return numbered(2,
        (map { ['open', [frame($PING, $_)], pongs => [$_]] } '',
            'Hello, world!', $odd, "\xfe" x 125),
        [1002, [frame($PING, "\xfe" x 126)], @BROKEN],
        ['open', [frame($PING, "\xfe" x 125, chop => 1)],
            pongs => ["\xfe" x 125]],
        ['open', [frame($PONG, '')]], ['open', [frame($PONG, 'unasked')]],
        ['open', [frame($PONG, 'unasked'), frame($PING, 'ping')],
            pongs => ['ping']],
        ['open', \@pings, pongs => \@ten],
        ['open', [chopped(1, @pings)], pongs => \@ten]);
}

sub reserved {
    my @text = frame($TEXT, 'Hello, world!');
    my @ping = frame($PING, '');
    my @bits = map {
        [1002, [@text, frame($TEXT, 'Hello, world!', rsv => $_->[0],
            chop => $_->[1]), @ping]]
    } [2, 0], [3, 0], [4, 1];
    my $n = 0;
    return (numbered(3, [1002, [frame($TEXT, 'Hello, world!', rsv => 1)]],
        @bits, [1002, [frame($BINARY, "\x00\xff", rsv => 5)]],
        [1002, [frame($PING, 'Hello', rsv => 6)]],
        [1002, [frame($CLOSE, '', rsv => 7)]]),
        map {
            my ($k, $first) = @$_;
            numbered("4.$k", [1002, [frame($first, '')]],
                [1002, [frame($first + 1, 'reserved')]],
                [1002, [@text, frame($first + 2, ''), @ping]],
                [1002, [@text, frame($first + 3, 'reserved'), @ping]],
                [1002, [chopped(1, @text, frame($first + 4, 'reserved'),
                    @ping)]]);
        } [1, 3], [2, 11]);
}

sub fragmentation {
    my @two = fragments($TEXT, 'fragment1', 'fragment2');
    my @between = ($two[0], frame($PING, 'between'), $two[1]);
    my @text = frame($TEXT, 'Hello, world!');
    my @all = map { my $chop = $_; [chopped($chop, @two)] } 0, 9, 1;
    my @some = fragments($TEXT, map { "fragment$_" } 1 .. 5);
    my @five = (@some[0, 1], frame($PING, 'one'), @some[2, 3],
        frame($PING, 'two'), $some[4]);
    my @stray = map {
        my $fin = $_;
        map { [1002, [chopped($_, frame($CONTINUED, 'stray', fin => $fin),
            @text)]] } 0, 9, 1;
    } 1, 0;
    my @again = map {
        my @once = (frame($CONTINUED, 'fragment1', fin => $_),
            fragments($TEXT, 'fragment2', 'fragment3'));
        [1002, [@once, @once]]
    } 0, 1;
    return numbered(5,
        (map { [1002, [frame($_, 'fragment1', fin => 0),
            frame($CONTINUED, 'fragment2')], @BROKEN] } $PING, $PONG),
        (map { ['open', $_] } @all),
        (map { ['open', [chopped($_, @between)], pongs => ['between']] }
            0, 9, 1),
        @stray, [1002, [@two, frame($CONTINUED, 'stray', fin => 0), @text]],
        @again, [1002, [map { frame($TEXT, "fragment$_", fin => $_ - 1) }
            1, 2]],
        (map { ['open', [chopped($_, @five)], pongs => ['one', 'two']] } 0, 1));
}

# Texts of Markus Kuhn's UTF-8 decoder test, by category from 6.5 on.
sub utf8_texts {
    my $greek = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
    my @cut = ("\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80",
        "\xfc\x80\x80\x80\x80", "\xdf", "\xef\xbf", "\xf7\xbf\xbf",
        "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf");
    my @lonely = map {
        join '', map { chr($_) . ' ' } $_->[0] .. $_->[1]
    } [0xc0, 0xde], [0xe0, 0xee], [0xf0, 0xf6], [0xf8, 0xfa], [0xfc, 0xfc];
    my @planes = grep { !/^\xf0\x8f/ } map {
        my $first = chr;
        map { my $second = chr; map { "$first$second\xbf" . chr } 0xbe, 0xbf }
            $first eq "\xf4" ? 0x8f : (0x8f, 0x9f, 0xaf, 0xbf);
    } 0xf0 .. 0xf4;
    my @pairs = map { my $high = $_; map { "\xed$high\xed$_" }
        "\xb0\x80", "\xbf\xbf" } "\xa0\x80", "\xad\xbf", "\xae\x80", "\xaf\xbf";
    return (
        [(map { "hello${_}world" } '$', "\xc2\xa2", "\xe2\x82\xac",
            "\xf0\xa4\xad\xa2"), $greek],
        [map { substr $greek, 0, $_ } 1 .. length $greek],
        ["\x00", "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80"],
        ["\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"],
        ["\x7f", "\xdf\xbf", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"],
        ["\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf",
            "\xfd\xbf\xbf\xbf\xbf\xbf"],
        ["\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf",
            "\xf4\x90\x80\x80"],
        ["\x80", "\xbf", (map { substr "\x80\xbf" x 3, 0, $_ } 2 .. 6),
            join '', map { chr } 0x80 .. 0xbe],
        \@lonely, \@cut, [join '', @cut], ["\xfe", "\xff", "\xfe\xfe\xff\xff"],
        ["\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
            "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf"],
        ["\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
            "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf"],
        ["\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80",
            "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80"],
        [map { "\xed$_" } "\xa0\x80", "\xad\xbf", "\xae\x80", "\xaf\xbf",
            "\xb0\x80", "\xbe\x80", "\xbf\xbf"],
        \@pairs, ["\xef\xbf\xbe", "\xef\xbf\xbf", @planes],
        [map { "\xef\xbf" . chr } 0xb9 .. 0xbf]);
}

# The grammar of RFC 3629, section 4 (Perl's own strict decoder refuses
# characters that this allows).
sub is_utf8 {
    return $_[0] =~ /\A(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]
        |\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}
        |\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}
        |[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})*\z/x;
}

sub utf8 {
    my $good = "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0"
        . "\xc3\xa1-UTF-8!!";
    my $greek = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
    my $bad = "$greek\xed\xa0\x80edited";
    my $late = "$greek\xf4\x90\x80\x80edited";
    my @octets = map { [fragments($TEXT, split //, $_)] } $good, $greek;
    my $n = 4;
    # One frame whose rest comes later: the whole is one in two writes.
    my @halves = map {
        my $cut = $_;
        my $whole = frame($TEXT, $late);
        my $at = length($whole->{bytes}) - length($late) + $cut;
        [1007, [{bytes => substr($whole->{bytes}, 0, $at), chop => 0},
            {bytes => substr($whole->{bytes}, $at), chop => 0}], early => 1];
    } 15, 13;
    return (
        numbered('6.1', ['open', [frame($TEXT, '')]],
            ['open', [fragments($TEXT, '', '', '')]],
            ['open', [fragments($TEXT, '', 'middle', '')]]),
        numbered('6.2', ['open', [frame($TEXT, $good)]],
            ['open', [fragments($TEXT, substr($good, 0, 8),
                substr($good, 8))]], map { ['open', $_] } @octets),
        numbered('6.3', [1007, [frame($TEXT, $bad)]],
            [1007, [fragments($TEXT, split //, $bad)]]),
        numbered('6.4', (map {
            [1007, [fragments($TEXT, @$_)], early => 2]
        } [$greek, "\xf4\x90\x80\x80", 'edited'],
            ["$greek\xf4", "\x90", "\x80\x80edited"]), @halves),
        map {
            numbered('6.' . ++$n, map {
                [is_utf8($_) ? 'open' : 1007, [frame($TEXT, $_)]]
            } @$_);
        } utf8_texts());
}

sub closing {
    my @text = frame($TEXT, 'Hello, world!');
    my @close = close_frame(1000);
    my @two = fragments($TEXT, 'fragment1', 'fragment2');
    my $reason = sub { frame($CLOSE, pack('n', 1000) . $_[0]) };
    my @own = map { $_->[0] eq 'open' ? [1000, $_->[1]] : $_ } (
        ['open', [@text, @close]], ['open', [@close, @close]],
        ['open', [@close, frame($PING, '')]], ['open', [@close, @text]],
        ['open', [$two[0], @close, $two[1]]],
        [1009, [frame($TEXT, '*' x (256 * 1024)), @text, @close,
            frame($PING, '')]]);
    my @cases = (numbered('7.1', @own),
        # 1005: a close frame without a code.
        numbered('7.3', [1005, [frame($CLOSE, '')], or => [1000]],
            [1002, [frame($CLOSE, 'a')], @BROKEN], [1000, [@close]],
            [1000, [$reason->('Hello, world!')]], [1000, [$reason->('*' x 123)]],
            [1002, [$reason->('*' x 124)], @BROKEN]),
        numbered('7.5', [1007, [$reason->("\xce\xba\xed\xa0\x80")],
            or => [1002]]),
        numbered('7.7', map { [$_, [close_frame($_)], or => [1000]] } 1000 ..
            1003, 1007 .. 1011, 3000, 3999, 4000, 4999),
        numbered('7.9', map { [1002, [close_frame($_)]] } 0, 999, 1004 .. 1006,
            1016, 1100, 2000, 2999),
        # Only said, not judged: codes nobody may use.
        numbered('7.13', map { [1002, [close_frame($_)], or => [$_, 1000]] }
            5000, 65_535));
    return map { {%$_, own => 1} } @cases;
}

sub limits {
    my $mib = 1024 * 1024;
    my @kinds = ([$TEXT, '*'], [$BINARY, "\xfe"]);
    return map {
        my ($opcode, $octet) = @$_;
        my $of = $opcode - $TEXT;
        my @whole = map { [1009, [frame($opcode, $octet x $_)]] }
            $mib / 16, $mib / 4, $mib, 4 * $mib, 8 * $mib, 16 * $mib;
        # So many fragments as it takes: the rest would not be read.
        my @parts = map {
            my $part = $octet x $_;
            my $n = $_ > $MESSAGE_MAX ? 2 : 2 + int $MESSAGE_MAX / $_;
            [1009, [fragments($opcode, ($part) x $n)]];
        } map { 4 ** $_ } 3 .. 11;
        my @chops = map { [1009, [frame($opcode, $octet x $mib,
            chop => $_)]] } map { 2 ** $_ } 6 .. 11;
        my @many = map {
            my $payload = $octet x $_;
            [1008, [map { frame($opcode, $payload) } 1 .. 1000], rush => 1];
        } 0, 16, 64, 256, 1024, 4096;
        (numbered('9.' . (1 + $of), @whole), numbered('9.' . (3 + $of), @parts),
            numbered('9.' . (5 + $of), @chops),
            numbered('9.' . (7 + $of), @many));
    } @kinds;
}

sub cases {
    return (framing(), pings(), reserved(), fragmentation(), utf8(), closing(),
        limits(), case('10.1.1', 1009, [fragments($TEXT,
            ('*' x 1300) x 50, '*' x 536)]));
}

1;
