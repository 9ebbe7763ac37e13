/* Counting loops of one dimension; see dense.h. */

#include "query/tally/dense.h"

#include <string.h>

#include "count/count.h"
#include "gl_assert.h"

void
gl_dense_init(struct gl_dense *dense, uint32_t n, int entered,
              struct gl_groups *known)
{
    GL_ASSERT(n < UINT32_MAX);
    *dense = (struct gl_dense){.n = n, .known = known};
    dense->lanes = g_new0(gl_lanes, n + 1);
    dense->last = g_new0(struct gl_dense_last, n + 1);
    if (entered)
        dense->entered = g_new0(struct gl_entered, n + 1);
}

void
gl_dense_fini(struct gl_dense *dense)
{
    g_free(dense->lanes);
    g_free(dense->last);
    g_free(dense->wide);
    g_free(dense->entered);
}

static void
widen(struct gl_dense *dense)
{
    if (dense->wide == NULL)
        dense->wide = g_malloc0_n(dense->n + 1, sizeof *dense->wide);
    for (uint32_t i = 0; i < dense->n; i++) {
        for (int lane = 0; lane < 4; lane++)
            dense->wide[i][lane] += dense->lanes[i][lane];
        dense->lanes[i] = (gl_lanes){0};
    }
    dense->rows = 0;
}

/* Numbers that none of SET's visitors and visits had before. */
static void
need_numbers(struct gl_dense *dense, const struct gl_columns *set)
{
    if (dense->visits < UINT32_MAX - set->visits_n)
        return;
    memset(dense->last, 0, dense->n * sizeof *dense->last);
    dense->visitors = dense->visits = 0;
}

void
gl_dense_begin(struct gl_dense *dense, const struct gl_columns *set)
{
    if (dense->rows + set->events_n > UINT32_MAX)
        widen(dense);
    dense->rows += set->events_n;
    GL_ASSERT(dense->rows <= UINT32_MAX);
    need_numbers(dense, set);
}

void
gl_dense_end(struct gl_dense *dense, const struct gl_columns *set)
{
    dense->visitors += set->visitors_n;
    dense->visits += set->visits_n;
}

/* 1 = VISITOR of the set, who is not VALUE's last one, was never there. */
static uint32_t
is_new(const struct gl_dense *dense, const struct gl_columns *set,
       uint32_t value, uint32_t visitor)
{
    return visitor < set->imported ||
           gl_groups_know(dense->known, value, set->visitor_id[visitor]);
}

static int
has_imported(const struct gl_columns *set)
{
    return set->imported < set->visitors_n;
}

/* The loops of most: no visitor comes in another set.  Where all visits of a
 * visitor have one value, it is new with the first of them. */
static void
add_visitors(struct gl_dense *dense, const struct gl_selection *s,
             const uint32_t *values)
{
    gl_lanes *lanes = dense->lanes;

    for (uint32_t i = 0; i < s->visits_n; i++)
        lanes[values[i]] += s->visitor_weight[i];
}

static void
add_visits(struct gl_dense *dense, const struct gl_selection *s,
           const uint32_t *values)
{
    gl_lanes *lanes = dense->lanes;
    struct gl_dense_last *last = dense->last;
    uint32_t base = dense->visitors + 1;

    for (uint32_t i = 0; i < s->visits_n; i++) {
        uint32_t value = values[i], visitor = base + s->visitor[i];
        gl_lanes weight = s->weight[i];

        weight[GL_SUM_VISITORS] = last[value].visitor != visitor;
        last[value].visitor = visitor;
        lanes[value] += weight;
    }
}

void
gl_dense_visits(struct gl_dense *dense, const struct gl_selection *s,
                const uint32_t *values, int of_visitor)
{
    const struct gl_columns *set = s->mask->set;

    GL_ASSERT(s->visits_n <= GL_SELECT_VISITS);
    if (!has_imported(set)) {
        if (of_visitor)
            add_visitors(dense, s, values);
        else
            add_visits(dense, s, values);
        return;
    }
    for (uint32_t i = 0; i < s->visits_n; i++) {
        uint32_t value = values[i], visitor = s->visitor[i];
        uint32_t seen = dense->visitors + 1 + visitor;
        gl_lanes weight = s->weight[i];

        weight[GL_SUM_VISITORS] = dense->last[value].visitor != seen &&
                                  is_new(dense, set, value, visitor);
        dense->last[value].visitor = seen;
        dense->lanes[value] += weight;
    }
}

/* The events of visit number I, from J on. */
static void
add_events(struct gl_dense *dense, const struct gl_selection *s, uint32_t i,
           uint32_t j, const uint32_t *values, int imported)
{
    const struct gl_columns *set = s->mask->set;
    uint32_t visit = dense->visits + 1 + s->visit[i];
    uint32_t visitor = dense->visitors + 1 + s->visitor[i];
    uint32_t counts = s->weight[i][GL_SUM_VISITS];
    gl_lanes *lanes = dense->lanes;

    /* without a branch for each: many have the page of the one before */
    for (uint32_t end = j + s->weight[i][GL_SUM_EVENTS]; j < end; j++) {
        uint32_t value = values[j];
        struct gl_dense_last *last = &dense->last[value];
        uint32_t visits = last->visit != visit ? counts : 0;
        uint32_t visitors = last->visitor != visitor;

        if (imported && visitors)
            visitors = is_new(dense, set, value, s->visitor[i]);
        *last = (struct gl_dense_last){visitor, visit};
        lanes[value] += (gl_lanes){visitors, visits,
                                   gl_columns_viewed(set, s->event[j]), 1};
    }
}

void
gl_dense_events(struct gl_dense *dense, const struct gl_selection *s,
                const uint32_t *values)
{
    int imported = has_imported(s->mask->set);
    uint32_t j = 0;

    for (uint32_t i = 0; i < s->visits_n; i++) {
        add_events(dense, s, i, j, values, imported);
        j += s->weight[i][GL_SUM_EVENTS];
    }
    GL_ASSERT(j == s->events_n);
}

static void
add_times(struct gl_dense *dense, const struct gl_selection *s, uint32_t i,
          uint32_t j, const uint32_t *values)
{
    const struct gl_columns *set = s->mask->set;
    uint32_t seen = dense->visitors + 1 + s->visitor[i];

    for (uint32_t end = j + s->weight[i][GL_SUM_EVENTS]; j < end; j++) {
        uint32_t value = values[j];
        gl_lanes weight = {0, 0, gl_columns_viewed(set, s->event[j]), 1};

        if (value == GL_DENSE_NONE)
            continue;
        weight[GL_SUM_VISITORS] = dense->last[value].visitor != seen &&
                                  is_new(dense, set, value, s->visitor[i]);
        dense->last[value].visitor = seen;
        dense->lanes[value] += weight;
    }
}

void
gl_dense_times(struct gl_dense *dense, const struct gl_selection *s,
               const uint32_t *values, const uint32_t *visit_values)
{
    uint32_t j = 0;

    for (uint32_t i = 0; i < s->visits_n; i++) {
        add_times(dense, s, i, j, values);
        j += s->weight[i][GL_SUM_EVENTS];
        if (visit_values[i] != GL_DENSE_NONE)
            dense->lanes[visit_values[i]] +=
                (gl_lanes){0, s->weight[i][GL_SUM_VISITS], 0, 0};
    }
    GL_ASSERT(j == s->events_n);
}

void
gl_dense_entered(struct gl_dense *dense, const struct gl_selection *s,
                 const uint32_t *values)
{
    const struct gl_columns *set = s->mask->set;

    GL_ASSERT(dense->entered != NULL);
    for (uint32_t i = 0; i < s->visits_n; i++) {
        uint32_t visit = s->visit[i];
        uint64_t *sums;

        if (!s->weight[i][GL_SUM_VISITS] || values[i] == GL_DENSE_NONE)
            continue;
        sums = dense->entered[values[i]].sums;
        sums[GL_SUM_ENTRIES]++;
        sums[GL_SUM_BOUNCES] += set->visit_bounced[visit];
        sums[GL_SUM_SECONDS] += gl_column_at(&set->visit_seconds, visit);
        sums[GL_SUM_VIEWS] += gl_column_at(&set->visit_views, visit);
    }
}

void
gl_dense_turn(struct gl_dense *dense, const struct gl_columns *set)
{
    need_numbers(dense, set);
    for (uint32_t i = 0; i < dense->n; i++)
        dense->lanes[i] = -dense->lanes[i];
    for (uint32_t i = 0; dense->entered != NULL && i < dense->n; i++)
        for (int at = 0; at < GL_SUM_N; at++)
            dense->entered[i].sums[at] = -dense->entered[i].sums[at];
}

void
gl_dense_add(struct gl_dense *dense, const struct gl_dense *from)
{
    GL_ASSERT(dense->n == from->n);
    if (from->wide != NULL || dense->rows + from->rows > UINT32_MAX)
        widen(dense);
    dense->rows += from->rows;
    for (uint32_t i = 0; i < dense->n; i++) {
        dense->lanes[i] += from->lanes[i];
        for (int lane = 0; from->wide != NULL && lane < 4; lane++)
            dense->wide[i][lane] += from->wide[i][lane];
        for (int at = 0; dense->entered != NULL && at < GL_SUM_N; at++)
            dense->entered[i].sums[at] += from->entered[i].sums[at];
    }
}

int
gl_dense_sums(const struct gl_dense *dense, uint32_t value,
              uint64_t sums[GL_SUM_N])
{
    uint64_t any = 0;

    GL_ASSERT(value < dense->n);
    for (int i = 0; i < GL_SUM_N; i++) {
        sums[i] = dense->entered != NULL ? dense->entered[value].sums[i] : 0;
        if (i < 4)
            sums[i] += dense->lanes[value][i] +
                       (dense->wide != NULL ? dense->wide[value][i] : 0);
        any |= sums[i];
    }
    return any != 0;
}
