/* What a site's owner has defined, for a page to offer: goals, funnels,
 * segments, annotations.  Query thread. */

#ifndef GL_OFFERS_H
#define GL_OFFERS_H

#include <jansson.h>

#include "calls/query.h"

/* {goal: [{id, name, body}], funnel: ..., segment: ..., annotation: ...}, the
 * oldest first, the caller's: 200; or a status and *ANSWER. */
int gl_offers_read(const struct gl_query_view *view, int64_t site,
                   json_t **offers, json_t **answer);

/* The element of KIND called NAME, or whose id is the number NAME; or NULL. */
const json_t *gl_offer_named(const json_t *offers, const char *kind,
                             const char *name);
const json_t *gl_offer_numbered(const json_t *offers, const char *kind,
                                const char *id);

#endif
