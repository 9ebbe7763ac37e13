# Promise: numbers, percents, money, dates, plural forms, countries and
# languages are in each language what CLDR says, as Node's Intl does: 0 of
# random values differ.
#
# Method: a program of aggregator/language answers lines; Node says the same
# lines by Intl, with the dates of en-GB for English.  Where Node has another
# CLDR than npm's packages it is not asked.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Glinto::Test;
use JSON::PP ();

my $VALUES = 400; # of a kind and language
my $t = Glinto::Test->new;
my $root = $t->root;

spew($t->path('say.c'), <<'END_C');
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/countries.h"
#include "language/dates.h"
#include "language/locale.h"
#include "language/numbers.h"
#include "language/tongues.h"

/* What KIND is of N and M. */
static char *
answer(const char *kind, double n, double m, const char *code)
{
    int64_t date = (int64_t) n;

    if (strcmp(kind, "number") == 0)
        return gl_number_text(n, (int) m);
    if (strcmp(kind, "percent") == 0)
        return gl_percent_text(n, (int) m);
    if (strcmp(kind, "money") == 0)
        return gl_money_text(code, (int64_t) n);
    if (strcmp(kind, "short") == 0)
        return gl_money_short_text(code, (int64_t) n);
    if (strcmp(kind, "plural") == 0)
        return g_strdup(gl_locale_plural_(n, (int) m));
    if (strcmp(kind, "country") == 0)
        return g_strdup(gl_country_name(code));
    if (strcmp(kind, "tongue") == 0)
        return gl_tongue_name(code);
    if (strcmp(kind, "span") == 0)
        return gl_date_span_text(date, (int64_t) m);
    if (strcmp(kind, "time") == 0)
        return gl_time_text((int) m / 60, (int) m % 60);
    if (strcmp(kind, "moment") == 0)
        return gl_date_time_text(date, (int) m / 60, (int) m % 60);
    return gl_date_text(date, (enum gl_date_form) atoi(kind));
}

int
main(void)
{
    char line[256], kind[16], code[16], language[8];
    double n, m;

    while (fgets(line, sizeof line, stdin) != NULL) {
        for (int i = 0; i < GL_LANGUAGES_N; i++) {
            const char *own = gl_language_code((enum gl_language) i);

            if (sscanf(line, "%7s %15s %lf %lf %15s", language, kind, &n, &m,
                       code) == 5 && strcmp(own, language) == 0) {
                char *text;

                gl_language_use((enum gl_language) i);
                text = answer(kind, n, m, code);
                puts(text);
                g_free(text);
            }
        }
    }
    return 0;
}
END_C
my $glib = qx(pkg-config --cflags --libs glib-2.0) =~ s/\n//r;
my $made = $t->build . '/embed';
my $say = $t->path('say');
is(system("gcc -std=gnu11 -Wall -Werror -I$root/aggregator -I$root/schema "
    . "-I$made -o $say $say.c $root/aggregator/language/*.c $glib -ljansson "
    . '-lm'), 0, 'it is C');

my $theirs = JSON::PP::decode_json(qx(node -p 'JSON.stringify(
    [process.versions.cldr, require("$root/node_modules/cldr-core/package.json"
    ).version].map(version => parseInt(version)))'));
SKIP: {
    skip "Node has CLDR $theirs->[0], npm $theirs->[1]", 1
        if $theirs->[0] != $theirs->[1];
    my $said = qx(node $root/tests/e2e/intl.mjs $say $VALUES 2>&1);
    my ($values, $differ) = $said =~ /^(\d+) values, (\d+) differ$/m;
    note($said);
    is($differ, 0, ($values // 0) . ' values, and how many differ');
}
$t->done;
