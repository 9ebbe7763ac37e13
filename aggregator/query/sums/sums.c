/* Sums of whole days; see sums.h. */

#include "query/sums/sums.h"

#include <string.h>

#include "count/count.h"
#include "gl_assert.h"

/* ---- of time: edges within a day ---- */

static const GArray *
edges_of(const struct gl_plan *plan)
{
    return plan != NULL && plan->axes[0].place.what == GL_DIMENSION_TIME
               ? plan->question->time.edges
               : NULL;
}

/* The bucket in which DAY begins, and the edges after that, until END. */
static uint32_t
edges_within(const GArray *edges, int64_t day, uint32_t end, GArray *within)
{
    int64_t day_ms = day * GL_DAY_MS;
    uint32_t first = 0;

    for (guint i = 0; edges != NULL && i < edges->len; i++) {
        int64_t at_ms = g_array_index(edges, int64_t, i);
        uint32_t at = (uint32_t) (at_ms - day_ms);

        if (at_ms <= day_ms)
            first = i;
        else if (at_ms < day_ms + end)
            g_array_append_val(within, at);
    }
    return first;
}

static GArray *
new_edges(void)
{
    return g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

static int
same_edges(const GArray *a, const GArray *b)
{
    return a->len == b->len &&
           (a->len == 0 ||
            memcmp(a->data, b->data, a->len * sizeof(uint32_t)) == 0);
}

static uint64_t
mix(uint64_t so_far, uint64_t number)
{
    return (so_far + number + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

uint64_t
gl_sums_detail(struct gl_stretch of, const struct gl_plan *plan, int entered,
               int64_t day, uint32_t events_end)
{
    uint64_t detail = plan == NULL ? 0 : plan->axes[0].place.what + 1u;
    uint64_t which = plan == NULL ? 0 : plan->axes[0].place.prop_key;
    GArray *within = new_edges();

    edges_within(edges_of(plan), day, events_end, within);
    for (guint i = 0; i < within->len; i++)
        which = mix(which, g_array_index(within, uint32_t, i));
    which = mix(mix(which, of.from), of.to);
    g_array_free(within, TRUE);
    return which << 8 | detail << 1 | (uint64_t) entered;
}

/* ---- made ---- */

static uint32_t
key_of(const struct gl_plan *plan, uint32_t value, uint32_t first)
{
    if (plan == NULL)
        return 0;
    if (plan->axes[0].values == NULL)
        return value - first;
    return plan->axes[0].values->first[value];
}

/* Those that are not nothing. */
static void
take(struct gl_sums *sums, const struct gl_dense *dense,
     const struct gl_plan *plan, uint32_t first)
{
    uint64_t of[GL_SUM_N];

    sums->key = g_new(uint32_t, dense->n);
    sums->lanes = g_new(gl_lanes, dense->n);
    if (dense->entered != NULL)
        sums->entered = g_new(struct gl_entered, dense->n);
    for (uint32_t value = 0; value < dense->n; value++) {
        if (!gl_dense_sums(dense, value, of))
            continue;
        sums->key[sums->n] = key_of(plan, value, first);
        sums->lanes[sums->n] = dense->lanes[value];
        if (dense->entered != NULL)
            sums->entered[sums->n] = dense->entered[value];
        sums->n++;
    }
    sums->key = g_renew(uint32_t, sums->key, sums->n + 1);
    sums->lanes = g_renew(gl_lanes, sums->lanes, sums->n + 1);
    if (dense->entered != NULL)
        sums->entered = g_renew(struct gl_entered, sums->entered, sums->n + 1);
}

/* That of SET counted by PLAN alone. */
static void
tally(struct gl_sums *sums, const struct gl_columns *set,
      const struct gl_plan *plan, int entered, uint32_t first)
{
    struct gl_question all = {
        .from_ms = set->day * GL_DAY_MS + sums->of.from,
        .to_ms = sums->of.to == GL_STRETCH_ALL
                     ? (set->day + 3) * GL_DAY_MS
                     : set->day * GL_DAY_MS + sums->of.to,
    };
    struct gl_plan one = {.question = &all};
    struct gl_plans plans = {.plan = &one, .n = 1};
    struct gl_tallying tallying;
    uint32_t room = GL_DENSE_MAX;

    if (plan != NULL) {
        one = *plan;
        all.time = plan->question->time;
        one.question = &all;
    }
    one.of_visits = entered;
    one.entry_test = NULL;
    one.more = 0;
    gl_tally_init(&tallying, &plans, &room);
    gl_tally_set(&tallying, set);
    take(sums, plan != NULL ? &tallying.counts[0].dense : &tallying.all.dense,
         plan, first);
    gl_tally_fini(&tallying);
}

struct gl_sums *
gl_sums_new(const struct gl_columns *set, struct gl_stretch of,
            const struct gl_plan *plan, int entered)
{
    struct gl_sums *sums = g_new0(struct gl_sums, 1);
    uint32_t first;

    sums->of = of;
    sums->events_n = set->events_n;
    sums->events_end = set->events_end;
    sums->usable = set->imported == set->visitors_n;
    sums->edges = new_edges();
    first =
        edges_within(edges_of(plan), set->day, set->events_end, sums->edges);
    if (sums->usable)
        tally(sums, set, plan, entered, first);
    return sums;
}

void
gl_sums_free(void *data)
{
    struct gl_sums *sums = data;

    if (sums == NULL)
        return;
    g_array_free(sums->edges, TRUE);
    g_free(sums->key);
    g_free(sums->lanes);
    g_free(sums->entered);
    g_free(sums);
}

size_t
gl_sums_bytes(const struct gl_sums *sums)
{
    return sizeof *sums + sums->edges->len * sizeof(uint32_t) +
           sums->n * (sizeof *sums->key + sizeof *sums->lanes +
                      (sums->entered ? sizeof *sums->entered : 0));
}

/* ---- added ---- */

/* As many as in SUMS; the set itself is not there. */
static struct gl_columns
stand_in(const struct gl_sums *sums)
{
    return (struct gl_columns){.events_n = sums->events_n};
}

/* A code that the dictionary has not, of a damaged file, is none. */
static uint32_t
value_of(uint32_t key, const struct gl_values *values, uint32_t first)
{
    if (values == NULL)
        return first + key;
    key = key < values->of.n ? key : 0;
    return values->of.to != NULL ? values->of.to[key] : key;
}

static void
add(const struct gl_sums *sums, struct gl_dense *dense,
    const struct gl_values *values, uint32_t first)
{
    struct gl_columns set = stand_in(sums);

    gl_dense_begin(dense, &set);
    for (uint32_t i = 0; i < sums->n; i++) {
        uint32_t value = value_of(sums->key[i], values, first);

        GL_ASSERT(value < dense->n);
        dense->lanes[value] += sums->lanes[i];
        for (int at = 0; dense->entered != NULL && at < GL_SUM_N; at++)
            dense->entered[value].sums[at] += sums->entered[i].sums[at];
    }
}

int
gl_sums_fit(const struct gl_sums *sums, struct gl_stretch of,
            const struct gl_plan *plan, int64_t day)
{
    GArray *within = new_edges();
    int same;

    edges_within(edges_of(plan), day, sums->events_end, within);
    same = same_edges(within, sums->edges) && sums->of.from == of.from &&
           sums->of.to == of.to;
    g_array_free(within, TRUE);
    return same;
}

int
gl_sums_add(const struct gl_sums *sums, struct gl_tallied *tallied,
            int64_t day)
{
    const struct gl_plan *plan = tallied->plan;
    GArray *within = new_edges();
    uint32_t first =
        edges_within(edges_of(plan), day, sums->events_end, within);
    int same = same_edges(within, sums->edges);

    g_array_free(within, TRUE);
    if (same)
        add(sums, &tallied->dense, plan != NULL ? plan->axes[0].values : NULL,
            first);
    return same;
}

int
gl_sums_add_at_once(const struct gl_sums *sums, struct gl_tallied *tallied,
                    int64_t day)
{
    const struct gl_question *question = tallied->plan->question;
    const GArray *edges = edges_of(tallied->plan);
    int64_t day_ms = day * GL_DAY_MS;
    int64_t from_ms = MAX(question->from_ms, day_ms);
    int64_t to_ms = MIN(question->to_ms, day_ms + sums->events_end);
    uint32_t bucket = gl_tally_one_bucket(edges, from_ms, to_ms);

    GL_ASSERT(edges != NULL && sums->edges->len == 0);
    if (bucket == GL_DENSE_NONE)
        return 0;
    add(sums, &tallied->dense, NULL, bucket);
    return 1;
}
