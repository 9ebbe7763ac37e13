/*
 * When the spool of an edge is split for the first time, what of it went to
 * the one primary of before goes to no lane (split.h).  Which primary was the
 * first then lanes.db keeps: where accounts are of the first, another order in
 * the cluster file would bring their events to another.
 */

#ifndef GL_LOG_BEGUN_H
#define GL_LOG_BEGUN_H

#include "segment.h"
#include "store/lanes.h"

#include <stddef.h>
#include <stdint.h>

/* How far segments of this spool are in the log, of a time when it had one
 * primary, the first now: EACH of them.  0, or -1 with a sentence in WHY, also
 * when that server is not the first.  Asked until it answers, once. */
struct gl_split_before {
    int (*ask)(void *arg,
               void (*each)(void *each_arg,
                            const uint8_t seg[GL_SEGMENT_ID_BYTES],
                            uint32_t upto),
               void *each_arg, char *why, size_t why_len);
    void *arg;
};

/* 0: LANES has begun, with the primary FIRST; -1 with a sentence in WHY. */
int gl_begun(struct gl_lanes *lanes, const struct gl_split_before *before,
             const char *first, char *why, size_t why_len);

#endif
