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

/* Times of those alone; of all the others, and where visits began, 0. */
void
gl_sealed_take_midnight_(struct gl_unpacking_ *u)
{
    struct gl_columns *set = u->set;
    uint32_t n, *event;

    if (set->event_at != NULL || gl_unpacking_open_(u, GL_PART_MIDNIGHT) != 0)
        return;
    n = take_n(u);
    event = take_list(u, n);
    gl_unpack(&u->from, u->numbers, n);
    if (n > 0) {
        set->visit_at =
            gl_unpacking_array_(set, set->visits_n, sizeof(uint32_t));
        set->event_at =
            gl_unpacking_array_(set, set->events_n, sizeof(uint32_t));
        memset(set->visit_at, 0, set->visits_n * sizeof(uint32_t));
        memset(set->event_at, 0, set->events_n * sizeof(uint32_t));
    }
    for (uint32_t i = 0; i < n; i++)
        set->event_at[event[i]] = u->numbers[i] + (uint32_t) GL_DAY_MS;
    set->bytes -= n * sizeof *event;
    g_free(event);
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
    uint32_t n;

    if (gl_unpacking_open_(u, GL_PART_PAID) != 0)
        return;
    n = paid->n = take_n(u);
    paid->event = take_list(u, n);
    paid->money = gl_unpacking_array_(u->set, n, sizeof *paid->money);
    gl_unpack(&u->from, u->numbers, n);
    gl_unpack(&u->from, u->more, n);
    gl_unpack(&u->from, u->most, n);
    for (uint32_t i = 0; i < n; i++)
        paid->money[i] = (struct gl_money){
            u->numbers[i],
            (int64_t) (u->more[i] | (uint64_t) u->most[i] << 32)};
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
    const uint32_t *keys = u->numbers;

    if (gl_unpacking_open_(u, GL_PART_PROPS) != 0)
        return;
    set->props = gl_unpacking_array_(set, u->props_n, sizeof *set->props);
    gl_unpack(&u->from, u->numbers, 2 * (size_t) u->props_n);
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
    gl_unpacking_close_(u);
}
