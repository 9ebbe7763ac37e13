/* What somebody should know beside the numbers. */

#ifndef GL_LIVE_CONDITIONS_H
#define GL_LIVE_CONDITIONS_H

#include "ingest/state.h"
#include "live/numbers.h"

/* Once a second: what holds now. */
void gl_live_find_conditions_(struct gl_ingest *in);
/* Frames a second while a backlog is read, else 0. */
uint64_t gl_live_rate_(const struct gl_ingest *in);
/* What the readers of SITE's numbers should know. */
void gl_live_tell_conditions_(struct gl_ingest *in,
                              struct gl_ingest_site *site,
                              struct gl_live *live);
/* ... that its object is being made. */
void gl_live_tell_building_(const struct gl_ingest_site *site,
                            struct gl_live *live);
/* ... that its numbers could not be read just now, for ERROR. */
void gl_live_tell_fault_(const struct gl_ingest *in,
                         const struct gl_ingest_site *site, int error,
                         struct gl_live *live);

#endif
