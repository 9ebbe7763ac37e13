/*
 * What some events alone have, summed up by group: a set lists those events,
 * ascending, and so does a selection.
 */

#include "query/tally/tally_internal.h"

struct adding {
    struct gl_tally_pass_ *c;
    struct gl_tallied *count;
    const struct gl_tally_place_ *places;
    uint32_t paid, engaged; /* the next ones in the set's lists */
};

/* Of the event's group; NULL = it is at no time that is asked for. */
static struct gl_more *
more_of(struct adding *a, uint32_t event, uint32_t visit)
{
    uint32_t keys[GL_QUESTION_DIMENSIONS_MAX];

    if (!gl_tally_keys_(a->c, a->count->plan, a->places, event, visit, keys))
        return NULL;
    return gl_mores_at(&a->count->mores, keys);
}

static void
add_paid(struct adding *a, uint32_t event, uint32_t visit)
{
    const struct gl_paid *paid = &a->c->set->paid;
    const struct gl_money *money;
    struct gl_more *more;

    while (a->paid < paid->n && paid->event[a->paid] < event)
        a->paid++;
    if (a->paid == paid->n || paid->event[a->paid] != event)
        return;
    money = &paid->money[a->paid];
    if (money->currency != a->count->plan->question->currency ||
        (more = more_of(a, event, visit)) == NULL)
        return;
    more->paid++;
    more->amount = gl_more_add(more->amount, money->amount);
}

/* Events come visit by visit. */
static void
add_engagement(struct gl_more *more, uint64_t visit, uint32_t ms,
               uint32_t depth)
{
    if (more->visit != visit) {
        more->visit = visit;
        more->visit_depth = 0;
        more->engaged_visits++;
    }
    more->engaged_ms += ms;
    if (depth <= more->visit_depth)
        return;
    if (more->visit_depth == 0) {
        more->depth_visits++;
        more->visit_depth = 1; /* which is 0 percent */
    }
    more->depth += depth - more->visit_depth;
    more->visit_depth = depth;
}

static void
add_engaged(struct adding *a, uint32_t event, uint32_t visit)
{
    const struct gl_engaged *engaged = &a->c->set->engaged;
    struct gl_more *more;

    while (a->engaged < engaged->n && engaged->event[a->engaged] < event)
        a->engaged++;
    if (a->engaged < engaged->n && engaged->event[a->engaged] == event &&
        (more = more_of(a, event, visit)) != NULL)
        add_engagement(more, a->c->t->visits + visit + 1,
                       gl_column_at(&engaged->ms, a->engaged),
                       gl_column_at(&engaged->depth, a->engaged));
}

void
gl_tally_more_(struct gl_tally_pass_ *c, struct gl_tallied *count,
               const struct gl_tally_place_ *places)
{
    const struct gl_selection *s = &c->selection;
    const struct gl_paid *paid = &c->set->paid;
    const struct gl_engaged *engaged = &c->set->engaged;
    struct adding a = {.c = c, .count = count, .places = places};

    if (s->events_n == 0)
        return;
    a.paid = gl_place_from(paid->event, 0, paid->n, s->event[0]);
    a.engaged = gl_place_from(engaged->event, 0, engaged->n, s->event[0]);
    for (uint32_t i = 0, j = 0; i < s->visits_n; i++) {
        for (uint32_t end = j + s->weight[i][GL_SUM_EVENTS]; j < end; j++) {
            add_paid(&a, s->event[j], s->visit[i]);
            add_engaged(&a, s->event[j], s->visit[i]);
        }
    }
}
