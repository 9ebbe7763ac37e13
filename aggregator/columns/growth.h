/*
 * What is known of a set so that rows which come later can be added to it.
 * Pure, but for the bases.
 */

#ifndef GL_COLUMNS_GROWTH_H
#define GL_COLUMNS_GROWTH_H

#include "columns/build.h"
#include "store/rows/rows.h"

/* What it takes to add to a set. */
struct gl_growth {
    struct gl_day_base base[2]; /* of the day and of the day after */
    uint32_t *last; /* [visitor]: when its last row was, as event_at */
};
/* With it: the visitor's last visit may go on. */
#define GL_GROWTH_OPEN (1u << 31)
#define GL_GROWTH_AT (GL_GROWTH_OPEN - 1)

/* As of the reader's commit: 0 or -enum gl_store_error. */
int gl_growth_base(const struct gl_build *build, struct gl_day_base base[2]);
/* 1 = what makes a set of BASE is all there, of rowids up to *AFTER, where the
 * days are as NOW says. */
int gl_growth_holds(const struct gl_day_base base[2],
                    const struct gl_day_base now[2], int64_t *after);

#define GL_GROWTH_NONE UINT32_MAX
/* The number of a visitor, or NONE. */
uint32_t gl_growth_find(const struct gl_columns *set, uint64_t visitor);
/* 1 = it may have rows of the day after in SET. */
int gl_growth_goes_on(const struct gl_columns *set, uint64_t visitor);

#endif
