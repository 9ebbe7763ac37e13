/*
 * How long things took, many of them in few bytes: how many fell into each
 * span of milliseconds.  A span of up to 20 ms has one value, a later one
 * reaches to a tenth above its beginning, so that its middle is at most 5 %
 * from any value in it.  Two such counts are added up exactly.
 *
 *   0 1 2 ... 19 20 21 | 22 23 | 24 25 | ... | 1000 ... 1099 | ...
 *
 * In bytes: for each span that has any, ascending, its number (1 byte) and how
 * many (4, little endian).  Pure.
 */

#ifndef GL_COUNT_TIMES_H
#define GL_COUNT_TIMES_H

#include <stddef.h>
#include <stdint.h>

#define GL_TIMES_SPANS 256 /* the last has all that took longer, years */
#define GL_TIMES_SPAN_BYTES 5
#define GL_TIMES_BYTES_MAX ((size_t) GL_TIMES_SPANS * GL_TIMES_SPAN_BYTES)

struct gl_times {
    uint64_t n; /* all */
    uint32_t spans[GL_TIMES_SPANS];
};

/* One more of MS, or those that the LEN BYTES have; what is no count in them
 * is none. */
void gl_times_add(struct gl_times *times, uint64_t ms);
void gl_times_read(struct gl_times *times, const uint8_t *bytes, size_t len);
/* Into BYTES: how many they are. */
size_t gl_times_write(const struct gl_times *times,
                      uint8_t bytes[GL_TIMES_BYTES_MAX]);

/* The smallest time within which PERCENT, 1 to 100, of all were done, ms: at
 * most 5 % from it.  0 = there is none. */
double gl_times_percentile(const struct gl_times *times, unsigned percent);

#endif
