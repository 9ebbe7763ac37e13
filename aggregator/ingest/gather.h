/* Frames of accounts that are not connected. */

#ifndef GL_INGEST_GATHER_H
#define GL_INGEST_GATHER_H

#include "ingest/position.h"
#include "ingest/state.h"

/* What opening a file costs is a tenth of what so many events do. */
#ifndef GL_INGEST_ENOUGH /* fewer in tests/faults/sim */
#define GL_INGEST_ENOUGH 128
#endif

/* Accounts that begin a transaction in one round: what opening and commits
 * cost is a round's time, too.  The frames of the others gather, for a moment:
 * so many accounts commit in some 50 ms. */
#ifndef GL_INGEST_ROUND_ACCOUNTS /* fewer in tests/faults/sim */
#define GL_INGEST_ROUND_ACCOUNTS 256
#endif
#define GL_INGEST_ROUND_OPENS_MS 60

/* A frame that waits in the spool: gl_spool_again(). */
struct gl_ingest_gathered {
    struct gl_ingest_entry *entry; /* of its segment */
    int64_t at_ms;
    uint32_t offset, index, payload_len;
};

/* An account with so many events within GL_INGEST_BUSY_MS is busy: it gets a
 * connection, as long as there are places for such
 * (store/account/accounts.h).  By chance one with an event a second has as
 * many in 93 of 100 such times, one with an event in ten seconds in one of
 * 1,700. */
#define GL_INGEST_BUSY 7
#define GL_INGEST_BUSY_MS 10000
#define GL_INGEST_FRESH_MS 2000 /* older: a backlog */

void gl_ingest_gather_init_(struct gl_ingest *in);
void gl_ingest_gather_account_(struct gl_ingest_account *account);
/* 1 = a frame of ENTRY, whose account is cold, is to wait in the spool. */
int gl_ingest_gathers_(const struct gl_ingest *in,
                       const struct gl_ingest_entry *entry);
/* FRAME waits there. */
void gl_ingest_gather_(struct gl_ingest *in, struct gl_ingest_entry *entry,
                       const struct gl_spool_frame *frame);
/* Nothing of ACCOUNT waits any more: it is applied, or the account failed and
 * its segments are read again. */
void gl_ingest_scatter_(struct gl_ingest *in,
                        struct gl_ingest_account *account);
#endif
