/* A day set, packed; see sealed.h. */

#include "columns/sealed.h"

#include "columns/pack.h"
#include "columns/sealed_internal.h"
#include "count/count.h"
#include "crc32c.h"
#include "little_endian.h"

/* A set on its way: scratch for as many numbers as it has of anything. */
struct packing {
    const struct gl_columns *set;
    GByteArray *to;
    uint32_t *numbers;
};

static void
pack_shape(struct packing *p)
{
    const struct gl_columns *set = p->set;
    size_t words = set->events_n / 64 + 1;

    memset(p->numbers, 0, set->visitors_n * sizeof *p->numbers);
    for (uint32_t v = 0; v < set->visits_n; v++)
        p->numbers[set->visit_visitor[v]]++;
    gl_pack(p->to, p->numbers, set->visitors_n);
    for (uint32_t v = 0; v < set->visits_n; v++)
        p->numbers[v] = set->visit_first[v + 1] - set->visit_first[v];
    gl_pack(p->to, p->numbers, set->visits_n);
    for (size_t i = 0; i < words; i++) {
        p->numbers[2 * i] = (uint32_t) set->event_viewed[i];
        p->numbers[2 * i + 1] = (uint32_t) (set->event_viewed[i] >> 32);
    }
    gl_pack(p->to, p->numbers, 2 * words);
}

static void
pack_ids(struct packing *p)
{
    const struct gl_columns *set = p->set;

    for (int shift = 0; shift <= 32; shift += 32) {
        uint64_t before = 0;

        for (uint32_t i = 0; i < set->visitors_n; i++) {
            p->numbers[i] =
                (uint32_t) ((set->visitor_id[i] - before) >> shift);
            before = set->visitor_id[i];
        }
        gl_pack(p->to, p->numbers, set->visitors_n);
    }
}

static void
pack_times(struct packing *p)
{
    const struct gl_columns *set = p->set;
    size_t n = 0;

    gl_pack(p->to, set->visit_at, set->visits_n);
    for (uint32_t v = 0; v < set->visits_n; v++) {
        uint32_t first = set->visit_first[v];

        p->numbers[v] = set->visit_first[v + 1] > first
                            ? set->event_at[first] - set->visit_at[v]
                            : 0;
    }
    gl_pack(p->to, p->numbers, set->visits_n);
    for (uint32_t v = 0; v < set->visits_n; v++)
        for (uint32_t e = set->visit_first[v] + 1; e < set->visit_first[v + 1];
             e++)
            p->numbers[n++] = set->event_at[e] - set->event_at[e - 1];
    gl_pack(p->to, p->numbers, n);
}

static void
pack_sums(struct packing *p)
{
    const struct gl_columns *set = p->set;

    for (int which = 0; which < 3; which++) {
        for (uint32_t v = 0; v < set->visits_n; v++) {
            struct gl_sealed_told_ told = gl_sealed_told_(set, v);

            p->numbers[v] =
                which == 0 ? set->visit_bounced[v] ^ told.bounced
                : which == 1
                    ? gl_sealed_fold_(gl_column_at(&set->visit_views, v) -
                                      told.views)
                    : gl_sealed_fold_(gl_column_at(&set->visit_seconds, v) -
                                      told.seconds);
        }
        gl_pack(p->to, p->numbers, set->visits_n);
    }
}

static void
pack_props(struct packing *p)
{
    const struct gl_columns *set = p->set;

    for (uint32_t i = 0; i < set->props_n; i++) {
        p->numbers[2 * i] = set->props[i].key;
        p->numbers[2 * i + 1] = set->props[i].n;
    }
    gl_pack(p->to, p->numbers, 2 * (size_t) set->props_n);
    for (uint32_t i = 0; i < set->props_n; i++) {
        const struct gl_prop_column *prop = &set->props[i];
        uint32_t before = 0;

        for (uint32_t e = 0; e < prop->n; e++) {
            p->numbers[e] = prop->event[e] - before;
            before = prop->event[e];
        }
        gl_pack(p->to, p->numbers, prop->n);
        gl_pack_column(p->to, &prop->value, prop->n);
    }
}

/* N events, ascending: how many, and each since the one before. */
static void
pack_list(struct packing *p, const uint32_t *event, uint32_t n)
{
    gl_pack(p->to, &n, 1);
    for (uint32_t i = 0; i < n; i++)
        p->numbers[i] = event[i] - (i > 0 ? event[i - 1] : 0);
    gl_pack(p->to, p->numbers, n);
}

/* Few: a question that asks when they were need not unpack all times. */
static void
pack_midnight(struct packing *p)
{
    const struct gl_columns *set = p->set;
    GArray *events = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    const uint32_t *event;

    for (uint32_t e = 0; e < set->events_n; e++)
        if (set->event_at[e] >= GL_DAY_MS)
            g_array_append_val(events, e);
    event = (const uint32_t *) (void *) events->data;
    pack_list(p, event, events->len);
    for (guint i = 0; i < events->len; i++)
        p->numbers[i] = set->event_at[event[i]] - (uint32_t) GL_DAY_MS;
    gl_pack(p->to, p->numbers, events->len);
    g_array_free(events, TRUE);
}

static void
pack_engaged(struct packing *p)
{
    const struct gl_engaged *engaged = &p->set->engaged;

    pack_list(p, engaged->event, engaged->n);
    if (engaged->n == 0)
        return;
    gl_pack_column(p->to, &engaged->ms, engaged->n);
    gl_pack_column(p->to, &engaged->depth, engaged->n);
}

static void
pack_paid(struct packing *p)
{
    const struct gl_paid *paid = &p->set->paid;

    pack_list(p, paid->event, paid->n);
    for (uint32_t i = 0; i < paid->n; i++)
        p->numbers[i] = paid->money[i].currency;
    gl_pack(p->to, p->numbers, paid->n);
    for (int shift = 0; shift <= 32; shift += 32) {
        for (uint32_t i = 0; i < paid->n; i++)
            p->numbers[i] =
                (uint32_t) ((uint64_t) paid->money[i].amount >> shift);
        gl_pack(p->to, p->numbers, paid->n);
    }
}

static void
pack_event(struct packing *p, int column)
{
    const struct gl_columns *set = p->set;
    const struct gl_column *codes = &set->event_codes[column];
    size_t n = 0;

    if (column != GL_EVENT_NAME) {
        gl_pack_column(p->to, codes, set->events_n);
        return;
    }
    for (uint32_t e = 0; e < set->events_n; e++)
        if (!gl_columns_viewed(set, e))
            p->numbers[n++] = gl_column_at(codes, e);
    gl_pack(p->to, p->numbers, n);
}

static void
pack_visit(struct packing *p, int column)
{
    const struct gl_columns *set = p->set;
    const struct gl_column *codes = &set->visit_codes[column];

    if (gl_sealed_is_end_(column)) {
        for (uint32_t v = 0; v < set->visits_n; v++)
            p->numbers[v] =
                gl_column_at(codes, v) ^ gl_sealed_end_(set, column, v);
        gl_pack(p->to, p->numbers, set->visits_n);
    } else if (set->visitor_columns >> column & 1) {
        for (uint32_t v = 0; v < set->visits_n; v++)
            p->numbers[set->visit_visitor[v]] = gl_column_at(codes, v);
        gl_pack(p->to, p->numbers, set->visitors_n);
    } else {
        gl_pack_column(p->to, codes, set->visits_n);
    }
}

static void
pack_part(struct packing *p, int part)
{
    switch (part) {
    case GL_SEALED_SHAPE:
        pack_shape(p);
        break;
    case GL_PART_IDS:
        pack_ids(p);
        break;
    case GL_PART_TIMES:
        pack_times(p);
        break;
    case GL_PART_MIDNIGHT:
        pack_midnight(p);
        break;
    case GL_PART_SUMS:
        pack_sums(p);
        break;
    case GL_PART_PROPS:
        pack_props(p);
        break;
    case GL_PART_ENGAGED:
        pack_engaged(p);
        break;
    case GL_PART_PAID:
        pack_paid(p);
        break;
    default:
        if (part < GL_PART_VISIT)
            pack_event(p, part - GL_PART_EVENT);
        else
            pack_visit(p, part - GL_PART_VISIT);
        break;
    }
}

static size_t
pack_head(const struct gl_columns *set, uint8_t *head)
{
    const uint32_t numbers[GL_SEALED_HEAD_N] = {
        [GL_SEALED_HEAD_VISITORS] = set->visitors_n,
        [GL_SEALED_HEAD_IMPORTED] = set->imported,
        [GL_SEALED_HEAD_VISITS] = set->visits_n,
        [GL_SEALED_HEAD_EVENTS] = set->events_n,
        [GL_SEALED_HEAD_END] = set->events_end,
        [GL_SEALED_HEAD_COLUMNS] = set->visitor_columns,
        [GL_SEALED_HEAD_PROPS] = set->props_n,
    };

    for (int i = 0; i < GL_SEALED_HEAD_N; i++)
        gl_put32(&head[4 * i], numbers[i]);
    gl_put32(&head[sizeof numbers], gl_crc32c(0, head, sizeof numbers));
    return sizeof numbers + 4;
}

/* Two more than the words of pageviews. */
static size_t
scratch_of(const struct gl_columns *set)
{
    size_t most = MAX(set->events_n, 2 * (size_t) set->props_n);

    return MAX(most, set->visits_n) + 64;
}

struct gl_sealed *
gl_sealed_pack(const struct gl_columns *set)
{
    struct gl_sealed *sealed = g_new0(struct gl_sealed, 1);
    struct packing p = {.set = set};

    p.numbers = g_new(uint32_t, scratch_of(set));
    sealed->head_len = pack_head(set, sealed->head);
    for (int part = 0; part < GL_SEALED_ALL; part++) {
        p.to = sealed->parts[part] = g_byte_array_new();
        if (part < GL_SEALED_PARTS)
            pack_part(&p, part);
    }
    g_free(p.numbers);
    return sealed;
}

void
gl_sealed_free(struct gl_sealed *sealed)
{
    for (int part = 0; sealed != NULL && part < GL_SEALED_ALL; part++)
        g_byte_array_unref(sealed->parts[part]);
    g_free(sealed);
}
