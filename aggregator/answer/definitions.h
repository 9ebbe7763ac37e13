/* What is kept for a site's questions: read, and checked before it is. */

#ifndef GL_ANSWER_DEFINITIONS_H
#define GL_ANSWER_DEFINITIONS_H

#include "question/defined.h"
#include "calls/query.h"

/* What the site's owner has defined, NULL where QUERY does not need it; to be
 * freed: 0, or a status and *ANSWER.  Query thread. */
int gl_definitions_read(const struct gl_query_view *view, int64_t site,
                        const json_t *query, struct gl_defined **defined,
                        json_t **answer);

/* BODY can be kept as a KIND (segment, funnel) called NAME: 0, or a status
 * with a sentence.  Writer thread. */
int gl_definitions_check(struct gl_meta *meta, int64_t site, const char *kind,
                         const char *name, const json_t *body,
                         json_t **answer);

#endif
