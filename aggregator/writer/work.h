/* Whose turn it is of what takes many turns (ingest/work.h). */

#ifndef GL_WRITER_WORK_H
#define GL_WRITER_WORK_H

struct gl_ingest;

/* A piece of what is under way or due: 1 = did something. */
int gl_writer_work_(struct gl_ingest *in);
void gl_writer_stop_work_(struct gl_ingest *in);

#endif
