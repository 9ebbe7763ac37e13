/*
 * The frames of an answer that were not handed over yet.
 *
 * The follower's thread.
 */

#ifndef GL_LOG_BATCH_H
#define GL_LOG_BATCH_H

#include "log/handover.h"
#include "log/rows.h"
#include "store/followed.h"

#include <glib.h>

struct gl_batch {
    struct gl_followed *followed; /* the caller's */
    struct gl_handover *handover; /* the caller's */
    GHashTable *moved;            /* seg -> position, inside this file */
    GByteArray *plain;
    struct gl_decoder *decoder;
    GString *names;
    int64_t newest_ms;        /* of all that was handed over in this life */
    uint64_t frames, damaged; /* handed over in this life; chunks in pieces */
};

void gl_batch_init(struct gl_batch *batch);
void gl_batch_fini(struct gl_batch *batch);

/* Hand over what ROWS has, and note that it was: 0, or -1 with a sentence in
 * WHY: then FOLLOWED is to be opened again, which knows what was done. */
int gl_batch_hand_over(struct gl_batch *batch, struct gl_rows *rows, char *why,
                       size_t why_len);

#endif
