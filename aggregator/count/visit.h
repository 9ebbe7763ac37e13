/*
 * One visit: when it takes an event, and what an event adds to it.  The live
 * fold and the slow path share these few lines, so that they cannot differ.
 */

#ifndef GL_VISIT_H
#define GL_VISIT_H

#include "count/count.h"

/* Whether the event continues VISIT: gap and longest length. */
int gl_visit_takes(const struct gl_visit *visit, const struct gl_row *row);

/* A new visit that starts with ROW (no engagement); sets row->mark. */
void gl_visit_start(struct gl_visit *visit, struct gl_row *row,
                    const struct gl_count_rules *rules);

/* How many pageviews of VISIT come after the pageview ROW; -1 when that, or
 * what ROW changes for the one after it, is not known. */
int gl_visit_place(const struct gl_visit *visit, const struct gl_row *row,
                   const struct gl_words *words);

/* ROW joins VISIT, which takes it; sets row->mark.  The first event of VISIT
 * came before; PLACE of its pageviews come after ROW (gl_visit_place()). */
void gl_visit_add(struct gl_visit *visit, struct gl_row *row, int place,
                  const struct gl_count_rules *rules);

/* Order of two events of one visitor: (time, kind, host, path); in one
 * millisecond engagement, then pageviews, then custom events. */
int gl_row_compare(const struct gl_row *a, const struct gl_row *b,
                   const struct gl_words *words);

#endif
