/* What is known of a set that goes on; see growth.h. */

#include "columns/growth.h"

#include "columns/build_internal.h"

/* ---- which rows ---- */

int
gl_growth_base(const struct gl_build *build, struct gl_day_base base[2])
{
    int rc = 0;

    for (int i = 0; rc == 0 && i < 2; i++)
        rc = gl_account_day_base(build->reader, build->site, build->day + i,
                                 &base[i]);
    return rc;
}

/* A day that had no rows: all that it has now came later. */
int
gl_growth_holds(const struct gl_day_base base[2],
                const struct gl_day_base now[2], int64_t *after)
{
    *after = MAX(base[0].last_id, base[1].last_id);
    for (int i = 0; i < 2; i++)
        if ((base[i].base != 0 && base[i].base != now[i].base) ||
            base[i].last_id > now[i].last_id)
            return 0;
    return 1;
}

/* ---- visitors ---- */

uint32_t
gl_growth_find(const struct gl_columns *set, uint64_t visitor)
{
    uint32_t low = 0, high = set->visitors_n;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (set->visitor_id[middle] < visitor)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->visitors_n && set->visitor_id[low] == visitor
               ? low
               : GL_GROWTH_NONE;
}

int
gl_growth_goes_on(const struct gl_columns *set, uint64_t visitor)
{
    uint32_t at = gl_growth_find(set, visitor);

    return at != GL_GROWTH_NONE && set->growth->last[at] & GL_GROWTH_OPEN;
}

/* The visits FROM <= n < TO are VISITOR's. */
static void
note(struct gl_columns *set, uint32_t visitor, const struct gl_building *b,
     guint from, guint to)
{
    uint32_t *last = &set->growth->last[visitor];
    uint32_t at = *last & GL_GROWTH_AT, open = 0;

    for (guint i = from; i < to; i++) {
        const struct gl_build_visit *one =
            &g_array_index(b->visits, struct gl_build_visit, i);

        if (one->newest_ms != 0)
            at = MAX(at, (uint32_t) (one->newest_ms - b->day * GL_DAY_MS));
        open = one->open && !one->other ? GL_GROWTH_OPEN : 0;
    }
    *last = at | open;
}

void
gl_growth_note_(struct gl_columns *set, const struct gl_building *b)
{
    const struct gl_build_visit *visits =
        (const struct gl_build_visit *) (void *) b->visits->data;

    for (guint from = 0, to; from < b->visits->len; from = to) {
        uint64_t id = visits[from].visit.visitor;
        uint32_t visitor = gl_growth_find(set, id);

        for (to = from + 1;
             to < b->visits->len && visits[to].visit.visitor == id;)
            to++;
        if (visitor != GL_GROWTH_NONE)
            note(set, visitor, b, from, to);
    }
}
