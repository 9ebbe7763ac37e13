/* By several dimensions, or by one of very many values: groups.h. */

#include "query/tally/tally_internal.h"

#include "count/count.h"
#include "event.h"
#include "gl_assert.h"

/* The values of a row: of an event, of an event's visit (whose time is when it
 * began), of a visit where it was entered. */
enum whose { OF_EVENT, OF_ITS_VISIT, OF_ENTRY };

static uint32_t
value_of(const struct gl_axis *axis, uint32_t code)
{
    const struct gl_column_map *map = &axis->values->of;

    code = code < map->n ? code : 0;
    return map->to != NULL ? map->to[code] : code;
}

static uint32_t
key_of(const struct gl_tally_pass_ *c, const struct gl_axis *axis,
       const struct gl_column *column, const GArray *edges, enum whose whose,
       uint32_t event, uint32_t visit)
{
    const struct gl_place *place = &axis->place;

    if (place->what == GL_DIMENSION_TIME)
        return gl_tally_bucket_(
            edges,
            c->set->day * GL_DAY_MS +
                (whose == OF_EVENT ? gl_columns_event_at(c->set, event)
                                   : gl_columns_visit_at(c->set, visit)));
    if (whose == OF_ENTRY && place->of_event)
        return value_of(
            axis, gl_column_at(&c->set->visit_codes[place->entry], visit));
    return value_of(axis,
                    gl_column_at(column, place->of_event ? event : visit));
}

/* 0 = at no time that is asked for. */
static int
keys_of(const struct gl_tally_pass_ *c, const struct gl_plan *plan,
        const struct gl_tally_place_ *places, enum whose whose, uint32_t event,
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

int
gl_tally_keys_(const struct gl_tally_pass_ *c, const struct gl_plan *plan,
               const struct gl_tally_place_ *places, uint32_t event,
               uint32_t visit, uint32_t *keys)
{
    return keys_of(c, plan, places, OF_EVENT, event, visit, keys);
}

static void
count_event(const struct gl_tally_pass_ *c, struct gl_groups *groups,
            uint32_t at, uint32_t event, uint32_t visitor)
{
    const struct gl_columns *set = c->set;
    struct gl_tally *tally = gl_groups_tally(groups, at);
    uint64_t seen = c->t->visitors + visitor + 1;

    tally->group.sums[GL_SUM_EVENTS]++;
    tally->group.sums[GL_SUM_PAGEVIEWS] += gl_columns_viewed(set, event);
    if (tally->visitor == seen)
        return;
    tally->visitor = seen;
    if (visitor < set->imported ||
        gl_groups_know(groups, at, set->visitor_id[visitor]))
        tally->group.sums[GL_SUM_VISITORS]++;
}

static void
count_visit(const struct gl_tally_pass_ *c, struct gl_groups *groups,
            uint32_t at, uint32_t visit)
{
    struct gl_tally *tally = gl_groups_tally(groups, at);
    uint64_t seen = c->t->visits + visit + 1;

    tally->group.sums[GL_SUM_VISITS] += tally->visit != seen;
    tally->visit = seen;
}

static void
count_entry(const struct gl_tally_pass_ *c, struct gl_groups *groups,
            uint32_t at, uint32_t visit)
{
    uint64_t *sums = gl_groups_tally(groups, at)->group.sums;

    sums[GL_SUM_ENTRIES]++;
    sums[GL_SUM_BOUNCES] += c->set->visit_bounced[visit];
    sums[GL_SUM_SECONDS] += gl_column_at(&c->set->visit_seconds, visit);
    sums[GL_SUM_VIEWS] += gl_column_at(&c->set->visit_views, visit);
}

/* Those of visit number I, from J on. */
static void
count_events(struct gl_tally_pass_ *c, struct gl_tallied *count,
             const struct gl_tally_place_ *places, uint32_t i, uint32_t j)
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
count_visits(struct gl_tally_pass_ *c, struct gl_tallied *count,
             const struct gl_tally_place_ *places)
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
count_entries(struct gl_tally_pass_ *c, struct gl_tallied *count,
              const struct gl_tally_place_ *places)
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

void
gl_tally_groups_(struct gl_tally_pass_ *c, struct gl_tallied *count,
                 const struct gl_tally_place_ *places)
{
    const struct gl_selection *s = &c->selection;
    uint32_t j = 0;

    GL_ASSERT(!count->is_dense && count->plan->axes_n > 0);
    for (uint32_t i = 0; i < s->visits_n; i++) {
        count_events(c, count, places, i, j);
        j += s->weight[i][GL_SUM_EVENTS];
    }
    GL_ASSERT(j == s->events_n);
    if (!count->plan->of_event)
        count_visits(c, count, places);
    if (count->plan->of_visits && count->plan->has_entries)
        count_entries(c, count, places);
}
