/* Rows of a site's sealed days that are let go (keep_rows), once a night. */

#ifndef GL_MOVE_LET_GO_H
#define GL_MOVE_LET_GO_H

struct gl_ingest;

/* The work's site and account are known: the first step of it. */
int gl_move_let_go_(struct gl_ingest *in);
/* What is under way is given up. */
void gl_move_let_go_stop_(struct gl_ingest *in);

#endif
