/*
 * How often a token may ask: so many requests a minute, as many at once after
 * a pause.  A script that runs away stops itself and not who shares the
 * machine with it.  Loop thread.
 *
 * A request more comes free each 60 s / PER_MINUTE, up to PER_MINUTE of them
 * (a "token bucket").  Those of nobody for a minute are forgotten: memory is
 * bounded by the tokens there are.
 */

#ifndef GL_RATE_H
#define GL_RATE_H

#include <stdint.h>

struct gl_rate;

/* Without memory GLib ends the process. */
struct gl_rate *gl_rate_new(void);
/* NULL is allowed. */
void gl_rate_free(struct gl_rate *rate);

/* A request by the token of this ID, which may make PER_MINUTE (1 or more), at
 * NOW_MS, a clock that never goes back: 1, or 0 = it has to wait. */
int gl_rate_take(struct gl_rate *rate, const char *id, uint32_t per_minute,
                 int64_t now_ms);

#endif
