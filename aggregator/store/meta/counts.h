/*
 * What meta.db counts of frames that no account has, and how glintod ended.
 */

#ifndef GL_STORE_META_COUNTS_H
#define GL_STORE_META_COUNTS_H

#include <stdint.h>

#include "event.h"

struct gl_meta;

int gl_meta_add_drop(struct gl_meta *meta, int64_t day, struct gl_text reason,
                     uint64_t n);
/* Sums over all days, by reason. */
int gl_meta_drops(struct gl_meta *meta,
                  int (*each)(void *arg, const char *reason, uint64_t n),
                  void *arg);
/* Requests answered 503 by one worker process: the largest total stays. */
int gl_meta_set_incarnation(struct gl_meta *meta, const uint8_t id[16],
                            uint64_t total, int64_t first_ms, int64_t last_ms);
/* Sum of all totals. */
int gl_meta_refused(struct gl_meta *meta, uint64_t *n);
/*
 * N frames from INDEX on are unreadable: set, not added.  INDEX 0: perhaps N
 * more of this segment; N 0: perhaps any number more.
 */
int gl_meta_set_lost(struct gl_meta *meta, const uint8_t seg[16],
                     uint32_t index, uint64_t n, int64_t at_ms);
/* 1 = that was said of an index FROM to UPTO, 0 = not. */
int gl_meta_lost_known(struct gl_meta *meta, const uint8_t seg[16],
                       uint32_t from, uint32_t upto);
int gl_meta_lost(struct gl_meta *meta, uint64_t *n);

/* ---- what an operator is told ---- */

struct gl_meta_sum {
    uint64_t n;
    int64_t first_ms, last_ms;
    int at_least;     /* perhaps more than N */
    uint64_t perhaps; /* so many more, at most */
};

/* Requests answered 503 by worker processes that last did so after SINCE. */
int gl_meta_refused_since(struct gl_meta *meta, int64_t since_ms,
                          struct gl_meta_sum *sum);
/* Frames found lost after SINCE. */
int gl_meta_lost_since(struct gl_meta *meta, int64_t since_ms,
                       struct gl_meta_sum *sum);
/*
 * glintod starts under the kernel's boot id BOOT.  When the one before did not
 * end by itself and the machine was started anew since, *CUT_MS becomes NOW;
 * else it is when that was last so, 0 = never.  1 = the one before did not end
 * by itself, 0 = it did, or an error.
 */
int gl_meta_begin_life(struct gl_meta *meta, const char *boot, int64_t now_ms,
                       int64_t *cut_ms);
/* glintod ends by itself. */
int gl_meta_end_life(struct gl_meta *meta);

#endif
