/* Rows that are older than their site keeps them, erased once a night. */

#ifndef GL_MOVE_RETENTION_H
#define GL_MOVE_RETENTION_H

struct gl_ingest;

/* A site with rows that are too old, if it is time: 1 = there is work. */
int gl_move_expire_next_(struct gl_ingest *in);

#endif
