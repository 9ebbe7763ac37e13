/* A site's page, counted and made; see parts.h.  Query thread. */

#ifndef GL_DASHBOARD_SITE_H
#define GL_DASHBOARD_SITE_H

#include <jansson.h>

#include "calls/query.h"
#include "store/meta/sites.h"

/*
 * The page of SITE that QUERY, what its address has behind '?', asks for; LIVE
 * and BY as gl_render_site() has them.  200 and its HTML, a JSON text; or the
 * status of a query that is not answered (answer/asking.h) and {error}.
 * Whoever asks must be allowed to see the site.
 */
int gl_dashboard_site(const struct gl_query_view *view,
                      const struct gl_meta_site *site, const json_t *by,
                      const char *query, const json_t *live, json_t **answer);

/* All of the list that QUERY names, as CSV; 404: it names none. */
int gl_dashboard_file(const struct gl_query_view *view,
                      const struct gl_meta_site *site, const json_t *by,
                      const char *query, json_t **answer);

#endif
