/*
 * Clocks and local days.  The zones are those of the system's database, read
 * by GLib; this file knows no rule about summer time of its own.
 *
 * A local day is found by asking for the local date of moments, never by
 * adding 24 hours: so a day has 23, 24 or 25 hours, and begins at 01:00 where
 * midnight does not exist.
 *
 * Any thread; a zone may be shared.
 */

#include "clock.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_S INT64_C(86400)
/* No local clock is a day away from UTC. */
#define SEARCH_S (2 * DAY_S)
/* Where the clock went back soon after midnight (St. John's, at 00:01, until
 * 2011), the day before went on: so long after midnight it no longer does. */
#define BACK_S INT64_C(10800)

struct gl_zone {
    GTimeZone *zone;
};

static int64_t
read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
gl_clock_now_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t
gl_clock_boot_ms(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

void
gl_clock_boot_id(char text[GL_CLOCK_BOOT_MAX])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

    text[0] = '\0';
    if (file == NULL)
        return;
    if (fgets(text, GL_CLOCK_BOOT_MAX, file) != NULL)
        text[strcspn(text, "\n")] = '\0';
    fclose(file);
}

/* GLib would also take offsets and paths; a site's zone has a name. */
static int
is_name(const char *name)
{
    if (!g_ascii_isalpha(name[0]) || strstr(name, "..") != NULL)
        return 0;
    for (const char *at = name; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && strchr("/_+-", *at) == NULL)
            return 0;
    return 1;
}

struct gl_zone *
gl_zone_new(const char *name)
{
    struct gl_zone *zone;

    if (!is_name(name))
        return NULL;
    GTimeZone *found = g_time_zone_new_identifier(name);
    if (found == NULL)
        return NULL;
    zone = malloc(sizeof *zone);
    if (zone == NULL) {
        g_time_zone_unref(found);
        return NULL;
    }
    zone->zone = found;
    return zone;
}

void
gl_zone_free(struct gl_zone *zone)
{
    if (zone == NULL)
        return;
    g_time_zone_unref(zone->zone);
    free(zone);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t
ahead_s(const struct gl_zone *zone, int64_t at_s)
{
    gint interval =
        g_time_zone_find_interval(zone->zone, G_TIME_TYPE_UNIVERSAL, at_s);

    return g_time_zone_get_offset(zone->zone, interval);
}

int64_t
gl_zone_ahead_ms(const struct gl_zone *zone, int64_t at_ms)
{
    return ahead_s(zone, floor_div(at_ms, 1000)) * 1000;
}

/* What the local clock shows, as seconds since 1970; NULL is UTC. */
static int64_t
local_s(const struct gl_zone *zone, int64_t at_s)
{
    return zone == NULL ? at_s : at_s + ahead_s(zone, at_s);
}

/* Days since 1970 on the local calendar. */
static int64_t
local_date(const struct gl_zone *zone, int64_t at_s)
{
    return floor_div(local_s(zone, at_s), DAY_S);
}

int64_t
gl_zone_date(const struct gl_zone *zone, int64_t at_ms)
{
    return local_date(zone, floor_div(at_ms, 1000));
}

/* A second when DATE or a later one begins. */
static int64_t
find_midnight(const struct gl_zone *zone, int64_t date)
{
    int64_t low = (date - 1) * DAY_S, high = low + SEARCH_S;

    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        if (local_date(zone, middle) >= date)
            high = middle;
        else
            low = middle;
    }
    return high;
}

int64_t
gl_zone_date_begins(const struct gl_zone *zone, int64_t date)
{
    int64_t first = find_midnight(zone, date);
    int64_t again = date * DAY_S - ahead_s(zone, first + BACK_S);

    if (again > first && local_date(zone, again - 1) < date)
        return again * 1000;
    return first * 1000;
}

void
gl_zone_day(const struct gl_zone *zone, int64_t at_ms, int64_t *start_ms,
            int64_t *end_ms)
{
    int64_t date = gl_zone_date(zone, at_ms);

    *start_ms = gl_zone_date_begins(zone, date);
    if (*start_ms > at_ms)
        *start_ms = gl_zone_date_begins(zone, --date);
    *end_ms = gl_zone_date_begins(zone, date + 1);
}
