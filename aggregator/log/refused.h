/*
 * Requests that workers of an edge refused since its spool was full: each life
 * of a worker says how many in the head of its segments (schema/segment.h).
 * An edge writes that into the log, and a city hands it to its glintod, as the
 * head of a segment without events.  It is a sum for each life, so nothing is
 * counted twice, however often it is told.
 */

#ifndef GL_LOG_REFUSED_H
#define GL_LOG_REFUSED_H

#include "log/handover.h"
#include "log/server.h"

#include <glib.h>

struct gl_spool;

/* What the segments of SPOOL say anew: 0, or -1 with SERVER's .why. */
int gl_refused_tell(struct gl_spool *spool, struct gl_server *server,
                    const char *edge);

/* Ask what is new, and hand it over; TOLD keeps what was told in this life:
 * hex of the worker's life -> total.  0; -1 with SERVER's .why; -2 with errno:
 * the segment cannot be written. */
int gl_refused_ask(struct gl_server *server, struct gl_handover *handover,
                   GHashTable *told);

#endif
