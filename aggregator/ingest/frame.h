/*
 * The way of one frame, which runs down:
 *
 *   frame ──► what it says ──► site ──► account ──► new to it? ──► the row
 *                    │           └─ unknown ──┐        └─ no: seen, no more
 *                    └─ cannot be decoded ────┴──► meta.db counts it
 *
 * What it leaves behind with an account (which failed, or is not connected, so
 * that the frame gathers) is seen to when it has gone it.
 */

#ifndef GL_INGEST_FRAME_H
#define GL_INGEST_FRAME_H

#include "event.h"
#include "ingest/state.h"
#include "spool/spool.h"

/* Left with one database by a frame: ERROR, or 0: the frame is to gather. */
struct gl_ingest_left {
    struct gl_ingest_entry *entry;
    int error;
};

/* Frames on their way, one after the other. */
struct gl_ingest_passage {
    struct gl_ingest *in;
    /* Frames not of a round, of ONLY.  Parked: NOTE stands for their segment
     * in meta.db.  Gathered: NULL, meta.db has taken what is its own. */
    const struct gl_ingest_account *only;
    struct gl_spool_segment *note;

    /* frame.c: the one under way */
    const struct gl_spool_frame *frame;
    int64_t at_ms; /* believed */
    int counted;   /* a drop of it, in its database */
    size_t left_n;
    struct gl_ingest_left left[GL_COUNTS_MAX]; /* one a database */
};

void gl_ingest_take_frame_(struct gl_ingest_passage *p,
                           const struct gl_spool_frame *frame);

#endif
