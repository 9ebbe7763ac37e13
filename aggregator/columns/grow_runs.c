/*
 * What came since, put between what was: runs of both sets, visitor by
 * visitor, and engagement with pageviews of before.
 */

#include "columns/grow_internal.h"

#include <string.h>

/* ---- both, visitor by visitor ---- */

/* Visitors of WAS up to TO, which is not among them. */
static void
put_before(struct gl_growing *g, uint32_t to)
{
    uint32_t visits = gl_grow_first_visit_(g->was, to);
    uint32_t events = g->was->visit_first[visits];
    struct gl_run *run;

    run = gl_runs_add(&g->c.visits, 0, g->visits, visits - g->visits);
    if (run != NULL) {
        run->visitor = g->c.visitors.n - g->visitors;
        run->event = g->c.events.n - g->events;
    }
    gl_runs_add(&g->c.visitors, 0, g->visitors, to - g->visitors);
    gl_runs_add(&g->c.events, 0, g->events, events - g->events);
    g->visitors = to;
    g->visits = visits;
    g->events = events;
}

/* VISITOR of what was added, whose first visit is, 1 + its number, WAS. */
static void
put_added(struct gl_growing *g, uint32_t visitor, uint32_t first, uint32_t end,
          uint32_t was)
{
    const struct gl_columns *added = g->added;
    uint32_t event = added->visit_first[first], to = g->c.events.n;
    struct gl_grow_joint joint = {g->c.visits.n - 1, was - 1, first};
    struct gl_run *run;

    if (was != 0)
        g_array_append_val(g->joints, joint);
    run = gl_runs_add(&g->c.visits, 1, first + (was != 0),
                      end - first - (was != 0));
    if (run != NULL) {
        run->visitor = g->c.visitors.n - 1 - visitor;
        run->event = to - event;
    }
    gl_runs_add(&g->c.events, 1, event, added->visit_first[end] - event);
}

/* [visit of ADDED]: 1 + its number in WAS. */
static uint32_t *
which_were(const struct gl_growing *g)
{
    uint32_t *were = g_new0(uint32_t, g->added->visits_n + 1);

    for (guint i = 0; i < g->b.visits->len; i++) {
        const struct gl_build_visit *one =
            &g_array_index(g->b.visits, struct gl_build_visit, i);

        if (one->put != 0)
            were[one->put - 1] = one->was;
    }
    return were;
}

/* The first visitor of WAS with that id or a greater one. */
static uint32_t
find_visitor(const struct gl_growing *g, uint64_t id)
{
    uint32_t low = g->visitors, high = g->was->visitors_n;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (g->was->visitor_id[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void
gl_grow_put_(struct gl_growing *g)
{
    const struct gl_columns *was = g->was, *added = g->added;
    uint32_t *were = which_were(g);

    for (uint32_t visitor = 0, first = 0; visitor < added->visitors_n;
         visitor++) {
        uint64_t id = added->visitor_id[visitor];
        uint32_t end = gl_grow_first_visit_(added, visitor + 1);
        uint32_t at = find_visitor(g, id);
        int known = at < was->visitors_n && was->visitor_id[at] == id;

        put_before(g, at + (uint32_t) known);
        if (!known)
            gl_runs_add(&g->c.visitors, 1, visitor, 1);
        put_added(g, visitor, first, end, were[first]);
        first = end;
    }
    put_before(g, was->visitors_n);
    g_free(were);
}

/* ---- engagement with pageviews of before ---- */

/* The last pageview of the path in the visit, 1 + its number, when it is of
 * the host; 0. */
static uint32_t
viewed(const struct gl_columns *was, uint32_t visit,
       const struct gl_build_row *row)
{
    const struct gl_column *codes = was->event_codes;

    for (uint32_t e = was->visit_first[visit + 1]; e > was->visit_first[visit];
         e--)
        if (gl_columns_viewed(was, e - 1) &&
            gl_column_at(&codes[GL_EVENT_PATH], e - 1) == row->path)
            return gl_column_at(&codes[GL_EVENT_HOST], e - 1) == row->host ? e
                                                                           : 0;
    return 0;
}

static int
compare_told(const void *left, const void *right)
{
    const struct gl_run_told *a = left, *b = right;

    return (a->event > b->event) - (a->event < b->event);
}

void
gl_grow_tell_(struct gl_growing *g)
{
    for (guint i = 0; i < g->b.told->len; i++) {
        const struct gl_build_told *told =
            &g_array_index(g->b.told, struct gl_build_told, i);
        const struct gl_build_visit *visit =
            &g_array_index(g->b.visits, struct gl_build_visit, told->visit);
        const struct gl_build_row *row =
            &g_array_index(g->b.rows, struct gl_build_row, told->row);
        uint32_t event = viewed(g->was, visit->was - 1, row);
        struct gl_run_told one = {event - 1, row->engagement_ms,
                                  row->scroll_depth};

        if (event != 0 && (one.ms | one.depth) != 0)
            g_array_append_val(g->c.told, one);
    }
    g_array_sort(g->c.told, compare_told);
    gl_runs_tell(&g->c.events, g->c.told);
}
