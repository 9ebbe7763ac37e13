/*
 * Whether a server has what a city read last.  One that is behind gives less
 * than was read already: nothing is lost by reading it again.  One that was
 * promoted may lack what another showed, and have given the same numbers to
 * other transactions.  What was read last was committed last: a server that
 * has it has all of it.
 *
 * The follower's thread.
 */

#ifndef GL_LOG_HISTORY_H
#define GL_LOG_HISTORY_H

#include "log/server.h"

struct gl_followed;

/* 1 = it has, 0 = it has not, -1 with SERVER's .why.  *RUNNING = oldest
 * transaction that may be under way. */
int gl_history_same(struct gl_server *server, struct gl_followed *followed,
                    uint64_t *running);

#endif
