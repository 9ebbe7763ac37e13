/*
 * A spool of this machine into the log: what "log" of glinto.conf asks for.
 * A segment is removed when all its frames are committed there.  While the
 * server is away, slow, full or read only the segments wait, and workers go on
 * until the budget of the spool is used up.
 *
 * Of several primaries each has a forwarder, with a lane as its spool
 * (split.h).
 */

#ifndef GL_LOG_FORWARD_H
#define GL_LOG_FORWARD_H

#include "conf.h"
#include "log/pass.h"

#include <stdatomic.h>
#include <stddef.h>

struct gl_forward;

struct gl_forward_options {
    const char *spool;    /* folder */
    const char *conninfo; /* of the server */
    const char *name;     /* the primary's, "" = there is one */
    int place; /* in the cluster: changes and keys of the visitor hash are of
                  that at 0 */
    const atomic_int *ready; /* 1 = the spool may be read; NULL: it may */
    /* wall: all that was answered until then is in the spool; NULL: workers
     * write into it themselves */
    const atomic_llong *until_ms;
    /* frames in the spool are of sites as this change has left them, which
     * comes to the server by mirror.h, before them; -1 = nobody knows yet;
     * NULL: it was made there */
    const atomic_llong *changes;
};

/* Takes the spool's lock.  PASS and what the options point to are the
 * caller's.  NULL with a sentence in WHY; *BUSY = 1: another has the spool. */
struct gl_forward *gl_forward_new(const struct gl_conf *conf,
                                  const struct gl_forward_options *options,
                                  const struct gl_pass *pass, int stop_fd,
                                  char *why, size_t why_len, int *busy);
void gl_forward_free(struct gl_forward *forward);
/* Until STOP_FD is readable; a thread of its own. */
void *gl_forward_run(void *forward);

#endif
