/*
 * The parts of a sealed day become arrays; see sealed.h.  What does not fit
 * together is damage, and never read beyond.
 */

#include "columns/sealed.h"

#include <string.h>

#include "columns/pack.h"
#include "columns/sealed_internal.h"

/* How many visits each visitor has. */
static void
give_visits(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    struct gl_unpacked visits = GL_UNPACKED(&u->from, set->visitors_n);
    uint32_t at = 0;

    for (uint32_t i = 0; i < set->visitors_n; i++) {
        uint32_t n = gl_unpack_next(&visits);

        if (n > set->visits_n - at) {
            gl_unpacking_damaged_(u);
            n = 0;
        }
        for (uint32_t end = at + n; at < end; at++)
            set->visit_visitor[at] = i;
    }
    if (at != set->visits_n)
        gl_unpacking_damaged_(u);
}

/* How many events each visit has become where they begin. */
static void
give_events(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint32_t at = 0;

    for (uint32_t v = 0; v < set->visits_n; v++) {
        uint32_t n = set->visit_first[v];

        if (n > set->events_n - at) {
            gl_unpacking_damaged_(u);
            n = 0;
        }
        set->visit_first[v] = at;
        at += n;
    }
    set->visit_first[set->visits_n] = at;
    if (at != set->events_n)
        gl_unpacking_damaged_(u);
}

static void
take_shape(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    size_t words = set->events_n / 64 + 1;

    set->visit_visitor =
        gl_unpacking_array_(set, set->visits_n, sizeof(uint32_t));
    set->visit_first =
        gl_unpacking_array_(set, set->visits_n + 1, sizeof(uint32_t));
    set->event_viewed = gl_unpacking_array_(set, words, sizeof(uint64_t));
    if (gl_unpacking_open_(u, GL_SEALED_SHAPE) == 0) {
        struct gl_unpacked halves = GL_UNPACKED(&u->from, 2 * words);

        give_visits(u);
        gl_unpack(&u->from, set->visit_first, set->visits_n);
        give_events(u);
        for (size_t i = 0; i < words; i++) {
            set->event_viewed[i] = gl_unpack_next(&halves);
            set->event_viewed[i] |= (uint64_t) gl_unpack_next(&halves) << 32;
        }
        gl_unpacking_close_(u);
    }
}

static void
take_ids(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    struct gl_unpacked low = GL_UNPACKED(&u->from, set->visitors_n);
    struct gl_unpacked high = low;
    uint64_t before = 0;

    if (gl_unpacking_open_(u, GL_PART_IDS) != 0)
        return;
    set->visitor_id =
        gl_unpacking_array_(set, set->visitors_n, sizeof(uint64_t));
    for (uint32_t i = 0; i < set->visitors_n; i++)
        set->visitor_id[i] = gl_unpack_next(&low);
    for (uint32_t i = 0; i < set->visitors_n; i++) {
        before += set->visitor_id[i] | (uint64_t) gl_unpack_next(&high) << 32;
        set->visitor_id[i] = before;
    }
    gl_unpacking_close_(u);
}

/* Since the one before each: the first of each visit is there. */
static void
add_up_times(struct gl_columns *set, struct gl_unpacked *since)
{
    for (uint32_t v = 0; v < set->visits_n; v++)
        for (uint32_t e = set->visit_first[v] + 1; e < set->visit_first[v + 1];
             e++)
            set->event_at[e] = set->event_at[e - 1] + gl_unpack_next(since);
}

static void
take_times(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    struct gl_unpacked first = GL_UNPACKED(&u->from, set->visits_n);
    struct gl_unpacked since = GL_UNPACKED(&u->from, set->events_n);

    if (gl_unpacking_open_(u, GL_PART_TIMES) != 0)
        return;
    set->visit_at = gl_unpacking_array_(set, set->visits_n, sizeof(uint32_t));
    set->event_at = gl_unpacking_array_(set, set->events_n, sizeof(uint32_t));
    gl_unpack(&u->from, set->visit_at, set->visits_n);
    for (uint32_t v = 0; v < set->visits_n; v++) {
        uint32_t after = gl_unpack_next(&first);

        if (set->visit_first[v] == set->visit_first[v + 1])
            continue;
        set->event_at[set->visit_first[v]] = set->visit_at[v] + after;
        since.left--;
    }
    add_up_times(set, &since);
    gl_unpacking_close_(u);
}

static void
take_sums(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    size_t n = set->visits_n;
    struct gl_unpacked bounced = GL_UNPACKED(&u->from, n);
    uint32_t *views, *seconds;

    if (gl_unpacking_open_(u, GL_PART_SUMS) != 0)
        return;
    set->visit_bounced = gl_unpacking_array_(set, n, sizeof(uint8_t));
    views = g_new(uint32_t, n + 1);
    seconds = g_new(uint32_t, n + 1);
    for (uint32_t v = 0; v < n; v++)
        set->visit_bounced[v] = (uint8_t) gl_unpack_next(&bounced);
    gl_unpack(&u->from, views, n);
    gl_unpack(&u->from, seconds, n);
    for (uint32_t v = 0; v < n; v++) {
        struct gl_sealed_told_ told = gl_sealed_told_(set, v);

        set->visit_bounced[v] ^= (uint8_t) told.bounced;
        views[v] = told.views + gl_sealed_unfold_(views[v]);
        seconds[v] = told.seconds + gl_sealed_unfold_(seconds[v]);
    }
    set->visit_views = gl_column_new(views, n, &set->bytes);
    set->visit_seconds = gl_column_new(seconds, n, &set->bytes);
    gl_unpacking_close_(u);
}

/* Those of custom events; a pageview has none. */
static void
take_names(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint32_t *names = g_new(uint32_t, set->events_n + 1);
    struct gl_unpacked numbers = {.from = &u->from};

    for (uint32_t e = 0; e < set->events_n; e++)
        numbers.left += !gl_columns_viewed(set, e);
    for (uint32_t e = 0; e < set->events_n; e++)
        names[e] = gl_columns_viewed(set, e) ? 0 : gl_unpack_next(&numbers);
    set->event_codes[GL_EVENT_NAME] =
        gl_column_new(names, set->events_n, &set->bytes);
}

static void
take_event(struct gl_unpacking_ *u, int column)
{
    if (gl_unpacking_open_(u, GL_PART_EVENT + column) != 0)
        return;
    if (column == GL_EVENT_NAME)
        take_names(u);
    else
        u->set->event_codes[column] =
            gl_unpack_column(&u->from, u->set->events_n, &u->set->bytes);
    gl_unpacking_close_(u);
}

/* Against what the events say. */
static void
take_end(struct gl_unpacking_ *u, int column)
{
    struct gl_columns *set = u->set;
    uint32_t *codes = g_new(uint32_t, set->visits_n + 1);

    gl_unpack(&u->from, codes, set->visits_n);
    for (uint32_t v = 0; v < set->visits_n; v++)
        codes[v] ^= gl_sealed_end_(set, column, v);
    set->visit_codes[column] =
        gl_column_new(codes, set->visits_n, &set->bytes);
}

static void
take_once_a_visitor(struct gl_unpacking_ *u, int column)
{
    struct gl_columns *set = u->set;
    uint32_t *codes = g_new(uint32_t, set->visitors_n + 1);

    gl_unpack(&u->from, codes, set->visitors_n);
    set->visit_codes[column] =
        gl_column_spread(codes, set->visitors_n, set->visit_visitor,
                         set->visits_n, &set->bytes);
    g_free(codes);
}

static void
take_visit(struct gl_unpacking_ *u, int column)
{
    struct gl_columns *set = u->set;

    if (gl_unpacking_open_(u, GL_PART_VISIT + column) != 0)
        return;
    if (gl_sealed_is_end_(column))
        take_end(u, column);
    else if (set->visitor_columns >> column & 1)
        take_once_a_visitor(u, column);
    else
        set->visit_codes[column] =
            gl_unpack_column(&u->from, set->visits_n, &set->bytes);
    gl_unpacking_close_(u);
    if (set->visit_codes[column].codes != NULL)
        gl_columns_lend(set, column);
}

void
gl_sealed_take_(struct gl_unpacking_ *u, int part)
{
    switch (part) {
    case GL_SEALED_SHAPE:
        take_shape(u);
        break;
    case GL_PART_IDS:
        take_ids(u);
        break;
    case GL_PART_TIMES:
        take_times(u);
        break;
    case GL_PART_MIDNIGHT:
        gl_sealed_take_midnight_(u);
        break;
    case GL_PART_SUMS:
        take_sums(u);
        break;
    case GL_PART_PROPS:
        gl_sealed_take_props_(u);
        break;
    case GL_PART_ENGAGED:
        gl_sealed_take_engaged_(u);
        break;
    case GL_PART_PAID:
        gl_sealed_take_paid_(u);
        break;
    default:
        if (part < GL_PART_VISIT)
            take_event(u, part - GL_PART_EVENT);
        else
            take_visit(u, part - GL_PART_VISIT);
        break;
    }
}
