/*
 * Days in memory: an open table by site and day, at most three quarters full.
 */

#include "store/account/account_internal.h"

#include <stdlib.h>

#define DAYS_FIRST 4
/* A day is some 200 bytes: 25 MiB for an account of 98,304 busy sites, or an
 * import of as many days.  Beyond, it is begun anew. */
#define DAYS_MAX 131072

void
gl_days_clear_(struct gl_days *days)
{
    free(days->slots);
    *days = (struct gl_days){0};
}

struct gl_day *
gl_days_slot_(const struct gl_days *days, int64_t site, int64_t day)
{
    uint64_t mixed = ((uint64_t) site * 0x9e3779b97f4a7c15 + (uint64_t) day) *
                     0xbf58476d1ce4e5b9;
    size_t at = (mixed >> 32) & (days->size - 1);
    while (days->slots[at].used &&
           (days->slots[at].site != site || days->slots[at].day != day))
        at = (at + 1) & (days->size - 1);
    return &days->slots[at];
}

int
gl_days_full_(const struct gl_days *days)
{
    return days->used + 1 > days->size / 4 * 3;
}

int
gl_days_grow_(struct gl_days *days)
{
    if (days->size >= DAYS_MAX)
        gl_days_clear_(days);
    struct gl_days more = {.size = days->size ? days->size * 2 : DAYS_FIRST};
    more.slots = calloc(more.size, sizeof *more.slots);
    if (more.slots == NULL)
        return -1;
    for (size_t i = 0; i < days->size; i++)
        if (days->slots[i].used)
            *gl_days_slot_(&more, days->slots[i].site, days->slots[i].day) =
                days->slots[i];
    more.used = days->used;
    gl_days_clear_(days);
    *days = more;
    return 0;
}
