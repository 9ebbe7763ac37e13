/*
 * Which row is whose: both are sorted by visitor and time, each row goes to
 * the last visit of its visitor that began before or with it.  A row before
 * all of them is of a visit that began the day before.
 */

#define _GNU_SOURCE

#include "columns/gather_internal.h"

#include "count/visit.h"
#include "event.h"

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
    const struct gl_gather_place *a = left, *b = right;

    if (a->visitor != b->visitor)
        return a->visitor < b->visitor ? -1 : 1;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    return compare_moment(building, gl_gather_row_(building, a->row),
                          gl_gather_row_(building, b->row));
}

void
gl_gather_sort_(struct gl_gathering *g)
{
    struct gl_building *b = g->b;

    g_array_sort(b->visits, compare_visits);
    g->places_n = b->rows->len;
    g->places = g_new(struct gl_gather_place, g->places_n + 1);
    for (uint32_t i = 0; i < b->rows->len; i++)
        g->places[i] = (struct gl_gather_place){gl_gather_row_(b, i)->visitor,
                                                gl_gather_row_(b, i)->at_ms, i,
                                                GL_GATHER_NONE};
    qsort_r(g->places, g->places_n, sizeof *g->places, compare_places, b);
}

void
gl_gather_assign_(struct gl_gathering *g)
{
    struct gl_building *b = g->b;
    uint32_t next = 0; /* visits before it begin before the row, or are of
                          visitors before */

    for (size_t i = 0; i < g->places_n; i++) {
        struct gl_gather_place *place = &g->places[i];
        struct gl_build_visit key = {
            .visit = {.visitor = place->visitor, .start_ms = place->at_ms}};

        while (next < b->visits->len &&
               compare_visits(gl_gather_visit_(b, next), &key) <= 0)
            next++;
        if (next > 0 &&
            gl_gather_visit_(b, next - 1)->visit.visitor == place->visitor &&
            !gl_gather_visit_(b, next - 1)->other) {
            place->visit = next - 1;
            gl_gather_visit_(b, next - 1)->newest_ms = place->at_ms;
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

void
gl_gather_complete_(struct gl_gathering *g)
{
    for (size_t i = 0; i < g->places_n; i++) {
        const struct gl_build_row *row =
            gl_gather_row_(g->b, g->places[i].row);
        struct gl_visit *visit;

        if (g->places[i].visit == GL_GATHER_NONE ||
            row->kind == GL_ENGAGEMENT ||
            !gl_gather_visit_(g->b, g->places[i].visit)->open)
            continue;
        visit = &gl_gather_visit_(g->b, g->places[i].visit)->visit;
        visit->last_ms = MAX(visit->last_ms, row->at_ms);
        if (row->kind == GL_PAGEVIEW)
            add_pageview(visit, row);
        else
            visit->interactive += !row->passive;
    }
}
