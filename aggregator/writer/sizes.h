/* How large accounts' files are, noted each hour. */

#ifndef GL_WRITER_SIZES_H
#define GL_WRITER_SIZES_H

#include "ingest/state.h"

/* Once a second: when it is time, some accounts more are looked at. */
void gl_writer_note_sizes_(struct gl_ingest *in);

#endif
