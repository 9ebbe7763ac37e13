/*
 * Changes that this machine is asked for (admin/passing.h): files of glintod
 * in DATA/changes become rows of "change" on the primary.  A thread of its
 * own, with a connection of its own: it may be another server than the one
 * that is followed.
 *
 * A file is claimed by another name before anything is sent, and goes when its
 * row is there; a row has a name that no other has.  So it is written once,
 * whatever fails on the way, and glintod can take back what was not claimed.
 */

#ifndef GL_LOG_PASS_H
#define GL_LOG_PASS_H

#include "conf.h"

#include <stddef.h>

struct gl_pass;

/* NULL with a sentence in WHY. */
struct gl_pass *gl_pass_new(const struct gl_conf *conf, int stop_fd, char *why,
                            size_t why_len);
void gl_pass_free(struct gl_pass *pass);

/* The thread: until STOP_FD can be read. */
void *gl_pass_run(void *pass);

/* Any thread: a change was written lately and may be seen any moment. */
int gl_pass_is_awaited(const struct gl_pass *pass);

#endif
