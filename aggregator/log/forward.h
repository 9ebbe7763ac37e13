/*
 * The spool of this machine into the log: what "log" of glinto.conf asks for.
 * A segment is removed when all its frames are committed there.  While the
 * server is away, slow, full or read only the segments wait, and workers go on
 * until the budget of the spool is used up.
 */

#ifndef GL_LOG_FORWARD_H
#define GL_LOG_FORWARD_H

#include "conf.h"
#include "log/pass.h"

#include <stddef.h>

struct gl_forward;

/* Takes the spool's lock.  PASS is the caller's.  NULL with a sentence in WHY; *BUSY = 1: another
 * has the spool. */
struct gl_forward *gl_forward_new(const struct gl_conf *conf,
                                  const struct gl_pass *pass, int stop_fd,
                                  char *why, size_t why_len, int *busy);
void gl_forward_free(struct gl_forward *forward);
/* Until STOP_FD is readable; a thread of its own. */
void *gl_forward_run(void *forward);

#endif
