/* Parts of a sealed day that only some of its events have; see sealed.h. */

#include "columns/sealed_internal.h"

#include <string.h>

#include "columns/pack.h"
#include "count/count.h"

/* N events: they ascend, and are events. */
static uint32_t *
take_list(struct gl_unpacking_ *u, uint32_t n)
{
    struct gl_columns *set = u->set;
    uint32_t *event = gl_unpacking_array_(set, n, sizeof(uint32_t)),
             before = 0;

    gl_unpack(&u->from, event, n);
    for (uint32_t i = 0; i < n; i++) {
        if (event[i] >= set->events_n - before) {
            gl_unpacking_damaged_(u);
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
        gl_unpacking_damaged_(u);
    return u->from.damaged ? 0 : n;
}

void
gl_sealed_take_midnight_(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    struct gl_midnight *after = &set->midnight;
    size_t words = set->events_n / 64 + 1;

    if (set->event_at != NULL || gl_unpacking_open_(u, GL_PART_MIDNIGHT) != 0)
        return;
    after->n = take_n(u);
    after->event = take_list(u, after->n);
    after->at = gl_unpacking_array_(set, after->n, sizeof *after->at);
    gl_unpack(&u->from, after->at, after->n);
    if (after->n > 0) {
        after->is = gl_unpacking_array_(set, words, sizeof *after->is);
        memset(after->is, 0, words * sizeof *after->is);
    }
    for (uint32_t i = 0; i < after->n; i++) {
        uint32_t event = after->event[i];

        after->at[i] += (uint32_t) GL_DAY_MS;
        after->is[event / 64] |= UINT64_C(1) << event % 64;
    }
    gl_unpacking_close_(u);
}

void
gl_sealed_take_engaged_(struct gl_unpacking_ *u)
{
    struct gl_engaged *engaged = &u->set->engaged;

    if (gl_unpacking_open_(u, GL_PART_ENGAGED) != 0)
        return;
    engaged->n = take_n(u);
    engaged->event = take_list(u, engaged->n);
    if (engaged->n > 0) {
        engaged->ms = gl_unpack_column(&u->from, engaged->n, &u->set->bytes);
        engaged->depth =
            gl_unpack_column(&u->from, engaged->n, &u->set->bytes);
    }
    gl_unpacking_close_(u);
}

void
gl_sealed_take_paid_(struct gl_unpacking_ *u)
{
    struct gl_paid *paid = &u->set->paid;
    struct gl_unpacked currency = {.from = &u->from}, low, high;

    if (gl_unpacking_open_(u, GL_PART_PAID) != 0)
        return;
    currency.left = paid->n = take_n(u);
    low = high = currency;
    paid->event = take_list(u, paid->n);
    paid->money = gl_unpacking_array_(u->set, paid->n, sizeof *paid->money);
    for (uint32_t i = 0; i < paid->n; i++)
        paid->money[i].currency = gl_unpack_next(&currency);
    for (uint32_t i = 0; i < paid->n; i++)
        paid->money[i].amount = gl_unpack_next(&low);
    for (uint32_t i = 0; i < paid->n; i++)
        paid->money[i].amount |=
            (int64_t) ((uint64_t) gl_unpack_next(&high) << 32);
    gl_unpacking_close_(u);
}

static void
take_prop(struct gl_unpacking_ *u, struct gl_prop_column *prop)
{
    struct gl_columns *set = u->set;

    prop->event = take_list(u, prop->n);
    prop->value = gl_unpack_column(&u->from, prop->n, &set->bytes);
}

void
gl_sealed_take_props_(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint32_t *keys;

    if (gl_unpacking_open_(u, GL_PART_PROPS) != 0)
        return;
    keys = g_new(uint32_t, 2 * (size_t) u->props_n + 1);
    set->props = gl_unpacking_array_(set, u->props_n, sizeof *set->props);
    gl_unpack(&u->from, keys, 2 * (size_t) u->props_n);
    for (uint32_t i = 0; i < u->props_n && !u->from.damaged; i++) {
        struct gl_prop_column *prop = &set->props[i];

        if (keys[2 * i + 1] > set->events_n) {
            gl_unpacking_damaged_(u);
            break;
        }
        *prop =
            (struct gl_prop_column){.key = keys[2 * i], .n = keys[2 * i + 1]};
        set->props_n++;
        take_prop(u, prop);
    }
    g_free(keys);
    gl_unpacking_close_(u);
}
