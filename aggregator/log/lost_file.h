/*
 * Frames that damage took from a segment, as a reader found them
 * (spool/frame.h).  Where a spool is split (split.h) nobody knows whose they
 * were: they are told to each primary, by a file in its lane, "lost-SEGMENT",
 * that is there before the segment goes, and goes when its forwarder has
 * written it into the log (lost.h).
 */

#ifndef GL_LOG_LOST_FILE_H
#define GL_LOG_LOST_FILE_H

#include "spool/frame.h"

#include <stdint.h>

struct gl_lost {
    uint8_t seg[GL_SEGMENT_ID_BYTES];
    int64_t at_ms; /* wall: found */
    int unsure;    /* perhaps more than these */
    struct gl_lost_gap {
        uint32_t from, upto; /* indexes of frames... */
        uint32_t n, perhaps; /* ...so many are lost, so many perhaps */
    } gaps[GL_SPOOL_GAPS_MAX];
    uint32_t gaps_n;
};

/* What was lost of SEGMENT, of which all frames up to BEFORE were taken when
 * this program began: 1, or 0 = nothing. */
int gl_lost_of(struct gl_lost *lost, const struct gl_spool_segment *segment,
               uint32_t before);

/* A file of LOST in FOLDER, unless it is there: 0, or -1 with errno. */
int gl_lost_leave(const struct gl_lost *lost, const char *folder);
/* EACH of the files of FOLDER, which goes when EACH answers 0; what else it
 * answers ends it, and is the answer.  0 = all went, -2 = errno says why
 * not. */
int gl_lost_each(const char *folder,
                 int (*each)(void *arg, const struct gl_lost *lost),
                 void *arg);

#endif
