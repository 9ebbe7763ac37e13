/*
 * Of several primaries the first has the changes of all machines; the others
 * have the same rows, with the same ids and in the same order, each at its
 * own place among that primary's events.  So who follows one primary sees a
 * log like any other.
 *
 *     primary a: change 1 2 3 4      (pass.c)
 *                         │ mirror, of any machine
 *     primary b: change 1 2 3
 *
 * Every glinto-postgresql does it, whoever comes first: a thread for each of
 * the others, so that one that is away holds up no other.  Rows are copied
 * behind the newest there, which must be the same at the first; else nothing
 * is, and the log says so: a failover without a synchronous standby lost
 * changes.
 */

#ifndef GL_LOG_MIRROR_H
#define GL_LOG_MIRROR_H

#include "conf.h"
#include "log/pass.h"

struct gl_mirror;

/* NULL = there is nothing to copy. */
struct gl_mirror *gl_mirror_new(const struct gl_conf *conf,
                                const struct gl_pass *pass, int stop_fd);
void gl_mirror_free(struct gl_mirror *mirror);

/* The thread, with those it needs: until STOP_FD can be read. */
void *gl_mirror_run(void *mirror);

#endif
