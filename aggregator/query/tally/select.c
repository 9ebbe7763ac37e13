/* Lists of what counts; see select.h. */

#include "query/tally/select.h"

#include "gl_assert.h"

#include <glib.h>

void
gl_selection_init(struct gl_selection *selection)
{
    *selection = (struct gl_selection){.before = UINT32_MAX};
    selection->visit = g_new(uint32_t, GL_SELECT_VISITS);
    selection->visitor = g_new(uint32_t, GL_SELECT_VISITS);
    selection->weight = g_new(gl_lanes, GL_SELECT_VISITS);
    selection->visitor_weight = g_new(gl_lanes, GL_SELECT_VISITS);
}

void
gl_selection_begin(struct gl_selection *selection, int want_events)
{
    selection->want_events = want_events;
    selection->before = UINT32_MAX;
}

void
gl_selection_fini(struct gl_selection *selection)
{
    g_free(selection->visit);
    g_free(selection->visitor);
    g_free(selection->weight);
    g_free(selection->visitor_weight);
    g_free(selection->event);
}

static void
need_events(struct gl_selection *selection, uint32_t n)
{
    if (n <= selection->events_max)
        return;
    selection->events_max = n;
    selection->event = g_renew(uint32_t, selection->event, n);
}

/* As __builtin_popcountll(), which is a call where the processor of years ago
 * had no instruction. */
static uint32_t
count_bits(uint64_t word)
{
    word -= word >> 1 & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) +
           (word >> 2 & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t) (word * UINT64_C(0x0101010101010101) >> 56);
}

/* How many of FROM <= event < TO are pageviews. */
static inline uint32_t
count_viewed(const struct gl_columns *set, uint32_t from, uint32_t to)
{
    uint32_t n = 0;

    if (from / 64 == (to - 1) / 64 && to - from < 64) { /* of most visits */
        uint64_t word = set->event_viewed[from / 64] >> from % 64;

        return count_bits(word & ((UINT64_C(1) << (to - from)) - 1));
    }
    while (from < to) {
        uint32_t bit = from % 64, take = MIN(to - from, 64 - bit);
        uint64_t word = set->event_viewed[from / 64] >> bit;

        if (take < 64)
            word &= (UINT64_C(1) << take) - 1;
        n += count_bits(word);
        from += take;
    }
    return n;
}

static void
add_event(struct gl_selection *selection, uint32_t event)
{
    selection->event[selection->events_n++] = event;
}

/* All events of a visit count. */
static inline gl_lanes
take_all(struct gl_selection *selection, uint32_t from, uint32_t to)
{
    if (selection->want_events) {
        uint32_t *list = selection->event + selection->events_n;

        for (uint32_t e = from; e < to; e++)
            *list++ = e;
        selection->events_n += to - from;
    }
    return (gl_lanes){0, 1, count_viewed(selection->mask->set, from, to),
                      to - from};
}

/* Each is asked. */
static gl_lanes
take_some(struct gl_selection *selection, uint32_t from, uint32_t to)
{
    const struct gl_mask *mask = selection->mask;
    const struct gl_columns *set = mask->set;
    gl_lanes weight = {0, 1, 0, 0};

    for (uint32_t e = from; e < to; e++) {
        if (!gl_mask_has_event(mask, e) ||
            (mask->events != NULL && !mask->events[e]))
            continue;
        weight[GL_SUM_PAGEVIEWS] += gl_columns_viewed(set, e);
        weight[GL_SUM_EVENTS]++;
        if (selection->want_events)
            add_event(selection, e);
    }
    return weight;
}

/* Of a visit's events, which are by time, those in the range.  Most visits are
 * in it as a whole, or not at all. */
static gl_lanes
take_range(struct gl_selection *selection, uint32_t from, uint32_t to)
{
    const struct gl_mask *mask = selection->mask;
    uint32_t first, last;

    if (from == to || mask->events != NULL)
        return take_some(selection, from, to);
    first = gl_columns_event_at(mask->set, from);
    last = gl_columns_event_at(mask->set, to - 1);
    if (first >= mask->to || last < mask->from)
        return (gl_lanes){0, 0, 0, 0};
    return first >= mask->from && last < mask->to
               ? take_all(selection, from, to)
               : take_some(selection, from, to);
}

/* It has events before the range's end, and after its begin. */
static inline uint32_t
is_near(const struct gl_mask *mask, uint32_t visit)
{
    const struct gl_columns *set = mask->set;
    uint32_t from = set->visit_first[visit];
    uint32_t to = set->visit_first[visit + 1], first, last;

    if (from == to)
        return 0;
    first = gl_columns_event_at(set, from);
    last = gl_columns_event_at(set, to - 1);
    return (first < mask->to) & (last >= mask->from);
}

/* List the visits that pass, as far as that is told without a branch for each:
 * how many. */
static uint32_t
list_passing(struct gl_selection *selection, uint32_t from, uint32_t to)
{
    const struct gl_mask *mask = selection->mask;
    const uint8_t *passes = mask->visits;
    int near = passes == NULL && !mask->whole;
    uint32_t n = 0;

    GL_ASSERT(from <= to && to - from <= GL_SELECT_VISITS);
    for (uint32_t v = from; near && v < to; v++) {
        selection->visit[n] = v;
        n += is_near(mask, v);
    }
    for (uint32_t v = from; !near && v < to; v++) {
        selection->visit[n] = v;
        n += passes != NULL ? passes[v] : 1;
    }
    return n;
}

/* The lists are not longer than what was looked at of those that pass. */
static void
add_visit(struct gl_selection *selection, uint32_t visit, gl_lanes weight)
{
    uint32_t at = selection->visits_n++;
    uint32_t visitor = selection->mask->set->visit_visitor[visit];

    selection->visit[at] = visit;
    selection->visitor[at] = visitor;
    selection->weight[at] = weight;
    weight[GL_SUM_VISITORS] = visitor != selection->before;
    selection->visitor_weight[at] = weight;
    selection->before = visitor;
}

void
gl_select(struct gl_selection *selection, const struct gl_mask *mask,
          uint32_t from)
{
    const struct gl_columns *set = mask->set;
    uint32_t to = MIN(set->visits_n, from + GL_SELECT_VISITS), passing;
    int all = mask->whole && mask->events == NULL;

    selection->mask = mask;
    selection->visits_n = selection->events_n = 0;
    if (selection->want_events)
        need_events(selection, set->visit_first[to] - set->visit_first[from]);
    passing = list_passing(selection, from, to);
    for (uint32_t i = 0; i < passing; i++) {
        uint32_t v = selection->visit[i];
        uint32_t first = set->visit_first[v], end = set->visit_first[v + 1];
        gl_lanes weight = all ? take_all(selection, first, end)
                              : take_range(selection, first, end);
        if (!mask->whole)
            weight[GL_SUM_VISITS] =
                (uint32_t) gl_mask_in_range(mask, gl_columns_visit_at(set, v));
        if (weight[GL_SUM_EVENTS] == 0)
            continue;
        add_visit(selection, v, weight);
    }
    GL_ASSERT(selection->visits_n <= passing);
    GL_ASSERT(selection->events_n <= selection->events_max);
}
