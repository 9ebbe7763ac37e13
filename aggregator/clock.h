/* Time of day and time zones (GLib's reader of the system's database). */

#ifndef GL_CLOCK_H
#define GL_CLOCK_H

#include <stdint.h>

int64_t gl_clock_now_ms(void);  /* UTC, milliseconds */
int64_t gl_clock_boot_ms(void); /* CLOCK_BOOTTIME */

struct gl_zone;

/* NAME as in the tz database ("Europe/Berlin"); NULL when it has none. */
struct gl_zone *gl_zone_new(const char *name);
void gl_zone_free(struct gl_zone *zone);

/* The local day that holds AT: from *START up to *END (23, 24 or 25 hours). */
void gl_zone_day(const struct gl_zone *zone, int64_t at_ms, int64_t *start_ms,
                 int64_t *end_ms);

/* Days since 1970 on the local calendar. */
int64_t gl_zone_date(const struct gl_zone *zone, int64_t at_ms);
/* When DATE, or the next one that there is, has begun for good: the last time
 * the local clock shows its midnight. */
int64_t gl_zone_date_begins(const struct gl_zone *zone, int64_t date);
/* By how much the local clock is ahead of UTC. */
int64_t gl_zone_ahead_ms(const struct gl_zone *zone, int64_t at_ms);

/* The kernel's name for the time since it started, "" when it tells none. */
#define GL_CLOCK_BOOT_MAX 40 /* bytes */
void gl_clock_boot_id(char text[GL_CLOCK_BOOT_MAX]);

#endif
