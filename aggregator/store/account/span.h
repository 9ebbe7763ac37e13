/*
 * A span of rowids with gaps, as day_rows keeps it in one row:
 *
 *   rowid   1 2 3 4 .... 400 401 402 .... 900
 *   row     A A A        A   A            A      first 1, last 900
 *   gaps    2 396        1   498                 rows on after the first one
 *                                                of a stretch, rows left out
 *
 * Numbers of 7 bits a byte, the lowest first, bit 7 = more follow.  A lonely
 * row among 16,000 of others costs three bytes, not a row of a table.
 */

#ifndef GL_STORE_ACCOUNT_SPAN_H
#define GL_STORE_ACCOUNT_SPAN_H

#include <stddef.h>
#include <stdint.h>

/* Of one span: some 28 lonely rows.  What an event of a site with many rows
 * rewrites is small, and the 24 bytes of the row itself are shared. */
#define GL_SPAN_GAPS_MAX 84
#define GL_SPAN_GAP_MAX 20 /* bytes of one gap */

struct gl_range {
    int64_t first, last; /* rowids */
};

struct gl_span {
    int64_t first, last;
    const uint8_t *gaps;
    size_t len;
};

/* Takes the first stretch from SPAN: 1, or 0 when nothing is left.  What
 * cannot be read is no gap: rather a row too many is looked at. */
int gl_span_next_(struct gl_span *span, struct gl_range *stretch);

/* Writes a gap of SKIP rows after a stretch of ON + 1: its bytes, at most
 * GL_SPAN_GAP_MAX. */
size_t gl_span_gap_(uint8_t *to, uint64_t on, uint64_t skip);

#endif
