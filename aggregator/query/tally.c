/*
 * A set's blocks, one after the other: what counts is selected once for all
 * questions, and each passes over it.  A question by one dimension counts into
 * an array (dense.h), one by several into a table of groups (groups.h).
 */

#include "query/tally.h"

#include <string.h>

#include "count/count.h"
#include "event.h"
#include "query/mask.h"
#include "query/select.h"

/* The values of a row: of an event, of an event's visit (whose time is when it
 * began), of a visit where it was entered. */
enum whose { OF_EVENT, OF_ITS_VISIT, OF_ENTRY };

/* A question's columns of the set. */
struct place {
    const struct gl_column *column;
    struct gl_column *own;
};

struct counting {
    struct gl_tallying *t;
    const struct gl_columns *set;
    struct gl_mask mask, entry_mask;
    struct gl_selection selection, entry_selection;
    struct place (*places)[GL_QUESTION_DIMENSIONS_MAX]; /* [plans->n] */
    uint32_t *values, *visit_values;                    /* of a block */
    uint32_t values_max;
};

/* ---- values ---- */

static uint32_t
bucket_of(const GArray *edges, int64_t at_ms)
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

static uint32_t
value_of(const struct gl_axis *axis, uint32_t code)
{
    const struct gl_column_map *map = &axis->values->of;

    code = code < map->n ? code : 0;
    return map->to != NULL ? map->to[code] : code;
}

/* When the rows were; most are in the bucket of the row before. */
static void
take_buckets(const struct counting *c, const GArray *edges, const uint32_t *at,
             const uint32_t *rows, uint32_t n, uint32_t *values)
{
    const int64_t *edge = (const int64_t *) (const void *) edges->data;
    int64_t day_ms = c->set->day * GL_DAY_MS;
    uint32_t bucket = GL_DENSE_NONE;

    for (uint32_t i = 0; i < n; i++) {
        int64_t at_ms = day_ms + at[rows[i]];

        if (bucket == GL_DENSE_NONE || at_ms < edge[bucket] ||
            at_ms >= edge[bucket + 1])
            bucket = bucket_of(edges, at_ms);
        values[i] = bucket;
    }
}

/* The one bucket of all that counts, or NONE. */
static uint32_t
one_bucket(const struct counting *c, const GArray *edges)
{
    int64_t day_ms = c->set->day * GL_DAY_MS;
    uint32_t end = MIN(c->mask.to, c->set->events_end);
    uint32_t first = bucket_of(edges, day_ms + c->mask.from);

    return end > c->mask.from && bucket_of(edges, day_ms + end - 1) == first
               ? first
               : GL_DENSE_NONE;
}

/* ---- by one dimension ---- */

static void
count_at_once(struct counting *c, struct gl_tallied *count, uint32_t bucket)
{
    const struct gl_selection *s = &c->selection;

    for (uint32_t i = 0; i < s->visits_n; i++)
        c->visit_values[i] = bucket;
    gl_dense_visits(&count->dense, s, c->visit_values, 1);
    if (count->dense.entered != NULL)
        gl_dense_entered(&count->dense, s, c->visit_values);
}

static void
count_times(struct counting *c, struct gl_tallied *count)
{
    const GArray *edges = count->plan->question->time.edges;
    const struct gl_selection *s = &c->selection;
    uint32_t bucket = one_bucket(c, edges);

    if (bucket != GL_DENSE_NONE) {
        count_at_once(c, count, bucket);
        return;
    }
    take_buckets(c, edges, c->set->event_at, s->event, s->events_n, c->values);
    take_buckets(c, edges, c->set->visit_at, s->visit, s->visits_n,
                 c->visit_values);
    gl_dense_times(&count->dense, s, c->values, c->visit_values);
    if (count->dense.entered != NULL)
        gl_dense_entered(&count->dense, s, c->visit_values);
}

/* Where a filter is on pages, it is of the entry page here. */
static void
count_entry_pages(struct counting *c, struct gl_tallied *count)
{
    const struct gl_selection *s =
        count->plan->entry_test != NULL ? &c->entry_selection : &c->selection;

    gl_column_gather(&c->set->visit_codes[GL_VISIT_ENTRY_PATH],
                     &count->plan->axes[0].values->of, s->visit, s->visits_n,
                     c->visit_values);
    gl_dense_entered(&count->dense, s, c->visit_values);
}

static void
count_dense(struct counting *c, struct gl_tallied *count,
            const struct place *places)
{
    const struct gl_axis *axis = &count->plan->axes[0];
    const struct gl_selection *s = &c->selection;

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

static void
count_all(struct counting *c)
{
    struct gl_dense *dense = &c->t->all.dense;

    memset(c->values, 0, c->selection.visits_n * sizeof *c->values);
    gl_dense_visits(dense, &c->selection, c->values, 1);
    if (dense->entered != NULL)
        gl_dense_entered(dense, &c->selection, c->values);
}

/* ---- by several ---- */

static uint32_t
key_of(const struct counting *c, const struct gl_axis *axis,
       const struct gl_column *column, const GArray *edges, enum whose whose,
       uint32_t event, uint32_t visit)
{
    const struct gl_place *place = &axis->place;

    if (place->what == GL_DIMENSION_TIME)
        return bucket_of(edges,
                         c->set->day * GL_DAY_MS +
                             (whose == OF_EVENT ? c->set->event_at[event]
                                                : c->set->visit_at[visit]));
    if (whose == OF_ENTRY && place->of_event)
        return value_of(
            axis,
            gl_column_at(&c->set->visit_codes[GL_VISIT_ENTRY_PATH], visit));
    return value_of(axis,
                    gl_column_at(column, place->of_event ? event : visit));
}

/* 0 = at no time that is asked for. */
static int
keys_of(const struct counting *c, const struct gl_plan *plan,
        const struct place *places, enum whose whose, uint32_t event,
        uint32_t visit, uint32_t *keys)
{
    for (size_t i = 0; i < plan->axes_n; i++) {
        keys[i] = key_of(c, &plan->axes[i], places[i].column,
                         plan->question->time.edges, whose, event, visit);
        if (keys[i] == GL_DENSE_NONE)
            return 0;
    }
    return 1;
}

static void
count_event(const struct counting *c, struct gl_groups *groups, uint32_t at,
            uint32_t event, uint32_t visitor)
{
    const struct gl_columns *set = c->set;
    struct gl_tally *tally = gl_groups_tally(groups, at);
    uint64_t seen = c->t->visitors + visitor + 1;

    tally->group.sums[GL_SUM_EVENTS]++;
    tally->group.sums[GL_SUM_PAGEVIEWS] += gl_columns_viewed(set, event);
    if (tally->visitor == seen)
        return;
    tally->visitor = seen;
    if (!(set->visitor_id[visitor] & GL_VISITOR_IMPORTED) ||
        gl_groups_know(groups, at, set->visitor_id[visitor]))
        tally->group.sums[GL_SUM_VISITORS]++;
}

static void
count_visit(const struct counting *c, struct gl_groups *groups, uint32_t at,
            uint32_t visit)
{
    struct gl_tally *tally = gl_groups_tally(groups, at);
    uint64_t seen = c->t->visits + visit + 1;

    tally->group.sums[GL_SUM_VISITS] += tally->visit != seen;
    tally->visit = seen;
}

static void
count_entry(const struct counting *c, struct gl_groups *groups, uint32_t at,
            uint32_t visit)
{
    uint64_t *sums = gl_groups_tally(groups, at)->group.sums;

    sums[GL_SUM_ENTRIES]++;
    sums[GL_SUM_BOUNCES] += c->set->visit_bounced[visit];
    sums[GL_SUM_SECONDS] += gl_column_at(&c->set->visit_seconds, visit);
    sums[GL_SUM_VIEWS] += gl_column_at(&c->set->visit_views, visit);
}

/* Those of visit number I, from J on. */
static void
count_events(struct counting *c, struct gl_tallied *count,
             const struct place *places, uint32_t i, uint32_t j)
{
    const struct gl_plan *plan = count->plan;
    const struct gl_selection *s = &c->selection;
    struct gl_groups *groups = &count->groups;
    uint32_t keys[GL_QUESTION_DIMENSIONS_MAX];

    for (uint32_t end = j + s->weight[i][GL_SUM_EVENTS]; j < end; j++) {
        uint32_t event = s->event[j], visit = s->visit[i];

        if (keys_of(c, plan, places, OF_EVENT, event, visit, keys))
            count_event(c, groups, gl_groups_at(groups, keys), event,
                        s->visitor[i]);
        if (plan->of_event && s->weight[i][GL_SUM_VISITS] &&
            keys_of(c, plan, places, OF_ITS_VISIT, event, visit, keys))
            count_visit(c, groups, gl_groups_at(groups, keys), visit);
    }
}

static void
count_visits(struct counting *c, struct gl_tallied *count,
             const struct place *places)
{
    const struct gl_selection *s = &c->selection;
    struct gl_groups *groups = &count->groups;
    uint32_t keys[GL_QUESTION_DIMENSIONS_MAX];

    for (uint32_t i = 0; i < s->visits_n; i++)
        if (s->weight[i][GL_SUM_VISITS] &&
            keys_of(c, count->plan, places, OF_ITS_VISIT, 0, s->visit[i],
                    keys))
            count_visit(c, groups, gl_groups_at(groups, keys), s->visit[i]);
}

static void
count_entries(struct counting *c, struct gl_tallied *count,
              const struct place *places)
{
    const struct gl_selection *s =
        count->plan->entry_test != NULL ? &c->entry_selection : &c->selection;
    struct gl_groups *groups = &count->groups;
    uint32_t keys[GL_QUESTION_DIMENSIONS_MAX];

    for (uint32_t i = 0; i < s->visits_n; i++)
        if (s->weight[i][GL_SUM_VISITS] &&
            keys_of(c, count->plan, places, OF_ENTRY, 0, s->visit[i], keys))
            count_entry(c, groups, gl_groups_at(groups, keys), s->visit[i]);
}

static void
count_groups(struct counting *c, struct gl_tallied *count,
             const struct place *places)
{
    const struct gl_selection *s = &c->selection;

    for (uint32_t i = 0, j = 0; i < s->visits_n; i++) {
        count_events(c, count, places, i, j);
        j += s->weight[i][GL_SUM_EVENTS];
    }
    if (!count->plan->of_event)
        count_visits(c, count, places);
    if (count->plan->has_entries)
        count_entries(c, count, places);
}

/* ---- a set ---- */

static void
count_block(struct counting *c, uint32_t from)
{
    gl_select(&c->selection, &c->mask, from);
    if (c->t->plans->entry_test != NULL)
        gl_select(&c->entry_selection, &c->entry_mask, from);
    if (c->values_max < c->selection.events_max) {
        c->values_max = c->selection.events_max;
        c->values = g_renew(uint32_t, c->values, c->values_max);
    }
    count_all(c);
    for (size_t i = 0; i < c->t->plans->n; i++) {
        struct gl_tallied *count = &c->t->counts[i];

        if (count->is_dense)
            count_dense(c, count, c->places[i]);
        else if (count->plan->axes_n > 0)
            count_groups(c, count, c->places[i]);
    }
}

/* 1 = events are looked at one by one. */
static int
wants_events(const struct gl_tallying *t)
{
    for (size_t i = 0; i < t->plans->n; i++) {
        const struct gl_plan *plan = &t->plans->plan[i];

        if (plan->axes_n > 1 ||
            (plan->axes_n == 1 &&
             (!t->counts[i].is_dense || plan->of_event ||
              plan->axes[0].place.what == GL_DIMENSION_TIME)))
            return 1;
    }
    return 0;
}

static void
prepare(struct counting *c)
{
    const struct gl_plans *plans = c->t->plans;
    const struct gl_question *question = plans->plan[0].question;

    gl_mask_init(&c->mask, c->set, question->from_ms, question->to_ms,
                 plans->test);
    if (plans->entry_test != NULL)
        gl_mask_init(&c->entry_mask, c->set, question->from_ms,
                     question->to_ms, plans->entry_test);
    gl_selection_init(&c->selection, wants_events(c->t));
    gl_selection_init(&c->entry_selection, 0);
    c->values_max = GL_SELECT_VISITS;
    c->values = g_new(uint32_t, c->values_max);
    c->visit_values = g_new(uint32_t, GL_SELECT_VISITS);
    c->places = g_malloc0_n(plans->n, sizeof *c->places);
    for (size_t i = 0; i < plans->n; i++)
        for (size_t at = 0; at < plans->plan[i].axes_n; at++)
            if (plans->plan[i].axes[at].place.what != GL_DIMENSION_TIME)
                c->places[i][at].column =
                    gl_place_column(&plans->plan[i].axes[at].place, c->set,
                                    &c->places[i][at].own);
}

static void
finish(struct counting *c)
{
    for (size_t i = 0; i < c->t->plans->n; i++)
        for (size_t at = 0; at < GL_QUESTION_DIMENSIONS_MAX; at++)
            gl_place_column_free(c->places[i][at].own);
    g_free(c->places);
    g_free(c->values);
    g_free(c->visit_values);
    gl_selection_fini(&c->selection);
    gl_selection_fini(&c->entry_selection);
    gl_mask_fini(&c->mask);
    gl_mask_fini(&c->entry_mask);
}

void
gl_tally_set(struct gl_tallying *t, const struct gl_columns *set)
{
    struct counting c = {.t = t, .set = set};

    prepare(&c);
    gl_dense_begin(&t->all.dense, set);
    for (size_t i = 0; i < t->plans->n; i++)
        if (t->counts[i].is_dense)
            gl_dense_begin(&t->counts[i].dense, set);
    for (uint32_t from = 0; from < set->visits_n; from += GL_SELECT_VISITS)
        count_block(&c, from);
    finish(&c);
    gl_dense_end(&t->all.dense, set);
    for (size_t i = 0; i < t->plans->n; i++)
        if (t->counts[i].is_dense)
            gl_dense_end(&t->counts[i].dense, set);
    t->visitors += set->visitors_n;
    t->visits += set->visits_n;
    t->rows += set->events_n;
}

/* ---- all of them ---- */

/* How many values one dimension has. */
static uint32_t
values_n(const struct gl_plan *plan)
{
    const struct gl_axis *axis = &plan->axes[0];

    return axis->place.what == GL_DIMENSION_TIME
               ? plan->question->time.edges->len
               : axis->values->n;
}

static void
count_init(struct gl_tallied *count, const struct gl_plan *plan)
{
    count->plan = plan;
    gl_groups_init(&count->groups, plan->axes_n);
    count->is_dense = plan->axes_n == 1 && values_n(plan) <= GL_DENSE_MAX;
    if (count->is_dense)
        gl_dense_init(&count->dense, values_n(plan), plan->of_visits,
                      &count->groups);
}

void
gl_tally_init(struct gl_tallying *t, const struct gl_plans *plans)
{
    int of_visits = 0;

    *t = (struct gl_tallying){.plans = plans};
    t->counts = g_new0(struct gl_tallied, plans->n);
    for (size_t i = 0; i < plans->n; i++) {
        count_init(&t->counts[i], &plans->plan[i]);
        of_visits |= plans->plan[i].of_visits;
    }
    gl_groups_init(&t->all.groups, 0);
    gl_dense_init(&t->all.dense, 1, of_visits, &t->all.groups);
}

void
gl_tally_fini(struct gl_tallying *t)
{
    for (size_t i = 0; i < t->plans->n; i++) {
        if (t->counts[i].is_dense)
            gl_dense_fini(&t->counts[i].dense);
        gl_groups_fini(&t->counts[i].groups);
    }
    gl_dense_fini(&t->all.dense);
    gl_groups_fini(&t->all.groups);
    g_free(t->counts);
}

int
gl_tally_many(const struct gl_tallying *t)
{
    int many = t->all.groups.many;

    for (size_t i = 0; i < t->plans->n; i++)
        many |= t->counts[i].groups.many;
    return many;
}
