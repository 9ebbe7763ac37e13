/* A set made of runs of two others; see compose.h.  runs.c joins arrays. */

#include "columns/compose.h"

#include <string.h>

#include "event.h"

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
        const struct gl_run *run = gl_runs_at(events, i);
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
    uint32_t *event = gl_runs_array(runs->n, sizeof *event, bytes);

    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = gl_runs_at(runs, i);

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
    to->value = gl_runs_column(&runs, &a->value, &b->value, 1, &set->bytes);
    gl_runs_fini(&runs);
}

static void
compose_props(const struct gl_composing *c, struct gl_columns *set)
{
    const struct gl_columns *a = c->of[0], *b = c->of[1];
    uint32_t i = 0, k = 0;

    set->props = gl_runs_array(a->props_n + b->props_n, sizeof *set->props,
                               &set->bytes);
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
    set->paid.money =
        gl_runs_join(&runs, (const void *const[2]){a->money, b->money},
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
        engage_run(&e, gl_runs_at(&runs, i)->of == 0 ? a : b,
                   gl_runs_at(&runs, i));
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

    set->visit_visitor = gl_runs_array(runs->n, sizeof(uint32_t), &set->bytes);
    set->visit_first =
        gl_runs_array(runs->n + 1, sizeof(uint32_t), &set->bytes);
    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = gl_runs_at(runs, i);
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
    set->visit_bounced = gl_runs_join(
        runs, (const void *const[2]){a->visit_bounced, b->visit_bounced}, 1,
        &set->bytes);
    set->visit_seconds = gl_runs_column(runs, &a->visit_seconds,
                                        &b->visit_seconds, 1, &set->bytes);
    set->visit_views = gl_runs_column(runs, &a->visit_views, &b->visit_views,
                                      c->views_bytes, &set->bytes);
    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        set->visit_codes[i] = gl_runs_column(
            runs, &a->visit_codes[i], &b->visit_codes[i], 1, &set->bytes);
}

static void
compose_events(const struct gl_composing *c, struct gl_columns *set)
{
    const struct gl_columns *a = c->of[0], *b = c->of[1];

    set->event_at = gl_runs_numbers(
        &c->events, (const uint32_t *const[2]){a->event_at, b->event_at},
        &set->bytes);
    set->event_viewed = gl_runs_bits(
        &c->events,
        (const uint64_t *const[2]){a->event_viewed, b->event_viewed},
        &set->bytes);
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        set->event_codes[i] =
            gl_runs_column(&c->events, &a->event_codes[i], &b->event_codes[i],
                           1, &set->bytes);
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
    set->visitor_id = gl_runs_join(
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
