/* Frames of an account that fails, set aside. */

#ifndef GL_INGEST_PARK_H
#define GL_INGEST_PARK_H

#include "ingest/state.h"

/* Once a second: which accounts hold the spool. */
void gl_ingest_choose_parking_(struct gl_ingest *in);
/* A copy of one segment for one of them, so that rounds go on in between: 1 =
 * did something. */
int gl_ingest_park_(struct gl_ingest *in);

#endif
