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

enum gl_follow_from {
    GL_FOLLOW_ON = 0, /* where it was; nothing is here: the log's beginning */
    GL_FOLLOW_BEGIN,  /* the same though accounts have events */
    GL_FOLLOW_NEWEST  /* nothing is here: newest.h */
};

/* PASS (the caller's) says when changes may be there.  NULL with a sentence in
 * WHY; *BUSY = 1: another follows for this folder. */
struct gl_follow *gl_follow_new(const struct gl_conf *conf,
                                const struct gl_pass *pass,
                                enum gl_follow_from from, int stop_fd,
                                char *why, size_t why_len, int *busy);
void gl_follow_free(struct gl_follow *follow);
/* Until STOP_FD is readable; a thread of its own. */
void *gl_follow_run(void *follow);

#endif
