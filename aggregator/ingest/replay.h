/* Frames set aside, applied again. */

#ifndef GL_INGEST_REPLAY_H
#define GL_INGEST_REPLAY_H

#include "ingest/state.h"

/* At start: what an earlier life parked. */
int gl_ingest_find_parked_(struct gl_ingest *in, char *why, size_t why_len);
/* One parked segment of an account that works again: 1 = did something. */
int gl_ingest_replay_(struct gl_ingest *in);

#endif
