/*
 * A set and what came since become another set:
 *
 *   rows, visits with rowids above ──► a small set, in which a visit that goes
 *     on has only what is new of it
 *   both sets, visitor by visitor ──► runs of a composed one (compose.h), in
 *     which visits that are in both are one
 *
 * That is so where a visitor's new rows are later than all its rows before.
 * Where one is not, or anything but rows was added, the set is made anew.
 */

#include "columns/grow_internal.h"

#include <string.h>

#include "columns/growth.h"
#include "store/rows/sealed.h"

/* ---- what came since ---- */

/* Of each visitor with new rows, the visit that may go on. */
static void
add_visits_before(struct gl_growing *g, GHashTable *met)
{
    const struct gl_columns *was = g->was;
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, met);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        uint32_t visitor = GPOINTER_TO_UINT(key) - 1;
        uint32_t last = gl_grow_first_visit_(was, visitor + 1) - 1;
        struct gl_build_visit one = {.open = 1, .was = last + 1};

        one.visit.visitor = was->visitor_id[visitor];
        one.visit.start_ms = was->day * GL_DAY_MS + was->visit_at[last];
        g_array_append_val(g->b.visits, one);
    }
}

/* 1 = a visit that was over has got rows. */
static int
is_anew(const struct gl_growing *g)
{
    for (guint i = 0; i < g->b.visits->len; i++) {
        const struct gl_build_visit *one =
            &g_array_index(g->b.visits, struct gl_build_visit, i);

        if (one->was != 0 && one->newest_ms != 0 &&
            !gl_growth_goes_on(g->was, one->visit.visitor))
            return 1;
    }
    return 0;
}

static int
read_added(struct gl_growing *g, int64_t after)
{
    struct gl_build_reading reading = {
        .build = g->build, .b = &g->b, .was = g->was, .after = after};
    int rc;

    reading.met = g_hash_table_new(NULL, NULL);
    rc = gl_build_read_(&reading);
    if (rc == 0)
        add_visits_before(g, reading.met);
    g_hash_table_destroy(reading.met);
    return rc;
}

/* ---- visits of both ---- */

static const struct gl_grow_joint *
joint_at(const struct gl_growing *g, guint at)
{
    return &g_array_index(g->joints, struct gl_grow_joint, at);
}

static uint32_t
views_of(const struct gl_growing *g, const struct gl_grow_joint *joint)
{
    return gl_column_at(&g->was->visit_views, joint->was) +
           gl_column_at(&g->added->visit_views, joint->added);
}

static unsigned
views_bytes(const struct gl_growing *g)
{
    uint32_t most = 0;

    for (guint i = 0; i < g->joints->len; i++)
        most |= views_of(g, joint_at(g, i));
    return most > UINT16_MAX ? 4 : most > UINT8_MAX ? 2 : 1;
}

static void
set_code(struct gl_column *column, uint32_t row, uint32_t code)
{
    gl_column_put(column, row, &code, 1);
}

static void
join_end(const struct gl_growing *g, const struct gl_grow_joint *joint,
         struct gl_columns *set, int host, int path)
{
    const struct gl_column *codes = g->added->visit_codes;
    uint32_t of_host = gl_column_at(&codes[host], joint->added);
    uint32_t of_path = gl_column_at(&codes[path], joint->added);

    if ((of_host | of_path) == 0) /* no pageview came */
        return;
    set_code(&set->visit_codes[host], joint->visit, of_host);
    set_code(&set->visit_codes[path], joint->visit, of_path);
}

static void
join_visit(const struct gl_growing *g, const struct gl_grow_joint *joint,
           struct gl_columns *set)
{
    uint32_t views = views_of(g, joint), at = joint->visit;
    uint32_t seconds = gl_column_at(&g->was->visit_seconds, joint->was);
    const struct gl_column *codes = g->was->visit_codes;

    if ((gl_column_at(&codes[GL_VISIT_ENTRY_HOST], joint->was) |
         gl_column_at(&codes[GL_VISIT_ENTRY_PATH], joint->was)) == 0)
        join_end(g, joint, set, GL_VISIT_ENTRY_HOST, GL_VISIT_ENTRY_PATH);
    join_end(g, joint, set, GL_VISIT_EXIT_HOST, GL_VISIT_EXIT_PATH);
    set_code(&set->visit_views, at, views);
    seconds =
        MAX(seconds, gl_column_at(&g->added->visit_seconds, joint->added));
    set_code(&set->visit_seconds, at, seconds);
    set->visit_bounced[at] &=
        g->added->visit_bounced[joint->added] && views <= 1;
}

/* Of the columns that have one code in all visits of a visitor, those that
 * still do: visitors of before are asked when they got something. */
static void
keep_visitor_columns(const struct gl_growing *g, struct gl_columns *set)
{
    set->visitor_columns = g->was->visitor_columns;
    for (uint32_t i = 0; i < g->added->visitors_n; i++) {
        uint32_t visitor = gl_growth_find(set, g->added->visitor_id[i]);
        uint32_t first = gl_grow_first_visit_(set, visitor);

        for (uint32_t v = first + 1;
             v < set->visits_n && set->visit_visitor[v] == visitor; v++)
            for (int c = 0; c < GL_VISIT_COLUMNS; c++)
                if (gl_column_at(&set->visit_codes[c], v) !=
                    gl_column_at(&set->visit_codes[c], v - 1))
                    set->visitor_columns &= ~(1u << c);
    }
}

/* ---- the set ---- */

static struct gl_columns *
compose(struct gl_growing *g)
{
    struct gl_growth *growth = g_new0(struct gl_growth, 1);
    uint32_t *none = g_new0(uint32_t, g->added->visitors_n + 1);
    struct gl_columns *set;

    gl_grow_put_(g);
    gl_grow_tell_(g);
    g->c.views_bytes = views_bytes(g);
    set = gl_compose(&g->c);
    set->day = g->was->day;
    set->open = g->was->open | g->added->open;
    set->events_end = MAX(g->was->events_end, g->added->events_end);
    for (guint i = 0; i < g->joints->len; i++)
        join_visit(g, joint_at(g, i), set);
    keep_visitor_columns(g, set);
    set->growth = growth;
    growth->last = gl_runs_numbers(
        &g->c.visitors, (const uint32_t *const[2]){g->was->growth->last, none},
        &set->bytes);
    gl_growth_note_(set, &g->b);
    g_free(none);
    return set;
}

static int
add(struct gl_growing *g, struct gl_columns **set)
{
    struct gl_columns *added = gl_building_gather_(&g->b);
    int rc = is_anew(g) ? GL_BUILD_ANEW : 0;

    g->added = added;
    g->c.of[0] = g->was;
    g->c.of[1] = added;
    gl_runs_init(&g->c.visitors);
    gl_runs_init(&g->c.visits);
    gl_runs_init(&g->c.events);
    g->c.told = g_array_new(FALSE, FALSE, sizeof(struct gl_run_told));
    g->joints = g_array_new(FALSE, FALSE, sizeof(struct gl_grow_joint));
    if (rc == 0 && added->events_n > GL_BUILD_ROWS_MAX - g->was->events_n)
        rc = GL_BUILD_MANY;
    if (rc == 0)
        *set = compose(g);
    g_array_free(g->joints, TRUE);
    g_array_free(g->c.told, TRUE);
    gl_runs_fini(&g->c.events);
    gl_runs_fini(&g->c.visits);
    gl_runs_fini(&g->c.visitors);
    gl_columns_free(added);
    return rc;
}

/* Once its day is over, SET goes on until no visit of it is open. */
static int
end(const struct gl_build *build, struct gl_columns *set)
{
    int rc;

    if (!set->open || build->newest)
        return 0;
    rc = gl_account_unsettled(build->reader, build->site, build->day);
    if (rc == 0)
        set->open = 0;
    return rc < 0 ? rc : 0;
}

int
gl_columns_grow(const struct gl_build *build, struct gl_columns *was, int mine,
                struct gl_columns **set)
{
    struct gl_growing g = {.build = build, .was = was};
    struct gl_day_base base[2];
    int64_t after;
    int rc = was->growth == NULL ? GL_BUILD_ANEW : gl_growth_base(build, base);

    if (rc == 0 && !gl_growth_holds(was->growth->base, base, &after))
        rc = GL_BUILD_ANEW;
    if (rc != 0)
        return rc;
    gl_building_init_(&g.b, build);
    *set = was;
    rc = read_added(&g, after);
    if (rc == 0 && (g.b.rows->len > 0 || g.b.visits->len > 0 || !mine))
        rc = add(&g, set);
    gl_building_fini_(&g.b);
    if (rc == 0) {
        memcpy((*set)->growth->base, base, sizeof base);
        rc = end(build, *set);
        if (rc != 0 && *set != was)
            gl_columns_free(*set);
    }
    return rc;
}
