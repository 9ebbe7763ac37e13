/*
 * Frames among bytes of one segment, some of which may be damaged: the only
 * search for them there is.
 *
 *   frame | frame | ~~~ damage ~~~ | frame | zeros
 *   ^at             stepped over     ^next
 *
 * A frame is found by its header alone: right checksum (which begins with the
 * segment's id, so no payload can pass for one), whole within the bytes, a
 * higher index than the one before, and no higher than its place allows: a
 * frame has a least size, so an index that runs ahead of its place is forged.
 */

#ifndef GL_SEGMENT_SCAN_H
#define GL_SEGMENT_SCAN_H

#include "segment.h"

struct gl_segment_scan {
    const struct gl_segment_header *header; /* major and id */
    const uint8_t *bytes;
    size_t len;
    size_t from;   /* BYTES stood at most so far into the segment */
    size_t at;     /* where the search goes on, a multiple of 8 */
    uint32_t last; /* index of the last whole frame; 0 = none yet */
    size_t found;  /* out: where the frame begins in BYTES */
    int damaged;   /* out: 1 = bytes that are no frame were stepped over, or
                      a payload is wrong */
};

/*
 * The next frame: GL_FRAME_OK, or GL_FRAME_PAYLOAD when its payload's checksum
 * is wrong; the search goes on behind it.  GL_FRAME_SHORT: none follows.
 */
enum gl_frame_result gl_segment_scan(struct gl_segment_scan *scan,
                                     struct gl_frame *frame);

#endif
