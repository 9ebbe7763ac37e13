/*
 * Salt files: SALT/<UTC date>, 32 random bytes, for today and the next two
 * days, so that the change of a day needs nobody awake.  Workers only read
 * them.  A salt is gone 25 hours after its day began: with it goes the last
 * way from a visitor id back to an address.
 *
 * Keeps no state but the folder: safe with another glintod, a restart and a
 * clock that jumps, since a file that is there is never replaced.
 */

#ifndef GL_SALT_H
#define GL_SALT_H

#include <stddef.h>
#include <stdint.h>

#define GL_SALT_BYTES 32
#define GL_SALT_DAYS_AHEAD 2
#define GL_SALT_TICK_MS 60000 /* how often gl_salt_tick() is worth a call */

/*
 * Make what is missing and unlink what is over at NOW.  The folder is made
 * when it is not there.  0, or -1 with a sentence in WHY.
 */
int gl_salt_tick(const char *folder, int64_t now_ms, char *why,
                 size_t why_len);

#endif
