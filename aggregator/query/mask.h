/* Which events and visits of one set count.  Pure. */

#ifndef GL_QUERY_MASK_H
#define GL_QUERY_MASK_H

#include "query/plan.h"

struct gl_mask {
    uint8_t *events; /* [events_n] 1 = it counts */
    uint8_t *visits; /* [visits_n] 1 = it counts */
};

/* Of the events in FROM <= time < TO, those that pass TEST (NULL: all). */
void gl_mask_init(struct gl_mask *mask, const struct gl_columns *set,
                  int64_t from_ms, int64_t to_ms, const struct gl_test *test);
void gl_mask_fini(struct gl_mask *mask);

/* One code an event (of_event), or a visit.  OWN: to be freed, or NULL. */
const uint32_t *gl_place_codes(const struct gl_place *place,
                               const struct gl_columns *set, uint32_t **own);

#endif
