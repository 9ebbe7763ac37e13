/* Which events and visits of one set pass a filter and are of a range.  Pure.
 */

#ifndef GL_QUERY_TALLY_MASK_H
#define GL_QUERY_TALLY_MASK_H

#include "columns/times.h"
#include "query/plan/plan.h"

struct gl_mask {
    const struct gl_columns *set;
    uint32_t from, to; /* the range, as the set tells time */
    int whole;         /* all of the set is in it: no time need be looked at */
    /* 1 = it passes, whatever its time.  NULL: all; EVENTS too where all of a
     * visit pass or none */
    uint8_t *visits, *events;
};

/* Of TEST, NULL = all pass. */
void gl_mask_init(struct gl_mask *mask, const struct gl_columns *set,
                  int64_t from_ms, int64_t to_ms, const struct gl_test *test);
void gl_mask_fini(struct gl_mask *mask);

/* Of a range that cuts the set, without a test: 1 = all visits of those
 * visitors who have something out of the range, [visits_n]; g_free(). */
uint8_t *gl_mask_cut(const struct gl_mask *mask);

static inline int
gl_mask_in_range(const struct gl_mask *mask, uint32_t at)
{
    return at - mask->from < mask->to - mask->from; /* unsigned */
}

static inline int
gl_mask_has_event(const struct gl_mask *mask, uint32_t event)
{
    return mask->whole ||
           gl_mask_in_range(mask, gl_columns_event_at(mask->set, event));
}

/* EVENT, of VISIT, counts. */
static inline int
gl_mask_counts(const struct gl_mask *mask, uint32_t visit, uint32_t event)
{
    return gl_mask_has_event(mask, event) &&
           (mask->events != NULL   ? mask->events[event]
            : mask->visits != NULL ? mask->visits[visit]
                                   : 1);
}

/* One code an event (of_event), or a visit.  OWN: to be freed, or NULL. */
const struct gl_column *gl_place_column(const struct gl_place *place,
                                        const struct gl_columns *set,
                                        struct gl_column **own);
void gl_place_column_free(struct gl_column *own);

#endif
