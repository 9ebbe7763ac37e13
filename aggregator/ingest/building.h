/*
 * How the object of a site is made: at once, or in a thread.
 */

#ifndef GL_BUILDING_H
#define GL_BUILDING_H

#include "ingest/sites.h"
#include "ingest/state.h"

/* Its object is there and of the current day; OLDEST_MS: the oldest event to
 * come.  0; 1 = a thread makes it, ask again; or -enum gl_store_error. */
int gl_ingest_load_(struct gl_ingest *in, struct gl_ingest_site *site,
                    int64_t oldest_ms);
/* Once a turn, no transaction open: what is made is put in its place; WAIT for
 * it. */
void gl_ingest_build_due_(struct gl_ingest *in, int wait);
/* Wall clock: since when SITE, which is being built, is. */
int64_t gl_ingest_building_since_(const struct gl_ingest_site *site);

#endif
