/*
 * In a city: frames that damage took on edges, as the log says (log/lost.h),
 * into meta.db, as if they had been in a segment here.
 *
 * Writer thread.
 */

#ifndef GL_INGEST_TOLD_LOST_H
#define GL_INGEST_TOLD_LOST_H

#include "ingest/state.h"

/* Once a second: of a machine that follows, when the file DATA/lost is another
 * one.  What fails is tried again. */
void gl_ingest_take_lost_(struct gl_ingest *in);

#endif
