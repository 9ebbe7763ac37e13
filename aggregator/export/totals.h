/*
 * A site's days as totals, in the ten tables of Plausible's CSV export
 * (store/rows/day_tables.def), a day a call: every number is the engine's
 * answer.
 */

#ifndef GL_EXPORT_TOTALS_H
#define GL_EXPORT_TOTALS_H

#include "export/range.h"
#include "calls/query.h"

/*
 * DATE of the site's zone, NULL = the first with events in RANGE: 200 and
 * {first, last, next?, tables: {NAME: TEXT}} in *ANSWER, or a status with a
 * sentence.  FIRST and LAST: the dates that all of it has; NEXT: the date that
 * is due.  The first texts begin with the names of columns.  Query thread.
 */
int gl_export_totals(const struct gl_query_view *view,
                     const struct gl_meta_site *site,
                     const struct gl_export_range *range, const char *date,
                     json_t **answer);

#endif
