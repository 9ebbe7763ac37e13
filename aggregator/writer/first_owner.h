/* Who may sign in first.  At the start, before there are threads. */

#ifndef GL_WRITER_FIRST_OWNER_H
#define GL_WRITER_FIRST_OWNER_H

struct gl_ingest;

/* While there is nobody at all: an owner of the first account, and a line in
 * the log with a link, once, to choose a password. */
void gl_writer_first_owner_(struct gl_ingest *in);

#endif
