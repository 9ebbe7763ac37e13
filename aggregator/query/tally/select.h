/*
 * What of a block of a set counts, as lists.  Blocks of some thousand visits,
 * so that the lists stay in the cache while many questions pass over them.
 * Pure.
 */

#ifndef GL_QUERY_TALLY_SELECT_H
#define GL_QUERY_TALLY_SELECT_H

#include "query/tally/mask.h"

#define GL_SELECT_VISITS 8192 /* a block: 460 KiB of lists, a second cache */

/* Four sums of 32 bits, of which one addition adds all: GL_SUM_VISITORS,
 * _VISITS, _PAGEVIEWS and _EVENTS. */
typedef uint32_t gl_lanes __attribute__((vector_size(16)));
_Static_assert(GL_SUM_VISITORS == 0 && GL_SUM_VISITS == 1 &&
                   GL_SUM_PAGEVIEWS == 2 && GL_SUM_EVENTS == 3,
               "the lanes are the first sums");

struct gl_selection {
    const struct gl_mask *mask;
    int want_events; /* also one by one */

    uint32_t visits_n; /* with an event that counts */
    uint32_t *visit, *visitor;
    /* 0; 1 = it counts as a visit; its events that count */
    gl_lanes *weight;
    /* the same, and 1 = the first of its visitor in the set */
    gl_lanes *visitor_weight;
    uint32_t before; /* the last visitor so far */

    /* Those that count, visit by visit, as many as its weight says. */
    uint32_t events_n;
    uint32_t *event;
    uint32_t events_max;
};

void gl_selection_init(struct gl_selection *selection);
void gl_selection_fini(struct gl_selection *selection);
/* A set comes from its start. */
void gl_selection_begin(struct gl_selection *selection, int want_events);
/* Of the visits from FROM on, GL_SELECT_VISITS of them at most, of MASK's set;
 * its blocks in order. */
void gl_select(struct gl_selection *selection, const struct gl_mask *mask,
               uint32_t from);

#endif
