/* Names that sites had. */

#ifndef GL_WRITER_NAMES_H
#define GL_WRITER_NAMES_H

#include "ingest/state.h"

/* Let one go whose time is over: from then on it is nobody's. */
void gl_writer_free_names_(struct gl_ingest *in);

#endif
