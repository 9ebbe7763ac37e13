/*
 * Changes for all machines, made here, in the order of the log.  Each is given
 * to glintod (admin/passing.h), which makes it or refuses it for good: the
 * same on all machines, since they have made the same before.
 *
 * One that says what becomes of events has a place among them, the same in all
 * cities, whenever they read the log: events of older transactions are rows
 * when it is made, and none of a newer one is.  Who writes it waits until no
 * turn of an edge is open (pass.c), so that for each segment of each edge it
 * lies behind one frame and before the next.
 */

#ifndef GL_LOG_CHANGES_H
#define GL_LOG_CHANGES_H

#include "conf.h"
#include "log/server.h"
#include "store/followed.h"

enum gl_changes_made {
    GL_CHANGES_ALL = 0,
    GL_CHANGES_LATER,  /* glintod does not answer, or cannot now */
    GL_CHANGES_EVENTS, /* events of transactions before .before first */
    GL_CHANGES_SERVER, /* SERVER's .why */
    GL_CHANGES_HERE    /* followed.db */
};

/* What is here of events. */
struct gl_changes_when {
    uint64_t low; /* all of older transactions was handed over */
    int waiting;  /* segments that glintod has not taken */
    uint64_t before;
    char why[512]; /* of GL_CHANGES_LATER */
};

enum gl_changes_made gl_changes_make(const struct gl_conf *conf,
                                     struct gl_server *server,
                                     struct gl_followed *followed,
                                     struct gl_changes_when *when);

#endif
