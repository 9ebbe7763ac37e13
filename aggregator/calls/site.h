/* A site as the administrator is told of it, and what follows its change. */

#ifndef GL_CALLS_SITE_H
#define GL_CALLS_SITE_H

#include <jansson.h>

#include "ingest/state.h"
#include "store/directory/directory.h"

/* {id, domain, account, ...} of SITE, one of VERSION; the caller's. */
json_t *gl_verb_site_json_(const struct gl_version *version,
                           const struct gl_meta_site *site);
/* {"site": ...} as it is now; "note" says that workers do not know it so. */
int gl_verb_answer_site_(struct gl_ingest *in, int64_t id, json_t **answer);
/* To *ANSWER, which may be NULL: workers do not know of a change yet, and WHY;
 * "" = they do. */
void gl_verb_note_workers_(const char *why, json_t **answer);
/* After a committed change of a site: its object, the workers' file. */
void gl_verb_site_changed_(struct gl_ingest *in, int64_t id);

#endif
