/*
 * How many values lay in which range, and their sum.  One thread, or behind a
 * lock.
 */

#ifndef GL_HISTOGRAM_H
#define GL_HISTOGRAM_H

#include <stdint.h>

#define GL_HISTOGRAM_BUCKETS 13 /* the last has no bound */

/* Bounds of the buckets but the last. */
extern const int64_t gl_histogram_us[GL_HISTOGRAM_BUCKETS - 1];
extern const int64_t gl_histogram_rows[GL_HISTOGRAM_BUCKETS - 1];

struct gl_histogram {
    uint64_t n[GL_HISTOGRAM_BUCKETS];
    uint64_t sum;
};

/* One more of VALUE; less than 0 counts as 0.  BOUNDS: always the same. */
void gl_histogram_add(struct gl_histogram *histogram, const int64_t *bounds,
                      int64_t value);

#endif
