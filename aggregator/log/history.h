/*
 * Whether a server has what a city read last.  One that is behind gives less
 * than was read already: nothing is lost by reading it again.  One that was
 * promoted may lack what another showed, and have given the same numbers to
 * other transactions.  What was read last was committed last: a server that
 * has it has all of it.  Where it is missing it may also have been erased
 * since (night.h).  Either has all up to an older position that it has.
 *
 * The follower's thread.
 */

#ifndef GL_LOG_HISTORY_H
#define GL_LOG_HISTORY_H

#include "log/server.h"

struct gl_followed;

struct gl_history {
    int same;         /* it has what was read last */
    uint64_t upto;    /* else all up to this transaction, 0 = none */
    uint64_t running; /* oldest transaction that may be under way */
};

/* 0, or -1 with SERVER's .why. */
int gl_history_ask(struct gl_server *server, struct gl_followed *followed,
                   struct gl_history *history);

#endif
