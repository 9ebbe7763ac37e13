/* Between gather.c, the arrays of a set, and gather_order.c, in what order. */

#ifndef GL_COLUMNS_GATHER_INTERNAL_H
#define GL_COLUMNS_GATHER_INTERNAL_H

#include "columns/build_internal.h"

/* A row to be sorted. */
struct gl_gather_place {
    uint64_t visitor;
    int64_t at_ms;
    uint32_t row;
    uint32_t visit; /* in .visits; GL_GATHER_NONE = of another set */
};
#define GL_GATHER_NONE UINT32_MAX

struct gl_gathering {
    struct gl_building *b;
    struct gl_columns *set;
    struct gl_gather_place *places;
    size_t places_n;
    GArray *prop_events; /* struct gl_gather_prop */
    struct gl_engaging *engaging;
    /* what becomes columns */
    uint32_t *visit_codes[GL_VISIT_COLUMNS], *event_codes[GL_EVENT_COLUMNS];
    uint32_t *seconds, *views;
};

struct gl_gather_prop {
    uint32_t key, event, value;
};

static inline const struct gl_build_row *
gl_gather_row_(const struct gl_building *b, uint32_t at)
{
    return &g_array_index(b->rows, struct gl_build_row, at);
}

static inline struct gl_build_visit *
gl_gather_visit_(const struct gl_building *b, uint32_t at)
{
    return &g_array_index(b->visits, struct gl_build_visit, at);
}

/* Visits of B by visitor and start, PLACES by visitor and time. */
void gl_gather_sort_(struct gl_gathering *g);
/* Each place gets its visit. */
void gl_gather_assign_(struct gl_gathering *g);
/* Open visits have what their rows tell so far. */
void gl_gather_complete_(struct gl_gathering *g);

#endif
