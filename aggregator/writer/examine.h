/* What an earlier life left in an account. */

#ifndef GL_WRITER_EXAMINE_H
#define GL_WRITER_EXAMINE_H

#include "ingest/state.h"

/* Look at one account that an earlier life left; 1 = did something. */
int gl_writer_examine_(struct gl_ingest *in);

#endif
