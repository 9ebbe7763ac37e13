/*
 * A filter over one set, node by node: what cannot differ within a visit is
 * asked once a visit.
 */

#include "query/mask.h"

#include <glib.h>
#include <string.h>

#include "count/count.h"

struct masking {
    const struct gl_columns *set;
    uint8_t *in_range; /* [events_n] */
};

static const struct gl_prop_column *
find_prop(const struct gl_columns *set, uint32_t key)
{
    for (uint32_t i = 0; i < set->props_n; i++)
        if (set->props[i].key == key)
            return &set->props[i];
    return NULL;
}

/* Properties are kept of those events alone that have them. */
static uint32_t *
spread_prop(const struct gl_columns *set, uint32_t key)
{
    const struct gl_prop_column *prop = key ? find_prop(set, key) : NULL;
    uint32_t *codes = g_new0(uint32_t, set->events_n + 1);

    for (uint32_t i = 0; prop != NULL && i < prop->n; i++)
        codes[prop->event[i]] = prop->value[i];
    return codes;
}

const uint32_t *
gl_place_codes(const struct gl_place *place, const struct gl_columns *set,
               uint32_t **own)
{
    *own = NULL;
    if (place->what == GL_DIMENSION_PROP)
        return *own = spread_prop(set, place->prop_key);
    return place->of_event ? set->event_codes[place->column]
                           : set->visit_codes[place->column];
}

/* ---- nodes ---- */

/* A code that no dictionary has, of a damaged file, passes as none does. */
static void
test_leaf(const struct gl_columns *set, const struct gl_test *test, size_t n,
          uint8_t *out)
{
    uint32_t *own;
    const uint32_t *codes = gl_place_codes(&test->place, set, &own);

    for (size_t i = 0; i < n; i++)
        out[i] = test->passes[codes[i] < test->codes_n ? codes[i] : 0];
    g_free(own);
}

static void
merge(enum gl_predicate_op op, const uint8_t *child, size_t n, uint8_t *out)
{
    switch (op) {
    case GL_PREDICATE_AND:
        for (size_t i = 0; i < n; i++)
            out[i] &= child[i];
        break;
    case GL_PREDICATE_OR:
        for (size_t i = 0; i < n; i++)
            out[i] |= child[i];
        break;
    default: /* NOT */
        for (size_t i = 0; i < n; i++)
            out[i] = !child[i];
        break;
    }
}

static void
any_of_visit(const struct masking *m, const uint8_t *events, uint8_t *visits)
{
    const struct gl_columns *set = m->set;

    memset(visits, 0, set->visits_n);
    for (uint32_t i = 0; i < set->events_n; i++)
        visits[set->event_visit[i]] |= events[i] & m->in_range[i];
}

/* A filter nests GL_QUESTION_DEPTH_MAX deep at most: so does this.  OUT is of
 * events where EVENTS, else of visits. */
static void
run_test(const struct masking *m, const struct gl_test *test, int events,
         uint8_t *out)
{
    const struct gl_columns *set = m->set;
    size_t n = events ? set->events_n : set->visits_n;
    uint8_t *child;

    if (events && !test->of_event) { /* once a visit, then spread */
        child = g_malloc(set->visits_n + 1);
        run_test(m, test, 0, child);
        for (uint32_t i = 0; i < set->events_n; i++)
            out[i] = child[set->event_visit[i]];
    } else if (test->op >= GL_PREDICATE_IS) {
        test_leaf(set, test, n, out);
        return;
    } else if (test->op == GL_PREDICATE_HAS_DONE) {
        child = g_malloc(set->events_n + 1);
        run_test(m, test->children->pdata[0], 1, child);
        any_of_visit(m, child, out);
    } else {
        child = g_malloc(n + 1);
        memset(out, test->op == GL_PREDICATE_AND, n);
        for (guint i = 0; i < test->children->len; i++) {
            run_test(m, test->children->pdata[i], events, child);
            merge(test->op, child, n, out);
        }
    }
    g_free(child);
}

/* ---- the range ---- */

/* FROM and TO, as a set tells time. */
static uint32_t
in_set(const struct gl_columns *set, int64_t at_ms)
{
    int64_t at = at_ms - set->day * GL_DAY_MS;

    return at < 0 ? 0 : at > UINT32_MAX ? UINT32_MAX : (uint32_t) at;
}

void
gl_mask_init(struct gl_mask *mask, const struct gl_columns *set,
             int64_t from_ms, int64_t to_ms, const struct gl_test *test)
{
    struct masking m = {set, g_malloc(set->events_n + 1)};
    uint32_t from = in_set(set, from_ms), to = in_set(set, to_ms);

    for (uint32_t i = 0; i < set->events_n; i++)
        m.in_range[i] = set->event_at[i] >= from && set->event_at[i] < to;
    mask->visits = g_malloc(set->visits_n + 1);
    if (test == NULL) {
        mask->events = m.in_range;
        any_of_visit(&m, m.in_range, mask->visits);
    } else {
        mask->events = g_malloc(set->events_n + 1);
        run_test(&m, test, 1, mask->events);
        for (uint32_t i = 0; i < set->events_n; i++)
            mask->events[i] &= m.in_range[i];
        any_of_visit(&m, mask->events, mask->visits);
        g_free(m.in_range);
    }
    for (uint32_t i = 0; i < set->visits_n; i++)
        mask->visits[i] &= set->visit_at[i] >= from && set->visit_at[i] < to;
}

void
gl_mask_fini(struct gl_mask *mask)
{
    g_free(mask->events);
    g_free(mask->visits);
    *mask = (struct gl_mask){NULL, NULL};
}
