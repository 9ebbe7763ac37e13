/*
 * Promise: of a site that was reset or removed those events are erased that
 * came under its names while they were its own, and no other: not of who had
 * the name before, or has it since, and not of a site that was only renamed.
 * Of one that keeps some days alone, those of before.
 */

#include "log/names.h"
#include "tap.h"

#include <string.h>

static struct gl_names *names;

static void
change(const char *verb, const char *domain, const char *to, uint64_t xid)
{
    gl_names_change(names, verb, domain, to, xid, 1);
}

static int64_t at_ms; /* of events */

/* Of events under NAME at 5, 15, 25 ... 95 those that are erased, as "#", and
 * others, as "." */
static const char *
erased(const char *name)
{
    static char said[11];
    struct gl_text text = {name, (uint32_t) strlen(name)};

    for (uint64_t i = 0; i < 10; i++)
        said[i] = gl_names_erased(names, text, 10 * i + 5, at_ms) ? '#' : '.';
    return said;
}

static void
begin(void)
{
    if (names != NULL)
        gl_names_free(names);
    names = gl_names_new();
}

static void
one_name(void)
{
    uint64_t from, until;

    begin();
    gl_names_range(names, &from, &until);
    tap_ok(from > until, "nothing is erased at first");
    change("site.add", "WWW.A.example", NULL, 10);
    change("site.add", "b.example", NULL, 10);
    change("site.add", "a.example", NULL, 15); /* another row of the same */
    change("site.reset", "a.example", NULL, 50);
    tap_str(erased("a.example"), ".####.....", "a reset");
    change("site.remove", "a.example", NULL, 70);
    tap_str(erased("a.example"), ".######...", "and a removal");
    change("site.remove", "a.example", NULL, 90);
    tap_str(erased("a.example"), ".######...", "of what is there");
    tap_str(erased("b.example"), "..........", "nothing of another");
    tap_str(erased(""), "..........", "or of none");
    gl_names_range(names, &from, &until);
    tap_ok(from == 10 && until == 70, "all in this range");
}

static void
renamed(void)
{
    begin();
    change("site.add", "a.example", NULL, 10);
    change("site.rename", "a.example", "b.example", 20);
    change("site.unname", "b.example", NULL, 25); /* not lately */
    change("site.unname", "a.example", NULL, 40);
    change("site.add", "a.example", NULL, 60);
    tap_str(erased("a.example"), "..........", "who is renamed is not erased");
    change("site.reset", "b.example", NULL, 80);
    tap_str(erased("a.example"), ".###......", "the name before, of its time");
    tap_str(erased("b.example"), "..######..", "and the name since");
    change("site.remove", "a.example", NULL, 90);
    tap_str(erased("a.example"), ".###..###.", "who has it since is another");
}

static void
back(void)
{
    begin();
    change("site.add", "a.example", NULL, 10);
    change("site.rename", "a.example", "b.example", 20);
    change("site.rename", "b.example", "a.example", 30);
    change("site.reset", "b.example", NULL, 40); /* by its name before */
    tap_str(erased("a.example"), ".###......", "there and back");
    tap_str(erased("b.example"), "..##......", "both are its own");
    change("site.remove", "a.example", NULL, 60);
    tap_str(erased("b.example"), "..####....", "until it goes");
    change("site.add", "b.example", NULL, 70);
    change("site.remove", "b.example", NULL, 90);
    tap_str(erased("b.example"), "..####.##.", "then it is free");
}

/* As machines did it once. */
static void
by_clocks(void)
{
    begin();
    change("site.add", "a.example", NULL, 10);
    change("site.rename", "a.example", "b.example", 20);
    change("site.add", "a.example", NULL, 50);
    change("site.reset", "a.example", NULL, 70);
    tap_str(erased("a.example"), ".....##...", "a name let go without a row");
    tap_str(erased("b.example"), "..........", "is no more the first one's");
    change("site.remove", "b.example", NULL, 80);
    tap_str(erased("a.example"), ".######...", "who had it until then");
}

static void
not_asked(void)
{
    begin();
    gl_names_change(names, "site.add", "a.example", NULL, 10, 0);
    gl_names_change(names, "site.reset", "a.example", NULL, 30, 0);
    gl_names_change(names, "site.remove", "a.example", NULL, 60, 1);
    tap_str(erased("a.example"), "...###....",
            "what was erased before is not told again");
}

static void
expired(void)
{
    begin();
    change("site.add", "a.example", NULL, 10);
    change("site.add", "c.example", NULL, 10);
    change("site.rename", "a.example", "b.example", 20);
    change("site.unname", "a.example", NULL, 40);
    change("site.add", "a.example", NULL, 60);
    gl_names_expire(names, "b.example", 1000);
    tap_str(erased("a.example"), ".###......",
            "what is old, by a name before");
    tap_str(erased("b.example"), "..########", "and by the one it has");
    tap_str(erased("c.example"), "..........", "of another site nothing");
    at_ms = 999;
    tap_str(erased("b.example"), "..########", "it is old until then");
    tap_ok(gl_names_any_erased(names, 50, at_ms), "so some is");
    at_ms = 1000;
    tap_str(erased("b.example"), "..........", "and not from then on");
    tap_ok(!gl_names_any_erased(names, 50, at_ms), "so none is");
    change("site.reset", "c.example", NULL, 80);
    tap_str(erased("c.example"), ".#######..", "a reset erases all");
    gl_names_expire(names, "a.example", 2000);
    tap_str(erased("a.example"), "......####",
            "who has the name now has days "
            "of its own");
    begin();
    change("site.add", "a.example", NULL, 10);
    change("site.reset", "a.example", NULL, 50);
    gl_names_expire(names, "a.example", 2000);
    gl_names_expire(names, "none.example", 2000);
    tap_str(erased("a.example"), ".#########", "a reset, and then days");
    at_ms = 2000;
    tap_str(erased("a.example"), ".####.....", "each for itself");
    at_ms = 0;
}

int
main(void)
{
    one_name();
    renamed();
    back();
    by_clocks();
    not_asked();
    expired();
    gl_names_free(names);
    return tap_done();
}
