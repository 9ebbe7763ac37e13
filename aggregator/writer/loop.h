/* The loop of the writer thread. */

#ifndef GL_WRITER_LOOP_H
#define GL_WRITER_LOOP_H

#include "ingest/state.h"

void *gl_writer_run_(void *ingest); /* the thread */

#endif
