/*
 * What source.c (sets), source_sums.c (sums of a day), source_days.c (of eight
 * days) and source_add.c (which of them) share.  Names end in _: nobody
 * else's.
 */

#ifndef GL_QUERY_EXECUTE_SOURCE_INTERNAL_H
#define GL_QUERY_EXECUTE_SOURCE_INTERNAL_H

#include "columns/sealed.h"
#include "query/execute/source.h"

/* ---- source.c ---- */

/* Of a shelf that another thread makes something for; ARG is the source. */
int gl_source_stop_(void *arg);
struct gl_shelf_ask gl_source_ask_(struct gl_source *source,
                                   enum gl_shelf_kind kind, uint64_t detail);
struct gl_sealed_day gl_source_day_(const struct gl_source *source);
/* 1 = rows that came late change the day. */
int gl_source_is_late_(const struct gl_source *source);

/* ---- source_sums.c ---- */

/* Beside what gl_columns_build() says: of a day that is cut they are not made,
 * since another range cuts another day; of eight days not unless all are
 * sealed. */
#define GL_SOURCE_NO_SUMS 5

static inline int
gl_stretch_is_cut(struct gl_stretch of)
{
    return of.from > 0 || of.to != GL_STRETCH_ALL;
}

/* Of TALLIED, OF that of a day with events until EVENTS_END: 0 and *SUMS, to
 * be put back, or as gl_columns_build(). */
int gl_source_lend_sums_(struct gl_source *source, struct gl_stretch of,
                         const struct gl_tallied *tallied, uint32_t events_end,
                         struct gl_shelved **sums);

/* ---- source_days.c ---- */

/* Add eight days, of which the source's is the first, to TALLIED: 1 = they are
 * done, 0 = there are none such, or as gl_columns_build(). */
int gl_source_add_days_(struct gl_source *source, struct gl_tallied *tallied);

#endif
