/* The receipt of a page's numbers, as a page for people: each counted again
 * from the rows, and the first of these rows.  A thread of low priority. */

#ifndef GL_DASHBOARD_RECEIPT_H
#define GL_DASHBOARD_RECEIPT_H

#include <stdatomic.h>

#include "calls/query.h"
#include "store/meta/sites.h"

/* As gl_dashboard_behind(); *ANSWER is what the template "receipt" shows, but
 * the site: {back, period, filter, equal, figures: [{text, value, recounted,
 * same}], days, rows: [...], any, many, ...}. */
int gl_dashboard_receipt(const struct gl_query_view *view,
                         const struct gl_meta_site *site, const char *query,
                         const atomic_int *gone, json_t **answer);

#endif
