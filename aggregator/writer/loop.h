/* The loop of the writer thread. */

#ifndef GL_WRITER_LOOP_H
#define GL_WRITER_LOOP_H

#include "ingest/ingest_internal.h"

void *gl_ingest_run_(void *ingest); /* the thread */
void gl_ingest_look_at_clocks_(struct gl_ingest *in);
void gl_ingest_make_salt_(struct gl_ingest *in);

#endif
