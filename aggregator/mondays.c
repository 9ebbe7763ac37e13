/* When the summary of a week is due; see mondays.h. */

#include "mondays.h"

#define DAY_MS INT64_C(86400000)
#define SIX_MS INT64_C(21600000)

int64_t
gl_monday_of(int64_t date)
{
    return date - (date + 3) % 7; /* 1970-01-01 was a Thursday */
}

/* When it is 06:00 on DATE; where the clock jumps over that, right then.  By
 * how much the clock is ahead is asked where it is right but for a jump,
 * and then there: no clock jumps twice in a day. */
static int64_t
six_ms(const struct gl_zone *zone, int64_t date)
{
    int64_t local_ms = date * DAY_MS + SIX_MS;
    int64_t about_ms = local_ms - gl_zone_ahead_ms(zone, local_ms);

    return local_ms - gl_zone_ahead_ms(zone, about_ms);
}

int64_t
gl_mondays_due(const struct gl_zone *zone, int64_t now_ms)
{
    int64_t monday = gl_monday_of(gl_zone_date(zone, now_ms));

    return now_ms < six_ms(zone, monday) ? monday - 7 : monday;
}
