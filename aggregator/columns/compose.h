/*
 * A set made of runs of two others, as they follow one another in it:
 *
 *   of 0     a a b b b c . d d d        visitors, visits and events: each
 *   of 1     b e e                      have runs of their own
 *   set      a a b b b b c . e e d d d
 *
 * Pure.  Inside this room only.
 */

#ifndef GL_COLUMNS_COMPOSE_H
#define GL_COLUMNS_COMPOSE_H

#include <glib.h>

#include "columns/columns.h"

struct gl_run {
    int of;            /* which of the two */
    uint32_t first, n; /* there */
    uint32_t to;       /* here */
    /* what is added to numbers of visitors and events; modulo 2^32 */
    uint32_t visitor, event;
};

/* Runs in order, without a gap. */
struct gl_runs {
    GArray *runs; /* struct gl_run */
    uint32_t n;   /* of all */
};
void gl_runs_init(struct gl_runs *runs);
void gl_runs_fini(struct gl_runs *runs);
/* N of them follow, from FIRST on; the run, which may get more said of it, or
 * NULL where N is 0. */
struct gl_run *gl_runs_add(struct gl_runs *runs, int of, uint32_t first,
                           uint32_t n);

static inline const struct gl_run *
gl_runs_at(const struct gl_runs *runs, guint at)
{
    return &g_array_index(runs->runs, struct gl_run, at);
}

/* Engagement that is added to an event of the set. */
struct gl_run_told {
    uint32_t event, ms, depth;
};

struct gl_composing {
    const struct gl_columns *of[2];
    struct gl_runs visitors, visits, events;
    GArray *told;         /* struct gl_run_told, by event */
    unsigned views_bytes; /* what visit_views has at least */
};

/* All parts, but day, open, events_end, visitor_columns, growth. */
struct gl_columns *gl_compose(const struct gl_composing *c);

/* TOLD (struct gl_run_told, by event) of events of the first set: of the same
 * ones in what is composed. */
void gl_runs_tell(const struct gl_runs *events, GArray *told);

/* What is joined below is g_malloc'ed, and counted in *BYTES.  Room for N of
 * SIZE bytes; at least one, so that none is NULL. */
void *gl_runs_array(size_t n, size_t size, size_t *bytes);
/* One of SIZE bytes a row. */
void *gl_runs_join(const struct gl_runs *runs, const void *const of[2],
                   size_t size, size_t *bytes);
/* Codes, as wide as the wider ones, and BYTES_MIN. */
struct gl_column gl_runs_column(const struct gl_runs *runs,
                                const struct gl_column *a,
                                const struct gl_column *b, unsigned bytes_min,
                                size_t *bytes);
/* A bit a row. */
uint64_t *gl_runs_bits(const struct gl_runs *runs, const uint64_t *const of[2],
                       size_t *bytes);
/* Numbers of 32 bits, one a row. */
uint32_t *gl_runs_numbers(const struct gl_runs *runs,
                          const uint32_t *const of[2], size_t *bytes);

#endif
