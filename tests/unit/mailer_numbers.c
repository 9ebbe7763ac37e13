/*
 * Promise: a text is taken only if each of its numbers is known: digits with
 * whatever groups them in six languages, not in other scripts, not in words.
 */

#include "mailer/numbers.h"
#include "tap.h"

#include <string.h>

static const struct {
    const char *text, *unknown; /* NULL = all are known */
} cases[] = {
    {"Nothing.", NULL},
    {"1314 visitors", NULL},
    {"1,314 visitors, 32% more", NULL},
    {"1.314 Besucher", NULL},
    {"1 314 visiteurs", NULL},
    {"1\u202f314 visiteurs", NULL},
    {"1\u00a0314 visiteurs", NULL},
    {"1'314", NULL},
    {"On 16 Nov 2026, 1,314 came.", NULL},
    {"16, 32", NULL},
    {"0032", NULL},
    {"1315 visitors", "1315"},
    {"1,315 visitors", "1,315"},
    {"131 visitors", "131"},
    {"13.14", "13.14"}, /* whose digits alone are known */
    {"131.4", "131.4"},
    {"16.5", "16.5"},
    {"3", "3"},
    {"1 314 2", "2"},
    {"a33b", "33"},
    {"\u0661\u0663", "\u0661"},   /* digits of Arabic */
    {"\u00bd of them", "\u00bd"}, /* one half */
    {"\u2167 times", "\u2167"},   /* Roman eight */
    {"x\u00b2", "\u00b2"},        /* a square */
    {"Three of them", "three"},
    {"thirty-two", "thirty"},
    {"dreihundert Besucher", "dreihundert"},
    {"Anderthalb", NULL},
    {"weighted", NULL}, /* eight within a word */
};

int
main(void)
{
    GHashTable *known = gl_numbers_new();
    char *unknown;

    gl_numbers_add(known, 1314);
    gl_numbers_add(known, -32);
    gl_numbers_add_text(known, "from 2026-11-16 to 2026-11-22");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int taken =
            gl_numbers_are_known(known, "two three eight thirty drei hundert",
                                 cases[i].text, &unknown);

        tap_ok(taken == (cases[i].unknown == NULL), "%s", cases[i].text);
        tap_ok(g_strcmp0(unknown, cases[i].unknown) == 0, "  %s",
               unknown == NULL ? "all are known" : unknown);
        g_free(unknown);
    }
    g_hash_table_destroy(known);
    return tap_done();
}
