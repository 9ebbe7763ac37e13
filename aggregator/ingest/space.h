/* A disk that is no longer full. */

#ifndef GL_INGEST_SPACE_H
#define GL_INGEST_SPACE_H

#include "ingest/state.h"

/* Once a second; WANTED: an account failed that space may help.  1 = the disk
 * of DATA has more of it than before. */
int gl_ingest_space_back_(struct gl_ingest *in, int wanted);

#endif
