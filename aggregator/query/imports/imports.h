/*
 * Totals of days that another product counted, added to what was counted here:
 * of whole days of the site's zone, where one table has all dimensions that
 * are grouped by and filtered on.  A person is counted in each of the days.
 */

#ifndef GL_QUERY_IMPORTS_IMPORTS_H
#define GL_QUERY_IMPORTS_IMPORTS_H

#include "clock.h"
#include "query/execute/execute.h"

/* To COUNTED, the answer to QUESTION on days of ZONE, with a connection and
 * within the time of RUN; counted->without_imports says why not:
 * "no_imported_data", "out_of_range", "unsupported_query",
 * "unsupported_interval". */
enum gl_executed gl_imports_add(struct gl_execution *run,
                                const struct gl_zone *zone,
                                const struct gl_question *question,
                                struct gl_counted *counted);

#endif
