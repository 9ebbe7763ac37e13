/* A set made of runs of two others; see compose.h. */

#include "columns/compose.h"

#include <string.h>

#include "event.h"

/* ---- runs ---- */

void
gl_runs_init(struct gl_runs *runs)
{
    runs->runs = g_array_new(FALSE, FALSE, sizeof(struct gl_run));
    runs->n = 0;
}

void
gl_runs_fini(struct gl_runs *runs)
{
    g_array_free(runs->runs, TRUE);
}

static const struct gl_run *
run_at(const struct gl_runs *runs, guint at)
{
    return &g_array_index(runs->runs, struct gl_run, at);
}

struct gl_run *
gl_runs_add(struct gl_runs *runs, int of, uint32_t first, uint32_t n)
{
    struct gl_run run = {.of = of, .first = first, .n = n, .to = runs->n};

    if (n == 0)
        return NULL;
    runs->n += n;
    g_array_append_val(runs->runs, run);
    return &g_array_index(runs->runs, struct gl_run, runs->runs->len - 1);
}

void
gl_runs_tell(const struct gl_runs *events, GArray *told)
{
    guint at = 0;

    for (guint i = 0; i < events->runs->len; i++) {
        const struct gl_run *run = run_at(events, i);
        struct gl_run_told *one;

        if (run->of != 0)
            continue;
        for (; at < told->len; at++) {
            one = &g_array_index(told, struct gl_run_told, at);
            if (one->event >= run->first + run->n)
                break;
            one->event += run->to - run->first;
        }
    }
}

/* ---- arrays ---- */

/* Room for N of SIZE bytes; at least one, so that none is NULL. */
static void *
array(size_t n, size_t size, size_t *bytes)
{
    *bytes += n * size;
    return g_malloc_n(n + 1, size);
}

/* Of SIZE bytes each. */
static void *
join(const struct gl_runs *runs, const void *const of[2], size_t size,
     size_t *bytes)
{
    char *to = array(runs->n, size, bytes);

    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = run_at(runs, i);

        memcpy(to + run->to * size,
               (const char *) of[run->of] + run->first * size, run->n * size);
    }
    return to;
}

uint32_t *
gl_runs_numbers(const struct gl_runs *runs, const uint32_t *const of[2],
                size_t *bytes)
{
    return join(runs, (const void *const[2]){of[0], of[1]}, sizeof(uint32_t),
                bytes);
}

static void
widen(struct gl_column *to, const struct gl_column *from,
      const struct gl_run *run)
{
    for (uint32_t i = 0; i < run->n; i++) {
        uint32_t code = gl_column_at(from, run->first + i);

        gl_column_put(to, run->to + i, &code, 1);
    }
}

/* As wide as the wider one, and BYTES_MIN. */
static struct gl_column
join_column(const struct gl_runs *runs, const struct gl_column *a,
            const struct gl_column *b, unsigned bytes_min, size_t *bytes)
{
    const struct gl_column *const of[2] = {a, b};
    struct gl_column to = {.bytes = MAX(MAX(a->bytes, b->bytes), bytes_min)};

    to.codes = array(runs->n, to.bytes, bytes);
    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = run_at(runs, i);
        const struct gl_column *from = of[run->of];

        if (from->bytes == to.bytes)
            memcpy((char *) to.codes + (size_t) run->to * to.bytes,
                   (const char *) from->codes + (size_t) run->first * to.bytes,
                   (size_t) run->n * to.bytes);
        else
            widen(&to, from, run);
    }
    return to;
}

/* ---- bits ---- */

/* N bits of FROM, below 64, from AT on, the first the lowest. */
static uint64_t
take_bits(const uint64_t *from, size_t at, unsigned n)
{
    unsigned shift = at % 64;
    uint64_t bits = from[at / 64] >> shift;

    if (shift + n > 64)
        bits |= from[at / 64 + 1] << (64 - shift);
    return n == 64 ? bits : bits & ((UINT64_C(1) << n) - 1);
}

/* To a word at a time; TO has zeros. */
static void
copy_bits(uint64_t *to, size_t at, const uint64_t *from, size_t first,
          size_t n)
{
    while (n > 0) {
        unsigned some = (unsigned) MIN(n, 64 - at % 64);

        to[at / 64] |= take_bits(from, first, some) << at % 64;
        at += some;
        first += some;
        n -= some;
    }
}

static uint64_t *
join_bits(const struct gl_runs *runs, const uint64_t *const of[2],
          size_t *bytes)
{
    size_t words = runs->n / 64 + 1;
    uint64_t *to = array(words, sizeof *to, bytes);

    memset(to, 0, words * sizeof *to);
    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = run_at(runs, i);

        copy_bits(to, run->to, of[run->of], run->first, run->n);
    }
    return to;
}

/* ---- what some events have ---- */

/* A list of events, ascending. */
struct list {
    const uint32_t *event;
    uint32_t n;
};

/* Runs of lists, of the events that EVENTS has. */
static void
list_runs(const struct gl_runs *events, const struct list of[2],
          struct gl_runs *runs)
{
    uint32_t at[2] = {0, 0};

    gl_runs_init(runs);
    for (guint i = 0; i < events->runs->len; i++) {
        const struct gl_run *run = run_at(events, i);
        uint32_t end = gl_place_from(of[run->of].event, at[run->of],
                                     of[run->of].n, run->first + run->n);
        struct gl_run *some =
            gl_runs_add(runs, run->of, at[run->of], end - at[run->of]);

        if (some != NULL)
            some->event = run->to - run->first;
        at[run->of] = end;
    }
}

static uint32_t *
list_events(const struct gl_runs *runs, const struct list of[2], size_t *bytes)
{
    uint32_t *event = array(runs->n, sizeof *event, bytes);

    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = run_at(runs, i);

        for (uint32_t k = 0; k < run->n; k++)
            event[run->to + k] =
                of[run->of].event[run->first + k] + run->event;
    }
    return event;
}

static void
compose_prop(const struct gl_composing *c, const struct gl_prop_column *a,
             const struct gl_prop_column *b, struct gl_columns *set)
{
    static const struct gl_prop_column none = {.value = {.bytes = 1}};
    struct gl_prop_column *to = &set->props[set->props_n++];
    struct list of[2];
    struct gl_runs runs;

    to->key = a != NULL ? a->key : b->key;
    a = a != NULL ? a : &none;
    b = b != NULL ? b : &none;
    of[0] = (struct list){a->event, a->n};
    of[1] = (struct list){b->event, b->n};
    list_runs(&c->events, of, &runs);
    to->n = runs.n;
    to->event = list_events(&runs, of, &set->bytes);
    to->value = join_column(&runs, &a->value, &b->value, 1, &set->bytes);
    gl_runs_fini(&runs);
}

static void
compose_props(const struct gl_composing *c, struct gl_columns *set)
{
    const struct gl_columns *a = c->of[0], *b = c->of[1];
    uint32_t i = 0, k = 0;

    set->props =
        array(a->props_n + b->props_n, sizeof *set->props, &set->bytes);
    while (i < a->props_n || k < b->props_n) {
        const struct gl_prop_column *one =
            i < a->props_n ? &a->props[i] : NULL;
        const struct gl_prop_column *other =
            k < b->props_n ? &b->props[k] : NULL;

        if (one != NULL && other != NULL && one->key != other->key) {
            if (one->key < other->key)
                other = NULL;
            else
                one = NULL;
        }
        compose_prop(c, one, other, set);
        i += one != NULL;
        k += other != NULL;
    }
}

static void
compose_paid(const struct gl_composing *c, struct gl_columns *set)
{
    const struct gl_paid *a = &c->of[0]->paid, *b = &c->of[1]->paid;
    const struct list of[2] = {{a->event, a->n}, {b->event, b->n}};
    struct gl_runs runs;

    list_runs(&c->events, of, &runs);
    set->paid.n = runs.n;
    set->paid.event = list_events(&runs, of, &set->bytes);
    set->paid.money = join(&runs, (const void *const[2]){a->money, b->money},
                           sizeof *set->paid.money, &set->bytes);
    gl_runs_fini(&runs);
}

/* ---- engagement ---- */

struct engaging {
    uint32_t *event, *ms, *depth;
    uint32_t n;
    const struct gl_run_told *told; /* what is left of them */
    uint32_t told_n;
};

static void
engage(struct engaging *e, const struct gl_run_told *told)
{
    if (e->n == 0 || e->event[e->n - 1] != told->event) {
        e->event[e->n] = told->event;
        e->ms[e->n] = e->depth[e->n] = 0;
        e->n++;
    }
    e->ms[e->n - 1] += MIN(told->ms, UINT32_MAX - e->ms[e->n - 1]);
    e->depth[e->n - 1] = MAX(e->depth[e->n - 1], told->depth);
}

/* What was told of events up to EVENT. */
static void
engage_until(struct engaging *e, uint32_t event)
{
    while (e->told_n > 0 && e->told->event <= event) {
        engage(e, e->told++);
        e->told_n--;
    }
}

static void
engage_run(struct engaging *e, const struct gl_engaged *from,
           const struct gl_run *run)
{
    for (uint32_t i = run->first; i < run->first + run->n; i++) {
        struct gl_run_told told = {from->event[i] + run->event,
                                   gl_column_at(&from->ms, i),
                                   gl_column_at(&from->depth, i)};

        if (told.event > 0)
            engage_until(e, told.event - 1);
        engage(e, &told);
    }
}

static void
compose_engaged(const struct gl_composing *c, struct gl_columns *set)
{
    const struct gl_engaged *a = &c->of[0]->engaged, *b = &c->of[1]->engaged;
    const struct list of[2] = {{a->event, a->n}, {b->event, b->n}};
    struct engaging e = {.told_n = c->told->len,
                         .told = (const void *) c->told->data};
    size_t most = (size_t) a->n + b->n + c->told->len + 1;
    struct gl_runs runs;

    e.event = g_new(uint32_t, most);
    e.ms = g_new(uint32_t, most);
    e.depth = g_new(uint32_t, most);
    list_runs(&c->events, of, &runs);
    for (guint i = 0; i < runs.runs->len; i++)
        engage_run(&e, run_at(&runs, i)->of == 0 ? a : b, run_at(&runs, i));
    engage_until(&e, UINT32_MAX);
    set->engaged.n = e.n;
    set->engaged.event = e.event;
    set->bytes += e.n * sizeof *e.event;
    set->engaged.ms = gl_column_new(e.ms, e.n, &set->bytes);
    set->engaged.depth = gl_column_new(e.depth, e.n, &set->bytes);
    gl_runs_fini(&runs);
}

/* ---- visits and events ---- */

static void
compose_visits(const struct gl_composing *c, struct gl_columns *set)
{
    const struct gl_columns *a = c->of[0], *b = c->of[1];
    const struct gl_runs *runs = &c->visits;

    set->visit_visitor = array(runs->n, sizeof(uint32_t), &set->bytes);
    set->visit_first = array(runs->n + 1, sizeof(uint32_t), &set->bytes);
    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = run_at(runs, i);
        const struct gl_columns *of = c->of[run->of];

        for (uint32_t v = 0; v < run->n; v++) {
            set->visit_visitor[run->to + v] =
                of->visit_visitor[run->first + v] + run->visitor;
            set->visit_first[run->to + v] =
                of->visit_first[run->first + v] + run->event;
        }
    }
    set->visit_first[runs->n] = c->events.n;
    set->visit_at = gl_runs_numbers(
        runs, (const uint32_t *const[2]){a->visit_at, b->visit_at},
        &set->bytes);
    set->visit_bounced =
        join(runs, (const void *const[2]){a->visit_bounced, b->visit_bounced},
             1, &set->bytes);
    set->visit_seconds = join_column(runs, &a->visit_seconds,
                                     &b->visit_seconds, 1, &set->bytes);
    set->visit_views = join_column(runs, &a->visit_views, &b->visit_views,
                                   c->views_bytes, &set->bytes);
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        set->visit_codes[i] = join_column(runs, &a->visit_codes[i],
                                          &b->visit_codes[i], 1, &set->bytes);
}

static void
compose_events(const struct gl_composing *c, struct gl_columns *set)
{
    const struct gl_columns *a = c->of[0], *b = c->of[1];

    set->event_at = gl_runs_numbers(
        &c->events, (const uint32_t *const[2]){a->event_at, b->event_at},
        &set->bytes);
    set->event_viewed =
        join_bits(&c->events,
                  (const uint64_t *const[2]){a->event_viewed, b->event_viewed},
                  &set->bytes);
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        set->event_codes[i] = join_column(&c->events, &a->event_codes[i],
                                          &b->event_codes[i], 1, &set->bytes);
}

struct gl_columns *
gl_compose(const struct gl_composing *c)
{
    const struct gl_columns *a = c->of[0], *b = c->of[1];
    struct gl_columns *set = g_new0(struct gl_columns, 1);

    set->bytes = sizeof *set;
    set->has = a->has & b->has;
    set->visitors_n = c->visitors.n;
    set->visits_n = c->visits.n;
    set->events_n = c->events.n;
    set->visitor_id = join(
        &c->visitors, (const void *const[2]){a->visitor_id, b->visitor_id},
        sizeof *set->visitor_id, &set->bytes);
    for (set->imported = set->visitors_n;
         set->imported > 0 &&
         set->visitor_id[set->imported - 1] & GL_VISITOR_IMPORTED;)
        set->imported--;
    compose_visits(c, set);
    compose_events(c, set);
    compose_props(c, set);
    compose_engaged(c, set);
    compose_paid(c, set);
    return set;
}
