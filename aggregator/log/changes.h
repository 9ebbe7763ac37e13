/*
 * Changes for all machines: who makes one writes its words into the log, and
 * each machine gives them to its own glintod, by the glinto command, in the
 * order of the log.  So of two that do not go together the first holds
 * everywhere, and the second is refused everywhere, with glintod's sentence.
 *
 * A city makes all changes that it sees before it hands over chunks that it
 * saw before: no event comes to a city before its site.
 */

#ifndef GL_LOG_CHANGES_H
#define GL_LOG_CHANGES_H

#include "conf.h"
#include "log/server.h"
#include "store/followed.h"

enum gl_changes_made {
    GL_CHANGES_ALL = 0,
    GL_CHANGES_LATER = 1,   /* glintod does not answer */
    GL_CHANGES_SERVER = -1, /* the server failed: its .why */
    GL_CHANGES_HERE = -2    /* followed.db failed: its why */
};

/* Make those that were not made yet. */
enum gl_changes_made gl_changes_make(const struct gl_conf *conf,
                                     struct gl_server *server,
                                     struct gl_followed *followed);

/* "glinto-postgresql change WORDS...": write it, and wait for what glintod of
 * this machine says.  The status of this program; prints. */
int gl_change_write(const struct gl_conf *conf, char *const *words, int n);

#endif
