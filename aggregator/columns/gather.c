/* Rows and visits, as they were read and put in order, become the arrays of a
 * set. */

#define _GNU_SOURCE

#include "columns/gather_internal.h"

#include <stdlib.h>

#include "event.h"
#include "gl_assert.h"

/* ---- arrays ---- */

/* Room for N of SIZE bytes; at least one, so that none is NULL. */
static void *
array(struct gl_columns *set, size_t n, size_t size)
{
    set->bytes += n * size;
    return g_malloc0_n(n + 1, size);
}

static void
make_arrays(struct gl_gathering *g, size_t visits, size_t events)
{
    struct gl_columns *set = g->set;

    set->visitor_id = array(set, visits, sizeof *set->visitor_id);
    set->visit_visitor = array(set, visits, sizeof *set->visit_visitor);
    set->visit_first = array(set, visits + 1, sizeof *set->visit_first);
    set->visit_at = array(set, visits, sizeof *set->visit_at);
    set->visit_bounced = array(set, visits, sizeof *set->visit_bounced);
    set->event_at = array(set, events, sizeof *set->event_at);
    set->event_viewed = array(set, events / 64 + 1, sizeof *set->event_viewed);
    set->paid.event = array(set, g->b->paid->len, sizeof *set->paid.event);
    set->paid.money = array(set, g->b->paid->len, sizeof *set->paid.money);
    g->seconds = g_new0(uint32_t, visits + 1);
    g->views = g_new0(uint32_t, visits + 1);
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        g->visit_codes[i] = g_new0(uint32_t, visits + 1);
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        g->event_codes[i] = g_new0(uint32_t, events + 1);
}

/* 1 = no visit has another code than its visitor's visit before. */
static int
is_of_visitor(const struct gl_columns *set, const uint32_t *codes)
{
    for (uint32_t i = 1; i < set->visits_n; i++)
        if (set->visit_visitor[i] == set->visit_visitor[i - 1] &&
            codes[i] != codes[i - 1])
            return 0;
    return 1;
}

static void
make_columns(struct gl_gathering *g)
{
    struct gl_columns *set = g->set;
    uint32_t visits = set->visits_n, events = set->events_n;

    GL_ASSERT(visits <= g->b->visits->len && events <= g->b->rows->len);
    GL_ASSERT(set->imported <= set->visitors_n && set->visitors_n <= visits);
    set->visit_first[visits] = events;
    set->visit_seconds = gl_column_new(g->seconds, visits, &set->bytes);
    set->visit_views = gl_column_new(g->views, visits, &set->bytes);
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        set->visitor_columns |=
            (uint32_t) is_of_visitor(set, g->visit_codes[i]) << i;
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        set->visit_codes[i] =
            gl_column_new(g->visit_codes[i], visits, &set->bytes);
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        gl_columns_lend(set, i);
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        set->event_codes[i] =
            gl_column_new(g->event_codes[i], events, &set->bytes);
}

/* A visit whose first row is FIRST. */
static void
put_visit(struct gl_gathering *g, struct gl_build_visit *one,
          const struct gl_build_row *first)
{
    struct gl_columns *set = g->set;
    const struct gl_visit *visit = &one->visit;
    uint32_t at = set->visits_n++;

    GL_ASSERT(at < g->b->visits->len);
    one->put = at + 1;
    if (set->visitors_n == 0 ||
        set->visitor_id[set->visitors_n - 1] != visit->visitor) {
        set->imported += !(visit->visitor & GL_VISITOR_IMPORTED);
        set->visitor_id[set->visitors_n++] = visit->visitor;
    }
    set->visit_visitor[at] = set->visitors_n - 1;
    set->visit_first[at] = set->events_n;
    set->visit_at[at] = (uint32_t) (visit->start_ms - set->day * GL_DAY_MS);
    set->visit_bounced[at] = visit->pageviews <= 1 && visit->interactive == 0;
    g->seconds[at] = (uint32_t) ((visit->last_ms - visit->start_ms) / 1000);
    g->views[at] = visit->pageviews;
    g->visit_codes[GL_VISIT_REFERRER][at] = first->referrer;
    g->visit_codes[GL_VISIT_AGENT][at] = first->agent;
    g->visit_codes[GL_VISIT_PLACE][at] = first->place;
    g->visit_codes[GL_VISIT_SCREEN][at] = first->screen;
    g->visit_codes[GL_VISIT_LANGUAGE][at] = first->language;
    g->visit_codes[GL_VISIT_ENTRY_HOST][at] = visit->entry_host;
    g->visit_codes[GL_VISIT_ENTRY_PATH][at] = visit->entry_path;
    g->visit_codes[GL_VISIT_EXIT_HOST][at] = visit->exit_host;
    g->visit_codes[GL_VISIT_EXIT_PATH][at] = visit->exit_path;
}

static void
put_props(struct gl_gathering *g, const struct gl_build_row *row, uint32_t at)
{
    for (uint32_t i = 0; i < row->props_n; i++) {
        const struct gl_build_prop *prop =
            &g_array_index(g->b->props, struct gl_build_prop, row->prop + i);
        struct gl_gather_prop one = {prop->key, at, prop->value};

        if (prop->value != 0)
            g_array_append_val(g->prop_events, one);
    }
}

static int
compare_paid(const void *left, const void *right)
{
    const struct gl_build_paid *a = left, *b = right;

    return (a->row > b->row) - (a->row < b->row);
}

/* Row number AT became EVENT. */
static void
put_paid(struct gl_gathering *g, uint32_t at, uint32_t event)
{
    struct gl_paid *paid = &g->set->paid;
    struct gl_build_paid key = {.row = at};
    const struct gl_build_paid *found = bsearch(
        &key, g->b->paid->data, g->b->paid->len, sizeof key, compare_paid);

    GL_ASSERT(found != NULL && paid->n < g->b->paid->len);
    paid->event[paid->n] = event;
    paid->money[paid->n++] = found->money;
}

static void
put_event(struct gl_gathering *g, const struct gl_build_row *row,
          uint32_t number)
{
    struct gl_columns *set = g->set;
    uint32_t at;

    if (row->mark == GL_MARK_REPEAT)
        return;
    at = set->events_n++;
    GL_ASSERT(at < g->b->rows->len && set->visits_n > 0);
    set->event_at[at] = (uint32_t) (row->at_ms - set->day * GL_DAY_MS);
    set->events_end = MAX(set->events_end, set->event_at[at] + 1);
    set->event_viewed[at / 64] |= (uint64_t) (row->kind == GL_PAGEVIEW)
                                  << at % 64;
    g->event_codes[GL_EVENT_HOST][at] = row->host;
    g->event_codes[GL_EVENT_PATH][at] = row->path;
    g->event_codes[GL_EVENT_NAME][at] =
        row->kind == GL_PAGEVIEW ? 0 : row->name;
    put_props(g, row, at);
    if (row->paid)
        put_paid(g, number, at);
    if (row->kind == GL_PAGEVIEW)
        gl_engaging_view_(g->engaging, row->path, at);
}

/* Of a visit that was put, LAST, or of one of which nothing is there yet. */
static void
put_engagement(struct gl_gathering *g, const struct gl_gather_place *place,
               uint32_t last)
{
    const struct gl_build_row *row = gl_gather_row_(g->b, place->row);
    struct gl_build_told told = {place->visit, place->row};

    if (place->visit == last &&
        gl_engaging_add_(g->engaging, row,
                         g->set->visit_first[g->set->visits_n - 1],
                         g->event_codes[GL_EVENT_HOST]))
        return;
    if (gl_gather_visit_(g->b, place->visit)->was != 0)
        g_array_append_val(g->b->told, told);
}

static void
put_all(struct gl_gathering *g)
{
    uint32_t last = GL_GATHER_NONE;

    for (size_t i = 0; i < g->places_n; i++) {
        const struct gl_gather_place *place = &g->places[i];
        const struct gl_build_row *row = gl_gather_row_(g->b, place->row);

        if (place->visit == GL_GATHER_NONE)
            continue;
        if (row->kind == GL_ENGAGEMENT) {
            put_engagement(g, place, last);
            continue;
        }
        if (place->visit != last)
            put_visit(g, gl_gather_visit_(g->b, place->visit), row);
        last = place->visit;
        put_event(g, row, place->row);
    }
}

static int
compare_props(const void *left, const void *right)
{
    const struct gl_gather_prop *a = left, *b = right;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

/* The N of FIRST have one key. */
static void
make_prop(struct gl_columns *set, const struct gl_gather_prop *first,
          uint32_t n)
{
    struct gl_prop_column *column = &set->props[set->props_n++];
    uint32_t *value = g_new(uint32_t, n);

    column->key = first->key;
    column->n = n;
    column->event = array(set, n, sizeof *column->event);
    for (uint32_t i = 0; i < n; i++) {
        column->event[i] = first[i].event;
        value[i] = first[i].value;
    }
    column->value = gl_column_new(value, n, &set->bytes);
}

static void
make_props(struct gl_gathering *g)
{
    const struct gl_gather_prop *all =
        (const struct gl_gather_prop *) (void *) g->prop_events->data;
    uint32_t n = g->prop_events->len, keys = 0;

    g_array_sort(g->prop_events, compare_props);
    for (uint32_t i = 0; i < n; i++)
        keys += i == 0 || all[i].key != all[i - 1].key;
    g->set->props = array(g->set, keys, sizeof *g->set->props);
    for (uint32_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && all[end].key == all[first].key;)
            end++;
        make_prop(g->set, &all[first], end - first);
    }
}

struct gl_columns *
gl_building_gather_(struct gl_building *b)
{
    struct gl_gathering g = {.b = b, .set = g_new0(struct gl_columns, 1)};

    g.set->day = b->day;
    g.set->open = b->open;
    g.set->has = GL_PARTS_ALL;
    g.set->bytes = sizeof *g.set;
    g.prop_events = g_array_new(FALSE, FALSE, sizeof(struct gl_gather_prop));
    gl_gather_sort_(&g);
    gl_gather_assign_(&g);
    gl_gather_complete_(&g);
    make_arrays(&g, b->visits->len, b->rows->len - b->engaged_n);
    g.engaging = gl_engaging_new_(b);
    put_all(&g);
    gl_engaging_end_(g.engaging, g.set);
    make_columns(&g);
    make_props(&g);
    g_free(g.places);
    g_array_free(g.prop_events, TRUE);
    return g.set;
}
