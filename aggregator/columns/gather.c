/*
 * Rows and visits, as they were read, become the arrays of a set: both sorted
 * by visitor and time, each row goes to the last visit of its visitor that
 * began before or with it.  A row before all of them is of a visit that began
 * the day before.
 */

#define _GNU_SOURCE

#include "columns/build_internal.h"

#include <stdlib.h>

#include "count/visit.h"
#include "event.h"
#include "gl_assert.h"

/* A row to be sorted. */
struct place {
    uint64_t visitor;
    int64_t at_ms;
    uint32_t row;
    uint32_t visit; /* in .visits; NONE = of another set */
};
#define NONE UINT32_MAX

struct gathering {
    struct gl_building *b;
    struct gl_columns *set;
    struct place *places;
    size_t places_n;
    GArray *prop_events; /* struct prop_event */
    struct gl_engaging *engaging;
    /* what becomes columns */
    uint32_t *visit_codes[GL_VISIT_COLUMNS], *event_codes[GL_EVENT_COLUMNS];
    uint32_t *seconds, *views;
};

struct prop_event {
    uint32_t key, event, value;
};

static const struct gl_build_row *
row_at(const struct gl_building *b, uint32_t at)
{
    return &g_array_index(b->rows, struct gl_build_row, at);
}

static struct gl_build_visit *
visit_at(const struct gl_building *b, uint32_t at)
{
    return &g_array_index(b->visits, struct gl_build_visit, at);
}

/* ---- which row is whose ---- */

static int
compare_visits(const void *left, const void *right)
{
    const struct gl_build_visit *a = left, *b = right;

    if (a->visit.visitor != b->visit.visitor)
        return a->visit.visitor < b->visit.visitor ? -1 : 1;
    return (a->visit.start_ms > b->visit.start_ms) -
           (a->visit.start_ms < b->visit.start_ms);
}

/* Of one millisecond, as count/ has it. */
static int
compare_moment(const struct gl_building *b, const struct gl_build_row *left,
               const struct gl_build_row *right)
{
    struct gl_row one = {
        .kind = left->kind, .host = left->host, .path = left->path};
    struct gl_row other = {
        .kind = right->kind, .host = right->host, .path = right->path};
    int order = gl_row_compare(&one, &other, &b->words);

    return order != 0 ? order
                      : (left->id > right->id) - (left->id < right->id);
}

static int
compare_places(const void *left, const void *right, void *building)
{
    const struct place *a = left, *b = right;

    if (a->visitor != b->visitor)
        return a->visitor < b->visitor ? -1 : 1;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    return compare_moment(building, row_at(building, a->row),
                          row_at(building, b->row));
}

static void
sort(struct gathering *g)
{
    struct gl_building *b = g->b;

    g_array_sort(b->visits, compare_visits);
    g->places_n = b->rows->len;
    g->places = g_new(struct place, g->places_n + 1);
    for (uint32_t i = 0; i < b->rows->len; i++)
        g->places[i] = (struct place){row_at(b, i)->visitor,
                                      row_at(b, i)->at_ms, i, NONE};
    qsort_r(g->places, g->places_n, sizeof *g->places, compare_places, b);
}

static void
assign(struct gathering *g)
{
    struct gl_building *b = g->b;
    uint32_t next = 0; /* visits before it begin before the row, or are of
                          visitors before */

    for (size_t i = 0; i < g->places_n; i++) {
        struct place *place = &g->places[i];
        struct gl_build_visit key = {
            .visit = {.visitor = place->visitor, .start_ms = place->at_ms}};

        while (next < b->visits->len &&
               compare_visits(visit_at(b, next), &key) <= 0)
            next++;
        if (next > 0 &&
            visit_at(b, next - 1)->visit.visitor == place->visitor &&
            !visit_at(b, next - 1)->other) {
            place->visit = next - 1;
            visit_at(b, next - 1)->newest_ms = place->at_ms;
        }
    }
}

/* ---- what an open visit has so far ---- */

static void
add_pageview(struct gl_visit *visit, const struct gl_build_row *row)
{
    if (visit->viewed_n == 0) {
        visit->entry_host = row->host;
        visit->entry_path = row->path;
    }
    visit->viewed_n = 1;
    visit->exit_host = row->host;
    visit->exit_path = row->path;
    visit->pageviews += row->mark != GL_MARK_REPEAT;
}

static void
complete(struct gathering *g)
{
    for (size_t i = 0; i < g->places_n; i++) {
        const struct gl_build_row *row = row_at(g->b, g->places[i].row);
        struct gl_visit *visit;

        if (g->places[i].visit == NONE || row->kind == GL_ENGAGEMENT ||
            !visit_at(g->b, g->places[i].visit)->open)
            continue;
        visit = &visit_at(g->b, g->places[i].visit)->visit;
        visit->last_ms = MAX(visit->last_ms, row->at_ms);
        if (row->kind == GL_PAGEVIEW)
            add_pageview(visit, row);
        else
            visit->interactive += !row->passive;
    }
}

/* ---- arrays ---- */

/* Room for N of SIZE bytes; at least one, so that none is NULL. */
static void *
array(struct gl_columns *set, size_t n, size_t size)
{
    set->bytes += n * size;
    return g_malloc0_n(n + 1, size);
}

static void
make_arrays(struct gathering *g, size_t visits, size_t events)
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
make_columns(struct gathering *g)
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
put_visit(struct gathering *g, struct gl_build_visit *one,
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
put_props(struct gathering *g, const struct gl_build_row *row, uint32_t at)
{
    for (uint32_t i = 0; i < row->props_n; i++) {
        const struct gl_build_prop *prop =
            &g_array_index(g->b->props, struct gl_build_prop, row->prop + i);
        struct prop_event one = {prop->key, at, prop->value};

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
put_paid(struct gathering *g, uint32_t at, uint32_t event)
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
put_event(struct gathering *g, const struct gl_build_row *row, uint32_t number)
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
put_engagement(struct gathering *g, const struct place *place, uint32_t last)
{
    const struct gl_build_row *row = row_at(g->b, place->row);
    struct gl_build_told told = {place->visit, place->row};

    if (place->visit == last &&
        gl_engaging_add_(g->engaging, row,
                         g->set->visit_first[g->set->visits_n - 1],
                         g->event_codes[GL_EVENT_HOST]))
        return;
    if (visit_at(g->b, place->visit)->was != 0)
        g_array_append_val(g->b->told, told);
}

static void
put_all(struct gathering *g)
{
    uint32_t last = NONE;

    for (size_t i = 0; i < g->places_n; i++) {
        const struct place *place = &g->places[i];
        const struct gl_build_row *row = row_at(g->b, place->row);

        if (place->visit == NONE)
            continue;
        if (row->kind == GL_ENGAGEMENT) {
            put_engagement(g, place, last);
            continue;
        }
        if (place->visit != last)
            put_visit(g, visit_at(g->b, place->visit), row);
        last = place->visit;
        put_event(g, row, place->row);
    }
}

static int
compare_props(const void *left, const void *right)
{
    const struct prop_event *a = left, *b = right;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

/* The N of FIRST have one key. */
static void
make_prop(struct gl_columns *set, const struct prop_event *first, uint32_t n)
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
make_props(struct gathering *g)
{
    const struct prop_event *all =
        (const struct prop_event *) (void *) g->prop_events->data;
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
    struct gathering g = {.b = b, .set = g_new0(struct gl_columns, 1)};

    g.set->day = b->day;
    g.set->open = b->open;
    g.set->has = GL_PARTS_ALL;
    g.set->bytes = sizeof *g.set;
    g.prop_events = g_array_new(FALSE, FALSE, sizeof(struct prop_event));
    sort(&g);
    assign(&g);
    complete(&g);
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
