/* What is behind the numbers of a site's page: counted again, and their rows.
 * A thread of low priority (recount/receipt.h). */

#ifndef GL_DASHBOARD_BEHIND_H
#define GL_DASHBOARD_BEHIND_H

#include <stdatomic.h>

#include "calls/query.h"
#include "store/meta/sites.h"

#define GL_BEHIND_ROWS 100 /* the first by time */

/*
 * The headline numbers of SITE's page that QUERY, what its address has behind
 * '?', asks for: of a row of a list, the address that the row's link has.  A
 * status, as gl_receipt() has it, and its answer with "rows" (gl_receipt_rows)
 * beside its results.  GONE: set when nobody waits any more; NULL = never.
 */
int gl_dashboard_behind(const struct gl_query_view *view,
                        const struct gl_meta_site *site, const char *query,
                        const atomic_int *gone, json_t **answer);

#endif
