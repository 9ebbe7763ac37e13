/*
 * How often somebody may do something: so many times in a span, as many at
 * once after a pause.  A script that runs away stops itself and not who shares
 * the machine with it; who guesses passwords has few guesses.  Loop thread.
 *
 * One time more comes free each SPAN / TIMES, up to TIMES of them (a "token
 * bucket").  Who has all of them free again is forgotten: memory is bounded
 * by the ids there are.
 */

#ifndef GL_RATE_H
#define GL_RATE_H

#include <stdint.h>

struct gl_rate;

/* Without memory GLib ends the process. */
struct gl_rate *gl_rate_new(void);
/* NULL is allowed. */
void gl_rate_free(struct gl_rate *rate);

#define GL_RATE_MINUTE_MS 60000

/* Once more by ID, who may so many TIMES (1 or more) in SPAN_MS, at NOW_MS, a
 * clock that never goes back: 1, or 0 = it has to wait. */
int gl_rate_take(struct gl_rate *rate, const char *id, uint32_t times,
                 int64_t span_ms, int64_t now_ms);

#endif
