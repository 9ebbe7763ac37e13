/* A site's week in words, as a page.  Query thread. */

#ifndef GL_DASHBOARD_SUMMARY_H
#define GL_DASHBOARD_SUMMARY_H

#include <jansson.h>

#include "calls/query.h"
#include "store/meta/sites.h"

/* The page of SITE that QUERY, what its address has behind '?', asks for:
 * "week=2026-W47", else the last one that is over.  200 and its HTML, a JSON
 * text; or a status and {error} (summary/summary.h).  Whoever asks must be
 * allowed to see the site. */
int gl_dashboard_summary(const struct gl_query_view *view,
                         const struct gl_meta_site *site, const char *query,
                         json_t **answer);

#endif
