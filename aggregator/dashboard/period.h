/*
 * The time that a page shows: what "period", "date", "from" and "to" of its
 * address mean in the site's zone, how it is called, and what is before and
 * after it.  Pure; the time is an argument.
 *
 * Periods of N days or months end before the current one, as the API's do.
 */

#ifndef GL_PERIOD_H
#define GL_PERIOD_H

#include <jansson.h>

#include "dashboard/address.h"
#include "question/range.h"

struct gl_period {
    int which;           /* of the menu; the last two are of two dates, and of
                            two times */
    int64_t first, last; /* days since 1970, both in it */
    int64_t today;
    int is_default;             /* the address names none */
    struct gl_time_range times; /* of two times: all of it */
    const struct gl_zone *zone;
};

/* Without a period of its own: the last 28 days, or today where nothing is
 * older. */
void gl_period_read(const struct gl_address *address,
                    const struct gl_range_site *site,
                    struct gl_period *period);

/* "date_range" of a query, the caller's. */
json_t *gl_period_range(const struct gl_period *period);
/* "Last 7 days", "November 2026", "3 – 12 Nov 2026", "14:00 – 17:00, 28 Nov
 * 2026"; the caller's. */
char *gl_period_text(const struct gl_period *period);
/* Its days or times alone: "3 – 12 Nov 2026"; the caller's. */
char *gl_period_when_text(const struct gl_period *period);
/* How long it is, at least 1. */
int64_t gl_period_hours(const struct gl_period *period);
/* 1: now is in it. */
int gl_period_is_open(const struct gl_period *period);
/* The menu: [{text, href, key?, current}]. */
json_t *gl_period_menu(const struct gl_period *period,
                       const struct gl_address *address);
/* The address of the period before (WAY -1) or after (1), or NULL: there is
 * none, or it has not begun. */
char *gl_period_beside(const struct gl_period *period,
                       const struct gl_address *address, int way);

/* "12 Nov", with the year where it is not THIS_YEAR's (0 = always); the
 * caller's. */
char *gl_period_day_text(int64_t date, int this_year);

#endif
