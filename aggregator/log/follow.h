/*
 * The log into glintod's spool: what "follow" of glinto.conf asks for.  Chunks
 * are read from the server that is named, primary or hot standby, and handed
 * over as segments; glintod takes them as it takes a worker's.
 */

#ifndef GL_LOG_FOLLOW_H
#define GL_LOG_FOLLOW_H

#include "conf.h"
#include "log/pass.h"

#include <stddef.h>

struct gl_follow;

/* PASS (the caller's) says when changes may be there.  BEGIN: read the log
 * from its beginning though accounts have events.  NULL with a sentence in
 * WHY; *BUSY = 1: another follows for this folder. */
struct gl_follow *gl_follow_new(const struct gl_conf *conf,
                                const struct gl_pass *pass, int begin,
                                int stop_fd, char *why, size_t why_len,
                                int *busy);
void gl_follow_free(struct gl_follow *follow);
/* Until STOP_FD is readable; a thread of its own. */
void *gl_follow_run(void *follow);

#endif
