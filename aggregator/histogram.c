/* Values by range; see histogram.h. */

#include "histogram.h"

/* 0.1 ms is a commit in memory, 5 s what no question may take. */
const int64_t gl_histogram_us[GL_HISTOGRAM_BUCKETS - 1] = {
    100,   500,    1000,   5000,    10000,   25000,
    50000, 100000, 250000, 1000000, 5000000, 30000000};

const int64_t gl_histogram_rows[GL_HISTOGRAM_BUCKETS - 1] = {
    0, 1, 5, 10, 50, 100, 500, 1000, 5000, 10000, 100000, 1000000};

void
gl_histogram_add(struct gl_histogram *histogram, const int64_t *bounds,
                 int64_t value)
{
    int i = 0;

    if (value < 0)
        value = 0;
    while (i < GL_HISTOGRAM_BUCKETS - 1 && value > bounds[i])
        i++;
    histogram->n[i]++;
    histogram->sum += (uint64_t) value;
}
