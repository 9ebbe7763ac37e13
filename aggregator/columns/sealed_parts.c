/*
 * The parts of a sealed day become arrays; see sealed.h.  What does not fit
 * together is damage, and never read beyond.
 */

#include "columns/sealed.h"

#include <string.h>

#include "columns/pack.h"
#include "columns/sealed_internal.h"
#include "count/count.h"

static void *
array(struct gl_columns *set, size_t n, size_t size)
{
    set->bytes += n * size;
    return g_malloc_n(n + 1, size);
}

/* ---- one part after the other ---- */

static int
open_part(struct gl_unpacking_ *u, int part)
{
    static const guint8 slack[GL_PACK_SLACK];
    guint len;

    if (u->rc != 0)
        return -1;
    g_byte_array_set_size(u->bytes, 0);
    u->rc = gl_sealed_read(u->source, part, u->bytes);
    len = u->bytes->len;
    g_byte_array_append(u->bytes, slack, sizeof slack);
    u->from = (struct gl_packed){u->bytes->data, u->bytes->data + len, 0};
    return u->rc == 0 ? 0 : -1;
}

static void
close_part(struct gl_unpacking_ *u)
{
    if (u->from.damaged || u->from.at != u->from.end)
        u->rc = GL_SEALED_DAMAGED;
}

static void
damaged(struct gl_unpacking_ *u)
{
    u->from.damaged = 1;
}

/* ---- the parts ---- */

/* How many visits each visitor has. */
static void
give_visits(struct gl_unpacking_ *u, const uint32_t *n)
{
    struct gl_columns *set = u->set;
    uint32_t at = 0;

    for (uint32_t i = 0; i < set->visitors_n; i++) {
        if (n[i] > set->visits_n - at) {
            damaged(u);
            break;
        }
        for (uint32_t end = at + n[i]; at < end; at++)
            set->visit_visitor[at] = i;
    }
    if (at != set->visits_n)
        damaged(u);
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
            damaged(u);
            n = 0;
        }
        set->visit_first[v] = at;
        at += n;
    }
    set->visit_first[set->visits_n] = at;
    if (at != set->events_n)
        damaged(u);
}

static void
take_shape(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    size_t words = set->events_n / 64 + 1;

    set->visit_visitor = array(set, set->visits_n, sizeof(uint32_t));
    set->visit_first = array(set, set->visits_n + 1, sizeof(uint32_t));
    set->event_viewed = array(set, words, sizeof(uint64_t));
    if (open_part(u, GL_SEALED_SHAPE) == 0) {
        gl_unpack(&u->from, u->numbers, set->visitors_n);
        give_visits(u, u->numbers);
        gl_unpack(&u->from, set->visit_first, set->visits_n);
        give_events(u);
        gl_unpack(&u->from, u->numbers, 2 * words);
        for (size_t i = 0; i < words; i++)
            set->event_viewed[i] =
                u->numbers[2 * i] | (uint64_t) u->numbers[2 * i + 1] << 32;
        close_part(u);
    }
}

static void
take_ids(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint64_t before = 0;

    if (open_part(u, GL_PART_IDS) != 0)
        return;
    set->visitor_id = array(set, set->visitors_n, sizeof(uint64_t));
    gl_unpack(&u->from, u->numbers, set->visitors_n);
    gl_unpack(&u->from, u->more, set->visitors_n);
    for (uint32_t i = 0; i < set->visitors_n; i++) {
        before += u->numbers[i] | (uint64_t) u->more[i] << 32;
        set->visitor_id[i] = before;
    }
    close_part(u);
}

/* From SINCE, since the one before each: the first of each visit is there. */
static void
add_up_times(struct gl_columns *set, const uint32_t *since)
{
    for (uint32_t v = 0; v < set->visits_n; v++)
        for (uint32_t e = set->visit_first[v] + 1; e < set->visit_first[v + 1];
             e++)
            set->event_at[e] = set->event_at[e - 1] + *since++;
}

static void
take_times(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint32_t firsts = 0;

    if (open_part(u, GL_PART_TIMES) != 0)
        return;
    set->visit_at = array(set, set->visits_n, sizeof(uint32_t));
    set->event_at = array(set, set->events_n, sizeof(uint32_t));
    gl_unpack(&u->from, set->visit_at, set->visits_n);
    gl_unpack(&u->from, u->numbers, set->visits_n);
    for (uint32_t v = 0; v < set->visits_n; v++) {
        if (set->visit_first[v] == set->visit_first[v + 1])
            continue;
        set->event_at[set->visit_first[v]] = set->visit_at[v] + u->numbers[v];
        firsts++;
    }
    gl_unpack(&u->from, u->numbers, set->events_n - firsts);
    add_up_times(set, u->numbers);
    close_part(u);
}

static void
take_sums(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    size_t n = set->visits_n;
    uint32_t *bounced = u->numbers, *views = u->more, *seconds = u->most;

    if (open_part(u, GL_PART_SUMS) != 0)
        return;
    set->visit_bounced = array(set, n, sizeof(uint8_t));
    gl_unpack(&u->from, bounced, n);
    gl_unpack(&u->from, views, n);
    gl_unpack(&u->from, seconds, n);
    for (uint32_t v = 0; v < n; v++) {
        struct gl_sealed_told_ told = gl_sealed_told_(set, v);

        set->visit_bounced[v] = (uint8_t) (bounced[v] ^ told.bounced);
        views[v] = told.views + gl_sealed_unfold_(views[v]);
        seconds[v] = told.seconds + gl_sealed_unfold_(seconds[v]);
    }
    set->visit_views = gl_column_copy(views, n, &set->bytes);
    set->visit_seconds = gl_column_copy(seconds, n, &set->bytes);
    close_part(u);
}

/* N events: they ascend, and are events. */
static uint32_t *
take_list(struct gl_unpacking_ *u, uint32_t n)
{
    struct gl_columns *set = u->set;
    uint32_t *event = array(set, n, sizeof(uint32_t)), before = 0;

    gl_unpack(&u->from, event, n);
    for (uint32_t i = 0; i < n; i++) {
        if (event[i] >= set->events_n - before) {
            damaged(u);
            event[i] = 0;
        }
        before = event[i] += before;
    }
    return event;
}

/* How many there are; none of a damaged part. */
static uint32_t
take_n(struct gl_unpacking_ *u)
{
    uint32_t n = 0;

    gl_unpack(&u->from, &n, 1);
    if (n > u->set->events_n)
        damaged(u);
    return u->from.damaged ? 0 : n;
}

/* Times of those alone; of all the others, and where visits began, 0. */
static void
take_midnight(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint32_t n, *event;

    if (set->event_at != NULL || open_part(u, GL_PART_MIDNIGHT) != 0)
        return;
    n = take_n(u);
    event = take_list(u, n);
    gl_unpack(&u->from, u->numbers, n);
    if (n > 0) {
        set->visit_at = array(set, set->visits_n, sizeof(uint32_t));
        set->event_at = array(set, set->events_n, sizeof(uint32_t));
        memset(set->visit_at, 0, set->visits_n * sizeof(uint32_t));
        memset(set->event_at, 0, set->events_n * sizeof(uint32_t));
    }
    for (uint32_t i = 0; i < n; i++)
        set->event_at[event[i]] = u->numbers[i] + (uint32_t) GL_DAY_MS;
    set->bytes -= n * sizeof *event;
    g_free(event);
    close_part(u);
}

static void
take_engaged(struct gl_unpacking_ *u)
{
    struct gl_engaged *engaged = &u->set->engaged;

    if (open_part(u, GL_PART_ENGAGED) != 0)
        return;
    engaged->n = take_n(u);
    engaged->event = take_list(u, engaged->n);
    if (engaged->n > 0) {
        engaged->ms = gl_unpack_column(&u->from, engaged->n, &u->set->bytes);
        engaged->depth =
            gl_unpack_column(&u->from, engaged->n, &u->set->bytes);
    }
    close_part(u);
}

static void
take_paid(struct gl_unpacking_ *u)
{
    struct gl_paid *paid = &u->set->paid;
    uint32_t n;

    if (open_part(u, GL_PART_PAID) != 0)
        return;
    n = paid->n = take_n(u);
    paid->event = take_list(u, n);
    paid->money = array(u->set, n, sizeof *paid->money);
    gl_unpack(&u->from, u->numbers, n);
    gl_unpack(&u->from, u->more, n);
    gl_unpack(&u->from, u->most, n);
    for (uint32_t i = 0; i < n; i++)
        paid->money[i] = (struct gl_money){
            u->numbers[i],
            (int64_t) (u->more[i] | (uint64_t) u->most[i] << 32)};
    close_part(u);
}

static void
take_prop(struct gl_unpacking_ *u, struct gl_prop_column *prop)
{
    struct gl_columns *set = u->set;

    prop->event = take_list(u, prop->n);
    prop->value = gl_unpack_column(&u->from, prop->n, &set->bytes);
}

static void
take_props(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    const uint32_t *keys = u->numbers;

    if (open_part(u, GL_PART_PROPS) != 0)
        return;
    set->props = array(set, u->props_n, sizeof *set->props);
    gl_unpack(&u->from, u->numbers, 2 * (size_t) u->props_n);
    for (uint32_t i = 0; i < u->props_n && !u->from.damaged; i++) {
        struct gl_prop_column *prop = &set->props[i];

        if (keys[2 * i + 1] > set->events_n) {
            damaged(u);
            break;
        }
        *prop =
            (struct gl_prop_column){.key = keys[2 * i], .n = keys[2 * i + 1]};
        set->props_n++;
        take_prop(u, prop);
    }
    close_part(u);
}

/* Those of custom events; a pageview has none. */
static void
take_names(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint32_t n = 0;

    for (uint32_t e = 0; e < set->events_n; e++)
        n += !gl_columns_viewed(set, e);
    gl_unpack(&u->from, u->numbers, n);
    for (uint32_t e = 0, at = 0; e < set->events_n; e++)
        u->more[e] = gl_columns_viewed(set, e) ? 0 : u->numbers[at++];
    set->event_codes[GL_EVENT_NAME] =
        gl_column_copy(u->more, set->events_n, &set->bytes);
}

static void
take_event(struct gl_unpacking_ *u, int column)
{
    if (open_part(u, GL_PART_EVENT + column) != 0)
        return;
    if (column == GL_EVENT_NAME)
        take_names(u);
    else
        u->set->event_codes[column] =
            gl_unpack_column(&u->from, u->set->events_n, &u->set->bytes);
    close_part(u);
}

/* Against what the events say. */
static void
take_end(struct gl_unpacking_ *u, int column)
{
    struct gl_columns *set = u->set;

    gl_unpack(&u->from, u->numbers, set->visits_n);
    for (uint32_t v = 0; v < set->visits_n; v++)
        u->numbers[v] ^= gl_sealed_end_(set, column, v);
    set->visit_codes[column] =
        gl_column_copy(u->numbers, set->visits_n, &set->bytes);
}

static void
take_once_a_visitor(struct gl_unpacking_ *u, int column)
{
    struct gl_columns *set = u->set;

    gl_unpack(&u->from, u->numbers, set->visitors_n);
    for (uint32_t v = 0; v < set->visits_n; v++)
        u->more[v] = u->numbers[set->visit_visitor[v]];
    set->visit_codes[column] =
        gl_column_copy(u->more, set->visits_n, &set->bytes);
}

static void
take_visit(struct gl_unpacking_ *u, int column)
{
    struct gl_columns *set = u->set;

    if (open_part(u, GL_PART_VISIT + column) != 0)
        return;
    if (gl_sealed_is_end_(column))
        take_end(u, column);
    else if (set->visitor_columns >> column & 1)
        take_once_a_visitor(u, column);
    else
        set->visit_codes[column] =
            gl_unpack_column(&u->from, set->visits_n, &set->bytes);
    close_part(u);
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
        take_midnight(u);
        break;
    case GL_PART_SUMS:
        take_sums(u);
        break;
    case GL_PART_PROPS:
        take_props(u);
        break;
    case GL_PART_ENGAGED:
        take_engaged(u);
        break;
    case GL_PART_PAID:
        take_paid(u);
        break;
    default:
        if (part < GL_PART_VISIT)
            take_event(u, part - GL_PART_EVENT);
        else
            take_visit(u, part - GL_PART_VISIT);
        break;
    }
}
