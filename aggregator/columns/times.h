/* When events and visits of a set were, however it tells them.  Pure. */

#ifndef GL_COLUMNS_TIMES_H
#define GL_COLUMNS_TIMES_H

#include "columns/columns.h"

/* When it was; of a set without GL_PART_TIMES 0, but of the day after. */
static inline uint32_t
gl_columns_event_at(const struct gl_columns *set, uint32_t event)
{
    const struct gl_midnight *after = &set->midnight;

    if (set->event_at != NULL)
        return set->event_at[event];
    if (after->n == 0 || !(after->is[event / 64] >> event % 64 & 1))
        return 0;
    return after->at[gl_place_from(after->event, 0, after->n, event)];
}

static inline uint32_t
gl_columns_visit_at(const struct gl_columns *set, uint32_t visit)
{
    return set->visit_at != NULL ? set->visit_at[visit] : 0;
}

#endif
