/* Live numbers of watched sites. */

#ifndef GL_LIVE_LIVE_H
#define GL_LIVE_LIVE_H

#include "ingest/state.h"
#include "live/numbers.h"

void gl_live_watch_site_(struct gl_ingest *in, int64_t id, int change);
void gl_live_tell_(struct gl_ingest *in);
/* SITE's numbers now, or the last that were told; and its conditions. */
void gl_live_numbers_(struct gl_ingest *in, struct gl_ingest_site *site,
                      struct gl_live *live);

#endif
