/* Names that sites had. */

#ifndef GL_WRITER_NAMES_H
#define GL_WRITER_NAMES_H

#include "ingest/state.h"

/* Ask for one to be let go whose time is over. */
void gl_writer_free_names_(struct gl_ingest *in);

#endif
