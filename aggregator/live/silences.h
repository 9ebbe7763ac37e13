/* Which sites are silent (silence.h): their rows are read in a thread. */

#ifndef GL_LIVE_SILENCES_H
#define GL_LIVE_SILENCES_H

#include "ingest/state.h"

/* Since when SITE is silent, 0 = it is not, or that is not known yet; LAST_MS
 * is its newest event that is known, 0 = none.  Returns at once. */
int64_t gl_live_silent_since_(struct gl_ingest *in,
                              struct gl_ingest_site *site, int64_t last_ms);
/* Once a turn: what a thread has found. */
void gl_live_silences_due_(struct gl_ingest *in);
/* No thread reads any more. */
void gl_live_silences_stop_(struct gl_ingest *in);

#endif
