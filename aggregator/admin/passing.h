/*
 * Changes of several machines (schema/log.sql).  Who is asked for a change
 * does not make it: it is a file, which glinto-postgresql takes to the
 * primary; from there it comes to all machines, in one order, as the verb
 * change.make, and is made.  Then who asked has the answer.
 *
 *   site.add ──► DATA/changes/NAME.json ──► glinto-postgresql ──► "change"
 *       ▲                                                            │
 *       └────── answer ◄── site.add ◄── change.make ◄────────────────┘
 *
 * What is drawn at random is drawn once (store/meta/drawn.h).  A secret stays
 * in memory here: the log has its hash.  Writer thread.
 */

#ifndef GL_ADMIN_PASSING_H
#define GL_ADMIN_PASSING_H

#include "calls/call.h"

struct gl_conf;
struct gl_ingest;
struct gl_passing;

/* Of a machine that is not alone: 0 and *PASSING; of one that is, NULL.  -1
 * with a sentence in WHY. */
int gl_passing_new(const struct gl_conf *conf, struct gl_passing **passing,
                   char *why, size_t why_len);
void gl_passing_free(struct gl_passing *passing);

/* CALL, which is all right but for what it finds, is to be passed on. */
int gl_passing_wants_(const struct gl_ingest *in, const struct gl_call *call);
/* Passed on: GL_VERB_PASSED, and CALL is kept; or a status. */
#define GL_VERB_PASSED (-1)
int gl_passing_send_(struct gl_ingest *in, struct gl_call *call,
                     json_t **answer);

/* Of change.make CALL becomes what is to be made, until gl_passing_close_():
 * 0, or a status.  Of any other nothing. */
int gl_passing_open_(struct gl_ingest *in, struct gl_call *call,
                     json_t **answer);
void gl_passing_close_(struct gl_ingest *in);

/* Once a second: who has waited for long is told so. */
void gl_passing_tick_(struct gl_ingest *in);
/* Nobody is answered any more. */
void gl_passing_stop_(struct gl_ingest *in);

#endif
