/* By one dimension, or by none: arrays (dense.h). */

#include "query/tally/tally_internal.h"

#include <string.h>

#include "count/count.h"
#include "gl_assert.h"

uint32_t
gl_tally_bucket_(const GArray *edges, int64_t at_ms)
{
    guint low = 0, high = edges->len; /* the first edge that is later */

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(edges, int64_t, middle) <= at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 || low == edges->len ? GL_DENSE_NONE : low - 1;
}

/* When the rows were, which are visits or events; most are in the bucket of
 * the row before. */
static inline void
take_buckets(const struct gl_tally_pass_ *c, const GArray *edges,
             uint32_t (*at)(const struct gl_columns *set, uint32_t row),
             const uint32_t *rows, uint32_t n, uint32_t *values)
{
    const int64_t *edge = (const int64_t *) (const void *) edges->data;
    int64_t day_ms = c->set->day * GL_DAY_MS;
    uint32_t bucket = GL_DENSE_NONE;

    for (uint32_t i = 0; i < n; i++) {
        int64_t at_ms = day_ms + at(c->set, rows[i]);

        if (bucket == GL_DENSE_NONE || at_ms < edge[bucket] ||
            at_ms >= edge[bucket + 1])
            bucket = gl_tally_bucket_(edges, at_ms);
        values[i] = bucket;
    }
}

uint32_t
gl_tally_one_bucket(const GArray *edges, int64_t from_ms, int64_t to_ms)
{
    uint32_t first = gl_tally_bucket_(edges, from_ms);

    return to_ms > from_ms && gl_tally_bucket_(edges, to_ms - 1) == first
               ? first
               : GL_DENSE_NONE;
}

/* Of all that counts. */
static uint32_t
one_bucket(const struct gl_tally_pass_ *c, const GArray *edges)
{
    int64_t day_ms = c->set->day * GL_DAY_MS;

    return gl_tally_one_bucket(edges, day_ms + c->mask.from,
                               day_ms + MIN(c->mask.to, c->set->events_end));
}

/* ---- by one dimension ---- */

static void
count_at_once(struct gl_tally_pass_ *c, struct gl_tallied *count,
              uint32_t bucket)
{
    const struct gl_selection *s = &c->selection;

    for (uint32_t i = 0; i < s->visits_n; i++)
        c->visit_values[i] = bucket;
    gl_dense_visits(&count->dense, s, c->visit_values, 1);
    if (count->dense.entered != NULL)
        gl_dense_entered(&count->dense, s, c->visit_values);
}

static void
count_times(struct gl_tally_pass_ *c, struct gl_tallied *count)
{
    const GArray *edges = count->plan->question->time.edges;
    const struct gl_selection *s = &c->selection;
    uint32_t bucket = one_bucket(c, edges);

    if (bucket != GL_DENSE_NONE) {
        count_at_once(c, count, bucket);
        return;
    }
    take_buckets(c, edges, gl_columns_event_at, s->event, s->events_n,
                 c->values);
    take_buckets(c, edges, gl_columns_visit_at, s->visit, s->visits_n,
                 c->visit_values);
    gl_dense_times(&count->dense, s, c->values, c->visit_values);
    if (count->dense.entered != NULL)
        gl_dense_entered(&count->dense, s, c->visit_values);
}

/* Where a filter is on pages or hosts, it is of the entry page here. */
static void
count_entry_pages(struct gl_tally_pass_ *c, struct gl_tallied *count)
{
    const struct gl_selection *s =
        count->plan->entry_test != NULL ? &c->entry_selection : &c->selection;

    const struct gl_axis *axis = &count->plan->axes[0];

    gl_column_gather(&c->set->visit_codes[axis->place.entry],
                     &axis->values->of, s->visit, s->visits_n,
                     c->visit_values);
    gl_dense_entered(&count->dense, s, c->visit_values);
}

void
gl_tally_dense_(struct gl_tally_pass_ *c, struct gl_tallied *count,
                const struct gl_tally_place_ *places)
{
    const struct gl_axis *axis = &count->plan->axes[0];
    const struct gl_selection *s = &c->selection;

    GL_ASSERT(count->is_dense && count->plan->axes_n == 1);
    if (axis->place.what == GL_DIMENSION_TIME) {
        count_times(c, count);
    } else if (axis->place.of_event) {
        gl_column_gather(places[0].column, &axis->values->of, s->event,
                         s->events_n, c->values);
        gl_dense_events(&count->dense, s, c->values);
        if (count->dense.entered != NULL && count->plan->has_entries)
            count_entry_pages(c, count);
    } else {
        gl_column_gather(places[0].column, &axis->values->of, s->visit,
                         s->visits_n, c->values);
        gl_dense_visits(&count->dense, s, c->values,
                        c->set->visitor_columns >> axis->place.column & 1);
        if (count->dense.entered != NULL)
            gl_dense_entered(&count->dense, s, c->values);
    }
}

void
gl_tally_all_(struct gl_tally_pass_ *c)
{
    struct gl_dense *dense = &c->t->all.dense;

    GL_ASSERT(c->selection.visits_n <= c->values_max);
    memset(c->values, 0, c->selection.visits_n * sizeof *c->values);
    gl_dense_visits(dense, &c->selection, c->values, 1);
    if (dense->entered != NULL)
        gl_dense_entered(dense, &c->selection, c->values);
}
