/*
 * Promise: a percentile of counted times is at most 5 % from that of the times
 * themselves, exact up to 20 ms; what two wrote adds up to what one would have
 * written; no bytes make it fail.
 *
 * Method: a naive twin that keeps all times, sorted.
 */

#include "count/times.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N 3000

static int
compare(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *) a, right = *(const uint64_t *) b;

    return (left > right) - (left < right);
}

/* The farthest from its twin, in percent, of all percentiles. */
static double
farthest(uint64_t *all, size_t n, const struct gl_times *times)
{
    double most = 0;

    qsort(all, n, sizeof all[0], compare);
    for (unsigned percent = 1; percent <= 100; percent++) {
        double is = (double) all[(n * percent + 99) / 100 - 1];
        double told = gl_times_percentile(times, percent);
        double off = is > 0 ? 100 * fabs(told - is) / is : 100 * told;

        most = off > most ? off : most;
    }
    return most;
}

static void
test_twin(unsigned bits)
{
    static uint64_t all[N];
    struct gl_times whole = {0}, half[2] = {{0}}, sum = {0};
    uint8_t bytes[GL_TIMES_BYTES_MAX];
    double most = 0;

    for (size_t n = 0; n < N; n++) {
        all[n] = (uint64_t) random() & ((UINT64_C(1) << random() % bits) - 1);
        gl_times_add(&whole, all[n]);
        gl_times_add(&half[n % 2], all[n]);
    }
    most = farthest(all, N, &whole);
    tap_ok(most <= 5, "%u bits: at most 5 %%, is %.2f %%", bits, most);
    for (int i = 0; i < 2; i++)
        gl_times_read(&sum, bytes, gl_times_write(&half[i], bytes));
    tap_ok(memcmp(&sum, &whole, sizeof sum) == 0, "two halves are a whole");
}

int
main(void)
{
    struct gl_times times = {0};
    uint8_t bytes[GL_TIMES_BYTES_MAX];

    srandom(13);
    tap_ok(gl_times_percentile(&times, 95) == 0, "of nothing");
    gl_times_add(&times, 0);
    tap_ok(gl_times_percentile(&times, 95) == 0, "of no time");
    test_twin(5);
    test_twin(12);
    test_twin(22);
    test_twin(31);
    gl_times_add(&times, UINT64_MAX);
    tap_ok(gl_times_percentile(&times, 100) > 1e9, "of an eternity");
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t) random();
    gl_times_read(&times, bytes, sizeof bytes - 3);
    gl_times_read(&times, bytes, sizeof bytes);
    tap_ok(gl_times_write(&times, bytes) <= sizeof bytes, "of anything");
    return tap_done();
}
