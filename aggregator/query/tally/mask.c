/*
 * A filter over one set, node by node: what cannot differ within a visit is
 * asked once a visit.
 */

#include "query/tally/mask.h"

#include <glib.h>
#include <string.h>

#include "count/count.h"
#include "gl_assert.h"

static const struct gl_prop_column *
find_prop(const struct gl_columns *set, uint32_t key)
{
    for (uint32_t i = 0; key != 0 && i < set->props_n; i++)
        if (set->props[i].key == key)
            return &set->props[i];
    return NULL;
}

/* Properties are kept of those events alone that have them. */
static struct gl_column *
spread_prop(const struct gl_columns *set, uint32_t key)
{
    const struct gl_prop_column *prop = find_prop(set, key);
    uint32_t *codes = g_new0(uint32_t, set->events_n + 1);
    struct gl_column *column = g_new(struct gl_column, 1);

    for (uint32_t i = 0; prop != NULL && i < prop->n; i++)
        codes[prop->event[i]] = gl_column_at(&prop->value, i);
    *column = (struct gl_column){.bytes = sizeof *codes, .codes = codes};
    return column;
}

const struct gl_column *
gl_place_column(const struct gl_place *place, const struct gl_columns *set,
                struct gl_column **own)
{
    *own = NULL;
    if (place->what == GL_DIMENSION_PROP)
        return *own = spread_prop(set, place->prop_key);
    return place->of_event ? &set->event_codes[place->column]
                           : &set->visit_codes[place->column];
}

void
gl_place_column_free(struct gl_column *own)
{
    if (own != NULL)
        gl_column_fini(own);
    g_free(own);
}

/* ---- nodes ---- */

#define TEST(type)                                                            \
    for (size_t i = 0; i < n; i++) {                                          \
        uint32_t code = ((const type *) column->codes)[i];                    \
                                                                              \
        out[i] = test->passes[code < test->codes_n ? code : 0];               \
    }

/* A code that no dictionary has, of a damaged file, passes as none does. */
static void
test_leaf(const struct gl_columns *set, const struct gl_test *test, size_t n,
          uint8_t *out)
{
    struct gl_column *own;
    const struct gl_column *column = gl_place_column(&test->place, set, &own);

    GL_ASSERT(test->codes_n > 0 && test->passes != NULL);
    switch (column->bytes) {
    case 1:
        TEST(uint8_t)
        break;
    case 2:
        TEST(uint16_t)
        break;
    default:
        TEST(uint32_t)
        break;
    }
    gl_place_column_free(own);
}

static void
test_scrolled(const struct gl_columns *set, uint32_t percent, uint8_t *out)
{
    const struct gl_engaged *engaged = &set->engaged;

    memset(out, 0, set->events_n);
    for (uint32_t i = 0; i < engaged->n; i++)
        out[engaged->event[i]] = gl_column_at(&engaged->depth, i) > percent;
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
    default:
        GL_ASSERT(op == GL_PREDICATE_NOT);
        for (size_t i = 0; i < n; i++)
            out[i] = !child[i];
        break;
    }
}

/* VISITS: an event of it passes, and is in the range. */
static void
any_of_visit(const struct gl_mask *mask, const uint8_t *events,
             uint8_t *visits)
{
    const struct gl_columns *set = mask->set;

    for (uint32_t v = 0; v < set->visits_n; v++) {
        visits[v] = 0;
        for (uint32_t e = set->visit_first[v]; e < set->visit_first[v + 1];
             e++)
            visits[v] |= events[e] & gl_mask_has_event(mask, e);
    }
}

static void
spread_visits(const struct gl_columns *set, const uint8_t *visits,
              uint8_t *events)
{
    for (uint32_t v = 0; v < set->visits_n; v++)
        memset(events + set->visit_first[v], visits[v],
               set->visit_first[v + 1] - set->visit_first[v]);
}

/* A filter nests GL_QUESTION_DEPTH_MAX deep at most: so does this.  OUT is of
 * events where EVENTS, else of visits. */
static void
run_test(const struct gl_mask *mask, const struct gl_test *test, int events,
         uint8_t *out)
{
    const struct gl_columns *set = mask->set;
    size_t n = events ? set->events_n : set->visits_n;
    uint8_t *child;

    if (events && !test->of_event) { /* once a visit */
        child = g_malloc(set->visits_n + 1);
        run_test(mask, test, 0, child);
        spread_visits(set, child, out);
    } else if (test->op == GL_PREDICATE_SCROLLED) {
        test_scrolled(set, test->scroll, out);
        return;
    } else if (test->op >= GL_PREDICATE_IS) {
        test_leaf(set, test, n, out);
        return;
    } else if (test->op == GL_PREDICATE_HAS_DONE) {
        GL_ASSERT(!events && test->children->len == 1);
        child = g_malloc(set->events_n + 1);
        run_test(mask, test->children->pdata[0], 1, child);
        any_of_visit(mask, child, out);
    } else {
        child = g_malloc(n + 1);
        memset(out, test->op == GL_PREDICATE_AND, n);
        for (guint i = 0; i < test->children->len; i++) {
            run_test(mask, test->children->pdata[i], events, child);
            merge(test->op, child, n, out);
        }
    }
    g_free(child);
}

/* ---- the range ---- */

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
    *mask = (struct gl_mask){
        .set = set,
        .from = in_set(set, from_ms),
        .to = in_set(set, to_ms),
    };
    mask->whole = mask->from == 0 && mask->to >= set->events_end;
    if (test != NULL && test->of_event) {
        mask->events = g_malloc(set->events_n + 1);
        run_test(mask, test, 1, mask->events);
    } else if (test != NULL) {
        mask->visits = g_malloc(set->visits_n + 1);
        run_test(mask, test, 0, mask->visits);
    }
}

/* VISIT, or an event of it, is out of the range. */
static uint8_t
is_cut(const struct gl_mask *mask, uint32_t visit)
{
    const struct gl_columns *set = mask->set;
    uint32_t from = set->visit_first[visit];
    uint32_t to = set->visit_first[visit + 1];

    if (!gl_mask_in_range(mask, gl_columns_visit_at(set, visit)))
        return 1;
    return from < to && (gl_columns_event_at(set, from) < mask->from ||
                         gl_columns_event_at(set, to - 1) >= mask->to);
}

uint8_t *
gl_mask_cut(const struct gl_mask *mask)
{
    const struct gl_columns *set = mask->set;
    uint8_t *visits = g_malloc(set->visits_n + 1);
    uint8_t *visitors = g_malloc0(set->visitors_n + 1);

    GL_ASSERT(mask->visits == NULL && mask->events == NULL);
    for (uint32_t v = 0; v < set->visits_n; v++)
        visitors[set->visit_visitor[v]] |= is_cut(mask, v);
    for (uint32_t v = 0; v < set->visits_n; v++)
        visits[v] = visitors[set->visit_visitor[v]];
    g_free(visitors);
    return visits;
}

void
gl_mask_fini(struct gl_mask *mask)
{
    g_free(mask->events);
    g_free(mask->visits);
}
