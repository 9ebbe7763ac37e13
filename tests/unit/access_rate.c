/*
 * Promise: a token may ask so many times a minute, as many at once after a
 * pause, and never more in any minute than twice that; others' requests do not
 * count; what nobody asks with any more takes no memory.
 */

#include "access/rate.h"
#include "tap.h"

#include <stdio.h>

static void
test_burst(void)
{
    struct gl_rate *rate = gl_rate_new();
    int got = 0;

    for (int i = 0; i < 100; i++)
        got += gl_rate_take(rate, "a", 60, GL_RATE_MINUTE_MS, 1000);
    tap_int(got, 60, "as many at once as in a minute");
    tap_int(gl_rate_take(rate, "b", 60, GL_RATE_MINUTE_MS, 1000), 1,
            "another has its own");
    tap_int(gl_rate_take(rate, "a", 60, GL_RATE_MINUTE_MS, 1999), 0,
            "none before a second");
    tap_int(gl_rate_take(rate, "a", 60, GL_RATE_MINUTE_MS, 2000), 1,
            "one after it");
    tap_int(gl_rate_take(rate, "a", 60, GL_RATE_MINUTE_MS, 2000), 0,
            "and no second one");
    got = 0;
    for (int i = 0; i < 100; i++)
        got += gl_rate_take(rate, "a", 60, GL_RATE_MINUTE_MS, 200000);
    tap_int(got, 60, "all after a pause");
    gl_rate_free(rate);
}

/* Beside a twin that counts what was let through in the minute before. */
static void
test_any_minute(void)
{
    static int64_t at_ms[100000];
    struct gl_rate *rate = gl_rate_new();
    int64_t now_ms = 5;
    int n = 0, from = 0, most = 0;

    for (int i = 0; i < 50000; i++) {
        now_ms += (int64_t) tap_below(300);
        if (!gl_rate_take(rate, "a", 100, GL_RATE_MINUTE_MS, now_ms))
            continue;
        at_ms[n++] = now_ms;
        while (at_ms[from] <= now_ms - 60000)
            from++;
        most = n - from > most ? n - from : most;
    }
    tap_ok(most <= 200, "at most %d of 200 in any minute", most);
    tap_ok(n >= now_ms / 600, "%d in %d s: 100 a minute", n,
           (int) (now_ms / 1000));
    gl_rate_free(rate);
}

int
main(void)
{
    test_burst();
    test_any_minute();
    return tap_done();
}
