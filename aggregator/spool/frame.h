/* Segments and frames as the reader hands them out. */

#ifndef GL_SPOOL_FRAME_H
#define GL_SPOOL_FRAME_H

#include "segment.h"

#include <stdint.h>

/* N frames lost of those with the indexes FROM to UPTO: all, or as many of
 * several gaps taken together. */
struct gl_spool_gap {
    uint32_t from, upto, n;
};
/* Of the frames of GAP, those that were perhaps taken when all up to BEFORE
 * had been, and could still be read. */
static inline uint32_t
gl_spool_gap_perhaps(const struct gl_spool_gap *gap, uint32_t before)
{
    if (before < gap->from)
        return 0;
    /* of gaps taken together nobody knows which frames were there */
    if (before >= gap->upto || gap->n != gap->upto - gap->from + 1)
        return gap->n;
    return before - gap->from + 1;
}

#define GL_SPOOL_GAPS_MAX 8 /* of a segment; more are part of the last one */

/* A segment as the caller sees it; all but OWNER is read only. */
struct gl_spool_segment {
    struct gl_segment_header header; /* .id names it */
    uint32_t delivered;              /* highest index handed out; 0 = none */
    uint32_t settled;                /* as told by gl_spool_settle() */
    int complete;                    /* nothing will follow */
    uint64_t lost; /* frames lost to corruption so far: exact */
    struct gl_spool_gap gaps[GL_SPOOL_GAPS_MAX]; /* of which they are */
    uint32_t gaps_n;
    int torn;           /* ended in a torn tail, normally one unanswered
                           frame; or the file is cut off */
    int unsure;         /* damaged at its end, too: perhaps more than LOST */
    int header_damaged; /* id from the name, times from the file */
    struct gl_segment_drops drops;
    int drops_changed; /* the caller stores them, then clears this */
    void *owner;       /* the caller's, NULL at first */
};

struct gl_spool_frame {
    struct gl_spool_segment *segment;
    const uint8_t *payload; /* until gl_spool_release() */
    int64_t at_ms;          /* header wall + delta, never falling within a
                               segment; not clamped to this clock */
    uint32_t payload_len;
    uint32_t index;
    uint32_t offset; /* in the segment: for gl_spool_again() */
    uint16_t type;   /* enum gl_frame_type, or one not known here */
};

#endif
