/*
 * How far each segment of a spool is in the log, by its table "sent".  What is
 * in memory of that is of one connection: the next one asks.
 *
 * One thread: the forwarder's.
 */

#ifndef GL_LOG_SENT_H
#define GL_LOG_SENT_H

#include "log/server.h"
#include "spool/spool.h"

#include <glib.h>

/* Of a segment of the spool: its .owner. */
struct gl_sent {
    uint32_t upto;    /* in the log, as the server said or we have set it... */
    uint32_t next;    /* ...and as this transaction will */
    uint32_t told_at; /* connection that UPTO is of; another: not known */
    uint32_t before;  /* UPTO, when it was known first in this life */
};

/* Of those segments of SPOOL of which that is not known: 0, or -1 with
 * SERVER's .why. */
int gl_sent_ask(struct gl_spool *spool, struct gl_server *server);
int gl_sent_is_known(const struct gl_server *server,
                     const struct gl_spool_segment *segment);

/* What segment ID is called in the lists for gl_sent_gone(); g_free(). */
char *gl_sent_hex(const uint8_t id[GL_SEGMENT_ID_BYTES]);
/* R11: the position of a segment that cannot come back may go, in a day: of
 * all HEX, which is empty then. */
int gl_sent_gone(struct gl_server *server, GPtrArray *hex);
int gl_sent_clean(struct gl_server *server);

#endif
