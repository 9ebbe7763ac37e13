/*
 * Salt files: SALT/<UTC date>, 32 random bytes, for today and the next two
 * days, so that the change of a day needs nobody awake.  Workers only read
 * them.  A salt is gone 25 hours after its day began: with it goes the last
 * way from a visitor id back to an address.
 *
 * Keeps no state but the folder: safe with another glintod, a restart and a
 * clock that jumps, since a file that is there is never replaced.  And one
 * that a clock calls over goes only when that clock has held for an hour: a
 * machine that is two days ahead until its time server answers would take
 * today's, and every visitor would count anew.  An hour after a start at the
 * latest what is over is gone.
 */

#ifndef GL_SALT_H
#define GL_SALT_H

#include <stddef.h>
#include <stdint.h>

#define GL_SALT_BYTES 32
#define GL_SALT_DAYS_AHEAD 2
#define GL_SALT_TICK_MS 60000 /* how often gl_salt_tick() is worth a call */

/* Since when the clock of day goes as the boot clock does; 0 at first. */
struct gl_salt_clock {
    int64_t ahead_ms; /* of the boot clock */
    int64_t since_ms; /* boot clock */
    int seen;
};
#define GL_SALT_HELD_MS 3600000 /* long enough for any time server */
/* 1 = it has held for so long.  To be asked each second. */
int gl_salt_clock_holds(struct gl_salt_clock *clock, int64_t now_ms,
                        int64_t boot_ms);

/*
 * Make what is missing and, when the clock HOLDS, unlink what is over at NOW.
 * The folder is made when it is not there.  0, or -1 with a sentence in WHY.
 */
int gl_salt_tick(const char *folder, int64_t now_ms, int holds, char *why,
                 size_t why_len);

/*
 * Of several machines, which agree on salts (log/salts.h).
 *
 * gl_salt_expire  as gl_salt_tick(), but makes none
 * gl_salt_get     KEY of DAY, ms / 86400000: 1, 0 = there is none, or -1
 * gl_salt_put     KEY is DAY's from now on; one that is there stays, unless
 *                 REPLACE.  0 or -1
 */
int gl_salt_expire(const char *folder, int64_t now_ms, char *why,
                   size_t why_len);
int gl_salt_get(const char *folder, int64_t day, uint8_t key[GL_SALT_BYTES],
                char *why, size_t why_len);
int gl_salt_put(const char *folder, int64_t day,
                const uint8_t key[GL_SALT_BYTES], int replace, char *why,
                size_t why_len);

/* How many days have one there, and the oldest of them, ms / 86400000.  0, or
 * -1 with a sentence in WHY.  Any thread. */
int gl_salt_oldest(const char *folder, int *n, int64_t *day, char *why,
                   size_t why_len);

#endif
