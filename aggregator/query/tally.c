/*
 * The loops: events that count, then visits that count, each into the group of
 * its values and into the one group of all.
 */

#include "query/tally.h"

#include <string.h>

#include "count/count.h"
#include "event.h"
#include "query/mask.h"

#define NONE UINT32_MAX /* no bucket */

/* The values of a row: of an event, of an event's visit (whose time is when it
 * began), of a visit where it was entered. */
enum whose { OF_EVENT, OF_ITS_VISIT, OF_ENTRY };

struct codes {
    const uint32_t *codes; /* one an event, or a visit */
    uint32_t *own;
};

struct counting {
    struct gl_tallying *t;
    const struct gl_columns *set;
    struct gl_mask mask;
    struct codes codes[GL_QUESTION_DIMENSIONS_MAX];
    uint32_t *event_bucket, *visit_bucket; /* NULL: time is no axis */
};

/* ---- time ---- */

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
    return low == 0 || low == edges->len ? NONE : low - 1;
}

static uint32_t *
buckets(const struct counting *c, const uint32_t *at, uint32_t n)
{
    const GArray *edges = c->t->plan->question->time.edges;
    int64_t day_ms = c->set->day * GL_DAY_MS;
    uint32_t *bucket = g_new(uint32_t, n + 1);

    for (uint32_t i = 0; i < n; i++)
        bucket[i] = bucket_of(edges, day_ms + at[i]);
    return bucket;
}

static void
prepare(struct counting *c)
{
    const struct gl_plan *plan = c->t->plan;

    for (size_t i = 0; i < plan->axes_n; i++) {
        const struct gl_place *place = &plan->axes[i].place;

        if (place->what != GL_DIMENSION_TIME) {
            c->codes[i].codes =
                gl_place_codes(place, c->set, &c->codes[i].own);
        } else if (c->event_bucket == NULL) {
            c->event_bucket = buckets(c, c->set->event_at, c->set->events_n);
            c->visit_bucket = buckets(c, c->set->visit_at, c->set->visits_n);
        }
    }
}

static void
finish(struct counting *c)
{
    for (size_t i = 0; i < c->t->plan->axes_n; i++)
        g_free(c->codes[i].own);
    g_free(c->event_bucket);
    g_free(c->visit_bucket);
    gl_mask_fini(&c->mask);
}

/* ---- keys ---- */

static uint32_t
key_of(const struct counting *c, size_t at, enum whose whose, uint32_t event,
       uint32_t visit)
{
    const struct gl_axis *axis = &c->t->plan->axes[at];
    const struct gl_place *place = &axis->place;
    uint32_t code;

    if (place->what == GL_DIMENSION_TIME)
        return whose == OF_EVENT ? c->event_bucket[event]
                                 : c->visit_bucket[visit];
    if (whose == OF_ENTRY && place->of_event)
        code = c->set->visit_codes[GL_VISIT_ENTRY_PATH][visit];
    else
        code = c->codes[at].codes[place->of_event ? event : visit];
    return axis->value_of[code < axis->codes_n ? code : 0];
}

/* 0 = at no time that is asked for. */
static int
keys_of(const struct counting *c, enum whose whose, uint32_t event,
        uint32_t visit, uint32_t *keys)
{
    for (size_t i = 0; i < c->t->plan->axes_n; i++)
        if ((keys[i] = key_of(c, i, whose, event, visit)) == NONE)
            return 0;
    return 1;
}

/* ---- counting ---- */

static void
count_event(const struct counting *c, struct gl_groups *groups, uint32_t at,
            uint32_t event)
{
    const struct gl_columns *set = c->set;
    uint32_t visitor = set->visit_visitor[set->event_visit[event]];
    struct gl_tally *tally = gl_groups_tally(groups, at);
    uint64_t seen = c->t->visitors + visitor + 1;

    tally->group.sums[GL_SUM_EVENTS]++;
    tally->group.sums[GL_SUM_PAGEVIEWS] += set->event_viewed[event];
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
    sums[GL_SUM_SECONDS] += c->set->visit_seconds[visit];
    sums[GL_SUM_VIEWS] += c->set->visit_views[visit];
}

static void
count_events(struct counting *c)
{
    struct gl_tallying *t = c->t;
    uint32_t keys[GL_QUESTION_DIMENSIONS_MAX] = {0};
    uint32_t all = gl_groups_at(&t->all, keys);

    for (uint32_t i = 0; i < c->set->events_n; i++) {
        uint32_t visit = c->set->event_visit[i];

        if (!c->mask.events[i])
            continue;
        count_event(c, &t->all, all, i);
        if (t->plan->axes_n == 0)
            continue;
        if (keys_of(c, OF_EVENT, i, visit, keys))
            count_event(c, &t->groups, gl_groups_at(&t->groups, keys), i);
        if (t->plan->of_event && c->mask.visits[visit] &&
            keys_of(c, OF_ITS_VISIT, i, visit, keys))
            count_visit(c, &t->groups, gl_groups_at(&t->groups, keys), visit);
    }
}

static void
count_visits(struct counting *c)
{
    struct gl_tallying *t = c->t;
    uint32_t keys[GL_QUESTION_DIMENSIONS_MAX] = {0};
    uint32_t all = gl_groups_at(&t->all, keys);

    for (uint32_t i = 0; i < c->set->visits_n; i++) {
        if (!c->mask.visits[i])
            continue;
        count_visit(c, &t->all, all, i);
        count_entry(c, &t->all, all, i);
        if (t->plan->axes_n > 0 && !t->plan->of_event &&
            keys_of(c, OF_ITS_VISIT, 0, i, keys))
            count_visit(c, &t->groups, gl_groups_at(&t->groups, keys), i);
    }
}

/* By MASK, where a filter on pages is one on entry pages. */
static void
count_entries(struct counting *c, const struct gl_mask *mask)
{
    struct gl_tallying *t = c->t;
    uint32_t keys[GL_QUESTION_DIMENSIONS_MAX];

    for (uint32_t i = 0; i < c->set->visits_n; i++)
        if (mask->visits[i] && keys_of(c, OF_ENTRY, 0, i, keys))
            count_entry(c, &t->groups, gl_groups_at(&t->groups, keys), i);
}

static void
count_entry_pages(struct counting *c)
{
    const struct gl_plan *plan = c->t->plan;
    struct gl_mask mask;

    if (plan->entry_test == NULL) {
        count_entries(c, &c->mask);
        return;
    }
    gl_mask_init(&mask, c->set, plan->question->from_ms, plan->question->to_ms,
                 plan->entry_test);
    count_entries(c, &mask);
    gl_mask_fini(&mask);
}

void
gl_tally_set(struct gl_tallying *t, const struct gl_columns *set)
{
    const struct gl_question *question = t->plan->question;
    struct counting c = {.t = t, .set = set};

    gl_mask_init(&c.mask, set, question->from_ms, question->to_ms,
                 t->plan->test);
    prepare(&c);
    count_events(&c);
    count_visits(&c);
    if (t->plan->axes_n > 0 && t->plan->has_entries)
        count_entry_pages(&c);
    finish(&c);
    t->visitors += set->visitors_n;
    t->visits += set->visits_n;
    t->rows += set->events_n;
}
