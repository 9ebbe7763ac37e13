/*
 * What a city asks the log: the chunks that it lacks.
 *
 *      read for good          low             perhaps still running
 *   ──────────────────────────┼────────────────────────────────────► xid
 *                              some of these were read: SEEN
 *
 * A transaction that began early may commit late.  So a city reads on from the
 * oldest that was running when it read last, without those it has.
 *
 * The follower's thread.
 */

#ifndef GL_LOG_ROWS_H
#define GL_LOG_ROWS_H

#include "log/server.h"

#include <glib.h>
#include <stdint.h>

struct gl_followed;

struct gl_rows {
    struct gl_server *server;
    uint64_t low;
    GArray *seen; /* uint64_t, transactions from LOW on that were read */
    int limit;    /* chunks at a time; more when one transaction has more */
    /* of the last answer, until the next */
    PGresult *answer;
    int n;            /* rows of whole transactions */
    int packs;        /* they are packs, of many */
    int more;         /* there are more to ask for at once */
    uint64_t until;   /* transactions from this one on are for later... */
    int cut;          /* ...and some are in the answer */
    uint64_t left;    /* the oldest that was left for later */
    uint64_t running; /* oldest transaction that was, then */
};

struct gl_row {
    uint64_t xid;
    const uint8_t *seg; /* GL_SEGMENT_ID_BYTES; NULL = a pack */
    uint32_t first, last;
    const uint8_t *frames;
    size_t frames_len;
    const uint8_t *before; /* visitor.h */
    size_t before_len;
};

void gl_rows_init(struct gl_rows *rows, struct gl_server *server,
                  uint64_t low);
void gl_rows_fini(struct gl_rows *rows);

/* After a new connection: the server may be another, or have another history:
 * by what FOLLOWED knows, read on or again.  0, or -1 with the server's
 * .why. */
int gl_rows_reconnected(struct gl_rows *rows, struct gl_followed *followed);

/* Ask for the next: 0, or -1 with the server's .why. */
int gl_rows_ask(struct gl_rows *rows);
/* Only what is older than XID is to be handed over. */
void gl_rows_until(struct gl_rows *rows, uint64_t xid);
/* XID was not: a frame of a pack. */
void gl_rows_left(struct gl_rows *rows, uint64_t xid);
/* Row AT of .n: 0, or -1 when it is none of ours. */
int gl_rows_get(const struct gl_rows *rows, int at, struct gl_row *row);

/* What LOW will be when all of the answer is handed over. */
uint64_t gl_rows_low_after(const struct gl_rows *rows);
/* It was. */
void gl_rows_handed_over(struct gl_rows *rows);

#endif
